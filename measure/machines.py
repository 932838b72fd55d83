"""Telling machines from people by what a request carries: method, headers, agent.

No list knows every machine, so the verdict has a reason that is kept and shown, and what was judged
a machine is counted apart, never thrown away.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from crawleruseragents import is_crawler

_LOOKAHEAD_HEADERS = ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz", "X-Middleton")
_LOOKAHEAD_WORDS = ("prefetch", "prerender", "preview")
# What phones and chat servers send when no person looks: system fetchers, the previews of chat
# applications, libraries. The packaged list misses these.
_FETCHERS = re.compile(
    r"^(Dalvik/|CFNetwork|okhttp|python|curl|Wget|Go-http|Java/|libwww|axios|node-fetch|undici|Viber/|ZaloBot)"
    r"|ZaloBot|zalo-?preview|HeadlessChrome|facebookexternalhit|WhatsApp/|TelegramBot|Viber Bot",
    re.IGNORECASE,
)
_BROWSER = re.compile(r"Mozilla/|Opera/")


@lru_cache(maxsize=4096)
def _agent_verdict(agent: str) -> str | None:
    if _FETCHERS.search(agent):
        return "fetcher"
    if "CFNetwork" in agent and not _BROWSER.search(agent):
        return "fetcher"
    return "crawler" if is_crawler(agent) else None


def why_machine(method: str, header: Callable[[str, str], str]) -> str | None:
    """The reason to take a request for a machine's (`head`, `lookahead`, `empty`, `fetcher`, `crawler`), or None.

    `header(name, default)` reads a header, as the `get` of a mapping does.
    """
    if method == "HEAD":
        return "head"
    for name in _LOOKAHEAD_HEADERS:
        value = header(name, "")
        if value and any(word in value.lower() for word in _LOOKAHEAD_WORDS):
            return "lookahead"
    agent = header("User-Agent", "").strip()
    # The longest agents of real phones stay below 512 characters; a longer one would only fill the cache.
    return _agent_verdict(agent[:512]) if agent else "empty"
