"""What cannot be is refused by the console beside its field, in the person's language, and nothing of it is kept."""

import re
from html import unescape
from typing import Any

import pytest
from sqlalchemy import func, select

from core.services import Services
from media import actions as media
from media.wishes import CreativeWish
from people.models import AuditEntry
from playlists.models import Publication
from tests.console.conftest import Operator
from tests.playlists.office import refuse_code

CAMPAIGN = {
    "name": "Bluezone",
    "starts_at": "2026-11-22T08:00",
    "ends_at": "2026-12-22T08:00",
    "android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone",
    "owner_area": "93",
}
TAKEOVER = {"creative": "GOOD", "ends_at": "2026-11-22T11:00", "reason": "Bão", "areas": "93", "owner_area": "93"}
LOCATION = {"code": "CHO-VT", "name": "Chợ Vị Thanh", "area": "93-VT", "venue_kind": "market"}
PROVINCE = {"name": "Hậu Giang", "kind": "province"}
TET = {"name": "Tết", "first": "2027-02-05", "last": "2027-02-01", "area": "93"}
ONE, TWO = {"from-0": "07:00", "to-0": "09:00"}, {"from-1": "08:00", "to-1": "10:00"}

PLACEMENT: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("overlapping windows", ONE | TWO, "dayparts", "line 2: overlaps the hours in line 1",
     "dòng 2: chồng lên giờ ở dòng 1"),
    ("an empty window", {"from-0": "07:00", "to-0": "07:00"}, "dayparts", "line 1: must differ from the start",
     "dòng 1: phải khác giờ bắt đầu"),
    ("a weight of zero", {"weight": "0"}, "weight", "a whole number from 1 to 100", "số nguyên từ 1 đến 100"),
    ("a negative weight", {"weight": "-5"}, "weight", "a whole number from 1 to 100", "số nguyên từ 1 đến 100"),
    ("half a weight", {"weight": "0.5"}, "weight", "a whole number", "số nguyên"),
    ("a target that matches nothing", {"tags": "nobody"}, "targets", "Where: match no location",
     "Nơi áp dụng: không khớp"),
    ("a creative that the gate refused", {"creatives": "REFUSED"}, "creatives", "was refused by the scan gate",
     "điện thoại không đọc được mã"),
]  # fmt: skip
OTHERS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("a campaign that ends before it starts", "/campaigns/new", CAMPAIGN | {"ends_at": "2026-11-01T08:00"},
     "ends_at", "must be after the start", "phải sau lúc bắt đầu"),
    ("a campaign shortened to nothing", "DRAFT/edit", CAMPAIGN | {"ends_at": "2026-11-22T08:00"},
     "ends_at", "must be after the start", "phải sau lúc bắt đầu"),
    ("a takeover that is over already", "/takeovers/new", TAKEOVER | {"ends_at": "2026-11-22T08:00"},
     "ends_at", "must be after the start", "phải sau lúc bắt đầu"),
    ("a takeover of nothing", "/takeovers/new", TAKEOVER | {"tags": "nobody"}, "targets", "match no location",
     "không khớp"),
    ("a takeover with what the gate refused", "/takeovers/new", TAKEOVER | {"creative": "REFUSED"},
     "creative", "was refused by the scan gate", "điện thoại không đọc được mã"),
    ("a holiday that ends before it starts", "/calendar", TET, "last", "must not be before the first day",
     "không được trước ngày đầu"),
    ("a location in an unknown zone", "/places/locations/new", LOCATION | {"timezone": "Mars/Olympus"},
     "timezone", "must be an IANA time zone", "múi giờ"),
    ("a location moved to an unknown zone", "/places/locations/BENXE/edit", LOCATION | {"timezone": "UTC+7"},
     "timezone", "must be an IANA time zone", "múi giờ"),
    ("an area in an unknown zone", "/places/areas/93/edit", PROVINCE | {"timezone": "Asia/Saigon2"},
     "timezone", "must be an IANA time zone", "múi giờ"),
    ("an area within itself", "/places/areas/93/edit", PROVINCE | {"parent": "93"}, "parent",
     "lies below the area itself", "nằm bên dưới chính khu vực này"),
    ("an area below what lies in it", "/places/areas/93/edit", PROVINCE | {"parent": "93-VT"}, "parent",
     "lies below the area itself", "nằm bên dưới chính khu vực này"),
]  # fmt: skip


class Desk:
    """An administrator before a draft of Hậu Giang's, with a creative that may be shown and one that may not."""

    def __init__(self, admin: Operator, services: Services) -> None:
        self.admin, self.services = admin, services
        now = services.clock.now()

        def make(s: Any) -> list[str]:
            wish = CreativeWish(name="Poster", texts={"vi": {"headline": "Cài Bluezone"}})
            made = [media.create_creative(s, wish, owner_path="/93/", by="test", now=now).id for _ in range(2)]
            refuse_code(s, made[1])
            return made

        self.good, self.refused = services.db.write(make)
        self.draft = admin.post("/campaigns/new", CAMPAIGN).location.removeprefix("/console")

    def sends(self, path: str, data: dict[str, Any]) -> Any:
        names = {"GOOD": self.good, "REFUSED": self.refused}
        return self.admin.post(path.replace("DRAFT", self.draft), {k: names.get(v, v) for k, v in data.items()})

    def kept(self) -> tuple[int | None, ...]:
        """How much is written down: every change leaves a line in one of these."""
        with self.services.db.read() as s:
            return tuple(s.scalar(select(func.count()).select_from(one)) for one in (AuditEntry, Publication))


@pytest.fixture
def desk(admin: Operator, services: Services) -> Desk:
    return Desk(admin, services)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_what_cannot_be(desk: Desk, language: str) -> None:
    desk.admin.client.set_cookie("language", language)
    before = desk.kept()
    whole = {"creatives": "GOOD", "areas": "93", "weight": "10"}
    rows = [(what, "DRAFT/placements/new", whole | data, *rest) for what, data, *rest in PLACEMENT] + OTHERS
    for what, path, data, field, english, vietnamese in rows:
        answer = desk.sends(path, data)
        assert answer.status_code == 422, what
        beside = told(answer.text, field)
        assert (english if language == "en" else vietnamese) in beside, (what, beside)
    assert desk.kept() == before


def told(page: str, field: str) -> str:
    """What stands beside the field, and what is said of the whole form."""
    beside = re.findall(rf'id="{field}-error".*?</p>|role="alert".*?</div>', page, re.S)
    return unescape(" ".join(re.sub(r"<[^>]*>", " ", " ".join(beside)).split()))
