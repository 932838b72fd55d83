"""Publications' documents and the nouns they stand for. Pure; what was written once must read for ever."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from playlists.dayparts import Daypart, Holiday, Hours, minute_of
from playlists.forms import arm_doc, daypart_doc, target_doc
from playlists.moments import from_ms, to_ms
from playlists.programme import Arm, Campaign, Fallback, Placement
from playlists.targets import KINDS, Target

Doc = Mapping[str, Any]


def campaign_doc(one: Campaign) -> dict[str, Any]:
    """The document of a campaign."""
    return {
        "id": one.id,
        "name": one.name,
        "starts_at": to_ms(one.starts_at),
        "ends_at": to_ms(one.ends_at),
        "owner_path": one.owner_path,
        "status": one.status,
        "destination": dict(one.destination),
        "placements": [placement_doc(row) for row in one.placements],
    }


def campaign_of(doc: Doc) -> Campaign:
    """The campaign of a document."""
    return Campaign(
        doc["id"],
        doc["name"],
        from_ms(doc["starts_at"]),
        from_ms(doc["ends_at"]),
        doc["owner_path"],
        tuple(placement_of(row) for row in doc["placements"]),
        doc["status"],
        tuple(sorted(doc["destination"].items())),
    )


def placement_doc(one: Placement) -> dict[str, Any]:
    """The document of a placement."""
    return {
        "id": one.id,
        "creatives": list(one.creatives),
        "targets": target_doc(one.target),
        "dayparts": [daypart_doc(part) for part in one.hours.dayparts],
        "on_holidays": one.hours.on_holidays,
        "weight": one.weight,
        "priority": one.priority,
        "max_plays_per_hour": one.max_plays_per_hour,
        "variants": [arm_doc(arm) for arm in one.arms],
    }


def placement_of(doc: Doc) -> Placement:
    """The placement of a document."""
    return Placement(
        doc["id"],
        tuple(doc["creatives"]),
        target_of(doc["targets"]),
        Hours(tuple(daypart_of(part) for part in doc["dayparts"]), doc["on_holidays"]),
        doc["weight"],
        doc["priority"],
        doc["max_plays_per_hour"],
        tuple(Arm(arm["name"], tuple(arm["creatives"]), arm["share"]) for arm in doc["variants"]),
    )


def target_of(doc: Doc) -> Target:
    """The target of a document that was checked before."""
    return Target(
        **{kind: tuple(doc.get(kind, ())) for kind in KINDS},
        any_of=tuple(target_of(one) for one in doc.get("any", ())),
        not_=target_of(doc["not"]) if doc.get("not") else None,
    )


def daypart_of(doc: Doc) -> Daypart:
    """The daypart of a document that was checked before."""
    first, last = doc.get("first_date"), doc.get("last_date")
    return Daypart(
        minute_of(doc.get("from", "00:00")) or 0,
        minute_of(doc.get("to", "24:00")) or 0,
        tuple(doc.get("days", ())),
        date.fromisoformat(first) if first else None,
        date.fromisoformat(last) if last else None,
    )


def holiday_doc(one: Holiday) -> dict[str, Any]:
    """The document of a holiday."""
    return {"name": one.name, "first": one.first.isoformat(), "last": one.last.isoformat(), "area": one.area}


def holiday_of(doc: Doc) -> Holiday:
    """The holiday of a document."""
    return Holiday(doc["name"], date.fromisoformat(doc["first"]), date.fromisoformat(doc["last"]), doc["area"])


def fallback_doc(one: Fallback) -> dict[str, Any]:
    """The document of a fallback."""
    return {"scope": one.scope, "code": one.code, "creative": one.creative}


def fallback_of(doc: Doc) -> Fallback:
    """The fallback of a document."""
    return Fallback(doc["scope"], doc["code"], doc["creative"])
