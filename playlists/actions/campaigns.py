"""Writing campaigns and placements. An edit asks for approval again; what was published plays on until then."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.ids import new_id
from people.actions import audit
from people.roles import Principal
from playlists import forms, queries
from playlists.actions.owners import check_places, need, owner_path
from playlists.forms import Faults, judging
from playlists.library import check_creatives
from playlists.models import Campaign, Placement
from playlists.targets import Target

Doc = Mapping[str, Any]


def create_campaign(
    s: Session,
    *,
    name: str,
    starts_at: datetime,
    ends_at: datetime,
    destination: Doc,
    owner_area: str | None = None,
    by: Principal,
    now: datetime,
) -> Campaign:
    """A draft. ``owner_area`` may be left out by who works in one area only."""
    path = owner_path(s, by, "editor", owner_area)
    with judging() as faults:
        title, leads_to = forms.name(faults, name), forms.destination(faults, destination)
        forms.period(faults, starts_at, ends_at)
    made = Campaign(
        id=new_id("cmp"),
        name=title,
        owner_path=path,
        starts_at=starts_at,
        ends_at=ends_at,
        destination=leads_to,
        status="draft",
        standing="unpublished",
        edited_by=by.id,
        created_at=now,
        updated_at=now,
        placements=[],
    )
    s.add(made)
    s.flush()
    audit(s, by, "campaign.create", "campaign", made.id, path, {"name": title}, now=now)
    return made


def update_campaign(s: Session, campaign_id: str, changes: Doc, *, by: Principal, now: datetime) -> Campaign:
    """Changes any of name, starts_at, ends_at, destination."""
    found = editable(s, campaign_id, by)
    with judging() as faults:
        for field in sorted(set(changes) - {"name", "starts_at", "ends_at", "destination"}):
            faults.add(field, "cannot be changed")
        clean = dict(changes)
        if "name" in changes:
            clean["name"] = forms.name(faults, changes["name"])
        if "destination" in changes:
            clean["destination"] = forms.destination(faults, changes["destination"])
        forms.period(faults, changes.get("starts_at", found.starts_at), changes.get("ends_at", found.ends_at))
    for field, value in clean.items():
        setattr(found, field, value)
    edited(s, found, by, now, "campaign.update", {"fields": sorted(clean)})
    return found


def delete_campaign(s: Session, campaign_id: str, *, by: Principal, now: datetime) -> None:
    """Forgets a campaign that was never published."""
    found = editable(s, campaign_id, by)
    if found.standing != "unpublished":
        raise Conflict("What has been published is ended, not deleted")
    audit(s, by, "campaign.delete", "campaign", found.id, found.owner_path, {"name": found.name}, now=now)
    s.delete(found)
    s.flush()


def add_placement(
    s: Session,
    campaign_id: str,
    *,
    creatives: Sequence[str],
    targets: Doc,
    dayparts: Sequence[Doc] | None = None,
    weight: int = 1,
    priority: str = "normal",
    max_plays_per_hour: int | None = None,
    on_holidays: str = "play",
    variants: Sequence[Doc] | None = None,
    by: Principal,
    now: datetime,
) -> Placement:
    """Puts creatives on targets. With ``variants``, ``creatives`` may be empty: it is what the variants hold."""
    found = editable(s, campaign_id, by)
    doc = {
        "creatives": creatives,
        "targets": targets,
        "dayparts": dayparts,
        "weight": weight,
        "priority": priority,
        "max_plays_per_hour": max_plays_per_hour,
        "on_holidays": on_holidays,
        "variants": variants,
    }
    made = Placement(id=new_id("plc"), created_at=now, **_judged(s, doc, found.owner_path))
    found.placements.append(made)
    edited(s, found, by, now, "placement.add", {"placement": made.id})
    return made


def update_placement(s: Session, placement_id: str, changes: Doc, *, by: Principal, now: datetime) -> Placement:
    """Changes anything of a placement but its campaign."""
    found, campaign = _placement(s, placement_id, by)
    doc = {field: getattr(found, field) for field in FIELDS}
    if "variants" in changes and "creatives" not in changes:
        doc["creatives"] = ()
    with judging() as faults:
        for field in sorted(set(changes) - set(FIELDS)):
            faults.add(field, "cannot be changed")
    for field, value in _judged(s, doc | dict(changes), campaign.owner_path).items():
        setattr(found, field, value)
    edited(s, campaign, by, now, "placement.update", {"placement": found.id, "fields": sorted(changes)})
    return found


def remove_placement(s: Session, placement_id: str, *, by: Principal, now: datetime) -> None:
    """Takes a placement out of its campaign."""
    found, campaign = _placement(s, placement_id, by)
    campaign.placements.remove(found)
    edited(s, campaign, by, now, "placement.remove", {"placement": placement_id})


FIELDS = (
    "creatives",
    "targets",
    "dayparts",
    "weight",
    "priority",
    "max_plays_per_hour",
    "on_holidays",
    "variants",
)


def campaign_of(s: Session, campaign_id: str) -> Campaign:
    """The campaign. Raises NotFound."""
    found = queries.campaign(s, campaign_id)
    if found is None:
        raise NotFound(f"There is no campaign {campaign_id!r}")
    return found


def editable(s: Session, campaign_id: str, by: Principal) -> Campaign:
    """The campaign, for one who may edit it; an ended one stays as it is."""
    found = campaign_of(s, campaign_id)
    need(by, "editor", found.owner_path)
    if found.standing == "ended":
        raise Conflict("This campaign has been ended")
    return found


def _placement(s: Session, placement_id: str, by: Principal) -> tuple[Placement, Campaign]:
    found = queries.placement(s, placement_id)
    if found is None:
        raise NotFound(f"There is no placement {placement_id!r}")
    return found, editable(s, found.campaign_id, by)


def _judged(s: Session, doc: Doc, owner: str) -> dict[str, Any]:
    """The columns of a placement, or Invalid with everything that is wrong with it."""
    with judging() as faults:
        variants = forms.arms(faults, doc["variants"])
        wanted = list(doc["creatives"] or ()) or [name for arm in variants for name in arm.creatives]
        creatives = forms.creatives(faults, wanted)
        outside = [name for arm in variants for name in arm.creatives if name not in creatives]
        faults.check(not outside, "variants", "may hold only what creatives names")
        columns = {
            "creatives": list(creatives),
            "targets": forms.target_doc(_target(s, faults, doc["targets"], owner)),
            "dayparts": [forms.daypart_doc(one) for one in forms.dayparts(faults, doc["dayparts"])],
            "weight": forms.weight(faults, doc["weight"]),
            "priority": forms.priority(faults, doc["priority"]),
            "max_plays_per_hour": forms.cap(faults, doc["max_plays_per_hour"]),
            "on_holidays": forms.on_holidays(faults, doc["on_holidays"]),
            "variants": [forms.arm_doc(one) for one in variants],
        }
        check_creatives(s, faults, creatives, owner)
    return columns


def _target(s: Session, faults: Faults, doc: object, owner: str) -> Target:
    before = len(faults.errors)
    found = forms.target(faults, doc)
    if len(faults.errors) == before:
        check_places(s, faults, found, owner)
    return found


def edited(s: Session, found: Campaign, by: Principal, now: datetime, action: str, detail: dict[str, Any]) -> None:
    """A campaign was changed: it is a draft again, whoever approved it before."""
    found.status = "draft"
    found.revision += 1
    found.edited_by, found.updated_at = by.id, now
    found.submitted_by = found.approved_by = None
    s.flush()
    audit(s, by, action, "campaign", found.id, found.owner_path, detail, now=now)
