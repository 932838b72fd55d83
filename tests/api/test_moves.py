"""An area is hung elsewhere in the tree, and all that knows its path follows in the same transaction."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from media.actions import create_creative, ensure_builtin
from media.models import Creative
from media.wishes import CreativeWish
from people.models import ApiKey, AuditEntry
from people.roles import SYSTEM
from playlists import actions as playlists
from playlists.queries import load_world
from playlists.resolve import resolve
from signage import actions as signage
from signage.board import Board
from tests.api.conftest import Script, World, both_engines
from tests.api.test_areas import fields

OLD, NEW = "/93/93-31333/", "/33/93-31333/"


@pytest.fixture
def screen(world: World) -> str:
    """A screen in the ward, which plays a creative and a campaign of the ward's own; its id."""
    now = world.services.clock.now()

    def fill(s: Any) -> str:
        ensure_builtin(s, now)
        wish = CreativeWish("Cài Bluezone", {"vi": {"headline": "Cài Bluezone"}})
        creative = create_creative(s, wish, owner_path=OLD, by="tests", now=now).id
        made = playlists.create_campaign(
            s, name="Bluezone", starts_at=now, ends_at=now + timedelta(days=9), owner_area="93-31333",
            destination={"other_url": "https://bluezone.gov.vn/"}, by=SYSTEM, now=now,
        )  # fmt: skip
        targets = {"areas": ["93-31333"]}
        playlists.add_placement(s, made.id, creatives=[creative], targets=targets, by=SYSTEM, now=now)
        playlists.submit(s, made.id, by=SYSTEM, now=now)
        playlists.approve(s, made.id, by=SYSTEM, now=now)
        return signage.create(s, location="ga-vi-thanh", name="Hall", width=320, height=640, by=SYSTEM, now=now).id

    return world.services.db.write(fill)


def playing(world: World, board: Board, screen: str) -> set[str]:
    """The campaigns that the screen plays in the next hour."""
    world.services.clock.advance(seconds=5)  # type: ignore[attr-defined]
    card, now = board.card(screen), world.services.clock.now()
    assert card is not None
    segments = resolve(board.world, card.spot, now, now + timedelta(hours=1)).segments
    return {entry.campaign_id or "" for part in segments for entry in part.loop}


@both_engines
def test_everything_follows(world: World, admin: Script, screen: str) -> None:
    guard, board = world.script("viewer", OLD), Board(world.services)
    before = playing(world, board, screen)
    assert before != {""}
    moved = admin.patch("/areas/93-31333", {"parent": "33", "name": "Phường Vị Tân"})
    assert (moved.json["path"], moved.json["parent"], moved.json["name"]) == (NEW, "33", "Phường Vị Tân")
    assert admin.get("/locations/ga-vi-thanh").json["area_path"] == NEW
    assert admin.get(f"/screens/{screen}").json["area_path"] == NEW
    assert guard.get(f"/screens/{screen}").status_code == 200, "whoever looked after it still does"
    assert playing(world, board, screen) == before, "what was approved plays on"
    with world.services.db.read() as s:
        assert set(s.scalars(select(Creative.owner_path).where(Creative.id != "builtin"))) == {NEW}
        assert NEW in set(s.scalars(select(ApiKey.area_path)))
        assert {one.owner_path for one in load_world(s).campaigns} == {NEW}


def test_who_did_what_stays_where_it_was_done(world: World, admin: Script, screen: str) -> None:
    admin.patch("/areas/93-31333", {"parent": "33"})
    with world.services.db.read() as s:
        made = set(s.scalars(select(AuditEntry.area_path).where(AuditEntry.action == "screen.create")))
        assert made == {OLD}
        line = s.scalars(select(AuditEntry).where(AuditEntry.action == "area.move")).one()
        assert line.detail == {"from": OLD, "to": NEW}


def test_it_moves_to_the_top(admin: Script) -> None:
    assert admin.patch("/areas/93-31333", {"parent": None}).json["path"] == "/93-31333/"


def test_where_it_hangs_already_nothing_moves(world: World, admin: Script) -> None:
    assert admin.patch("/areas/93-31333", {"parent": "93"}).json["path"] == OLD


def test_below_itself_is_refused(admin: Script) -> None:
    refused = admin.patch("/areas/93", {"parent": "93-31333"})
    assert (refused.status_code, fields(refused)) == (422, ["parent"])


def test_an_area_that_does_not_exist_is_refused(admin: Script) -> None:
    assert admin.patch("/areas/93", {"parent": "none"}).status_code == 404


def test_who_leads_only_the_area_cannot_take_it_away(world: World) -> None:
    own = world.script("admin", OLD)
    assert own.patch("/areas/93-31333", {"parent": None}).status_code == 404
    assert world.script("admin", "/93/").patch("/areas/93-31333", {"parent": "33"}).status_code == 404
