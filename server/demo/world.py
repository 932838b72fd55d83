"""What the demo consists of: words and numbers, no deeds."""

from dataclasses import dataclass
from datetime import date

PROVINCE = "92"
PROVINCE_NAME = "Thành phố Cần Thơ"
POPULATION = 4_199_824
POPULATION_SOURCE = "Nghị quyết 202/2025/QH15"
POPULATION_AS_OF = date(2025, 6, 12)
TARGET_POPULATION_PCT = 30.0  # the goal that Hậu Giang, now part of Cần Thơ, set itself in August 2020

EMAIL = "admin@bangtin.example"
HOTSPOT = "ben-xe-vi-thanh"

CAMPAIGN = "Bluezone – mỗi người dân một lá chắn"
DESTINATION = {
    "android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone",
    "ios_url": "https://apps.apple.com/vn/app/bluezone/id1508062685",
    "other_url": "https://bluezone.gov.vn/",
}


@dataclass(frozen=True)
class Motif:
    """A creative of the demo: a drawing of `art.py` and what is set on it."""

    drawing: str
    name: str
    texts: dict[str, dict[str, str]]
    background: str
    duration_ms: int = 10_000


MOTIFS = (
    Motif(
        "waves",
        "Lá chắn quanh ta",
        {
            "vi": {
                "headline": "Cài Bluezone, biết sớm khi có nguy cơ",
                "call_to_action": "Quét mã để cài đặt",
                "on_phone": "Chạm “Cài ứng dụng” để tải về",
            },
            "en": {
                "headline": "Install Bluezone, be warned early",
                "call_to_action": "Scan to install",
                "on_phone": "Tap “Install the app” to get it",
            },
        },
        "#0A3C78",
    ),
    Motif(
        "river",
        "Bình yên sông Hậu",
        {
            "vi": {"headline": "Giữ bình yên cho sông nước Hậu Giang", "call_to_action": "Cài Bluezone hôm nay"},
            "en": {"headline": "Keep our river towns safe", "call_to_action": "Install Bluezone today"},
        },
        "#0A4A62",
        8_000,
    ),
    Motif(
        "neighbours",
        "Cùng nhau",
        {
            "vi": {
                "headline": "Bảo vệ mình, bảo vệ cộng đồng",
                "call_to_action": "Thêm một người cài, thêm một lá chắn",
            },
            "en": {
                "headline": "Protect yourself and others",
                "call_to_action": "One phone more, one shield more",
            },
        },
        "#0A605C",
    ),
)
# Links beside screens and wifi, by channel: the other measures of the ministry's letter of August 2020.
CHANNELS = (("door", 1), ("leaflet", 2), ("school", 4), ("zalo", 7), ("loudspeaker", 9))
