"""Requests that were meant for somebody else: phones' probes that a gateway led here under their own names."""

from __future__ import annotations

from flask import Response, redirect, request

from portal.desk import Desk
from portal.online import mark, tells_phones_apart, within
from portal.probes import is_probe, online_answer
from portal.stands import Stand


def caught(desk: Desk, host: str) -> Response | None:
    """The answer to a foreign Host: the splash, or the vendor's own bytes for a phone that is known to be on line.

    None where it is no business of the portal's.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    stand = asked_at(desk, request.remote_addr or "")
    ours = stand is not None and within(request.remote_addr or "", stand.networks)
    if stand is None or not (ours or is_probe(host, request.path)):
        return None
    splash = f"{desk.services.settings.portal_url}/wifi/{stand.code}"
    answer = _vendors_answer(desk, stand, host) or redirect(splash, 302)
    assert isinstance(answer, Response)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def asked_at(desk: Desk, address: str) -> Stand | None:
    """The hotspot whose network the phone is in; where none is named, the only one there is."""
    stands = list(desk.stands().values())
    found = next((stand for stand in stands if within(address, stand.networks)), None)
    return found or (stands[0] if len(stands) == 1 else None)


def address_marks(desk: Desk, stand: Stand) -> list[str]:
    """The phone's own address as a digest, where addresses tell phones apart."""
    address = request.remote_addr or ""
    if not tells_phones_apart(address, stand.networks):
        return []
    return [mark("address", address, desk.salt.today(desk.services.clock.now()))]


def _vendors_answer(desk: Desk, stand: Stand, host: str) -> Response | None:
    online = online_answer(host, request.path)
    if online is None or desk.online.remaining(stand.code, address_marks(desk, stand)) is None:
        return None
    response = Response(online.body, online.status, mimetype=online.mimetype)
    response.headers.update(dict(online.headers))
    return response
