"""POST /status: what a screen says of itself, and what it is asked to do."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Invalid
from core.services import Services
from people.roles import SYSTEM
from playlists.models import Takeover
from signage import actions, queries
from signage.desk import KEPT, Desk
from signage.models import Command, Screen, ScreenSeen, ScreenStatus, ScreenTrouble
from signage.takeovers import confirmations
from tests.signage.world import Player, hang, on_sqlite, take_over
from tests.support.clock import FrozenClock

REPORT: dict[str, Any] = {
    "entry": "000000000000-vi",
    "revision": "r1",
    "takeover_shown": None,
    "display": "on",
    "storage": {"used": 10, "free": 90},
    "media": {"have": 3, "want": 4},
    "errors": [],
    "command_results": [],
    "player": {"name": "web", "version": "1"},
}


def test_it_works(player: Player, world: Services, counter: Desk) -> None:
    assert player.post("status", REPORT).get_json() == {"commands": []}
    counter.flush()
    with world.db.read() as s:
        row = queries.fleet(s)[0]
    assert row.seen_at == world.clock.now()
    assert row.status is not None
    assert (row.status.display, row.status.media) == ("on", {"have": 3, "want": 4})


def test_reports_are_folded_and_the_newest_counts(player: Player, world: Services, counter: Desk) -> None:
    for revision in ("r1", "r2", "r3"):
        player.post("status", REPORT | {"revision": revision})
    counter.flush()
    counter.flush()
    player.post("status", REPORT | {"revision": "r4"})
    counter.flush()
    with world.db.read() as s:
        assert [row.revision for row in s.scalars(select(ScreenStatus))] == ["r4"]


def test_troubles_are_kept_at_once(player: Player, world: Services) -> None:
    trouble = {"at": "2026-11-22T02:00:00Z", "code": "media-hash", "detail": "abc"}
    player.post("status", REPORT | {"errors": [trouble]})
    with world.db.read() as s:
        assert [(row.screen_id, row.code) for row in s.scalars(select(ScreenTrouble))] == [
            (player.screen, "media-hash")
        ]


def test_a_command_is_given_until_it_is_answered(player: Player, world: Services, clock: FrozenClock) -> None:
    now = clock.now()
    made = world.db.write(lambda s: actions.ask(s, player.screen, "reload", by=SYSTEM, now=now))
    for _ in range(2):
        told = player.post("status", REPORT).get_json()["commands"]
        assert told == [{"id": made.id, "type": "reload", "args": {}}]
    result = {"id": made.id, "ok": True, "detail": "done"}
    assert player.post("status", REPORT | {"command_results": [result]}).get_json() == {"commands": []}
    with world.db.read() as s:
        row = s.get_one(Command, made.id)
        assert (row.ok, row.detail, row.done_at) == (True, "done", now)


def test_a_screen_cannot_answer_for_another(player: Player, world: Services, clock: FrozenClock) -> None:
    other = hang(world, player.client, name="Sảnh")
    now = clock.now()
    made = world.db.write(lambda s: actions.ask(s, other.screen, "reload", by=SYSTEM, now=now))
    player.post("status", REPORT | {"command_results": [{"id": made.id, "ok": True}]})
    with world.db.read() as s:
        assert s.get_one(Command, made.id).done_at is None


def test_a_command_that_nobody_answers_lapses_after_a_day(player: Player, world: Services, clock: FrozenClock) -> None:
    now = clock.now()
    world.db.write(lambda s: actions.ask(s, player.screen, "identify", by=SYSTEM, now=now))
    clock.advance(hours=24)
    assert player.post("status", REPORT).get_json() == {"commands": []}


@on_sqlite
def test_an_unknown_command_is_refused(player: Player, world: Services) -> None:
    with pytest.raises(Invalid):
        world.db.write(lambda s: actions.ask(s, player.screen, "self-destruct", by=SYSTEM, now=world.clock.now()))


@on_sqlite
def test_what_a_player_adds_is_ignored(player: Player) -> None:
    assert player.post("status", REPORT | {"mood": "fine"}).status_code == 200


@on_sqlite
@pytest.mark.parametrize("change", [{"display": "maybe"}, {"errors": [{}]}, {"storage": {"used": -1}}])
def test_a_report_of_the_wrong_shape_is_refused(
    player: Player, world: Services, counter: Desk, change: dict[str, Any]
) -> None:
    assert player.post("status", REPORT | change).status_code == 422
    counter.flush()
    with world.db.read() as s:
        assert s.scalars(select(ScreenStatus)).all() == []


@on_sqlite
def test_a_report_whose_heartbeat_was_written_before_it_is_not_lost(
    player: Player, world: Services, counter: Desk
) -> None:
    facts = dict.fromkeys(KEPT) | {"display": "on", "player": {}}
    counter.take_status(player.screen, facts | {"errors": []}, (), world.clock.now())
    counter.flush()
    with world.db.read() as s:
        assert [one.screen_id for one in s.scalars(select(ScreenStatus))] == [player.screen]


@on_sqlite
@pytest.mark.parametrize("at_once", [1, 2, 250])
def test_a_fleet_is_written_in_parts_and_whole(
    world: Services, counter: Desk, player: Player, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("signage.desk.AT_ONCE", at_once)
    with world.db.read() as s:
        screens = list(s.scalars(select(Screen.id)))
    for screen in screens:
        counter.heard(screen, world.clock.now())
    counter.flush()
    with world.db.read() as s:
        assert sorted(s.scalars(select(ScreenSeen.screen_id))) == sorted(screens)


@on_sqlite
def test_heartbeats_that_could_not_be_written_are_not_lost(
    player: Player, world: Services, counter: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    player.post("status", REPORT)
    with monkeypatch.context() as broken:
        broken.setattr("signage.actions.keep_seen", lambda *_: 1 / 0)
        counter.flush()
    counter.flush()
    with world.db.read() as s:
        assert queries.fleet(s)[0].seen_at == world.clock.now()


JPEG = b"\xff\xd8\xff" + b"picture" + b"\xff\xd9"


def send_picture(player: Player, command: str, body: bytes, kind: str = "image/jpeg") -> int:
    headers = {"Authorization": f"Bearer {player.token}", "Content-Type": kind}
    return player.client.put(f"/api/v1/player/screenshots/{command}", data=body, headers=headers).status_code


def test_a_screenshot_that_was_asked_for_is_kept(player: Player, world: Services, clock: FrozenClock) -> None:
    now = clock.now()
    made = world.db.write(lambda s: actions.ask(s, player.screen, "screenshot", by=SYSTEM, now=now))
    assert send_picture(player, made.id, JPEG) == 204
    with world.db.read() as s:
        kept = queries.screenshot(s, player.screen)
    assert kept is not None
    assert (kept.jpeg, kept.command_id, kept.at) == (JPEG, made.id, now)


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("image/png", JPEG, 415),
        ("image/jpeg", b"GIF89a", 422),
        ("image/jpeg", JPEG[:-1], 422),
        ("image/jpeg", JPEG[:3] + b"x" * 500_000 + JPEG[-2:], 413),
    ],
)
def test_what_is_no_screenshot_is_refused(
    player: Player, world: Services, clock: FrozenClock, kind: str, body: bytes, status: int
) -> None:
    now = clock.now()
    made = world.db.write(lambda s: actions.ask(s, player.screen, "screenshot", by=SYSTEM, now=now))
    assert send_picture(player, made.id, body, kind) == status
    with world.db.read() as s:
        assert queries.screenshot(s, player.screen) is None


@on_sqlite
def test_a_screenshot_that_nobody_asked_for_is_refused(player: Player, world: Services, clock: FrozenClock) -> None:
    now = clock.now()
    other = world.db.write(lambda s: actions.ask(s, player.screen, "reload", by=SYSTEM, now=now))
    assert send_picture(player, "cmd_unknown", JPEG) == 404
    assert send_picture(player, other.id, JPEG) == 404


def shown_at(world: Services, takeover: str) -> list[tuple[str, bool]]:
    with world.db.read() as s:
        taken = s.get_one(Takeover, takeover)
        return [(one.name, one.at is not None) for one in confirmations(s, taken).screens]


def test_a_screen_confirms_a_takeover_as_soon_as_it_shows_it(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    hang(world, player.client, name="Sảnh")
    now = clock.now()
    taken = world.db.write(lambda s: take_over(s, now, "crv_b"))
    clock.advance(seconds=3)
    assert shown_at(world, taken) == [("Sảnh", False), ("Thang máy A", False)]
    for _ in range(2):
        player.post("status", REPORT | {"takeover_shown": taken})
        clock.advance(seconds=5)
    assert shown_at(world, taken) == [("Sảnh", False), ("Thang máy A", True)]
    with world.db.read() as s:
        assert list(queries.takeover_shown_at(s, taken).values()) == [now + timedelta(seconds=3)]


def test_what_is_no_takeover_of_this_screen_is_not_confirmed(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    elsewhere = hang(world, player.client, location="bx-01", name="Chợ")
    taken = world.db.write(lambda s: take_over(s, clock.now(), "crv_b"))
    clock.advance(seconds=3)
    player.post("status", REPORT | {"takeover_shown": "tko_unknown"})
    elsewhere.post("status", REPORT | {"takeover_shown": taken})
    with world.db.read() as s:
        assert queries.takeover_shown_at(s, taken) == {}
        assert queries.takeover_shown_at(s, "tko_unknown") == {}
