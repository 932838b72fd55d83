"""What players of other makes report: plays once, bad rows aside, what they say of themselves kept."""

from datetime import timedelta

import pytest
from msgspec import structs

from core.services import Services
from measure.models import Play, RefusedPlay, Showing
from measure.told import Told
from people.roles import SYSTEM
from signage import actions, queries
from signage.desk import Desk
from signage.dialects.doors import manifest_of
from signage.dialects.reports import Heard, Illegible, Reported, heard, record
from tests.measure.counts import rows, totals
from tests.signage.world import Player, make_creative, on_sqlite, publish
from tests.support.clock import FrozenClock

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def entries(player: Player, counter: Desk, clock: FrozenClock) -> list[str]:
    """The ids of what the screen was given to play."""
    return list(manifest_of(counter, player.screen, clock.now()).entries)


def test_it_works(player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]) -> None:
    plays = [Reported(entries[0], clock.now() - n * SECOND, 8000) for n in (30, 20, 10)]
    assert record(counter, player.screen, plays, clock.now()) == Told(3, 0, 0)
    assert totals(world.db) == {"plays": 3}
    (shown,) = rows(world.db, Showing)
    assert (shown.creative, shown.language, shown.location) == ("crv_a", "vi", "vt-01")
    assert shown.campaign


@on_sqlite
def test_a_report_of_any_length_is_taken_in_parts(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]
) -> None:
    stream = (Reported(entries[n % 2], clock.now() - n * SECOND) for n in range(1203))
    assert record(counter, player.screen, stream, clock.now()).new == 1203
    assert totals(world.db) == {"plays": 1203}


def test_told_again_by_another_dialect_it_counts_once(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]
) -> None:
    play = Reported(entries[0], clock.now() - 10 * SECOND)
    record(counter, player.screen, [play], clock.now())
    changed = {"dialect": "xibo"}
    world.db.write(lambda s: actions.update(s, player.screen, changed, by=SYSTEM, now=clock.now()))
    assert record(counter, player.screen, [play], clock.now()) == Told(0, 1, 0)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"content": "999999999999-vi"}, "it was never given to a player"),
        ({"ahead": 600}, "it began in the future"),
        ({"ahead": -36 * 86_400}, "it began more than 35 days ago"),
        ({"duration_ms": -1}, "it ended before it began, or lasted for days"),
    ],
)
def test_what_cannot_be_is_put_aside_and_the_rest_counts(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str], change, reason: str
) -> None:
    facts = {"content": entries[0], "ahead": -20, "duration_ms": 8000} | change
    bad = Reported(facts["content"], clock.now() + facts["ahead"] * SECOND, facts["duration_ms"])
    good = Reported(entries[0], clock.now() - 10 * SECOND)
    assert record(counter, player.screen, [bad, good], clock.now()) == Told(1, 0, 1)
    (aside,) = rows(world.db, RefusedPlay)
    assert aside.reason == reason


@on_sqlite
def test_an_illegible_row_is_put_aside(player: Player, counter: Desk, world: Services, clock: FrozenClock) -> None:
    assert record(counter, player.screen, [Illegible("no start", "<x/>")], clock.now()) == Told(0, 0, 1)
    assert [one.raw for one in rows(world.db, RefusedPlay)] == ["<x/>"]


@on_sqlite
def test_a_play_that_broke_off_is_told_so(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]
) -> None:
    record(counter, player.screen, [Reported(entries[0], clock.now() - 10 * SECOND, 3000)], clock.now())
    assert [one.ended for one in rows(world.db, Play)] == [1]


@on_sqlite
def test_plays_of_what_was_given_once_are_understood_later(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]
) -> None:
    """Also by a process that never saw it, and when the campaign is over."""
    fresh = Desk(world)
    clock.advance(days=34)
    assert record(fresh, player.screen, [Reported(entries[0], clock.now() - SECOND)], clock.now()).new == 1


@on_sqlite
def test_entries_have_numbers_for_protocols_that_want_them(
    player: Player, counter: Desk, world: Services, clock: FrozenClock
) -> None:
    given = counter.given.give(manifest_of(counter, player.screen, clock.now()))
    numbers = {one.number: name for name, one in given.items()}
    assert counter.given.numbered([*numbers, 999_999]) == numbers

    def work(s) -> None:
        make_creative(s, "crv_c", clock.now())
        publish(s, clock.now(), "crv_c")

    world.db.write(work)
    clock.advance(seconds=5)
    more = counter.given.give(manifest_of(counter, player.screen, clock.now()))
    assert {name: more[name] for name in given} == given
    assert len(more) == len(given) + 1


def test_another_process_may_have_given_the_same(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]
) -> None:
    manifest = manifest_of(counter, player.screen, clock.now())
    first = counter.given.give(manifest)
    assert Desk(world).given.give(manifest) == first


@on_sqlite
def test_an_entry_that_is_shown_longer_now_is_held_against_that(
    player: Player, counter: Desk, world: Services, clock: FrozenClock, entries: list[str]
) -> None:
    manifest = manifest_of(counter, player.screen, clock.now())
    longer = {name: structs.replace(one, duration_ms=20_000) for name, one in manifest.entries.items()}
    counter.given.give(structs.replace(manifest, entries=longer))
    record(counter, player.screen, [Reported(entries[0], clock.now() - MINUTE, 8000)], clock.now())
    assert [(one.ended, one.expected_ms) for one in rows(world.db, Play)] == [(1, 20_000)]


@on_sqlite
def test_what_a_player_says_of_itself_is_kept(
    player: Player, counter: Desk, world: Services, clock: FrozenClock
) -> None:
    said = Heard(media={"have": 2, "want": 3}, troubles=[("decode", "a.mp4")], player={"name": "garlic"})
    heard(counter, player.screen, said, clock.now())
    counter.flush()
    with world.db.read() as s:
        (row,) = queries.fleet(s, screen=player.screen)
        assert row.status
        assert row.status.media == {"have": 2, "want": 3}
        assert [one.code for one in queries.troubles(s, player.screen)] == ["decode"]


@on_sqlite
def test_a_command_that_a_make_does_not_know_is_refused(
    player: Player, counter: Desk, world: Services, clock: FrozenClock
) -> None:
    now = clock.now()
    world.db.write(lambda s: actions.update(s, player.screen, {"dialect": "smil"}, by=SYSTEM, now=now))
    with pytest.raises(Exception, match="can be asked for reboot only"):
        world.db.write(lambda s: actions.ask(s, player.screen, "screenshot", by=SYSTEM, now=now))
    world.db.write(lambda s: actions.ask(s, player.screen, "reboot", by=SYSTEM, now=now))
    assert [one.type for one in heard(counter, player.screen, Heard(), now)] == ["reboot"]


@on_sqlite
def test_a_dialect_that_nobody_speaks_is_refused(player: Player, world: Services, clock: FrozenClock) -> None:
    with pytest.raises(Exception, match="dialect: must be one of own, smil"):
        world.db.write(lambda s: actions.update(s, player.screen, {"dialect": "esperanto"}, by=SYSTEM, now=clock.now()))
