"""The fleet page with five hundred screens: it finds, counts and tells, asks the database little, and looks right."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import product

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import event
from sqlalchemy.orm import Session

from core.services import Services
from media import actions as media
from media.wishes import CreativeWish
from people.roles import SYSTEM
from places import actions as places
from playlists import actions as playlists
from playlists.programme import LoopEntry
from signage.manifest import entry_id
from signage.models import Screen, ScreenSeen, ScreenStatus, ScreenTrouble
from tests.console.conftest import Operator
from tests.console.test_browser import browser, complaints, enter, url
from tests.support.browser import desk, phone, picture
from tests.support.needs import needs
from tests.support.pages import faults

__all__ = ["browser", "url"]

LATE, LOST, NEVER = 40, 25, 5
SILENT = {"late": timedelta(minutes=12), "lost": timedelta(hours=5), "live": timedelta(seconds=20)}
WARDS = ("Vị Tân", "Vị Thanh", "Long Bình", "Ngã Bảy", "Châu Thành")


def how(number: int) -> str:
    """The state that a screen of this number is in."""
    bounds = (("never", NEVER), ("lost", NEVER + LOST), ("late", NEVER + LOST + LATE))
    return next((state for state, below in bounds if number < below), "live")


@pytest.fixture
def fleet(services: Services, areas: None) -> int:
    """Five hundred screens in twenty-five locations of five wards; how many there are."""
    now = services.clock.now()
    services.db.write(lambda s: furnish(s, now, 500))
    services.clock.advance(seconds=5)  # type: ignore[attr-defined]
    return 500


def furnish(s: Session, now: datetime, many: int) -> None:
    entry = _programme(s, now)
    for ward, name in enumerate(WARDS):
        places.create_area(s, code=f"93-{ward}", name=f"Phường {name}", kind="ward", parent="93", now=now)
        for at in range(5):
            places.create_location(
                s,
                code=f"L{ward}{at}",
                name=f"Chung cư {name} {at + 1}",
                area=f"93-{ward}",
                venue_kind="office_elevator",
                now=now,
            )
    for number in range(many):
        _hang(s, number, now, entry)


def _programme(s: Session, now: datetime) -> str:
    """A campaign in Hậu Giang; the id of its entry."""
    media.ensure_builtin(s, now)
    wish = CreativeWish(name="Cài Bluezone – đợt 2", texts={"vi": {"headline": "Cài Bluezone"}})
    creative = media.create_creative(s, wish, owner_path="/93/", by="test", now=now).id
    made = playlists.create_campaign(
        s, name="Bluezone", starts_at=now - timedelta(days=1), ends_at=now + timedelta(days=30),
        destination={"other_url": "https://bluezone.gov.vn/"}, owner_area="93", by=SYSTEM, now=now,
    )  # fmt: skip
    placement = playlists.add_placement(s, made.id, creatives=[creative], targets={"areas": ["93"]}, by=SYSTEM, now=now)
    playlists.submit(s, made.id, by=SYSTEM, now=now)
    playlists.approve(s, made.id, by=SYSTEM, now=now)
    return entry_id(LoopEntry(placement.id, made.id, creative, "vi", 0))


def _hang(s: Session, number: int, now: datetime, entry: str) -> None:
    ref, state = f"scr_{number:04}", how(number)
    place = f"L{number % 25 // 5}{number % 5}"
    size = (1080, 1920) if number % 3 else (1920, 1080)
    s.add(
        Screen(
            id=ref, name=f"Thang máy {number + 1}", location_code=place, width=size[0], height=size[1],
            testing=number == 99, dialect="smil" if number in (77, 78) else "own", created_at=now, changed_at=now,
        )
    )  # fmt: skip
    s.flush()
    if state == "never":
        return
    at = now - SILENT[state]
    s.add(ScreenSeen(screen_id=ref, at=at))
    display = "off" if number % 25 == 1 else "on"
    s.add(ScreenStatus(screen_id=ref, at=at, entry=entry, revision="r", display=display, player={"name": "web"}))
    if number % 20 == 0:
        s.add(ScreenTrouble(screen_id=ref, at=at, code="media-unreachable", detail="a" * 64))


@pytest.fixture
def asked(services: Services) -> Iterator[list[str]]:
    """The statements that reach the database."""
    seen: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        seen.append(statement)

    engine = services.db.engine
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_it_works(admin: Operator, fleet: int) -> None:
    """Counts, what each shows, and the last error."""
    page = admin.get("/screens").text
    for says in ("All (500)", "Live (430)", "Late (40)", "Lost (25)", "Not heard from yet (5)"):
        assert says in page
    assert page.count("Cài Bluezone – đợt 2") == 50
    assert "Cài Bluezone" not in admin.get("/screens?state=never").text
    assert "A file could not be fetched" in page
    assert "Panel off" in admin.get("/screens?state=live&location=L01").text


NARROWED = {
    "state=lost": 25,
    "area=93-2": 100,
    "area=93-2&state=late": 10,
    "location=L00": 20,
    "search=thang may 500": 1,
    "search=long binh 3": 20,
    "state=late&location=NONE": 0,
    "only=failing": 24,
    "only=panel-off&location=L01": 17,
    "only=testing": 1,
    "only=other-make": 2,
}


def test_it_is_narrowed_by_state_area_location_and_name(admin: Operator, fleet: int) -> None:
    assert {query: listed(admin, f"/screens?{query}") for query in NARROWED} == NARROWED


def listed(admin: Operator, path: str) -> int:
    """How many screens are listed, all pages together."""
    page = admin.get(path).text
    shown = page.count('<th scope="row">')
    before, more, _rest = page.partition('" rel="next"')
    following = before.rpartition('href="/console')[2].replace("&amp;", "&")
    return shown + (listed(admin, following) if more else 0)


def test_elevator_2_stands_before_elevator_10(admin: Operator, fleet: int) -> None:
    page = admin.get("/screens?location=L00").text
    names = re.findall(r">Thang máy (\d+)<", page)
    assert names == [str(number + 1) for number in range(0, 500, 25)]


def test_each_location_is_counted_where_most_are_lost_first(admin: Operator, fleet: int) -> None:
    page = admin.get("/screens?by=location").text
    assert faults(page) == []
    assert page.count('<th scope="row">') == 25
    row = page.split("Chung cư Vị Tân 1")[-1].split("</tr>")[0]
    assert re.findall(r">(\d+)<", row) == ["20", "17", "1", "1", "1"]
    assert "/console/screens?state=lost&amp;location=L00" in row
    assert admin.get("/screens?by=location&state=never").text.count('<th scope="row">') == 5


def test_five_hundred_screens_cost_no_more_questions_than_one(admin: Operator, fleet: int, asked: list[str]) -> None:
    admin.get("/screens")
    asked.clear()
    admin.get("/screens")
    assert len(asked) <= 15, asked


@needs("chromium")
@pytest.mark.browser
@pytest.mark.timeout(240)
def test_it_looks_right_on_a_desk_and_on_a_phone(
    browser: Browser, url: str, app: Flask, admin: Operator, fleet: int
) -> None:
    for (name, window), language in product((("desk", desk), ("phone", phone)), ("vi", "en")):
        with window(browser, language) as context:
            page = enter(context, url, admin, language)
            page.goto(f"{url}/screens")
            expect(page.locator("tbody tr")).to_have_count(50)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
            page.screenshot(path=picture(f"fleet-{name}-{language}"))
            page.goto(f"{url}/screens?by=location")
            expect(page.locator("tbody tr")).to_have_count(25)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it scrolls sideways"
            page.screenshot(path=picture(f"fleet-locations-{name}-{language}"))
            page.goto(f"{url}/screens?state=lost&area=93-2")
            expect(page.locator("tbody tr")).to_have_count(5)
            page.screenshot(path=picture(f"fleet-lost-{name}-{language}"))
            assert complaints(page) == []
