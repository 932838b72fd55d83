"""The splash as a phone shows it: small, whole, in thirteen languages, without script, for everybody."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Response
from werkzeug.serving import make_server

from core.services import Services
from portal.languages import NAMES
from tests.portal.station import draw, fas, make_campaign, make_hotspot, make_place, show_logo
from tests.support import browser
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium")]
LIMIT = 14_336
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core-4.14.1.min.js"
RULES = "{runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}"


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as made:
        yield made


@pytest.fixture
def url(app: Flask, services: Services) -> Iterator[str]:
    """The station's splash on a real socket; an open network, so that no gateway is needed."""
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services, dialect="generic", grant_base=None, settings={})
    show_logo(services)
    draw(services)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/wifi/ST01?{fas()}"
    server.shutdown()
    thread.join(5)
    server.server_close()


def small_phone(chromium: Browser, language: str, *, script: bool = True, width: int = 360) -> Page:
    context = chromium.new_context(
        viewport={"width": width, "height": 640}, locale=language, java_script_enabled=script, bypass_csp=True,
        user_agent=browser.ANDROID,
    )  # fmt: skip
    return context.new_page()


def faults(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(AXE.read_text())
    found = page.evaluate(f"axe.run(document, {RULES})")["violations"]
    return [f"{one['id']}: {node['html']}" for one in found for node in one["nodes"]]


def test_every_language_is_small_whole_and_open_to_everybody(chromium: Browser, url: str) -> None:
    for language in NAMES:
        page = small_phone(chromium, language)
        answers: list[Response] = []
        page.on("response", lambda answer, kept=answers: kept.append(answer))
        page.goto(url)
        page.screenshot(path=browser.picture(f"splash-{language}"))
        assert page.get_attribute("html", "lang") == language
        assert len(answers) == 1
        assert int(answers[0].all_headers()["content-length"]) <= LIMIT
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        for control in page.get_by_role("button").or_(page.get_by_role("link")).or_(page.locator("summary")).all():
            if control.is_visible():
                box = control.bounding_box()
                assert box
                assert box["height"] >= 44, control.inner_text()
        assert faults(page) == [], language
        page.context.close()


def test_it_works_without_script_to_the_end(chromium: Browser, url: str) -> None:
    page = small_phone(chromium, "ko", script=False)
    page.goto(url)
    page.locator("summary").click()
    page.get_by_role("link", name="日本語").click()
    assert page.get_attribute("html", "lang") == "ja"
    page.get_by_role("link", name="利用規約").click()
    page.get_by_role("link", name="戻る").click()
    page.get_by_role("button", name="ネットに接続").click()
    page.wait_for_url("**/online?*")
    assert page.get_by_role("heading", name="接続しました").is_visible()
    page.screenshot(path=browser.picture("online-ja"))
    page.context.close()


def test_the_pages_that_follow_are_open_to_everybody_too(chromium: Browser, url: str) -> None:
    page = small_phone(chromium, "vi")
    page.goto(url)
    page.locator("summary").click()
    page.screenshot(path=browser.picture("splash-languages"))
    assert faults(page) == []
    page.get_by_role("link", name="Điều khoản sử dụng").click()
    assert faults(page) == []
    page.screenshot(path=browser.picture("terms-vi"))
    page.get_by_role("link", name="Quay lại").click()
    page.get_by_role("button", name="Cài ứng dụng").click()
    page.wait_for_url("**/online?*")
    assert faults(page) == []
    page.screenshot(path=browser.picture("online-vi"))
    page.goto(url.partition("?")[0] + "?visit=forged")
    assert faults(page) == []
    page.context.close()


def test_the_keyboard_goes_through_in_the_order_of_reading(chromium: Browser, url: str) -> None:
    page = small_phone(chromium, "en")
    page.goto(url)
    order = []
    for _ in range(4):
        page.keyboard.press("Tab")
        order.append(page.evaluate("document.activeElement.textContent.trim()"))
    assert order == ["English", "Go on line", "Install the app", "Terms of use"]
    page.context.close()


@pytest.mark.parametrize(("width", "zoom"), [(320, 100), (360, 200), (320, 200)])
def test_nothing_is_cut_off_in_large_print(chromium: Browser, url: str, width: int, zoom: int) -> None:
    page = small_phone(chromium, "de", width=width)
    page.goto(url)
    page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
    page.screenshot(path=browser.picture(f"splash-{width}-{zoom}"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
