"""A phone's scan without Flask: recorded together with those that come at the same moment, then on to the store."""

from __future__ import annotations

from functools import cache

from core.quick import Knock
from core.reply import Reply
from core.services import services_of
from measure.crowds import Scanned, record_scans
from measure.openings import opening_of, read_code, store_reply, token_cookie
from measure.stores import OTHER


def resolve(knock: Knock) -> Reply | None:
    """GET /q/<code>, for phones. Landing pages, unknown codes and a ledger that is full are the view's."""

    def header(name: str, default: str) -> str:
        return knock.header(_in_cgi(name)) or default

    services = services_of(knock.app)
    code, now = read_code(knock.rest), services.clock.now()
    opening = opening_of("GET", header, now)
    if code is None or opening.family == OTHER:
        return None
    link = services.db.write_together(record_scans, Scanned(code, opening, now))
    return store_reply(link, opening.family, *token_cookie(opening, header)) if link else None


@cache
def _in_cgi(name: str) -> str:
    """What a header of the house's own asking is called in the environment."""
    return "HTTP_" + name.upper().replace("-", "_")


QUICK = {"measure.resolve": resolve}
