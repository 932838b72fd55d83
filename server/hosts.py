"""For whom this server answers. Another Host is a phone's own probe that the gateway caught, or a mistake.

Links never come from Host, so nothing that is sent there can be reflected; but a page under a foreign name could be
cached or trusted as that name's. So a foreign Host gets the portal's redirect catcher and nothing else.
"""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, request
from flask.typing import ResponseReturnValue

from core.errors import Problem
from core.settings import Settings
from portal.catcher import caught
from portal.house import desk

LOCAL = ("localhost", "127.0.0.1", "::1")
ANY_HOST = ("/healthz", "/readyz", "/metrics")  # load balancers ask by number


class Misdirected(Problem):
    status, slug, title = 421, "misdirected", "This server does not answer under that name"


def install(app: Flask, settings: Settings) -> None:
    """Sends requests for foreign hosts away before any view sees them."""
    own = own_names(settings)

    @app.before_request
    def foreign_host() -> ResponseReturnValue | None:
        if request.path in ANY_HOST or name_of(request.environ.get("HTTP_HOST", "")) in own:
            return None
        answer = caught(desk(), name_of(request.environ.get("HTTP_HOST", "")))
        if answer is not None:
            return answer
        raise Misdirected("Open the address that the operator gave you; operators set it in BANGTIN_PUBLIC_URL")


def own_names(settings: Settings) -> frozenset[str]:
    """The host names under which this server may be asked."""
    addresses = (settings.public_url, settings.portal_url, f"//{settings.bind}")
    return frozenset(LOCAL) | {urlsplit(address).hostname or "" for address in addresses}


@lru_cache(maxsize=1_000)
def name_of(host: str) -> str:
    """A Host header without its port, lower case; "" for what is no host at all."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
