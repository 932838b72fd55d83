"""The console in a real Chromium: with a keyboard, with a mouse, on a phone; pictures for whoever wants to look."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from core.services import Services
from media import jobs, queries
from people.actions import create_user
from people.passwords import hash_password
from people.roles import SYSTEM, Grant
from tests.console.conftest import Operator
from tests.console.test_pages import full, paths
from tests.support.browser import chromium, desk, phone, picture
from tests.support.needs import needs

__all__ = ["full"]
pytestmark = [needs("chromium"), pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """The application on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/console"
    server.shutdown()
    thread.join()
    server.server_close()


def enter(context: BrowserContext, url: str, operator: Operator, language: str = "vi") -> Page:
    """A window in which the operator is signed in; what the browser complains about fails the test."""
    sid = operator.client.get_cookie("sid")
    assert sid is not None
    context.add_cookies(
        [{"name": "sid", "value": sid.value, "url": url}, {"name": "language", "value": language, "url": url}]
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.on("console", lambda said: complaints(page).append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints(page).append(str(error)))
    return page


_said: dict[int, list[str]] = {}


def complaints(page: Page) -> list[str]:
    return _said.setdefault(id(page), [])


def photo() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 900)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


def test_a_picture_becomes_a_creative(
    browser: Browser, url: str, editor: Operator, services: Services, tmp_path: Path
) -> None:
    """Picker, progress, editor with its sketch, pictures drawn while one looks."""
    file = tmp_path / "ảnh chợ.jpg"
    file.write_bytes(photo())
    with desk(browser) as context:
        page = enter(context, url, editor)
        page.goto(f"{url}/library")
        page.set_input_files("#file", str(file))
        page.get_by_role("link", name="Tạo nội dung").click()
        page.fill("#headline_vi", "Cài Bluezone ngay")
        page.fill("#action_vi", "Quét mã để cài")
        page.fill("#name", "Bluezone ở chợ")
        sketch = page.locator("[data-sketch]").first
        expect(sketch.locator("b")).to_have_text("Cài Bluezone ngay")
        expect(sketch.locator("img")).to_be_visible()
        page.select_option("#qr_corner", "top-left")
        page.screenshot(path=picture("console-editor"), full_page=True)
        page.get_by_role("button", name="Tạo nội dung").click()
        expect(page.locator("#previews")).to_contain_text("Đã dựng 0 trên 2 hình.")
        with services.db.read() as s:
            made = queries.creatives(s, ["/93/"])[0].id
        jobs.render(services, {"creative_id": made})
        expect(page.locator("#previews image")).to_have_count(4)
        expect(page.locator("#previews")).not_to_contain_text("Đã dựng")
        page.screenshot(path=picture("console-creative"), full_page=True)
        assert complaints(page) == []


def test_a_dropped_file_that_is_no_picture_is_explained(browser: Browser, url: str, editor: Operator) -> None:
    with desk(browser) as context:
        page = enter(context, url, editor)
        page.goto(f"{url}/library")
        page.evaluate(
            """() => {
                const data = new DataTransfer();
                data.items.add(new File(["not a picture"], "thư.docx"));
                document.querySelector("[data-upload]").dispatchEvent(new DragEvent("drop", {dataTransfer: data}));
            }"""
        )
        expect(page.locator("#uploads li")).to_contain_text("thư.docx")
        expect(page.locator("#uploads .form-error")).to_be_visible()


def test_a_change_that_matters_is_asked_about_first(
    browser: Browser, url: str, admin: Operator, full: dict[str, str]
) -> None:
    with desk(browser) as context:
        page = enter(context, url, admin)
        page.goto(f"{url}/campaigns/{full['campaign']}")
        page.get_by_role("button", name="Tạm dừng").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_be_hidden()
        expect(page.locator(".title-row .state")).to_have_text("Đang phát")
        page.get_by_role("button", name="Tạm dừng").click()
        page.get_by_role("dialog").get_by_role("button", name="Tạm dừng").click()
        expect(page.locator(".title-row .state")).to_have_text("Tạm dừng")
        expect(page.get_by_role("status").first).to_contain_text("Đã tạm dừng")


def test_one_signs_in_with_the_keyboard_alone(browser: Browser, url: str, app: Flask, services: Services) -> None:
    hashed, now = hash_password("một câu chỉ mình tôi biết"), services.clock.now()
    services.db.write(
        lambda s: create_user(
            s, email="lan@x.vn", name="Lan", grants=[Grant("viewer", "/")], by=SYSTEM, now=now, password_hash=hashed
        )
    )
    with desk(browser) as context:
        page = context.new_page()
        page.goto(f"{url}/sign-in")
        page.keyboard.type("lan@x.vn")
        page.keyboard.press("Tab")
        page.keyboard.type("một câu chỉ mình tôi biết")
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("Tổng quan")
        page.keyboard.press("Tab")
        expect(page.locator(".skip-link")).to_be_focused()


def test_the_menu_opens_on_a_phone(browser: Browser, url: str, admin: Operator) -> None:
    with phone(browser) as context:
        page = enter(context, url, admin)
        page.goto(f"{url}/")
        expect(page.get_by_role("link", name="Thư viện", exact=True)).to_be_hidden()
        page.get_by_role("button", name="Trình đơn").click()
        page.get_by_role("link", name="Thư viện", exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Thư viện")


PICTURED = (
    "/", "/library", "/campaigns", "/campaigns/campaign", "/screens", "/screens/screen", "/wifi/WIFI", "/places",
    "/places/locations/BENXE", "/results", "/users", "/account",
)  # fmt: skip


def test_pages_fit_a_phone_and_keep_to_the_policy(
    browser: Browser, url: str, admin: Operator, full: dict[str, str]
) -> None:
    """The pages that people open most; leaves a picture of each."""
    wanted = {named(path): path for path in PICTURED}
    chosen = [path for path in paths(full, "") if wanted.pop(named(path, full), None)]
    assert not wanted
    assert fitting(phone(browser), url, admin, full, chosen, "phone", "vi") == []


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("window", ["desk", "phone"])
def test_every_page_fits_every_window(
    browser: Browser, url: str, admin: Operator, full: dict[str, str], window: str, language: str
) -> None:
    """All pages in both languages; leaves a picture of each."""
    opened = desk(browser, language) if window == "desk" else phone(browser, language)
    every = list(dict.fromkeys(path.split("?")[0] for path in paths(full, admin.user.id)))
    assert fitting(opened, url, admin, full, every, window, language) == []


def fitting(
    context: BrowserContext, url: str, who: Operator, made: dict[str, str], every: list[str], window: str, language: str
) -> list[str]:
    """What the browser complains about, and the pages that are wider than their window."""
    with context:
        page, wide = enter(context, url, who, language), []
        for path in every:
            page.goto(url + path)
            if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
                wide.append(f"{path} is too wide")
            page.screenshot(path=picture(f"{named(path, made)}-{window}-{language}"), full_page=True)
        return wide + complaints(page)


def named(path: str, made: dict[str, str] | None = None) -> str:
    for kind, ref in (made or {}).items():
        path = path.replace(ref, kind)
    shown = "-".join(part for part in path.split("/") if part and not part.startswith("usr_")) or "overview"
    return f"console-{shown}"
