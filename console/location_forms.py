"""The forms of areas and locations: what was typed as facts for the actions, and rows as forms."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import available_timezones

from flask import g

from console import placement_forms
from console.area_tree import area_options
from console.forms import Form
from core.i18n import current_language
from core.i18n import gettext as _
from core.services import services
from places import queries
from places.models import DEFAULT_LANGUAGES, Area, Location
from places.venues import VENUES


def parents() -> list[tuple[str, str]]:
    """Areas in which this person may make others; the top for those who hold all."""
    with services().db.read() as db:
        areas = queries.areas(db, g.principal.scope("admin"))
    top = [("", _("None: at the top"))] if g.principal.allows("admin", "/") else []
    return top + area_options(areas)


def choices() -> dict[str, object]:
    """Options of the location form."""
    language = current_language()
    with services().db.read() as db:
        areas = queries.areas(db, g.principal.scope("admin"))
    venues = sorted((venue.name(language), kind) for kind, venue in VENUES.items())
    return {
        "areas": [("", _("Choose an area")), *area_options(areas)],
        "venues": [("", _("Choose a kind")), *((kind, name) for name, kind in venues)],
        "zones": zones(),
        "days": placement_forms.days(),
        "rows": range(placement_forms.DAYPART_ROWS),
    }


def area_lists() -> dict[str, object]:
    """What the form of an area offers to choose from."""
    return {"parents": parents(), "zones": zones()}


def zones() -> list[str]:
    return sorted(
        zone for zone in available_timezones() if "/" in zone and not zone.startswith(("Etc/", "posix", "right"))
    )


def area_facts(form: Form, settings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What ``places.actions`` wants to know of an area that has these settings now."""
    return {
        "name": form.text("name"),
        "kind": form.text("kind") or "other",
        "population": form.whole("population"),
        "population_source": form.maybe("population_source"),
        "smartphone_users": form.whole("smartphone_users"),
        "target_population_pct": form.number("target_population_pct"),
        "target_by": form.day("target_by"),
        "settings": _settings(form, settings or {}),
        **({"timezone": form.text("timezone")} if form.text("timezone") else {}),
    }


def _settings(form: Form, present: Mapping[str, Any]) -> dict[str, Any]:
    """The area's settings with those that the form shows in their place; the others stay as they are."""
    said = {
        "four_eyes": form.ticked("four_eyes") or None,
        "media_quota_mb": form.whole("media_quota_mb"),
        "alert_mail": _several(form.text("alert_mail")),
        "alert_webhook": _several(form.text("alert_webhook")),
        "alert_after_minutes": form.whole("alert_after_minutes"),
    }
    kept = {name: value for name, value in present.items() if name not in said}
    return kept | {name: value for name, value in said.items() if value not in (None, [])}


def _several(text: str) -> list[str]:
    return [one for part in text.replace("\n", ",").split(",") if (one := part.strip())]


def _listed(value: object) -> object:
    return ", ".join(value) if isinstance(value, list) else value


def of_area(area: Area, errors: Mapping[str, str] | None = None) -> Form:
    names = (
        "name", "kind", "population", "population_source", "smartphone_users", "target_population_pct", "target_by",
        "timezone",
    )  # fmt: skip
    own = {"parent": area.parent_code, "four_eyes": area.settings.get("four_eyes", False)}
    own |= {"media_quota_mb": area.settings.get("media_quota_mb")}
    own |= {name: _listed(area.settings.get(name)) for name in ("alert_mail", "alert_webhook", "alert_after_minutes")}
    form = Form({name: getattr(area, name) for name in names} | own)
    form.errors.update(errors or {})
    return form


def location_facts(form: Form) -> dict[str, Any]:
    """What ``places.actions`` wants to know of a location."""
    multiplier = form.number("audience_multiplier")
    return {
        "name": form.text("name"),
        "area": form.text("area"),
        "venue_kind": form.text("venue_kind"),
        "latitude": form.number("latitude"),
        "longitude": form.number("longitude"),
        "tags": [tag for part in form.text("tags").split(",") if (tag := part.strip())],
        "viewing_distance_m": form.number("viewing_distance_m"),
        "audience_multiplier": 1.0 if multiplier is None else multiplier,
        "audience_source": form.maybe("audience_source"),
        "operating_hours": placement_forms.dayparts(form),
        "languages": _languages(form),
        **({"timezone": form.text("timezone")} if form.text("timezone") else {}),
    }


def _languages(form: Form) -> dict[str, int]:
    """ "vi 80, en 20" as shares; what is no share is a mistake."""
    found: dict[str, int] = {}
    for part in form.text("languages").split(","):
        code, _space, share = part.strip().partition(" ")
        if code:
            found[code] = int(share) if share.strip().isdigit() else 100 if not share else 0
    return found or dict(DEFAULT_LANGUAGES)


def of_location(location: Location) -> Form:
    names = (
        "name", "venue_kind", "latitude", "longitude", "viewing_distance_m", "audience_multiplier", "audience_source",
        "timezone",
    )  # fmt: skip
    values = {name: getattr(location, name) for name in names}
    said = ", ".join(f"{code} {share}" for code, share in sorted(location.languages.items(), key=lambda one: -one[1]))
    hours = placement_forms.daypart_values(location.operating_hours)
    return Form({**values, **hours, "area": location.area_code, "tags": ", ".join(location.tags), "languages": said})
