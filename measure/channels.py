"""The ten measures of the order, and the channels through which each of them reaches people."""

from __future__ import annotations

import re
from dataclasses import dataclass

SCREEN, SPLASH, SHARE = "screen", "splash", "share"

_SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach people: its short name, the measure (1-10) it serves, and how people call it."""

    key: str
    measure: int
    vi: str
    en: str


CHANNELS: dict[str, Channel] = {
    channel.key: channel
    for channel in (
        Channel("door", 1, "Kiểm tra tại cửa cơ quan", "Door check at an office"),
        Channel("leaflet", 2, "Tờ rơi từng nhà", "Leaflet, door to door"),
        Channel("youth-union", 3, "Đoàn Thanh niên", "Youth Union"),
        Channel("women-union", 3, "Hội Phụ nữ", "Women's Union"),
        Channel("school", 4, "Trường học", "School"),
        Channel(SPLASH, 5, "Trang chào wifi", "Wifi splash page"),
        Channel("business", 6, "Cơ sở kinh doanh", "Business"),
        Channel("zalo", 7, "Tin nhắn Zalo", "Zalo message"),
        Channel("sms", 7, "Tin nhắn SMS", "SMS"),
        Channel("press", 8, "Báo, đài, truyền hình", "Press, radio and television"),
        Channel("loudspeaker", 9, "Loa truyền thanh", "Ward loudspeaker"),
        Channel(SCREEN, 10, "Màn hình", "Screen"),
        Channel("poster", 10, "Áp phích", "Poster"),
    )
}

# What is handed out or hung up on paper.
PRINTED = ("poster", "leaflet", "business", "school", "door", "youth-union", "women-union")

MEASURES: dict[int, tuple[str, str]] = {
    1: ("Cơ quan nhà nước", "State offices"),
    2: ("Chính quyền cơ sở, tổ dân phố", "Local authorities and residents' groups"),
    3: ("Đoàn Thanh niên, Hội Phụ nữ", "Youth Union and Women's Union"),
    4: ("Trường học", "Schools"),
    5: ("Wifi công cộng, bến xe, nhà ga, sân bay, cảng", "Public wifi, stations, airports, ports"),
    6: ("Nhà hàng, khách sạn, doanh nghiệp", "Restaurants, hotels, businesses"),
    7: ("Tin nhắn Zalo, SMS", "Zalo and SMS messages"),
    8: ("Truyền hình, phát thanh, báo chí", "Television, radio, newspapers"),
    9: ("Loa truyền thanh cơ sở", "Ward loudspeakers"),
    10: ("Bảng điện tử, thang máy, nơi công cộng", "Boards in elevators and public places"),
}


def is_channel(text: str) -> bool:
    """Whether `text` may name a channel: a known one, or a unit's own in lower-case letters, digits, `-`, `_`."""
    return _SLUG.fullmatch(text) is not None


def default_measure(channel: str) -> int | None:
    """The measure (1-10) that a known channel serves, None for a unit's own channel."""
    known = CHANNELS.get(channel)
    return known.measure if known else None


def channel_name(channel: str, language: str) -> str:
    """How people call the channel, in `vi` or else English; a unit's own name is its own word."""
    known = CHANNELS.get(channel)
    if known is None:
        return channel
    return known.vi if language == "vi" else known.en
