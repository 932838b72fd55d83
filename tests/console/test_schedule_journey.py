"""A planner's afternoon in a real browser: draw a week, look ahead, publish, take over, undo.

The server is the whole application on a clock that the test moves; the browser is Chromium.
"""

import re
from collections.abc import Iterator
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from core.services import Services
from tests.console.conftest import Operator
from tests.console.test_schedule import Desk
from tests.support.browser import chromium, picture
from tests.support.browser import desk as window
from tests.support.clock import FrozenClock
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium"), pytest.mark.xdist_group("schedule")]


@pytest.fixture
def desk(services: Services, areas: None) -> Desk:
    return Desk(services)


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.port}/console"
    server.shutdown()


@pytest.fixture
def page(url: str, approver: Operator) -> Iterator[Page]:
    token = approver.client.get_cookie("sid")
    assert token is not None
    with chromium() as browser:
        context = window(browser, "en")
        context.add_cookies(
            [{"name": name, "value": value, "url": url} for name, value in (("sid", token.value), ("language", "en"))]
        )
        yield context.new_page()


def drag(page: Page, days: tuple[int, int], hours: tuple[float, float]) -> None:
    """Over the days (0 is Monday) and hours of the week that is shown."""
    area = page.locator(".week-draws")
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    scale = page.evaluate("document.querySelector('.week-draws').getScreenCTM().a")
    left, top = page.evaluate(
        "(() => { const m = document.querySelector('.week-draws').getScreenCTM(); return [m.e, m.f]; })()"
    )

    def at(day: int, hour: float) -> tuple[float, float]:
        return left + scale * (44 + day * 100 + 50), top + scale * (28 + hour * 24)

    page.mouse.move(*at(days[0], hours[0] + 0.1))
    page.mouse.down()
    page.mouse.move(*at(days[1], hours[1] - 0.1), steps=8)
    with page.expect_navigation():
        page.mouse.up()


def press(page: Page, name: str) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).first.click()
        sure = page.locator("#ask[open] #ask-do")
        if sure.count():
            sure.click()


def test_a_week_is_planned_published_taken_over_and_undone(
    page: Page, url: str, desk: Desk, clock: FrozenClock
) -> None:
    # plan a week by dragging
    page.goto(f"{url}/schedule/{desk.draft}?week=2026-11-23")
    drag(page, (0, 4), (7, 9))
    expect(page.locator(".windows").first).to_contain_text("Mon–Fri 07:00–09:00")
    drag(page, (5, 5), (20, 24))
    expect(page.locator(".windows").first).to_contain_text("Sat 20:00–24:00")

    # a conflict is named
    expect(page.locator(".conflicts")).to_contain_text("Bluezone is silent")
    expect(page.locator(".conflicts")).to_contain_text("Bão has this time (screens: 1).")
    page.screenshot(path=picture("schedule-week"), full_page=True)

    # preview one screen on Saturday 23:59
    page.get_by_role("link", name="Saturday 23:59").first.click()
    expect(page.locator(".headline")).to_have_text("Plays now: Bluezone")
    expect(page.locator(".windows .now")).to_contain_text("Bluezone")
    page.screenshot(path=picture("schedule-preview"), full_page=True)

    # publish
    page.goto(f"{url}/campaigns/{desk.draft}")
    press(page, "Submit for approval")
    press(page, "Approve")
    clock.advance(minutes=1)
    saturday = f"{url}/screens/{desk.screen}/why?at=2026-11-28T23:59"
    page.goto(saturday)
    expect(page.locator(".headline")).to_have_text("Plays now: Bluezone")

    # take over the district for ten minutes
    page.goto(f"{url}/takeovers/new")
    page.select_option("[name=creative]", desk.creative)
    page.fill("[name=reason]", "Lũ lụt")
    page.fill("[name=ends_at]", "2026-11-22T09:11")
    page.check("[name=areas][value='93-VT']")
    press(page, "Take over")
    now = f"{url}/screens/{desk.screen}/why"
    page.goto(now)
    expect(page.locator(".headline")).to_have_text(re.compile("^Taken over by Approver until .*: Lũ lụt$"))
    page.screenshot(path=picture("schedule-takeover"), full_page=True)

    # watch it end by itself
    clock.advance(minutes=9, seconds=59)
    page.reload()
    expect(page.locator(".headline")).to_contain_text("Taken over")
    clock.advance(seconds=1)
    page.reload()
    expect(page.locator(".headline")).to_have_text("Nothing is placed here now: the fallback shows.")

    # undo
    page.goto(f"{url}/publications")
    expect(page.locator("tbody tr")).to_have_count(2)
    press(page, "Go back to here")
    page.goto(saturday)
    expect(page.locator(".headline")).to_have_text("Nothing is placed here now: the fallback shows.")
    expect(page.locator("tr.silent").filter(has_text="Bluezone")).to_contain_text("Not approved: it is a draft.")
