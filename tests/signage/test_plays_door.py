"""POST /plays: exactly once, however often it is sent."""

import pytest
from sqlalchemy import func, select

from core.services import Services
from measure.models import Name, Play
from tests.signage.world import Player, batch
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


@pytest.mark.parametrize(
    "change", [{"epoch": "XYZ"}, {"first": -1}, {"now": {}}, {"plays": [{"seq": "one"}]}, {"plays": 7}]
)
def test_a_batch_that_cannot_be_read_is_refused(
    player: Player, world: Services, clock: FrozenClock, change: dict[str, object]
) -> None:
    assert player.post("plays", batch(clock.now(), 1) | change).status_code == 422
    assert stored(world) == 0


def test_more_than_500_plays_at_once_are_refused(player: Player, world: Services, clock: FrozenClock) -> None:
    assert player.post("plays", batch(clock.now(), *range(1, 502))).status_code == 422
    assert stored(world) == 0


def test_what_is_not_json_is_refused(player: Player) -> None:
    bearer = {"Authorization": f"Bearer {player.token}"}
    door = "/api/v1/player/plays"
    assert player.client.post(door, data="seq=1", headers=bearer).status_code == 415
    assert player.client.post(door, data="{", content_type="application/json", headers=bearer).status_code == 400
    huge = b"[" + b"1," * 300_000
    assert player.client.post(door, data=huge, content_type="application/json", headers=bearer).status_code == 413


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
