"""The sheet of keys that an installer takes along: everything on it is on the paper, whatever the player's make."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext

from tests.console.conftest import Operator
from tests.console.test_browser import browser, complaints, enter, url
from tests.support.browser import desk, phone, picture
from tests.support.needs import needs

__all__ = ["browser", "url"]

pytestmark = [pytest.mark.browser, needs("chromium"), pytest.mark.timeout(240)]

SCREENS = """location,name,width,height,dialect
BENXE,Cửa A,1080,1920,
BENXE,Bảng LED cổng,512,256,smil
CHO-LC,Ki-ốt 3,1080,1920,xibo
CHO-LC,Ki-ốt 4,1080,1920,mpv
"""
A4 = {"width": 718, "height": 1047}  # its inner part at 96 dots an inch, 1 cm of margin
INSIDE = """() => [...document.querySelectorAll('.key-sheet li')].every(card => {
  const room = card.getBoundingClientRect(), all = document.createRange();
  all.selectNodeContents(card);
  return [...all.getClientRects()].every(each => each.right <= room.right);
})"""


@pytest.mark.parametrize("window", [desk, phone])
def test_nothing_is_cut_off_on_the_glass_or_on_paper(
    browser: Browser, url: str, admin: Operator, window: Callable[[Browser, str], BrowserContext]
) -> None:
    with window(browser, "vi") as context:
        page = enter(context, url, admin)
        page.goto(f"{url}/places/import?kind=screens")
        table = {"name": "t.csv", "mimeType": "text/csv", "buffer": SCREENS.encode()}
        page.set_input_files("#file", table)
        page.click("form .btn-primary")
        page.click(".form-acts .btn-primary")
        page.wait_for_selector(".key-sheet")
        assert page.evaluate(INSIDE)
        page.screenshot(path=picture(f"key-sheet-{window.__name__}"), full_page=True)
        page.emulate_media(media="print")
        page.set_viewport_size(A4)
        assert page.evaluate(INSIDE)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.screenshot(path=picture(f"key-sheet-{window.__name__}-paper"), full_page=True)
        assert complaints(page) == []
