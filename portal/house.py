"""What all doors of this room share: the process's desk, and the hotspot of an address."""

from __future__ import annotations

from flask import current_app, request

from core.errors import NotFound
from core.services import services
from portal.desk import Desk, Stand


def desk() -> Desk:
    """This process's desk, opened at the first request."""
    found = current_app.extensions.get("portal")
    if found is None:
        found = current_app.extensions["portal"] = Desk(services())
    assert isinstance(found, Desk)
    return found


def stand_of(code: str) -> Stand:
    """The hotspot of the address. Raises NotFound."""
    stand = desk().stand(code)
    if stand is None:
        raise NotFound("There is no wifi of this name here")
    return stand


def here(stand: Stand) -> str:
    """The splash's own path; links within it name no host."""
    return f"{request.script_root}/wifi/{stand.code}"
