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
DATES = ("first_date", "last_date")
KINDS = ("areas", "locations", "venue_kinds", "media", "shapes", "languages")
EXCEPT = ("areas", "locations")


def shapes() -> list[tuple[str, str]]:
    return [("landscape", _("Landscape")), ("portrait", _("Portrait")), ("square", _("Square"))]


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
    left_out = [{kind: values} for kind in EXCEPT if (values := form.several(f"not_{kind}"))]
    found: dict[str, Any] = {kind: values for kind, values in chosen.items() if values}
    if left_out:
        found["not"] = left_out[0] if len(left_out) == 1 else {"any": left_out}
    return found


def exceptions(doc: Mapping[str, Any]) -> dict[str, list[str]] | None:
    """What ``not`` leaves out, by kind; None where it says more than :func:`targets` can write."""
    found: dict[str, list[str]] = {}
    for one in doc.get("any", (doc,) if doc else ()):
        if len(one) != 1 or not set(one) <= set(EXCEPT) - set(found):
            return None
        found |= {kind: list(values) for kind, values in one.items()}
    return found if "any" not in doc or len(doc) == 1 else None


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
        dates = {name: text for name in DATES if (text := form.text(f"{name}-{row}"))}
        if start or end or chosen or dates:
            rows.append({"days": chosen or list(dict(days())), "from": start or "00:00", "to": _end(end), **dates})
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
        values |= {f"{name}-{row}": part.get(name, "") for name in DATES}
    return values


def of_placement(placement: Placement) -> Form:
    values: dict[str, object] = {kind: placement.targets.get(kind, []) for kind in KINDS}
    values |= {f"not_{kind}": codes for kind, codes in (exceptions(placement.targets.get("not", {})) or {}).items()}
    values["tags"] = ", ".join(placement.targets.get("tags", ()))
    values |= daypart_values(placement.dayparts)
    for name in ("creatives", "weight", "priority", "max_plays_per_hour", "on_holidays"):
        values[name] = getattr(placement, name)
    values["compare"] = bool(placement.variants)
    return Form(values)


def is_simple(placement: Placement) -> bool:
    """Whether the form can show all of it; what scripts wrote beyond that (any, larger variants) it would lose."""
    beyond = set(placement.targets) - {*KINDS, "tags", "not"}
    if exceptions(placement.targets.get("not", {})) is None:
        return False
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
        "shapes": shapes(),
        "languages": sorted({code for place in locations for code in place.languages}),
        "days": days(),
        "priorities": priorities(),
        "holiday_choices": holiday_choices(),
        "rows": range(DAYPART_ROWS),
    }
