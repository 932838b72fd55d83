"""Targets and hours of a placement in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from console.placement_forms import days, exceptions, shapes
from console.words import venue_name
from core.i18n import gettext as _


def targets(doc: Mapping[str, Any], areas: Mapping[str, str], locations: Mapping[str, str]) -> str:
    """ "Screens · in Hậu Giang, Lai Châu · at …"; what a script wrote beyond the form is named as such."""
    parts = [_media(doc.get("media", ()))]
    for kind, names, said in (
        ("areas", areas, _("in %(names)s")),
        ("locations", locations, _("at %(names)s")),
    ):
        if doc.get(kind):
            parts.append(said % {"names": _list([names.get(code, code) for code in doc[kind]])})
    if doc.get("venue_kinds"):
        parts.append(_list([venue_name(kind) for kind in doc["venue_kinds"]]))
    if doc.get("tags"):
        parts.append(_("tagged %(names)s", names=_list(doc["tags"])))
    if doc.get("shapes"):
        parts.append(_list([dict(shapes())[one] for one in doc["shapes"]]))
    if doc.get("languages"):
        parts.append(_("where %(names)s is shown", names=_list(doc["languages"])))
    left_out = exceptions(doc.get("not", {}))
    if left_out:
        names = {**areas, **locations}
        parts.append(_("not %(names)s", names=_list([names.get(x, x) for codes in left_out.values() for x in codes])))
    if doc.get("any") or left_out is None:
        parts.append(_("and further conditions"))
    return " · ".join(parts)


def _media(media: Sequence[str]) -> str:
    names = {"screen": _("Screens"), "splash": _("Wifi greetings")}
    return _list([names.get(medium, medium) for medium in media or names])


def _list(names: Sequence[str], most: int = 6) -> str:
    shown = ", ".join(names[:most])
    return shown if len(names) <= most else _("%(names)s and %(n)s more", names=shown, n=len(names) - most)


def dayparts(parts: Sequence[Mapping[str, Any]]) -> str:
    """ "Mon–Fri 07:00–09:00"; round the clock when there is none."""
    return "; ".join(_daypart(part) for part in parts) or _("round the clock")


def _daypart(part: Mapping[str, Any]) -> str:
    names = dict(days())
    order, chosen = list(names), [day for day in names if day in part.get("days", ())]
    hours = f"{part['from']}–{part['to']}{_dates(part)}"
    if not chosen or len(chosen) == len(order):
        return hours
    first, last = order.index(chosen[0]), order.index(chosen[-1])
    in_a_row = last - first + 1 == len(chosen) > 2
    said = f"{names[chosen[0]]}–{names[chosen[-1]]}" if in_a_row else ", ".join(names[day] for day in chosen)
    return f"{said} {hours}"


def _dates(part: Mapping[str, Any]) -> str:
    """ " (1/12/2026 – 5/12/2026)"; an open end is a sign of three points; nothing without dates."""
    first, last = part.get("first_date"), part.get("last_date")
    said = [f"{date.fromisoformat(one):%d/%m/%Y}" if one else "…" for one in (first, last)]
    return f" ({said[0]} – {said[1]})" if first or last else ""
