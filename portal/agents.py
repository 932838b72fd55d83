"""What a browser's name for itself tells about the way to the store. Three words are kept of it, for one answer."""

from __future__ import annotations

from typing import Literal

Device = Literal["ios", "android", "other"]


def device(agent: str) -> Device:
    """Which store this device has."""
    if "iPhone" in agent or "iPad" in agent or "iPod" in agent:
        return "ios"
    return "android" if "Android" in agent else "other"


def mini(agent: str) -> bool:
    """Whether this is a captive portal's mini-browser, which closes as soon as the phone is on line.

    Apple's sheet names neither Version nor Safari, as the full browser does; Android's is a WebView ("; wv").
    """
    if device(agent) == "ios":
        return "Safari/" not in agent and "CriOS" not in agent and "FxiOS" not in agent
    return "; wv)" in agent or "CaptivePortalLogin" in agent


def machine(agent: str, purpose: str, method: str) -> bool:
    """Whether nobody looks at this answer: a phone's own probe, a preview, a robot."""
    if method != "GET" or "prefetch" in purpose.lower():
        return True
    return not agent or any(mark in agent for mark in _MACHINES)


_MACHINES = (
    "CaptiveNetworkSupport",
    "bot",
    "Bot",
    "crawler",
    "spider",
    "facebookexternalhit",
    "WhatsApp/",
    "Microsoft NCSI",
    "Dalvik/",
)
