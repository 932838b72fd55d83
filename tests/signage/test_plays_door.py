"""POST /plays: exactly once, however often it is sent."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.db import to_ms
from core.paths import ROOT, below
from core.services import Services
from measure.models import Gap, HourlyCount, Name, Play, Slice
from people.roles import SYSTEM
from signage import actions
from tests.signage.world import Player, batch, on_sqlite
from tests.support.clock import FrozenClock


def stored(services: Services) -> int:
    with services.db.read() as s:
        return s.scalar(select(func.count()).select_from(Play)) or 0


def test_it_works(player: Player, world: Services, clock: FrozenClock) -> None:
    answer = player.post("plays", batch(clock.now(), 1, 2, 3))
    assert (answer.status_code, answer.get_json()) == (200, {"ack": 3, "refused": []})
    assert stored(world) == 3


def test_a_batch_that_is_sent_again_counts_once(player: Player, world: Services, clock: FrozenClock) -> None:
    for _ in range(3):
        assert player.post("plays", batch(clock.now(), 1, 2)).get_json()["ack"] == 2
    assert stored(world) == 2


def test_a_question_without_plays_is_answered_with_the_ack(player: Player, clock: FrozenClock) -> None:
    player.post("plays", batch(clock.now(), 1, 2))
    assert player.post("plays", batch(clock.now(), first=1)).get_json() == {"ack": 2, "refused": []}


def test_an_undeclared_hole_stores_nothing(player: Player, world: Services, clock: FrozenClock) -> None:
    player.post("plays", batch(clock.now(), 1))
    answer = player.post("plays", batch(clock.now(), 3, 4, first=1))
    assert (answer.status_code, answer.mimetype) == (409, "application/problem+json")
    assert answer.get_json()["expect"] == 2
    assert stored(world) == 1


def test_a_bad_row_is_put_aside_and_the_rest_counts(player: Player, world: Services, clock: FrozenClock) -> None:
    sent = batch(clock.now(), 1, 2, 3)
    sent["plays"][1]["duration_ms"] = -5
    told = player.post("plays", sent).get_json()
    assert told["ack"] == 3
    assert [row["seq"] for row in told["refused"]] == [2]
    assert stored(world) == 2


@on_sqlite
@pytest.mark.parametrize(
    "change", [{"epoch": "XYZ"}, {"first": -1}, {"now": {}}, {"plays": [{"seq": "one"}]}, {"plays": 7}]
)
def test_a_batch_that_cannot_be_read_is_refused(
    player: Player, world: Services, clock: FrozenClock, change: dict[str, object]
) -> None:
    assert player.post("plays", batch(clock.now(), 1) | change).status_code == 422
    assert stored(world) == 0


@on_sqlite
def test_more_than_500_plays_at_once_are_refused(player: Player, world: Services, clock: FrozenClock) -> None:
    assert player.post("plays", batch(clock.now(), *range(1, 502))).status_code == 422
    assert stored(world) == 0


@on_sqlite
def test_what_is_not_json_is_refused(player: Player) -> None:
    bearer = {"Authorization": f"Bearer {player.token}"}
    door = "/api/v1/player/plays"
    assert player.client.post(door, data="seq=1", headers=bearer).status_code == 415
    assert player.client.post(door, data="{", content_type="application/json", headers=bearer).status_code == 400
    huge = b"[" + b"1," * 300_000
    assert player.client.post(door, data=huge, content_type="application/json", headers=bearer).status_code == 413


@on_sqlite
def test_a_stranger_cannot_report(player: Player, world: Services, clock: FrozenClock) -> None:
    player.token = "wrong"
    assert player.post("plays", batch(clock.now(), 1)).status_code == 401
    assert stored(world) == 0


def test_names_are_kept_as_they_were(player: Player, world: Services, clock: FrozenClock) -> None:
    player.post("plays", batch(clock.now(), 1))
    with world.db.read() as s:
        names = {(row.kind, row.ref): row.name for row in s.scalars(select(Name))}
    assert names["screen", player.screen] == "Thang máy A"
    assert names["location", "vt-01"] == "Toà nhà A"
    assert names["creative", "crv_a"] == "crv_a"


# ---- what happens to players ----


def test_batches_that_come_out_of_order_overlap_and_repeat_count_once(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    numbers = [(1, 2, 3), (2, 3, 4, 5), (1, 2), (4, 5, 6), (6,), (3, 4, 5, 6, 7)]
    acks = [player.post("plays", batch(clock.now(), *seqs, first=1)).get_json()["ack"] for seqs in numbers]
    assert acks == [3, 5, 5, 6, 6, 7]
    assert stored(world) == 7


def test_a_batch_from_the_future_of_the_log_waits_for_the_one_before(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    assert player.post("plays", batch(clock.now(), 4, 5, first=1)).get_json()["expect"] == 1
    player.post("plays", batch(clock.now(), 1, 2, 3, first=1))
    assert player.post("plays", batch(clock.now(), 4, 5, first=1)).get_json()["ack"] == 5
    assert stored(world) == 5


def test_plays_that_the_player_had_to_drop_are_explained(player: Player, world: Services, clock: FrozenClock) -> None:
    player.post("plays", batch(clock.now(), 1, 2))
    assert player.post("plays", batch(clock.now(), 6, 7, first=6)).get_json()["ack"] == 7
    with world.db.read() as s:
        gap = s.scalars(select(Gap)).one()
    assert (gap.from_seq, gap.to_seq) == (3, 5)
    sent, kept, explained = 7, stored(world), gap.to_seq - gap.from_seq + 1
    assert sent == kept + explained


def test_a_wiped_store_begins_a_log_of_its_own(player: Player, world: Services, clock: FrozenClock) -> None:
    player.post("plays", batch(clock.now(), 1, 2, 3, epoch="aaaaaaaaaaaa"))
    told = player.post("plays", batch(clock.now(), 1, 2, epoch="bbbbbbbbbbbb")).get_json()
    assert told["ack"] == 2
    assert stored(world) == 5


def test_two_boxes_with_one_token_keep_two_logs(player: Player, world: Services, clock: FrozenClock) -> None:
    """A box that was cloned with its store's token: neither swallows the other's plays."""
    for seq in (1, 2, 3):
        for epoch in ("aaaaaaaaaaaa", "bbbbbbbbbbbb"):
            assert player.post("plays", batch(clock.now(), seq, epoch=epoch)).get_json()["ack"] == seq
    assert stored(world) == 6


@on_sqlite
@pytest.mark.parametrize("days", [-366, 366, -20_000])
def test_a_wall_clock_that_is_years_wrong_moves_no_play(
    player: Player, world: Services, clock: FrozenClock, days: int
) -> None:
    wrong = clock.now() + timedelta(days=days)
    player.post("plays", batch(wrong, 1, 2, 3))
    with world.db.read() as s:
        times = s.scalars(select(Play.at).order_by(Play.seq)).all()
    assert [to_ms(clock.now()) - at for at in times] == [30_000, 20_000, 10_000]


def test_plays_of_an_earlier_boot_are_dated_by_the_error_of_the_wall_clock(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    wrong = clock.now() - timedelta(days=400)
    sent = batch(wrong, 1)
    sent["plays"][0] |= {"boot": "boot-0", "wall": (wrong - timedelta(minutes=7)).isoformat()}
    player.post("plays", sent)
    with world.db.read() as s:
        play = s.scalars(select(Play)).one()
    assert to_ms(clock.now()) - play.at == 7 * 60_000
    assert not play.sure


def test_plays_of_a_screen_under_test_are_kept_and_not_counted(
    player: Player, world: Services, clock: FrozenClock
) -> None:
    now = clock.now()
    world.db.write(lambda s: actions.update(s, player.screen, {"testing": True}, by=SYSTEM, now=now))
    assert player.post("plays", batch(clock.now(), 1, 2)).get_json()["ack"] == 2
    assert counted(world) == 0
    now = clock.advance(seconds=1)
    world.db.write(lambda s: actions.update(s, player.screen, {"testing": False}, by=SYSTEM, now=now))
    clock.advance(seconds=2)
    assert player.post("plays", batch(clock.now(), 3)).get_json()["ack"] == 3
    assert (stored(world), counted(world)) == (3, 1)


def counted(services: Services) -> int:
    """What a report over the whole country would say."""
    with services.db.read() as s:
        query = select(func.sum(HourlyCount.n)).join(Slice, Slice.id == HourlyCount.slice)
        return s.scalar(query.where(Slice.metric == "plays", below(Slice.area_path, [ROOT]))) or 0
