"""The store of this phone, and the address there that carries where the person came from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

ANDROID, IOS, OTHER = "android", "ios", "other"

_PLAY_HOST, _APPLE_HOSTS = "play.google.com", ("apps.apple.com", "itunes.apple.com")
_APPLE_TOKEN_LIMIT = 40


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a campaign leads: the application in each store, and a page for everybody else (each may be empty)."""

    android_url: str = ""
    ios_url: str = ""
    other_url: str = ""

    def of(self, family: str) -> str:
        """The address for a device family, empty if the campaign names none."""
        url = {ANDROID: self.android_url, IOS: self.ios_url}.get(family, self.other_url)
        return url if url.startswith(("https://", "http://")) else ""


def device_family(agent: str) -> str:
    """`android`, `ios` or `other`, of a User-Agent; an iPad that says it is a Mac is `other` and gets to choose."""
    if "Windows Phone" in agent:
        return OTHER
    if "Android" in agent:
        return ANDROID
    if "iPhone" in agent or "iPad" in agent or "iPod" in agent:
        return IOS
    return OTHER


@lru_cache(maxsize=4096)
def store_address(url: str, *, code: str, campaign: str, channel: str) -> str:
    """`url` with the campaign tokens that its store reports back: Play's `referrer`, the App Store's `ct`.

    An address of another host is left as the operator wrote it.
    """
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if host == _PLAY_HOST:
        token = {"referrer": urlencode({"utm_source": channel, "utm_campaign": campaign, "utm_content": code})}
    elif host in _APPLE_HOSTS:
        token = {"ct": f"{channel}-{code}"[-_APPLE_TOKEN_LIMIT:], "mt": "8"}
    else:
        return url
    query = dict(parse_qsl(parts.query, keep_blank_values=True)) | token
    return urlunsplit(parts._replace(query=urlencode(query)))
