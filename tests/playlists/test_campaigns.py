"""Writing campaigns and placements."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Invalid, NotFound
from people.models import AuditEntry
from people.roles import Grant, Principal
from playlists import actions
from playlists.models import Campaign, Placement
from tests.playlists.office import BOB, DUNG, VIEWER, Office, refuse_code
from tests.support.clock import MORNING


def test_it_works(office: Office) -> None:
    made = office.campaign(by=BOB)
    office.placement(made, by=BOB, dayparts=[{"days": ["mon"], "from": "22:00", "to": "02:00"}], weight=30)
    kept = office.read(made.id)
    assert (kept.owner_path, kept.state(MORNING), len(kept.placements)) == ("/93/", "draft", 1)
    assert kept.placements[0].weight == 30


def test_the_owner_area_may_be_named(office: Office) -> None:
    assert office.campaign(owner_area="93-1").owner_path == "/93/93-1/"


def test_who_works_in_two_areas_has_to_name_one(office: Office) -> None:
    both = Principal("user", "usr_x", "x", (Grant("editor", "/93/"), Grant("editor", "/79/")))
    with pytest.raises(Invalid) as refusal:
        office.campaign(by=both)
    assert refusal.value.errors[0][0] == "owner_area"


def test_a_viewer_cannot_write(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.campaign(by=VIEWER)


def test_another_area_s_campaign_cannot_be_edited(office: Office) -> None:
    made = office.campaign(by=BOB)
    with pytest.raises(Forbidden):
        office.placement(made, by=DUNG)


def test_an_unknown_campaign_is_not_found(office: Office) -> None:
    with pytest.raises(NotFound):
        office.do(actions.add_placement, "cmp_x", creatives=["crv_a"], targets={"areas": ["93"]})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"ends_at": MORNING}, "ends_at"),
        ({"ends_at": MORNING - timedelta(days=1)}, "ends_at"),
        ({"ends_at": MORNING + timedelta(days=4000)}, "ends_at"),
        ({"starts_at": MORNING.replace(tzinfo=None)}, "starts_at"),
        ({"destination": {}}, "destination"),
        ({"destination": {"android_url": "javascript:alert(1)"}}, "destination.android_url"),
        ({"destination": {"ios_url": "https://exa mple.vn"}}, "destination.ios_url"),
        ({"destination": {"web": "https://example.vn"}}, "destination.web"),
        ({"owner_area": "nowhere"}, "owner_area"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused(one_office: Office, changes: dict[str, Any], field: str) -> None:
    office = one_office
    with pytest.raises(Invalid) as refusal:
        office.campaign(**changes)
    assert field in {name for name, _ in refusal.value.errors}
    with office.db.read() as s:
        assert s.scalars(select(Campaign)).all() == []
        assert s.scalars(select(AuditEntry)).all() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"creatives": []}, "creatives"),
        ({"creatives": ["crv_x"]}, "creatives"),
        ({"creatives": ["crv_79"]}, "creatives"),
        ({"targets": {}}, "targets"),
        ({"targets": {"areas": []}}, "targets"),
        ({"targets": {"not": {"areas": ["93-2"]}}}, "targets"),
        ({"targets": {"planets": ["mars"]}}, "targets.planets"),
        ({"targets": {"areas": ["nowhere"]}}, "targets.areas"),
        ({"targets": {"areas": ["79"]}}, "targets.areas"),
        ({"targets": {"areas": "93"}}, "targets.areas"),
        ({"targets": {"locations": ["mall"]}}, "targets.locations"),
        ({"targets": {"venue_kinds": ["spaceport"]}}, "targets.venue_kinds"),
        ({"targets": {"media": ["radio"]}}, "targets.media"),
        ({"targets": {"areas": ["93-2"]}}, "targets"),
        ({"targets": {"tags": ["nobody"]}}, "targets"),
        ({"dayparts": [{"days": ["mon"], "from": "07:00", "to": "07:00"}]}, "dayparts[0].to"),
        ({"dayparts": [{"days": ["someday"]}]}, "dayparts[0].days"),
        ({"dayparts": [{"from": "7:00"}]}, "dayparts[0].from"),
        ({"dayparts": [{"to": "24:01"}]}, "dayparts[0].to"),
        ({"dayparts": [{"from": "24:00", "to": "03:00"}]}, "dayparts[0].from"),
        ({"dayparts": [{"from": "07:00", "to": "09:00"}, {"from": "08:00", "to": "10:00"}]}, "dayparts[1]"),
        ({"dayparts": [{"first_date": "2026-12-02", "last_date": "2026-12-01"}]}, "dayparts[0].last_date"),
        ({"dayparts": [{"first_date": "2026-02-30"}]}, "dayparts[0].first_date"),
        ({"dayparts": [{"at": "07:00"}]}, "dayparts[0].at"),
        ({"weight": 0}, "weight"),
        ({"weight": -5}, "weight"),
        ({"weight": 101}, "weight"),
        ({"weight": True}, "weight"),
        ({"priority": "urgent"}, "priority"),
        ({"max_plays_per_hour": 0}, "max_plays_per_hour"),
        ({"on_holidays": "maybe"}, "on_holidays"),
        ({"variants": [{"name": "A", "creatives": ["crv_a"]}]}, "variants"),
        ({"variants": [{"name": "A", "creatives": ["crv_a"]}, {"name": "B", "creatives": ["crv_b"]}]}, "variants"),
    ],
)
def test_a_placement_that_cannot_be_is_refused(one_office: Office, changes: dict[str, Any], field: str) -> None:
    office = one_office
    made = office.campaign(by=BOB)
    with pytest.raises(Invalid) as refusal:
        office.placement(made, by=BOB, **changes)
    assert field in {name for name, _ in refusal.value.errors}, refusal.value.errors
    with office.db.read() as s:
        assert s.scalars(select(Placement)).all() == []


def test_a_creative_that_the_gate_refused_is_refused(office: Office) -> None:
    made = office.campaign()
    office.placement(made, creatives=["crv_b"])
    office.db.write(lambda s: refuse_code(s, "crv_a"))
    with pytest.raises(Invalid) as refusal:
        office.placement(made, creatives=["crv_a"])
    assert list(refusal.value.errors) == [
        ("creatives", "'crv_a' was refused by the scan gate: phones cannot read its code")
    ]
    office.db.write(lambda s: refuse_code(s, "crv_b"))  # judged only after it was placed
    with pytest.raises(Invalid) as refusal:
        office.do(actions.submit, made.id)
    assert [field for field, _ in refusal.value.errors] == ["placements[0].creatives"]


def test_all_faults_are_told_at_once(office: Office) -> None:
    made = office.campaign()
    with pytest.raises(Invalid) as refusal:
        office.placement(made, weight=0, priority="urgent", targets={})
    assert {name for name, _ in refusal.value.errors} == {"weight", "priority", "targets"}


def test_variants_may_stand_for_the_creatives(office: Office) -> None:
    variants = [{"name": "A", "creatives": ["crv_a"]}, {"name": "B", "creatives": ["crv_b"], "share": 3}]
    made = office.placement(office.campaign(), creatives=[], variants=variants)
    assert made.creatives == ["crv_a", "crv_b"]


def test_a_placement_can_be_changed_and_removed(office: Office) -> None:
    campaign = office.campaign()
    made = office.placement(campaign)
    changed = office.do(actions.update_placement, made.id, {"weight": 7, "targets": {"locations": ["ben-xe"]}})
    assert (changed.weight, changed.targets, changed.creatives) == (7, {"locations": ["ben-xe"]}, ["crv_a"])
    office.do(actions.remove_placement, made.id)
    assert office.read(campaign.id).placements == []


def test_a_campaign_can_be_changed_but_not_its_owner(office: Office) -> None:
    made = office.campaign()
    assert office.do(actions.update_campaign, made.id, {"name": "Mới"}).name == "Mới"
    with pytest.raises(Invalid):
        office.do(actions.update_campaign, made.id, {"owner_path": "/79/"})


def test_a_draft_can_be_deleted_but_nothing_that_was_published(office: Office) -> None:
    draft, live = office.campaign(), office.live()
    office.do(actions.delete_campaign, draft.id)
    with pytest.raises(Conflict):
        office.do(actions.delete_campaign, live.id)


def test_every_step_is_in_the_audit_log(office: Office) -> None:
    made = office.live()
    with office.db.read() as s:
        steps = [one.action for one in s.scalars(select(AuditEntry).order_by(AuditEntry.seq)) if one.ref == made.id]
    assert steps == ["campaign.create", "placement.add", "campaign.submit", "campaign.approve"]
