"""Real Chromium windows: the operator's desk, a kiosk screen, a traveller's phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.support import needs

FLAGS = [
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
DESK = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
ANDROID = (
    "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36"
)
PICTURES = Path(__file__).resolve().parents[1] / "pictures" / "out"


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """A browser of its own; close nothing, leaving the block does."""
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=needs.chromium(), args=[*FLAGS, *flags])
        try:
            yield browser
        finally:
            browser.close()


def desk(browser: Browser, language: str = "vi") -> BrowserContext:
    """An operator's window."""
    return browser.new_context(viewport=DESK, locale=_locale(language))


def screen(browser: Browser, width: int = 1080, height: int = 1920) -> BrowserContext:
    """A kiosk window of a public screen."""
    return browser.new_context(viewport={"width": width, "height": height}, locale="vi-VN")


def phone(browser: Browser, language: str = "vi", agent: str = ANDROID) -> BrowserContext:
    """A traveller's phone."""
    return browser.new_context(
        viewport=PHONE,
        locale=_locale(language),
        user_agent=agent,
        is_mobile=True,
        has_touch=True,
        device_scale_factor=2,
    )


def picture(name: str) -> Path:
    """Where a test leaves a screenshot of this name; git ignores the folder."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    return PICTURES / f"{name}.png"


def _locale(language: str) -> str:
    return {"vi": "vi-VN", "en": "en-GB", "ko": "ko-KR"}.get(language, language)
