"""The splash without Flask: for a phone that its gateway has just sent here, when the page it needs is drawn already.

Whatever else is asked at that address goes to `portal.views`, which gives the same answer to this, and draws.
"""

from __future__ import annotations

from core.quick import Knock
from core.reply import Reply
from portal import pages
from portal.agents import machine
from portal.arrivals import Turned, arrive
from portal.house import desk_of
from portal.languages import preferred

OTHERS = ("visit=", "lang=", "auth_get")  # what asks for more than a first look


def splash(knock: Knock) -> Reply | None:
    """GET /wifi/<code>."""
    desk, query = desk_of(knock.app), knock.header("QUERY_STRING")
    stand = desk.stand(knock.rest)
    if stand is None or any(word in query for word in OTHERS):
        return None
    try:
        arrival, shown = arrive(desk, stand, query, preferred(knock.header("HTTP_ACCEPT_LANGUAGE")))
    except Turned:
        return None
    page = desk.pages.get(stand.page_key(shown.visit.language, shown.prompt))
    if page is None or arrival.state == "online":
        return None
    purpose = knock.header("HTTP_SEC_PURPOSE") + knock.header("HTTP_PURPOSE")
    if not machine(knock.header("HTTP_USER_AGENT"), purpose, "GET"):
        desk.record(stand, shown.visit, "splash_view")
    return pages.reply(page, shown.token, squeezed="gzip" in knock.header("HTTP_ACCEPT_ENCODING"))


QUICK = {"portal.splash": splash}
