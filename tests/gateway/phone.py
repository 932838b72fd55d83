"""The traveller's phone: a real Chromium behind the gateway."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page

from tests.gateway.lab import Lab
from tests.support import browser

PROBE = "http://connectivitycheck.gstatic.com/generate_204"
SMALL = {"width": 360, "height": 640}


@contextmanager
def phone(lab: Lab, language: str) -> Iterator[Page]:
    """A page of a phone that speaks this language; it knows only what the gateway lets it see."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHROMIUM", str(lab.wrapper(lab.phone, "/usr/bin/chromium")))
        with browser.chromium() as chromium:
            context = chromium.new_context(
                viewport=SMALL, locale=language, user_agent=browser.ANDROID, is_mobile=True, has_touch=True,
                ignore_https_errors=True,
            )  # fmt: skip
            yield context.new_page()


def probe(lab: Lab, url: str = PROBE) -> tuple[int, str]:
    """(status, body) of what the phone's own system asks, without following a redirect."""
    curl = str(lab.wrapper(lab.phone, "/usr/bin/curl"))
    out = lab.run(lab.phone, curl, "-s", "-m", "8", "-w", "\n%{http_code}", url, check=False)
    body, _, status = out.rpartition("\n")
    return int(status or 0), body
