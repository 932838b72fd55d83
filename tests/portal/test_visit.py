"""A visit lives in a sealed text."""

from dataclasses import replace

import pytest

from core.security import Sealer
from portal.visit import LIFETIME_S, Forged, Visit, seal, unseal, visit_id
from tests.support.clock import FrozenClock

SEALER = Sealer("a key that only the tests know, and that is long enough")
VISIT = Visit("vis_1", "ST01", "ko", {"hid": "ab12", "mac": "02:00:00:00:77:02"}, "cmp_1", "crv_1", "en", True, "w")


def test_it_works(clock: FrozenClock) -> None:
    token = seal(VISIT, SEALER, clock.now())
    assert unseal(token, "ST01", SEALER, clock.now()) == (VISIT, True)


def test_nobody_can_read_it(clock: FrozenClock) -> None:
    assert "02:00" not in seal(VISIT, SEALER, clock.now())
    assert seal(VISIT, SEALER, clock.now()) != seal(VISIT, SEALER, clock.now())


def test_an_old_one_is_told_from_a_forged_one(clock: FrozenClock) -> None:
    token = seal(VISIT, SEALER, clock.now())
    assert unseal(token, "ST01", SEALER, clock.advance(seconds=LIFETIME_S + 2)) == (VISIT, False)


@pytest.mark.parametrize("token", ["", "x", "é", "A" * 5000, "....", "\x00"])
def test_anything_else_is_forged(token: str, clock: FrozenClock) -> None:
    with pytest.raises(Forged):
        unseal(token, "ST01", SEALER, clock.now())


def test_one_letter_changed_is_forged(clock: FrozenClock) -> None:
    token = seal(VISIT, SEALER, clock.now())
    for at in (0, 20, len(token) // 2, len(token) - 3):
        changed = token[:at] + ("A" if token[at] != "A" else "B") + token[at + 1 :]
        with pytest.raises(Forged):
            unseal(changed, "ST01", SEALER, clock.now())


def test_another_hotspots_visit_is_forged(clock: FrozenClock) -> None:
    with pytest.raises(Forged):
        unseal(seal(replace(VISIT, hotspot="ST02"), SEALER, clock.now()), "ST01", SEALER, clock.now())


def test_another_instances_visit_is_forged(clock: FrozenClock) -> None:
    with pytest.raises(Forged):
        unseal(
            seal(VISIT, Sealer("another key that is also long enough, yes"), clock.now()), "ST01", SEALER, clock.now()
        )


def test_a_text_sealed_for_another_purpose_is_forged(clock: FrozenClock) -> None:
    with pytest.raises(Forged):
        unseal(SEALER.seal({"h": "ST01"}, "landing", 60, clock.now()), "ST01", SEALER, clock.now())


def test_a_reload_within_the_gateways_session_is_the_same_visit() -> None:
    salt = b"s" * 32
    assert visit_id("hid", "ST01", salt) == visit_id("hid", "ST01", salt)
    assert len({visit_id("hid", "ST01", salt), visit_id("hid", "ST02", salt), visit_id("hie", "ST01", salt)}) == 3


def test_another_day_another_visit() -> None:
    assert visit_id("hid", "ST01", b"s" * 32) != visit_id("hid", "ST01", b"t" * 32)


def test_without_a_session_each_arrival_is_a_visit() -> None:
    assert visit_id("", "ST01", b"s") != visit_id("", "ST01", b"s")
