"""People and machines, by the requests they make."""

from __future__ import annotations

import pytest

from measure.machines import why_machine
from tests.measure.world import ANDROID, DESKTOP, IPHONE

PEOPLE = [
    ANDROID,
    IPHONE,
    DESKTOP,
    IPHONE + " Zalo iOS/24.10",
    ANDROID + " Zalo android/24.10 ZaloTheme/light",
    IPHONE + " [FBAN/FBIOS;FBAV/480.0.0.0]",
    DESKTOP.replace("Chrome/140", "coc_coc_browser/120.0 Chrome/114"),
    ANDROID.replace("Chrome/140.0.0.0", "SamsungBrowser/25.0 Chrome/121.0"),
]
MACHINES = [
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0 A",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "curl/8.5.0",
    "python-requests/2.32",
    "okhttp/4.12.0",
    "Dalvik/2.1.0 (Linux; U; Android 14)",
    "Zalo/24.10 CFNetwork/1496.0.7 Darwin/23.5.0",
    "Viber/22.0 CFNetwork/1496 Darwin/23.5.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    "ZaloBot/1.0",
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
]


def judge(agent: str, method: str = "GET", **headers: str) -> str | None:
    return why_machine(method, {"User-Agent": agent, **headers}.get)


@pytest.mark.parametrize("agent", PEOPLE)
def test_people(agent: str) -> None:
    assert judge(agent) is None


@pytest.mark.parametrize("agent", MACHINES)
def test_machines(agent: str) -> None:
    assert judge(agent) in {"crawler", "fetcher"}


def test_head_is_never_a_person() -> None:
    assert judge(ANDROID, "HEAD") == "head"


@pytest.mark.parametrize("agent", ["", "   "])
def test_nothing_said_is_a_machine(agent: str) -> None:
    assert judge(agent) == "empty"


def test_a_header_that_does_not_look_ahead_is_a_person_s() -> None:
    assert judge(ANDROID, Purpose="navigate") is None
