"""A key has one player, where players of a dialect call themselves something."""

from core.security import digest
from core.services import Services
from people.roles import SYSTEM
from signage import actions
from tests.signage.world import Player
from tests.support.clock import FrozenClock


def bind(world: Services, key: str, name: str) -> str | None:
    return world.db.write(lambda s: actions.bind_key(s, key, name))


def test_the_first_player_that_comes_with_a_key_is_its_player(world: Services, player: Player) -> None:
    assert bind(world, player.token, "box-1") == digest("box-1")
    assert bind(world, player.token, "box-2") == digest("box-1")
    assert bind(world, player.token, "box-1") == digest("box-1")


def test_a_fresh_key_is_free_again(world: Services, player: Player, clock: FrozenClock) -> None:
    bind(world, player.token, "box-1")
    key = world.db.write(lambda s: actions.rotate_key(s, player.screen, by=SYSTEM, now=clock.now()))
    assert bind(world, key, "box-2") == digest("box-2")


def test_a_key_that_there_is_not_has_no_player(world: Services) -> None:
    assert bind(world, "guessed", "box-1") is None
