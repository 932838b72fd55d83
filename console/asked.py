"""What a page of results is asked for: some days, an area, a campaign; the same on every one of them."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import g, request, url_for
from sqlalchemy.orm import Session

from console import ui
from console.area_tree import area_options
from core.i18n import gettext as _
from core.services import services
from places import queries as places
from places.models import Area
from playlists import queries as playlists

LONGEST = timedelta(days=366)


@dataclass(frozen=True)
class Span:
    """Days, both included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


def asked_span(days: int) -> Span:
    """``?from=&to=`` as local dates; what is missing, wrong or too long falls back to the last ``days``."""
    today = services().clock.now().astimezone(ZoneInfo(ui.ZONE)).date()
    last = _date(request.args.get("to", "")) or today
    first = _date(request.args.get("from", "")) or last - timedelta(days=days - 1)
    return Span(first, last) if first <= last <= first + LONGEST else Span(last - timedelta(days=days - 1), last)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


Options = list[tuple[str, str]]


@dataclass(frozen=True)
class Asked:
    """``under`` are the area paths that are meant: the chosen one, or all that this person sees."""

    span: Span
    under: tuple[str, ...]
    area: str
    campaign: str
    areas: Options
    campaigns: Options

    def href(self, endpoint: str, **more: object) -> str:
        """Another page of results for the same days, area and campaign."""
        kept = {"from": self.span.first, "to": self.span.last, "area": self.area, "campaign": self.campaign}
        return url_for(f"console.{endpoint}", **{name: value for name, value in (kept | more).items() if value != ""})  # type: ignore[arg-type]


def asked(db: Session, days: int = 7) -> Asked:
    """``?from=&to=&area=&campaign=``; an area out of sight is as good as none."""
    scope = g.principal.scope("viewer")
    areas = places.areas(db, scope)
    chosen = _chosen(areas)
    return Asked(
        asked_span(days),
        (chosen.path,) if chosen else tuple(scope),
        chosen.code if chosen else "",
        request.args.get("campaign", "")[:64],
        [("", _("All areas")), *area_options(areas)],
        [("", _("All campaigns")), *((one.id, one.name) for one in playlists.campaigns(db, scope))],
    )


def _chosen(areas: list[Area]) -> Area | None:
    return next((area for area in areas if area.code == request.args.get("area", "")), None)
