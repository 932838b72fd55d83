"""Every call, every role, every foreign id: who may do what, and what nobody may even see."""

from typing import Any, get_origin

import pytest

from api.kit import OPERATIONS, Operation, Page
from core.services import Services
from people.roles import ROLES, satisfies
from reports.closing import closings
from reports.freezing import Totals, freeze, make_report
from reports.queries import reporting_areas
from reports.signing import Signer
from tests.api.conftest import Script, World
from tests.api.test_chain import CAMPAIGN, STORES, WORDS, draft, upload
from tests.api.test_screens import PANEL

HERE = "/93/"
BODIES: dict[str, Any] = {
    "add_placement": {"creatives": ["x"], "targets": {"areas": ["33"]}},
    "send_back_campaign": {"reason": "x"},
    "withdraw_creative": {"reason": "x"},
    "ask_screen": {"type": "identify"},
    "take_pages": {"pages": [1]},
}


def named(operation: Operation) -> str:
    return f"{operation.method} {operation.path}"


WITH_ID = [each for each in OPERATIONS if "<" in each.path]
GUARDED = [(each, role) for each in OPERATIONS for role in ROLES if not satisfies(role, each.role)]


@pytest.fixture
def things(admin: Script, services: Services) -> dict[str, str]:
    """One thing of each kind in Hậu Giang, by the first part of its path."""
    assert admin.send("PUT", "/unit-notes/93", {"remark": "đủ"}).status_code == 200
    campaign = draft(admin)
    creative = admin.post("/creatives", {"name": "N", "texts": WORDS, "owner_area": "93"}).json["id"]
    takeover = admin.post(
        "/takeovers",
        {
            "creative": creative,
            "targets": {"areas": ["93"]},
            "ends_at": "2026-11-23T00:00:00Z",
            "reason": "x",
            "owner_area": "93",
        },
    )
    hotspot = {"code": "ga-wifi", "location": "ga-vi-thanh", "gateway": {"dialect": "wifidog"}}
    hotspot["gateway"] = {
        "dialect": "opennds",
        "grant_base": "http://10.0.0.1:2050",
        "level": 1,
        "faskey": "k3y-secret",
    }
    assert admin.post("/hotspots", hotspot).status_code == 201
    return {
        "areas": "93",
        "locations": "ga-vi-thanh",
        "assets": upload(admin, owner_area="93").json["id"],
        "creatives": creative,
        "campaigns": campaign,
        "placements": admin.get(f"/campaigns/{campaign}").json["placements"][0]["id"],
        "takeovers": takeover.json["id"],
        "screens": admin.post("/screens", PANEL).json["id"],
        "hotspots": "ga-wifi",
        "links": admin.post("/links", {"campaign": campaign, "measure": 2, "channel": "leaflet"}).json["code"],
        "prints": admin.post("/prints", {"creative": creative, "campaign": campaign, "area": "93"}).json["id"],
        "users": admin.post("/users", {"email": "l@x.vn", "grants": [{"role": "viewer", "area": "93"}]}).json["id"],
        "day-reports": close_day(services),
        "unit-notes": "93",
        "keys": admin.post("/keys", {"name": "k", "role": "viewer", "area": "93"}).json["id"],
    }


def close_day(services: Services) -> str:
    """The id of a frozen report of Hậu Giang."""
    now = services.clock.now()
    with services.db.read() as s:
        (area,) = [each for each in reporting_areas(s) if each.code == "93"]
        closing = next(closings(area, now.date()))
        content = make_report(s, closing, Totals(s), now)
    assert content
    made = services.db.write(lambda s: freeze(s, closing, content, Signer(services.sealer)))
    assert made
    return made.id


def path_of(operation: Operation, things: dict[str, str]) -> str:
    head, _, rest = operation.path.lstrip("/").partition("/")
    _, _, tail = rest.partition("/")
    return f"/{head}/{things[head]}" + (f"/{tail}" if tail else "")


def everything(script: Script, things: dict[str, str]) -> list[Any]:
    return [script.get(f"/{kind}/{ref}").json for kind, ref in things.items()]


def test_a_foreign_id_is_not_there_for_any_call(world: World, admin: Script, things: dict[str, str]) -> None:
    elsewhere = world.script("admin", "/33/")
    before = everything(admin, things)
    for operation in WITH_ID:
        body = BODIES.get(operation.name, {}) if operation.body is not None else None
        refused = elsewhere.send(operation.method, path_of(operation, things), body)
        assert refused.status_code == 404, f"{named(operation)}: {refused.text}"
    assert everything(admin, things) == before


def test_what_does_not_exist_looks_the_same(world: World, things: dict[str, str]) -> None:
    elsewhere = world.script("admin", "/33/")
    for operation in WITH_ID:
        if operation.method == "GET":
            foreign = elsewhere.get(path_of(operation, things)).json
            kind = operation.path.split("/")[1]
            ref = things[kind]
            made_up = elsewhere.get(path_of(operation, {kind: "n0thing9"})).json
            assert str(foreign).replace(ref, "n0thing9") == str(made_up), named(operation)


def test_a_list_holds_nothing_foreign(world: World, things: dict[str, str]) -> None:
    elsewhere = world.script("admin", "/33/")
    for operation in OPERATIONS:
        if operation.method == "GET" and "<" not in operation.path and get_origin(operation.answer) is Page:
            items = elsewhere.get(operation.path).json["items"]
            text = str(items)
            assert not [ref for ref in things.values() if f"'{ref}'" in text], named(operation)


def test_a_role_below_what_is_asked_is_refused(world: World) -> None:
    scripts = {role: world.script(role) for role in ROLES}
    for operation, role in GUARDED:
        path = operation.path.replace("<ref>", "x").replace("<code>", "x")
        refused = scripts[role].send(operation.method, path, {} if operation.body else None)
        assert refused.status_code == 403, f"{named(operation)} as {role}: {refused.text}"


def test_a_role_elsewhere_is_no_role_here(world: World, things: dict[str, str]) -> None:
    """Viewer here and admin there is viewer here."""
    from people.actions import create_key
    from people.roles import SYSTEM

    now = world.services.clock.now()
    viewer = world.services.db.write(
        lambda s: create_key(s, name="v", role="viewer", area_path=HERE, by=SYSTEM, now=now)[1]
    )
    script = Script(world.client, viewer)
    for operation in WITH_ID:
        body = BODIES.get(operation.name, {}) if operation.body is not None else None
        got = script.send(operation.method, path_of(operation, things), body).status_code
        expected = 200 if operation.method == "GET" and operation.role == "viewer" else 403
        assert got == expected, named(operation)


FOREIGN_REFERENCES: list[tuple[str, str, Any]] = [
    ("GET", "/areas?area=93", None),
    ("GET", "/locations?area=93", None),
    ("GET", "/reports/locations?from=2026-11-01&to=2026-11-02&area=93", None),
    ("GET", "/explain?screen={screens}", None),
    ("GET", "/explain?hotspot={hotspots}", None),
    ("POST", "/areas", {"code": "new", "name": "x", "parent": "93"}),
    ("POST", "/locations", {"code": "new", "name": "x", "area": "93", "venue_kind": "market"}),
    ("PATCH", "/locations/cho-pho-hien", {"area": "93"}),
    ("POST", "/creatives", {"name": "x", "texts": WORDS, "owner_area": "93"}),
    ("POST", "/creatives", {"name": "x", "texts": WORDS, "asset": "{assets}"}),
    ("POST", "/campaigns", {**CAMPAIGN, "owner_area": "93"}),
    ("POST", "/takeovers", {"creative": "x", "targets": {"areas": ["33"]}, "ends_at": "2026-11-23T00:00:00Z",
                            "reason": "x", "owner_area": "93"}),
    ("POST", "/screens", PANEL),
    ("POST", "/screens/claim", {"user_code": "BCDF-GHJK", "location": "ga-vi-thanh", "name": "x"}),
    ("POST", "/hotspots", {"code": "new", "location": "ga-vi-thanh", "gateway": {"dialect": "generic"}}),
    ("POST", "/links", {"campaign": "{campaigns}", "measure": 2, "channel": "leaflet"}),
    ("POST", "/users", {"email": "x@x.vn", "grants": [{"role": "viewer", "area": "93"}]}),
    ("POST", "/keys", {"name": "x", "role": "viewer", "area": "93"}),
]  # fmt: skip


def test_a_foreign_reference_in_a_request_is_not_there(world: World, admin: Script, things: dict[str, str]) -> None:
    elsewhere = world.script("admin", "/33/")
    before = everything(admin, things)
    for method, path, body in FOREIGN_REFERENCES:
        sent = body and {
            name: value.format(**things) if isinstance(value, str) else value for name, value in body.items()
        }
        refused = elsewhere.send(method, path.format(**things), sent)
        assert refused.status_code == 404, f"{method} {path}: {refused.text}"
    assert everything(admin, things) == before


def test_a_placement_reaches_nothing_foreign(world: World, admin: Script, things: dict[str, str]) -> None:
    elsewhere = world.script("admin", "/33/")
    campaign = elsewhere.post("/campaigns", {**CAMPAIGN, "owner_area": "33", "destination": STORES}).json["id"]
    own = elsewhere.post("/creatives", {"name": "x", "texts": WORDS}).json["id"]
    for creative, area in ((things["creatives"], "33"), (own, "93")):
        wish = {"creatives": [creative], "targets": {"areas": [area]}}
        assert elsewhere.post(f"/campaigns/{campaign}/placements", wish).status_code == 422
