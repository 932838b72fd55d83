"""The windows of the journey: real Chromiums, each where its person stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.support.browser import FLAGS

# Counts every picture that comes up on the stage, whoever else counts: the player's own log is not asked.
WITNESS = """() => {
    const tell = () => localStorage.setItem("witness", String(Number(localStorage.getItem("witness") || 0) + 1));
    const blank = () => localStorage.setItem("blank", String(Number(localStorage.getItem("blank") || 0) + 1));
    let began = false;
    new MutationObserver(changes => {
        for (const change of changes) {
            const up = change.target.classList && change.target.classList.contains("up");
            if (up && !(change.oldValue || "").split(" ").includes("up")) { tell(); began = true; }
        }
    }).observe(document, {subtree: true, attributes: true, attributeFilter: ["class"], attributeOldValue: true});
    const look = () => {
        if (began) {
            const shown = document.querySelector("#stage .layer.up .main");
            if (!shown || !shown.complete || !shown.naturalWidth) blank();
        }
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
}"""


class Windows:
    """Browsers by the place they run in; one driver for all."""

    def __init__(self, tools: Playwright) -> None:
        self._tools = tools
        self._open: dict[str, Browser] = {}

    def at(self, program: str) -> Browser:
        """The browser that ``program`` starts."""
        if program not in self._open:
            self._open[program] = self._tools.chromium.launch(executable_path=program, args=FLAGS)
        return self._open[program]

    def close(self) -> None:
        for browser in self._open.values():
            browser.close()


@contextmanager
def windows() -> Iterator[Windows]:
    with sync_playwright() as tools:
        opened = Windows(tools)
        try:
            yield opened
        finally:
            opened.close()


def witnessed(page: Page, what: str = "witness") -> int:
    """How many pictures have come up on this screen, reloads included."""
    return int(page.evaluate(f"localStorage.getItem('{what}')") or 0)


def codes_on(page: Page) -> list[str]:
    """What a phone's camera would read off this screen now."""
    shot = Image.open(io.BytesIO(page.screenshot()))
    return [code.text for code in zxingcpp.read_barcodes(shot)]
