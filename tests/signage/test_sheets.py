"""Sheets: worked out once for all who share a programme, off the event loop, and kept while it is the same."""

import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

import bench.fill
from core.errors import Busy
from core.services import Services
from playlists.index import index_of
from playlists.programme import Spot
from signage.board import Board
from signage.desk import Desk
from signage.manifest import Pictures, fill
from signage.sheets import MOST_WAITING, Laid, SheetKey, Sheets
from tests.signage.test_manifest import CODES, PICTURES, SPOT, world
from tests.signage.world import Player, on_sqlite
from tests.support.clock import MORNING, FrozenClock


class Lane(ThreadPoolExecutor):
    """One native thread that can be held up, and counts what it was given."""

    def __init__(self) -> None:
        super().__init__(1)
        self.given = 0
        self._free = Event()
        super().submit(self._free.wait, 60)

    def submit(self, *args: Any, **named: Any) -> Future[Any]:
        self.given += 1
        return super().submit(*args, **named)

    def go_on(self) -> None:
        self._free.set()


@pytest.fixture
def lane() -> Iterator[Lane]:
    made = Lane()
    yield made
    made.go_on()
    made.shutdown()


def sheets(lane: Executor, pictures: Pictures | None = None) -> Sheets:
    drawn = PICTURES if pictures is None else pictures
    return Sheets(world(), lambda *_: drawn, "http://bangtin.example", lambda: lane)


def key(made: Sheets, spot: Spot = SPOT) -> SheetKey:
    return SheetKey(index_of(made.world).profile(spot), (spot.width, spot.height), None, "")


def asked(made: Sheets, at: datetime = MORNING) -> Laid:
    return made.of(key(made), SPOT, at)


def test_it_works(lane: Lane) -> None:
    lane.go_on()
    laid = asked(sheets(lane))
    assert laid.links == (("", "builtin"), ("cmp_1", "crv_a"), ("cmp_1", "crv_b"))
    assert b"7K3M9Q2T" in fill(laid.sheet, CODES).tail()


def test_however_many_ask_it_is_made_once(lane: Lane) -> None:
    made, found = sheets(lane), list[Laid]()
    askers = [Thread(target=lambda: found.append(asked(made))) for _ in range(8)]
    for one in askers:
        one.start()
    while not lane.given:
        askers[0].join(0.01)
    lane.go_on()
    for one in askers:
        one.join(60)
    assert (len(found), len({id(one) for one in found}), lane.given) == (8, 1, 1)


def test_what_is_made_is_kept_until_it_is_true_no_longer(lane: Lane) -> None:
    lane.go_on()
    made = sheets(lane)
    first = asked(made)
    assert asked(made, first.until - timedelta(milliseconds=1)) is first
    assert asked(made, first.until) is not first


def test_while_pictures_are_missing_it_is_looked_again_soon(lane: Lane) -> None:
    lane.go_on()
    made = sheets(lane, {one: picture for one, picture in PICTURES.items() if one[0] != "crv_b"})
    assert asked(made).until == MORNING + timedelta(seconds=2)


def test_where_no_picture_fits_everybody_hears_of_it_and_may_ask_again(lane: Lane) -> None:
    lane.go_on()
    made = sheets(lane, {})
    for _ in range(2):
        with pytest.raises(KeyError):
            asked(made)
    assert lane.given == 2


def test_too_many_that_wait_are_sent_away_for_a_while(lane: Lane) -> None:
    made = sheets(lane)
    made._making = {(n,): Future() for n in range(MOST_WAITING)}  # type: ignore[misc]
    with pytest.raises(Busy) as refused:
        asked(made)
    assert refused.value.retry_after_s
    assert lane.given == 0


def test_codes_are_looked_up_once_for_a_location(lane: Lane) -> None:
    lane.go_on()
    laid, looked = asked(sheets(lane)), list[str]()

    def look_up(location: str) -> dict[tuple[str, str], str]:
        looked.append(location)
        return CODES if location == "vt-01" else {}

    for _ in range(2):
        assert laid.codes("vt-01", look_up) == CODES
        assert laid.codes("bx-01", look_up) == {}
    assert looked == ["vt-01", "bx-01"]


def test_a_locations_plan_is_filled_once_and_a_test_has_one_of_its_own(lane: Lane) -> None:
    lane.go_on()
    laid = asked(sheets(lane))
    plan, test = (laid.plan("vt-01", testing, lambda _: CODES) for testing in (False, True))
    assert laid.plan("vt-01", False, lambda _: {}) is plan
    assert (b"/Q/7K3M9Q2T/T" in plan.tail(), b"/Q/7K3M9Q2T/T" in test.tail()) == (False, True)
    assert plan.revision != test.revision


def test_codes_outlast_a_new_cut_and_no_change_of_links(lane: Lane) -> None:
    lane.go_on()
    made = sheets(lane)
    first = asked(made)
    first.codes("vt-01", lambda _: CODES)
    later = asked(made, first.until)
    assert later.packed == first.packed
    made.forget_codes()
    assert not later.packed


@on_sqlite
def test_locations_with_one_programme_share_a_sheet_and_no_codes(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens, now, board = bench.fill.fill(services, 11, creatives=2), services.clock.now(), Board(services)
    screens = [board.screen_of(token, now) or "" for token in (tokens[0], tokens[10])]
    first = json.loads(board.manifest(screens[0], now).body)
    monkeypatch.setattr("signage.sheets.lay_out", None)
    second = json.loads(board.manifest(screens[1], now).body)
    assert (first["screen"]["location"], second["screen"]["location"]) == ("vt-0", "vt-1")
    assert first["programme"] == second["programme"]
    codes = [{e["qr"]["code"] for e in told["entries"].values() if e["qr"]} for told in (first, second)]
    assert codes[0]
    assert not codes[0] & codes[1]


@on_sqlite
def test_an_equal_world_keeps_what_was_worked_out_for_it(player: Player, world: Services, counter: Desk) -> None:
    player.get("manifest")
    before = counter.board.world
    world.db.write(lambda s: world.generation.bump(s, "programme"))
    clock = world.clock
    assert isinstance(clock, FrozenClock)
    clock.advance(seconds=3)
    assert player.get("manifest").status_code == 200
    assert counter.board.world is before


@on_sqlite
def test_a_door_that_cannot_keep_up_says_when_to_ask_again(player: Player, counter: Desk) -> None:
    assert counter.board.world.campaigns
    counter.board._plans._sheets._making = {(n,): Future() for n in range(MOST_WAITING)}  # type: ignore[misc]
    answer = player.get("manifest")
    assert (answer.status_code, answer.get_json()["status"]) == (503, 503)
    assert int(answer.headers["Retry-After"]) > 0
