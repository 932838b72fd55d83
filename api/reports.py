"""Reports: what was shown, scanned and tapped."""

from datetime import date

from msgspec import Struct, field

from api import refs
from api.kit import call
from core.errors import Invalid
from core.services import services
from people.guards import principal
from reports.locations import LocationReport, location_days

MOST_DAYS = 3_660


class Span(Struct, kw_only=True, forbid_unknown_fields=True):
    """From the first to the last local day, both included; of one campaign or all, in one area or all."""

    first: date = field(name="from")
    last: date = field(name="to")
    campaign: str | None = None
    area: str | None = None
    by: str | None = None


@call("GET", "/reports/locations", tag="Reports", role="viewer", query=Span, answers=LocationReport, refuses=(404,))
def report_locations(query: Span) -> LocationReport:
    """Count by location.

    `from` and `to` are inclusive and local to each location; `by=day` gives a row for each day on which something
    happened; `totals` are of the whole query; `complete_to` is up to when every screen has reported."""
    _check(query)
    with services().db.read() as s:
        under = principal().scope("viewer")
        if query.area is not None:
            under = (refs.area(s, principal(), "viewer", query.area).path,)
        return location_days(
            s,
            query.first,
            query.last,
            now=services().clock.now(),
            under=under,
            campaign=query.campaign,
            by_day=query.by == "day",
        )


def _check(query: Span) -> None:
    faults = []
    if query.by not in (None, "day"):
        faults.append(("by", "must be day, or left out"))
    if not 0 <= (query.last - query.first).days <= MOST_DAYS:
        faults.append(("to", f"must not be before from, nor {MOST_DAYS} days after it"))
    if faults:
        raise Invalid(faults)
