"""What cannot be is refused by the API with its field and the reason, and nothing of it is kept."""

import json
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pytest
from sqlalchemy import func, select

from media.actions import create_creative
from media.wishes import CreativeWish
from people.models import AuditEntry
from playlists.models import Publication
from tests.api.conftest import Script, World
from tests.playlists.office import refuse_code

CAMPAIGN = {
    "name": "Bluezone",
    "starts_at": "2026-11-23T00:00:00Z",
    "ends_at": "2026-12-23T00:00:00Z",
    "owner_area": "93",
    "destination": {"other_url": "https://bluezone.gov.vn/"},
}
AREA = {"code": "93-2", "name": "Xã Vị Tân", "parent": "93"}
LOCATION = {"code": "cho", "name": "Chợ", "area": "93-31333", "venue_kind": "market"}
MORNING = {"from": "07:00", "to": "09:00"}
TAKEOVER = {"targets": {"areas": ["93"]}, "ends_at": "2026-11-22T03:00:00Z", "reason": "Bão", "owner_area": "93"} | {
    "creative": "{good}"
}


@dataclass
class Draft:
    """A draft of Hậu Giang's, its placement, a creative that may be shown and one that the gate refused."""

    campaign: str
    placement: str
    good: str
    refused: str

    def filled(self, text: Any) -> Any:
        """A path or a body with the ids in place of their names."""
        if isinstance(text, str):
            names = {"campaign": self.campaign, "good": self.good, "refused": self.refused}
            return reduce(lambda said, name: said.replace(f"{{{name}}}", names[name]), names, text)
        return json.loads(self.filled(json.dumps(text)))


@pytest.fixture
def draft(world: World, admin: Script) -> Draft:
    now = world.services.clock.now()

    def make(s: Any) -> list[str]:
        wish = CreativeWish("Poster", {"vi": {"headline": "Cài Bluezone"}})
        made = [create_creative(s, wish, owner_path="/93/", by="tests", now=now).id for _ in range(2)]
        refuse_code(s, made[1])
        return made

    good, refused = world.services.db.write(make)
    campaign = admin.post("/campaigns", CAMPAIGN).json["id"]
    body = {"creatives": [good], "targets": {"areas": ["93"]}}
    return Draft(campaign, admin.post(f"/campaigns/{campaign}/placements", body).json["id"], good, refused)


def kept(world: World) -> tuple[int | None, ...]:
    """How much is written down: every change leaves a line in one of these."""
    with world.services.db.read() as s:
        return tuple(s.scalar(select(func.count()).select_from(one)) for one in (AuditEntry, Publication))


PLACEMENT: list[tuple[str, dict[str, Any], str, str]] = [
    ("overlapping windows", {"dayparts": [MORNING, {"from": "08:00", "to": "10:00"}]}, "dayparts[1]", "overlaps"),
    ("overlapping over midnight",
     {"dayparts": [{"from": "22:00", "to": "02:00", "days": ["sun"]}, {"from": "01:00", "to": "03:00"}]},
     "dayparts[1]", "overlaps dayparts[0]"),
    ("an empty window", {"dayparts": [{"from": "07:00", "to": "07:00"}]}, "dayparts[0].to", "must differ"),
    ("an end before its start", {"dayparts": [MORNING | {"first_date": "2026-12-02", "last_date": "2026-12-01"}]},
     "dayparts[0].last_date", "must not be before the first day"),
    ("a weight of zero", {"weight": 0}, "weight", "1"),
    ("a negative weight", {"weight": -5}, "weight", "1"),
    ("a cap of zero", {"max_plays_per_hour": 0}, "max_plays_per_hour", "1"),
    ("a target that matches nothing", {"targets": {"tags": ["nobody"]}}, "targets", "match no location"),
    ("a target that names nothing", {"targets": {}}, "targets", "must name at least one"),
    ("an unknown area", {"targets": {"areas": ["atlantis"]}}, "targets.areas", "there is no area 'atlantis'"),
    ("a creative that the gate refused", {"creatives": ["{refused}"]}, "creatives", "was refused by the scan gate"),
    ("a share of zero", {"variants": [{"name": f"{n}", "creatives": ["{good}"], "share": n} for n in (0, 1)]},
     "variants[0].share", "1"),
]  # fmt: skip
OTHERS: list[tuple[str, str, str, dict[str, Any], str, str]] = [
    ("a campaign that ends before it starts", "POST", "/campaigns", CAMPAIGN | {"ends_at": "2026-11-01T00:00:00Z"},
     "ends_at", "must be after the start"),
    ("a campaign without length", "POST", "/campaigns", CAMPAIGN | {"ends_at": CAMPAIGN["starts_at"]},
     "ends_at", "must be after the start"),
    ("a campaign shortened to nothing", "PATCH", "/campaigns/{campaign}", {"ends_at": "2026-11-01T00:00:00Z"},
     "ends_at", "must be after the start"),
    ("a takeover that is over already", "POST", "/takeovers", TAKEOVER | {"ends_at": "2026-11-22T01:00:00Z"},
     "ends_at", "must be after the start"),
    ("a takeover of nothing", "POST", "/takeovers", TAKEOVER | {"targets": {"tags": ["nobody"]}},
     "targets", "match no location"),
    ("a takeover with what the gate refused", "POST", "/takeovers", TAKEOVER | {"creative": "{refused}"},
     "creative", "was refused by the scan gate"),
    ("a holiday that ends before it starts", "POST", "/holidays",
     {"name": "Tết", "first": "2027-02-05", "last": "2027-02-01", "area": "93"}, "last", "must not be before"),
    ("a location in an unknown zone", "POST", "/locations", LOCATION | {"timezone": "Mars/Olympus"},
     "timezone", "time zone"),
    ("an area in an unknown zone", "POST", "/areas", AREA | {"timezone": "Asia/Saigon2"}, "timezone", "time zone"),
    ("a location moved to an unknown zone", "PATCH", "/locations/ga-vi-thanh", {"timezone": "UTC+7"},
     "timezone", "time zone"),
    ("an area moved to no zone", "PATCH", "/areas/93", {"timezone": ""}, "timezone", "time zone"),
    ("an area within itself", "PATCH", "/areas/93", {"parent": "93"}, "parent", "lies below the area itself"),
    ("an area below what lies in it", "PATCH", "/areas/93", {"parent": "93-31333"},
     "parent", "lies below the area itself"),
]  # fmt: skip


def test_a_placement_that_cannot_be(world: World, admin: Script, draft: Draft) -> None:
    whole = {"creatives": [draft.good], "targets": {"areas": ["93"]}}
    before = kept(world)
    for what, changes, field, reason in PLACEMENT:
        body = draft.filled(changes)
        refused(what, admin.post(f"/campaigns/{draft.campaign}/placements", whole | body), field, reason)
        refused(what, admin.patch(f"/placements/{draft.placement}", body), field, reason)
    assert kept(world) == before


def test_what_else_cannot_be(world: World, admin: Script, draft: Draft) -> None:
    before = kept(world)
    for what, method, path, body, field, reason in OTHERS:
        refused(what, admin.send(method, draft.filled(path), draft.filled(body)), field, reason)
    assert kept(world) == before


def refused(what: str, answer: Any, field: str, reason: str) -> None:
    """422 as problem+json, the field and the reason named."""
    assert (answer.status_code, answer.mimetype) == (422, "application/problem+json"), (what, answer.json)
    told = {one["field"]: one["message"] for one in answer.json["errors"]}
    assert reason in told.get(field, ""), (what, told)
