"""A screen whose player speaks a dialect."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from core.services import Services
from media.shelf import FolderShelf
from media.store import store_of
from people.roles import SYSTEM
from signage import actions
from tests.signage.dialects.smil_player import SmilPlayer
from tests.signage.world import Player

Speaks = Callable[[str], None]


@pytest.fixture
def speaks(player: Player, world: Services) -> Speaks:
    """Makes the screen's player one of another make."""

    def change(dialect: str) -> None:
        now = world.clock.now()
        world.db.write(lambda s: actions.update(s, player.screen, {"dialect": dialect}, by=SYSTEM, now=now))

    return change


@pytest.fixture
def drawn(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are another room's affair: here any bytes will do, for those with codes and for those without."""
    monkeypatch.setattr("media.views._flat", lambda sha256, code, test: f"{sha256}{code}".encode() * 20)
    shelf = store_of(services.settings).public
    assert isinstance(shelf, FolderShelf)
    for name in ("builtin", "crv_t"):
        file = shelf.path((name.encode().hex() + "0" * 64)[:64])
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(name.encode() * 100)


@pytest.fixture
def smil(player: Player, speaks: Speaks, client: FlaskClient, drawn: None) -> SmilPlayer:
    """A SMIL player on the screen in the office building."""
    speaks("smil")
    return SmilPlayer(client, f"/play/{player.token}/index.smil")
