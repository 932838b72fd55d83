"""The pages of results in a real browser: they fit, they keep to the policy, the course can be looked at closely."""

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from core.services import Services
from places.actions import update_area, update_location
from reports.actions import InstallFact, import_installs
from tests.console.conftest import Operator, People
from tests.console.test_browser import browser, complaints, enter, url
from tests.reports import world
from tests.support.browser import desk, phone, picture
from tests.support.clock import MORNING
from tests.support.needs import needs

__all__ = ["browser", "url"]
pytestmark = [needs("chromium"), pytest.mark.browser, pytest.mark.timeout(240)]
TODAY = date(2026, 11, 22)
PAGES = {
    "results": "/results",
    "results-by-location": "/results/by/location?order=per_1000_plays",
    "results-rows": "/results/rows?metric=scans",
    "results-voice": "/results/voice",
    "results-people": "/results/people",
    "installs": "/installs",
    "installs-of": "/installs/93",
}


@pytest.fixture
def admin(app, services: Services) -> Operator:  # type: ignore[no-untyped-def]
    """A province after a few days, with coordinates, numbers of installs and a target."""
    db = services.db
    world.build(db)
    places = {"ben-xe": (9.785, 105.470), "cho": (9.777, 105.462), "benh-vien": (9.801, 105.489)}
    for back in range(4):
        at = MORNING - timedelta(days=back, hours=back)
        for number, place in enumerate(places):
            world.play(db, place, 240 - 60 * number, at=at, campaign=f"cmp_{number % 2}")
            world.scan(db, place, 9 - 3 * number, at=at)
            world.visit(db, place, "splash_view", "grant", "store_click", at=at)
            world.visit(db, place, "splash_view", at=at - timedelta(hours=2))

    def tell(s):  # type: ignore[no-untyped-def]
        for code, (latitude, longitude) in places.items():
            update_location(s, code, {"latitude": latitude, "longitude": longitude}, now=MORNING)
        goal = {"target_population_pct": 30.0, "target_by": TODAY + timedelta(days=8), "smartphone_users": 400_000}
        update_area(s, "93", goal, now=MORNING)
        for code in ("31321", "31333"):
            update_area(s, code, goal | {"population": 21_000, "smartphone_users": 9_000}, now=MORNING)
        told = [("93", 7, 48_289), ("93", 0, 55_289), ("31321", 0, 5_210), ("31333", 7, 900), ("31333", 0, 9_480)]
        facts = [InstallFact(1, code, (TODAY - timedelta(days=n)).isoformat(), str(total)) for code, n, total in told]
        import_installs(s, facts, source="Sở TTTT", by="x", today=TODAY, now=MORNING)

    db.write(tell)
    return People(app, services)("admin", name="Admin")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("window", ["desk", "phone"])
def test_every_page_of_results_fits(browser: Browser, url: str, admin: Operator, window: str, language: str) -> None:
    """Leaves a picture of each."""
    opened = desk(browser, language) if window == "desk" else phone(browser, language)
    with opened as context:
        page, wide = enter(context, url, admin, language), []
        for name, path in PAGES.items():
            page.goto(url + path)
            if name == "results":
                expect(page.locator(".series .u-wrap")).to_be_visible()
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(name)
            page.screenshot(path=picture(f"console-{name}-{window}-{language}"), full_page=True)
        assert wide == []
        assert complaints(page) == []


def test_the_course_can_be_looked_at_closely(browser: Browser, url: str, admin: Operator) -> None:
    with desk(browser) as context:
        page = enter(context, url, admin)
        page.goto(f"{url}/results")
        over = page.locator(".series .u-over")
        expect(over).to_be_visible()
        ticks = page.locator(".series canvas")
        before = ticks.screenshot()
        box = over.bounding_box()
        assert box
        page.mouse.move(box["x"] + 0.7 * box["width"], box["y"] + 40)
        page.mouse.down()
        page.mouse.move(box["x"] + 0.95 * box["width"], box["y"] + 40, steps=4)
        page.mouse.up()
        expect(page.locator(".series .u-select")).to_have_css("width", "0px")
        assert ticks.screenshot() != before
