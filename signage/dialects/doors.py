"""What the doors of all dialects share: whose key stands in the path, and the programme that goes out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import g, request

from core.errors import Busy, NotFound
from core.services import services
from signage.desk import Desk, desk
from signage.dialects.programme import Manifest, read


def screen_of_key(desk: Desk, key: str, now: datetime) -> str:
    """The screen that a key speaks for; it counts as heard. Raises NotFound alike for a key that is unknown, revoked,
    expired, or of a closed screen: who guesses learns nothing. What the player calls itself is not asked."""
    found = desk.board.screen_of(key, now) if len(key) <= 200 else None
    if found is None:
        raise NotFound()
    desk.heard(found, now)
    return found


def play_key() -> None:
    """Guards a door whose path begins with ``/play/<key>/``. Raises NotFound."""
    key = (request.view_args or {}).get("key", "")
    g.screen_id = screen_of_key(desk(), key, services().clock.now())


def timezone_of(desk: Desk, screen_id: str) -> str:
    """The IANA zone of the place where a screen hangs. Raises NotFound for a screen that was closed meanwhile."""
    card = desk.board.card(screen_id)
    if card is None:
        raise NotFound()
    return card.facts.timezone


def etag_of(desk: Desk, screen_id: str, now: datetime) -> str:
    """The ETag of what the screen plays, for less than the manifest. Raises Busy as `manifest_of`."""
    with _pictures_awaited():
        return desk.board.etag(screen_id, now)


def manifest_of(desk: Desk, screen_id: str, now: datetime) -> Manifest:
    """What the screen plays, its entries noted as given, so that reports may name them.

    Raises Busy while its pictures are being made.
    """
    with _pictures_awaited():
        body, _ = desk.board.body(screen_id, now)
    manifest = read(body)
    desk.given.give(manifest)
    return manifest


@contextmanager
def _pictures_awaited() -> Iterator[None]:
    try:
        yield
    except KeyError:
        raise Busy("The pictures for this screen are still being made", retry_after_s=30) from None
