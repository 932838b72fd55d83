"""A province with two communes, three locations, and what happened there."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.db import Database
from core.ids import new_id
from measure.ledger import VisitFact, record_visit
from measure.scans import LANDED, STORE, Opening, find_link, record_opening, record_stage
from places.actions import create_area, create_location
from signage.models import Screen
from tests.measure.world import ZONE, batch, make_link, row, send
from tests.support.clock import MORNING

PATHS = {"ben-xe": "/93/31321/", "cho": "/93/31321/", "benh-vien": "/93/31333/"}


def build(db: Database) -> None:
    """Hậu Giang with a bus station (×2.5), a market and a hospital."""

    def work(s: Session) -> None:
        create_area(s, code="93", name="Tỉnh Hậu Giang", population=733_017, now=MORNING)
        create_area(s, code="31321", name="Phường I", parent="93", now=MORNING)
        create_area(s, code="31333", name="Phường III", parent="93", now=MORNING)
        _place(s, "ben-xe", "Bến xe Vị Thanh", "31321", "bus_station", audience_multiplier=2.5)
        _place(s, "cho", "Chợ Vị Thanh", "31321", "market")
        _place(s, "benh-vien", "Bệnh viện Đa khoa", "31333", "hospital")

    db.write(work)


def _place(s: Session, code: str, name: str, area: str, kind: str, **facts: Any) -> None:
    create_location(s, code=code, name=name, area=area, venue_kind=kind, now=MORNING, **facts)


def play(
    db: Database, location: str, count: int, at: datetime = MORNING, screen: str = "", campaign: str = "cmp_1"
) -> None:
    """So many plays, the last of which begins at `at`, told at once by a new log."""
    rows = [row(seq, ago_ms=(count - seq) * 1000) for seq in range(1, count + 1)]
    sent = batch(rows, epoch=f"{abs(hash((location, at, screen, campaign))) % 2**48:012x}")
    where: dict[str, Any] = {"screen_id": screen or f"scr_{location}", "location_id": location, "names": ()}
    send(db, sent, at=at, area_path=PATHS[location], campaigns={"plc_1": campaign}, **where)


def visit(db: Database, location: str, *kinds: str, at: datetime = MORNING, campaign: str = "cmp_1") -> None:
    """One visit to that place's splash page, as far as it went."""
    fact = VisitFact("", new_id("vst"), location, PATHS[location], ZONE, "hs", campaign, "crv_1", "vi")
    for kind in kinds:
        db.write(lambda s, kind=kind: record_visit(s, replace(fact, kind=kind), at))


def scan(
    db: Database, location: str, count: int = 1, at: datetime = MORNING, to_store: bool = True, reason: str = ""
) -> None:
    """So many openings of the link of that place's screens."""
    code = make_link(db, location_id=location, location_name=location, area_path=PATHS[location])
    with db.read() as s:
        link = find_link(s, code)
    assert link is not None
    for _ in range(count):
        opening = Opening(new_id("opn"), "android" if to_store else "other", "vi", reason, to_store)
        db.write(lambda s, o=opening: record_opening(s, link, o, at))


def land(db: Database, location: str, seen: int, chosen: int, at: datetime = MORNING) -> None:
    """So many people see the landing page of that place's code, and some of them choose a store."""
    code = make_link(db, location_id=location, location_name=location, area_path=PATHS[location])
    with db.read() as s:
        link = find_link(s, code)
    assert link is not None
    for number in range(seen):
        opening = Opening(new_id("opn"), "other", "vi", "", False)
        db.write(lambda s, o=opening: record_opening(s, link, o, at))
        for stage in (LANDED, STORE)[: 2 if number < chosen else 1]:
            db.write(lambda s, o=opening.opening, stage=stage: record_stage(s, link, o, stage, at))


def hang(db: Database, location: str, count: int) -> list[str]:
    """So many screens at a location; their ids."""
    made = [f"scr_{location}_{number}" for number in range(count)]
    rows = [
        {
            "id": each,
            "location_code": location,
            "name": f"Màn hình {number}",
            "width": 1080,
            "height": 1920,
            "created_at": MORNING,
            "changed_at": MORNING,
        }
        for number, each in enumerate(made)
    ]
    db.write(lambda s: s.add_all([Screen(**each) for each in rows]))
    return made


def lose(db: Database, location: str, count: int, at: datetime = MORNING) -> None:
    """A screen's log that begins with the declared loss of so many plays."""
    sent = batch([row(count + 1, ago_ms=0)], epoch="10570000105e")
    send(db, sent, at=at, screen_id="scr_lossy", location_id=location, area_path=PATHS[location], names=())
