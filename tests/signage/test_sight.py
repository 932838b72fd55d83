"""A screen's photograph of itself, held against what should have been there."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from core.jobs import Job
from core.services import Services
from media.models import Rendition
from media.store import store_of
from people.roles import SYSTEM
from places.actions import update_area
from signage import actions, queries
from signage.jobs import JOBS, compare, watch
from signage.models import AlertNotice, FleetAlert, Screenshot
from tests.signage.world import SIZE, Player, make_creative, on_sqlite, take_over
from tests.support.clock import FrozenClock

COLOURS = {"builtin": "navy", "crv_a": "red", "crv_b": "green", "crv_urgent": "orange"}

pytestmark = on_sqlite


@pytest.fixture
def drawn(world: Services, clock: FrozenClock, tmp_path: Path) -> Services:
    """The world, with files on the shelf: each creative has a colour of its own."""
    world.db.write(lambda s: make_creative(s, "crv_urgent", world.clock.now() - timedelta(hours=1)))
    with world.db.read() as s:
        rows = list(s.scalars(select(Rendition)))
    for row in rows:
        file = tmp_path / row.creative_id
        Image.new("RGB", SIZE, COLOURS[row.creative_id]).save(file, "PNG")
        store_of(world.settings).public.put(file, row.sha256)
    world.db.write(
        lambda s: [setattr(one, "made_at", one.made_at - timedelta(hours=1)) for one in s.scalars(select(Rendition))]
    )
    clock.advance(seconds=300)  # what was published is on every glass by now
    return world


def jpeg(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (540, 960), colour).save(out, "JPEG", quality=80)
    return out.getvalue()


def photograph(services: Services, player: Player, content: bytes) -> Screenshot:
    """The screen is asked for a photograph and sends this one; the job process compares it."""
    now = services.clock.now()
    made = services.db.write(lambda s: actions.ask(s, player.screen, "screenshot", by=SYSTEM, now=now))
    headers = {"Authorization": f"Bearer {player.token}", "Content-Type": "image/jpeg"}
    path = f"/api/v1/player/screenshots/{made.id}"
    assert player.client.put(path, data=content, headers=headers).status_code == 204
    compare(services, {"screen": player.screen})
    with services.db.read() as s:
        kept = queries.screenshot(s, player.screen)
    assert kept is not None
    return kept


def shown(kept: Screenshot) -> str | None:
    evidence: dict[str, Any] = kept.evidence or {}
    return evidence["shown"]["creative"] if evidence.get("shown") else None


@pytest.mark.parametrize("creative", ["crv_a", "crv_b"])
def test_it_works(drawn: Services, player: Player, creative: str) -> None:
    """Where it stands in its loop is its own affair."""
    kept = photograph(drawn, player, jpeg(COLOURS[creative]))
    assert (kept.verdict, shown(kept)) == ("same", creative)
    assert {one["creative"] for one in (kept.evidence or {})["due"]} == {"crv_a", "crv_b"}


def test_the_fallback_is_not_what_should_be_there(drawn: Services, player: Player) -> None:
    kept = photograph(drawn, player, jpeg(COLOURS["builtin"]))
    assert (kept.verdict, shown(kept)) == ("other", "builtin")


@pytest.mark.parametrize("colour", ["black", "white", "magenta"])
def test_what_nobody_knows_differs(drawn: Services, player: Player, colour: str) -> None:
    kept = photograph(drawn, player, jpeg(colour))
    assert (kept.verdict, shown(kept)) == ("differs", None)
    assert (kept.evidence or {})["apart"] > 16


def test_a_takeover_has_a_poll_interval_to_be_seen(drawn: Services, player: Player, clock: FrozenClock) -> None:
    drawn.db.write(lambda s: take_over(s, clock.now(), "crv_urgent"))
    clock.advance(seconds=30)
    assert photograph(drawn, player, jpeg(COLOURS["crv_a"])).verdict == "same"
    assert photograph(drawn, player, jpeg(COLOURS["crv_urgent"])).verdict == "same"
    clock.advance(seconds=90)
    late = photograph(drawn, player, jpeg(COLOURS["crv_a"]))
    assert (late.verdict, shown(late)) == ("other", "crv_a")
    assert photograph(drawn, player, jpeg(COLOURS["crv_urgent"])).verdict == "same"


def test_a_picture_that_was_just_drawn_anew_blames_nobody(drawn: Services, player: Player, clock: FrozenClock) -> None:
    now = clock.now()
    drawn.db.write(lambda s: [setattr(one, "made_at", now) for one in s.scalars(select(Rendition))])
    assert photograph(drawn, player, jpeg("magenta")).verdict == "unclear"


def test_a_photograph_that_cannot_be_read_is_unclear(drawn: Services, player: Player) -> None:
    assert photograph(drawn, player, b"\xff\xd8\xff" + b"picture" + b"\xff\xd9").verdict == "unclear"


def test_a_new_photograph_waits_for_its_own_verdict(drawn: Services, player: Player, clock: FrozenClock) -> None:
    photograph(drawn, player, jpeg("magenta"))
    made = drawn.db.write(lambda s: actions.ask(s, player.screen, "screenshot", by=SYSTEM, now=clock.now()))
    drawn.db.write(lambda s: actions.keep_screenshot(s, player.screen, made.id, jpeg("red"), clock.now()))
    with drawn.db.read() as s:
        kept, waiting = (
            queries.screenshot(s, player.screen),
            s.scalars(select(Job).where(Job.kind == "signage.compare")),
        )
        assert kept is not None
        assert (kept.verdict, kept.evidence) == (None, None)
        assert {job.payload["screen"] for job in waiting} == {player.screen}
    assert "signage.compare" in {getattr(job, "kind", "") for job in JOBS}


def test_what_differs_is_told_once_and_what_is_right_again_too(
    drawn: Services, player: Player, clock: FrozenClock
) -> None:
    settings = {"settings": {"alert_mail": ["truc@example.vn"]}}
    drawn.db.write(lambda s: update_area(s, "93", settings, now=clock.now()))
    photograph(drawn, player, jpeg("magenta"))
    player.get("manifest")
    drawn.db.write(lambda s: actions.keep_seen(s, {player.screen: clock.now()}))
    for _ in range(4):
        watch(drawn)
        clock.advance(seconds=60)
    photograph(drawn, player, jpeg("red"))
    for _ in range(2):
        watch(drawn)
        clock.advance(seconds=60)
    with drawn.db.read() as s:
        alert = s.scalars(select(FleetAlert)).one()
        told = s.scalars(select(AlertNotice).order_by(AlertNotice.created_at)).all()
    assert (alert.subject, alert.members, alert.recovered_at is not None) == ("differs", [], True)
    assert [(one.content["subject"], one.kind) for one in told] == [("differs", "opened"), ("differs", "recovered")]
