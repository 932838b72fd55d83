"""An operator's morning in a real browser: a photograph off an iPhone becomes a notice in two languages that reads
on every screen it is sent to. The pictures are drawn and judged for real; they are kept for whoever wants to look."""

import io
from collections.abc import Iterator
from pathlib import Path

import pillow_heif
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from core.services import Services
from media import actions, jobs, queries
from media.distance import Geometry
from playlists import queries as playlists
from tests.console.conftest import Operator
from tests.console.test_browser import browser, complaints, enter, url
from tests.media.pictures import landscape
from tests.support.browser import desk, phone, picture
from tests.support.needs import needs

__all__ = ["browser", "url"]
pytestmark = [needs("chromium"), pytest.mark.browser, pytest.mark.timeout(240)]
# An elevator panel that people stand close to, and four more shapes; the wall screen is looked at from far away.
SCREENS = {
    (1080, 1920): Geometry(0.248, 0.5),
    (1920, 1080): Geometry(0.63, 2.9),
    (1280, 800): Geometry(0.17, 0.2),
    (400, 300): None,
    (192, 96): Geometry(10, 4.5),
}


@pytest.fixture
def screens(services: Services) -> None:
    now = services.clock.now()

    def hang(s):  # type: ignore[no-untyped-def]
        for (width, height), geometry in SCREENS.items():
            actions.want_shape(s, width, height, now, geometry)

    services.db.write(hang)


@pytest.fixture
def page(browser: Browser, url: str, approver: Operator, screens: None) -> Iterator[Page]:
    with desk(browser) as context:
        yield enter(context, url, approver, "en")


def heic(path: Path) -> Path:
    out = io.BytesIO()
    exif = landscape(8, 8).getexif()
    exif[0x0110] = "iPhone 15"
    pillow_heif.from_pillow(landscape(1600, 1200)).save(out, exif=exif.tobytes())
    path.write_bytes(out.getvalue())
    return path


def drawn(services: Services) -> str:
    """The job process has had its turn."""
    with services.db.read() as s:
        made = queries.creatives(s, ["/93/"])[0].id
    jobs.render(services, {"creative_id": made})
    return made


def shape(page: Page, name: str) -> Locator:
    return page.locator(".shape").filter(has=page.get_by_role("heading", name=name))


def compose(page: Page, url: str, photo: Path) -> None:
    page.goto(f"{url}/library")
    page.set_input_files("#file", str(photo))
    page.get_by_role("link", name="Make a creative").click()
    page.fill("#name", "Bluezone ở bến xe")
    page.fill("#headline_vi", "Cài Bluezone để bảo vệ bạn")
    page.fill("#action_vi", "Miễn phí, một phút")
    page.fill("#headline_en", "Install Bluezone, protect others")
    page.fill("#action_en", "Free, one minute")
    page.get_by_role("button", name="Make the creative").click()


def publish(page: Page, url: str) -> None:
    page.goto(f"{url}/campaigns/new")
    page.fill("#name", "Bluezone tháng Mười một")
    page.fill("#starts_at", "2026-11-22T07:00")
    page.fill("#ends_at", "2026-12-22T07:00")
    page.fill("#android_url", "https://play.google.com/store/apps/details?id=com.mic.bluezone")
    page.get_by_role("button", name="Make the campaign").click()
    page.get_by_role("link", name="Place creatives").first.click()
    page.get_by_role("checkbox", name="Bluezone ở bến xe").check()
    page.get_by_role("group", name="In these areas, and all below them").get_by_label("Hậu Giang").first.check()
    page.get_by_role("button", name="Place", exact=True).click()
    for step in ("Submit for approval", "Approve"):
        page.get_by_role("button", name=step, exact=True).first.click()
        if (sure := page.locator("#ask[open] #ask-do")).count():
            sure.click()


def test_from_a_photograph_to_a_notice_that_scans(
    browser: Browser, page: Page, url: str, approver: Operator, services: Services, tmp_path: Path
) -> None:
    compose(page, url, heic(tmp_path / "IMG_2041.HEIC"))
    made = drawn(services)
    expect(page.locator("#previews")).not_to_contain_text("are being tried", timeout=60_000)
    page.reload()
    assert page.locator(".shape").count() == len(SCREENS)
    assert page.locator("figure.preview svg").count() == 2 * len(SCREENS)

    wall = shape(page, "1920 × 1080")
    expect(wall).to_contain_text("Does not scan")
    expect(wall).to_contain_text("this distance needs")
    expect(wall).to_contain_text("wide for 2.9 m")
    wall.get_by_text("What a camera saw").click()
    expect(wall.locator("img.whole-picture")).to_be_visible()
    assert page.get_by_text("Does not scan").count() == 1
    page.screenshot(path=picture("creative-journey-refused"), full_page=True)
    with phone(browser) as context:
        small = enter(context, url, approver, "vi")
        small.goto(f"{url}/library/creatives/{made}")
        expect(small.get_by_role("button", name="Làm mã đủ rộng")).to_be_visible()
        assert small.evaluate("document.documentElement.scrollWidth <= innerWidth")
        small.screenshot(path=picture("creative-journey-phone"), full_page=True)

    page.get_by_role("button", name="Make the code wide enough").click()
    drawn(services)
    page.reload()
    expect(page.get_by_text("Does not scan")).to_have_count(0)
    expect(page.get_by_role("button", name="Make the code wide enough")).to_have_count(0)
    page.screenshot(path=picture("creative-journey-mended"), full_page=True)

    publish(page, url)
    expect(page.locator(".page-head")).to_contain_text("Live")
    page.screenshot(path=picture("creative-journey-published"), full_page=True)
    with services.db.read() as s:
        (campaign,) = playlists.load_world(s).campaigns
        shown = queries.ready_renditions(s, [made], 1920, 1080, SCREENS[(1920, 1080)])
    assert campaign.placements[0].creatives == (made,)
    assert set(shown) == {(made, "vi"), (made, "en")}
    assert complaints(page) == []
