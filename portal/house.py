"""What all doors of this room share: the process's desk, and the hotspot of an address."""

from __future__ import annotations

from flask import Flask, current_app, request

from core.errors import NotFound
from core.services import services_of
from portal.desk import Desk
from portal.stands import Stand


def desk() -> Desk:
    """The desk of the app that is serving."""
    return desk_of(current_app)


def desk_of(app: Flask) -> Desk:
    """The desk of this app, opened at the first request."""
    found = app.extensions.get("portal")
    if found is None:
        found = app.extensions["portal"] = Desk(services_of(app))
    assert isinstance(found, Desk)
    return found


def stand_of(code: str) -> Stand:
    """The hotspot of the address. Raises NotFound."""
    return _there(desk().stand(code))


def stand_at_once(code: str) -> Stand:
    """The same for a gateway that polls, without a look at the database. Raises NotFound."""
    return _there(desk().stand_at_once(code))


def _there(stand: Stand | None) -> Stand:
    if stand is None:
        raise NotFound("There is no wifi of this name here")
    return stand


def here(stand: Stand) -> str:
    """The splash's own path; links within it name no host."""
    return f"{request.script_root}/wifi/{stand.code}"
