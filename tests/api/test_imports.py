"""Tables of places, screens and hotspots: shown first, taken over whole, and never by halves."""

import io
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from people.models import AuditEntry
from places import queries as places
from portal import queries as portal
from signage import queries as signage
from tests.api.conftest import Script, World, both_engines
from tests.core.test_sheets import workbook

AREAS = "code,name,parent,population\n93,Tỉnh 93,,733017\n93-A,Xã A,93-B,\n93-B,Phường B,93,1200\n"
LOCATIONS = (
    "code,name,area,venue_kind,latitude,operating_hours,tags\n"
    'ga-vi-thanh,Bến xe mới,93-31333,bus_station,9.78,mon-fri 06:00-22:00,"gate, hall"\n'
    "cho-moi,Chợ mới,33-11950,market,,,\n"
)
SCREENS = "location,name,width,height\nga-vi-thanh,Cửa A,1080,1920\nga-vi-thanh,Cửa B,192,96\n"
HOTSPOTS = "code,location,dialect,grant_base,level,faskey\nGA-1,ga-vi-thanh,opennds,http://10.77.0.1:2050,1,abcdefgh\n"


def send(script: Script, kind: str, table: str | bytes, *, dry_run: bool = False) -> TestResponse:
    raw = table if isinstance(table, bytes) else table.encode()
    form = {"file": (io.BytesIO(raw), "table.csv")}
    return script.send("POST", f"/imports/{kind}?dry_run={str(dry_run).lower()}", data=form)


def faults(answer: TestResponse) -> list[str]:
    assert answer.status_code == 422, answer.text
    return [each["field"] for each in answer.json["errors"]]  # type: ignore[index]


@both_engines
def test_it_works(world: World, admin: Script) -> None:
    shown = send(admin, "areas", AREAS, dry_run=True).json
    assert shown is not None
    assert (shown["new"], shown["changed"], shown["same"]) == (2, 1, 0)
    row = next(row for row in shown["rows"] if row["ref"] == "93")
    assert row["fields"] == [{"field": "population", "before": None, "after": 733017}]
    with world.services.db.read() as s:
        assert places.area(s, "93-A") is None, "a dry run keeps nothing"
    done = send(admin, "areas", AREAS).json
    assert done is not None
    assert [row["ref"] for row in done["rows"]] == ["93", "93-B", "93-A"], "parents come before their children"
    assert admin.get("/areas/93-A").json["path"] == "/93/93-B/93-A/"
    again = send(admin, "areas", AREAS, dry_run=True).json
    assert again is not None
    assert again["same"] == 3


def test_an_area_is_moved_by_its_parent(admin: Script) -> None:
    send(admin, "areas", "code,name,parent\n93-31333,Phường,33\n")
    assert admin.get("/locations/ga-vi-thanh").json["area_path"] == "/33/93-31333/"


@both_engines
def test_locations_are_made_and_changed(admin: Script) -> None:
    assert send(admin, "locations", LOCATIONS).json["new"] == 1
    found = admin.get("/locations/ga-vi-thanh").json
    assert (found["name"], found["latitude"], found["tags"]) == ("Bến xe mới", 9.78, ["gate", "hall"])
    hours = [{"days": ["mon", "tue", "wed", "thu", "fri"], "from": "06:00", "to": "22:00"}]
    assert found["operating_hours"] == hours


def test_a_workbook_does_as_well(admin: Script) -> None:
    table = workbook(["code", "name", "population"], ["93", "Hậu Giang", 733017])
    assert send(admin, "areas", table).json["changed"] == 1


@both_engines
def test_new_screens_come_with_a_key_to_print(world: World, admin: Script) -> None:
    made = send(admin, "screens", SCREENS).json
    assert made is not None
    assert (made["new"], len(made["keys"])) == (2, 2)
    key = made["keys"][0]
    assert key["install_url"].endswith(f"/install/{key['key']}")
    changed = send(admin, "screens", SCREENS.replace("1080", "2160")).json
    assert changed is not None
    assert (changed["changed"], changed["same"], changed["keys"]) == (1, 1, [])
    with world.services.db.read() as s:
        assert sorted(row.screen.width for row in signage.fleet(s)) == [192, 2160]


def test_a_screen_is_moved_by_its_id(world: World, admin: Script) -> None:
    send(admin, "screens", SCREENS)
    with world.services.db.read() as s:
        ref = signage.fleet(s)[0].screen.id
    send(admin, "screens", f"id,location,name\n{ref},cho-pho-hien,Cửa A\n")
    assert admin.get(f"/screens/{ref}").json["location"] == "cho-pho-hien"


@both_engines
def test_hotspots_are_made_changed_and_moved_and_their_secrets_never_shown(world: World, admin: Script) -> None:
    shown = send(admin, "hotspots", HOTSPOTS, dry_run=True)
    assert "abcdefgh" not in shown.text
    assert send(admin, "hotspots", HOTSPOTS).json["new"] == 1
    moved = HOTSPOTS.replace("ga-vi-thanh", "cho-pho-hien").replace("abcdefgh", "")
    assert send(admin, "hotspots", moved).json["changed"] == 1
    with world.services.db.read() as s:
        found = portal.hotspot(s, "GA-1")
    assert found is not None
    assert (found.location_code, found.secrets is not None) == ("cho-pho-hien", True)
    assert send(admin, "hotspots", moved, dry_run=True).json["same"] == 1


BAD: list[tuple[str, str, list[str]]] = [
    ("areas", "code,name,population\n95,A,few\n96,B,-5\n", ["line 2, population", "line 3, population"]),
    ("areas", "code,name\nno good,A\n95,A\n95,B\n", ["line 2, code", "line 4, code"]),
    ("areas", "code,name,parent\n95,A,96\n96,B,95\n", ["line 2, parent", "line 3, parent"]),
    ("areas", "code,name,colour\n95,A,red\n", ["line 1, colour"]),
    ("areas", "code\n95\n", ["line 1, name"]),
    (
        "locations",
        "code,name,area,venue_kind\nx,A,none,market\ny,B,93,palace\n",
        ["line 2, area", "line 3, venue_kind"],
    ),
    ("screens", "location,name,width,height\nnone,A,10,10\n", ["line 2, location", "line 2, width", "line 2, height"]),
    ("screens", "location,name\nga-vi-thanh,A\n", ["line 2, width", "line 2, height"]),
    ("hotspots", "code,location,dialect\nG,ga-vi-thanh,magic\n", ["line 2, dialect"]),
]


@pytest.mark.parametrize(("kind", "table", "named"), BAD)
def test_bad_cells_are_named_by_line_and_column_and_nothing_is_done(
    world: World, admin: Script, kind: str, table: str, named: list[str]
) -> None:
    for dry_run in (True, False):
        assert faults(send(admin, kind, table, dry_run=dry_run)) == named
    with world.services.db.read() as s:
        assert places.area(s, "95") is None
        assert places.location(s, "x") is None
        assert not signage.fleet(s)
        assert portal.hotspot(s, "G") is None


def test_one_bad_row_keeps_the_good_ones_out(world: World, admin: Script) -> None:
    send(admin, "areas", "code,name,population\n95,A,10\n96,B,few\n")
    with world.services.db.read() as s:
        assert places.area(s, "95") is None


def test_others_areas_are_out_of_reach(world: World) -> None:
    own = world.script("admin", "/93/")
    assert faults(send(own, "areas", "code,name\n33,Hưng Yên\n")) == ["line 2, code"]
    assert faults(send(own, "areas", "code,name,parent\n34,X,33\n")) == ["line 2, parent"]
    assert faults(send(own, "locations", LOCATIONS)) == ["line 3, area"]
    assert faults(send(own, "screens", "location,name,width,height\ncho-pho-hien,A,640,480\n")) == ["line 2, location"]


def test_an_import_of_something_else_is_unknown(admin: Script) -> None:
    assert send(admin, "people", AREAS).status_code == 404


def test_without_a_file_it_is_refused(admin: Script) -> None:
    assert admin.send("POST", "/imports/areas").status_code == 422


def test_who_only_edits_imports_nothing(world: World) -> None:
    assert send(world.script("editor"), "areas", AREAS).status_code == 403


def test_the_log_says_who_imported(world: World, admin: Script) -> None:
    send(admin, "areas", AREAS)
    with world.services.db.read() as s:
        line: Any = s.scalars(select(AuditEntry).where(AuditEntry.action == "area.import")).one()
    assert line.detail == {"new": 2, "changed": 1}


def test_players_of_other_makes_come_with_their_addresses(world: World, admin: Script) -> None:
    table = (
        "location,name,width,height,dialect\nga-vi-thanh,IAdea 1,1920,1080,smil\nga-vi-thanh,IAdea 2,1920,1080,smil\n"
    )
    keys = send(admin, "screens", table).json["keys"]
    assert [one["player_url"] for one in keys] == [
        f"http://localhost:8000/play/{one['key']}/index.smil" for one in keys
    ]
    assert {one["install_url"] for one in keys} == {None}
    assert {one["dialect"] for one in admin.get("/screens").json["items"]} == {"smil"}
    silent = send(admin, "screens", "location,name,dialect\nga-vi-thanh,IAdea 1,\nga-vi-thanh,IAdea 2,xibo\n").json
    assert (silent["new"], silent["changed"], silent["same"]) == (0, 1, 1)


def test_a_make_that_nobody_knows_is_a_fault_of_its_line(world: World, admin: Script) -> None:
    table = "location,name,width,height,dialect\nga-vi-thanh,A,640,480,esperanto\n"
    assert faults(send(admin, "screens", table)) == ["line 2, dialect"]
