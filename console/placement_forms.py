"""The form of a placement: ticks and times as the documents that ``playlists`` knows, and back."""

from collections.abc import Mapping, Sequence
from string import ascii_uppercase
from typing import Any

from flask import g

from console.area_tree import area_options
from console.forms import Form
from core.i18n import current_language
from core.i18n import gettext as _
from core.services import services
from media import queries as media
from places import queries as places
from places.venues import VENUES
from playlists.library import creative_names
from playlists.models import Campaign, Placement

DAYPART_ROWS = 4
KINDS = ("areas", "locations", "venue_kinds", "media")


def days() -> list[tuple[str, str]]:
    return [
        ("mon", _("Mon")),
        ("tue", _("Tue")),
        ("wed", _("Wed")),
        ("thu", _("Thu")),
        ("fri", _("Fri")),
        ("sat", _("Sat")),
        ("sun", _("Sun")),
    ]


def priorities() -> list[tuple[str, str]]:
    return [
        ("normal", _("Normal")),
        ("important", _("Important – plays instead of normal ones")),
        ("filler", _("Filler – plays only where nothing else does")),
    ]


def holiday_choices() -> list[tuple[str, str]]:
    return [
        ("play", _("Plays as on other days")),
        ("skip", _("Does not play")),
        ("only", _("Plays on holidays only")),
    ]


def priority_name(priority: str) -> str:
    """A priority in words."""
    return dict(priorities()).get(priority, priority)


def targets(form: Form) -> dict[str, Any]:
    """The targets document; a kind in which nothing is ticked does not narrow."""
    chosen = {kind: form.several(kind) for kind in KINDS}
    chosen["tags"] = [tag for part in form.text("tags").split(",") if (tag := part.strip())]
    return {kind: values for kind, values in chosen.items() if values}


def facts(form: Form) -> dict[str, Any]:
    """What ``playlists.actions`` wants to know of a placement."""
    weight = form.whole("weight")
    return {
        "creatives": form.several("creatives"),
        "targets": targets(form),
        "dayparts": dayparts(form),
        "weight": 1 if weight is None else weight,
        "priority": form.text("priority") or "normal",
        "max_plays_per_hour": form.whole("max_plays_per_hour"),
        "on_holidays": form.text("on_holidays") or "play",
        "variants": variants(form),
    }


def variants(form: Form) -> list[dict[str, Any]]:
    """Where creatives are to be compared, each is a variant of its own, with an equal share."""
    chosen = form.several("creatives")
    if not form.ticked("compare"):
        return []
    with services().db.read() as db:
        names = creative_names(db, chosen)
    return [
        {"name": f"{letter}: {names.get(one, one)}"[:200], "creatives": [one], "share": 1}
        for letter, one in zip(ascii_uppercase, chosen, strict=False)
    ]


def dayparts(form: Form) -> list[dict[str, Any]]:
    """Rows in which anything is filled in; a row without days holds on every day."""
    rows = []
    for row in range(DAYPART_ROWS):
        start, end, chosen = form.text(f"from-{row}"), form.text(f"to-{row}"), form.several(f"days-{row}")
        if start or end or chosen:
            rows.append({"days": chosen or list(dict(days())), "from": start or "00:00", "to": _end(end)})
    return rows


def _end(text: str) -> str:
    """A browser's time field knows no 24:00; midnight as an end is the end of the day."""
    return "24:00" if text in ("", "00:00") else text


def daypart_values(parts: Sequence[Mapping[str, Any]]) -> dict[str, object]:
    """The fields of :func:`dayparts` for these windows."""
    values: dict[str, object] = {}
    for row, part in enumerate(parts[:DAYPART_ROWS]):
        values |= {f"days-{row}": part.get("days", []), f"from-{row}": part["from"]}
        values[f"to-{row}"] = "00:00" if part["to"] == "24:00" else part["to"]
    return values


def of_placement(placement: Placement) -> Form:
    values: dict[str, object] = {kind: placement.targets.get(kind, []) for kind in KINDS}
    values["tags"] = ", ".join(placement.targets.get("tags", ()))
    values |= daypart_values(placement.dayparts)
    for name in ("creatives", "weight", "priority", "max_plays_per_hour", "on_holidays"):
        values[name] = getattr(placement, name)
    values["compare"] = bool(placement.variants)
    return Form(values)


def is_simple(placement: Placement) -> bool:
    """Whether the form can show all of it; what scripts wrote beyond that (any, not, larger variants) it would lose."""
    beyond = set(placement.targets) - {*KINDS, "tags"}
    shares = {(len(arm["creatives"]), arm["share"]) for arm in placement.variants}
    return not beyond and shares <= {(1, 1)} and len(placement.dayparts) <= DAYPART_ROWS


def choices(campaign: Campaign) -> Mapping[str, object]:
    """Everything that can be ticked for this campaign."""
    under = [campaign.owner_path]
    with services().db.read() as db:
        creatives = media.creatives(db, g.principal.scope("viewer"))
        areas, locations = places.areas(db, under), places.locations(db, under)
    kinds = {location.venue_kind for location in locations}
    language = current_language()
    return {
        "creatives": [one for one in creatives if one.withdrawn_at is None],
        "areas": area_options(areas),
        "locations": [(place.code, f"{place.name} ({place.code})") for place in locations],
        "venue_kinds": sorted((kind, VENUES[kind].name(language)) for kind in kinds),
        "media": [("screen", _("Screens")), ("splash", _("Wifi greetings"))],
        "days": days(),
        "priorities": priorities(),
        "holiday_choices": holiday_choices(),
        "rows": range(DAYPART_ROWS),
    }
