"""What templates can ask: static files, the menu, who is signed in, notices, times as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal
from flask import g, request, url_for

from console import creative_forms, makes, notices, placement_forms, refusals, told, words
from console.forms import Form
from core.http import stamp
from core.i18n import current_language
from core.i18n import gettext as _
from core.paths import ROOT
from core.services import services
from measure import channels
from media.qr import svg
from people import guards
from places import queries as places
from signage.dialects.table import dialect_of

ZONE = "Asia/Ho_Chi_Minh"
OWNER = "owner"
TOLD = ("name", "email", "role", "reason", "from", "to", "location", "type")  # of a log line's detail, for people

csrf_token = guards.csrf_token
take_notices = notices.take
badge_of = words.badge_of
role_name = words.role_name
venue_name = words.venue_name
corner_name = creative_forms.corner_name
priority_name = placement_forms.priority_name
told_targets = told.targets
say = refusals.say
told_dayparts = told.dayparts
command_name = words.command_name
trouble_name = words.trouble_name
gap_reason = words.gap_reason
verdict_of = words.verdict_of
area_kinds = words.area_kinds
action_name = words.action_name
metric_name = words.metric_name


def here() -> str:
    """This page's own path and query, to come back to."""
    return request.full_path.rstrip("?") if request.method == "GET" else url_for("console.overview")


@dataclass(frozen=True)
class Item:
    name: str
    icon: str
    href: str
    here: str


@dataclass(frozen=True)
class Group:
    name: str
    items: list[Item]


def N_(message: str) -> str:
    return message


_MENU: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    ("", ((N_("Overview"), "layout-dashboard", "console.overview", "viewer"),)),
    (
        N_("Content"),
        (
            (N_("Library"), "photo", "console.library", "viewer"),
            (N_("Campaigns"), "speakerphone", "console.campaigns", "viewer"),
            (N_("Schedule"), "calendar", "console.schedule", "viewer"),
            (N_("Takeovers"), "bolt", "console.takeovers", "viewer"),
        ),
    ),
    (
        N_("In the field"),
        (
            (N_("Places"), "map-pin", "console.places", "viewer"),
            (N_("Screens"), "device-tv", "console.screens", "viewer"),
            (N_("Wifi"), "wifi", "console.hotspots", "viewer"),
        ),
    ),
    (
        N_("Results"),
        (
            (N_("Results"), "chart-bar", "console.results", "viewer"),
            (N_("Installs and targets"), "target", "console.installs_and_targets", "viewer"),
            (N_("Reports of the day"), "file-text", "console.day_reports", "viewer"),
            (N_("Tracked links"), "qrcode", "console.links", "viewer"),
        ),
    ),
    (
        N_("Administration"),
        (
            (N_("People"), "users", "console.users", "admin"),
            (N_("API keys"), "key", "console.keys", "admin"),
            (N_("Audit log"), "history", "console.audit_log", "auditor"),
            (N_("System"), "settings", "console.system", OWNER),
        ),
    ),
)


def navigation() -> list[Group]:
    """The menu of this person: what the role nowhere allows is not shown."""
    groups = (Group(_(name) if name else "", [_item(*item) for item in items if may(item[3])]) for name, items in _MENU)
    return [group for group in groups if group.items]


def _item(name: str, icon: str, endpoint: str, _role: str) -> Item:
    href = url_for(endpoint)
    if request.path == href:
        return Item(_(name), icon, href, "page")
    below = endpoint != "console.overview" and request.path.startswith(href + "/")
    return Item(_(name), icon, href, "true" if below else "")


def area_name(path: str) -> str:
    """The name of the area at the end of a path."""
    return area_names().get(path, path) if path != ROOT else _("Everywhere")


def area_names() -> dict[str, str]:
    """All areas' names by path, read once a request."""
    if "area_names" not in g:
        with services().db.read() as db:
            g.area_names = {area.path: area.name for area in places.areas(db, closed=True)}
    found: dict[str, str] = g.area_names
    return found


def told_detail(detail: Mapping[str, object]) -> str:
    """The detail of a line in the audit log, short."""
    return " · ".join(_plain(value) for name, value in detail.items() if name in TOLD and value)


def _plain(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return str(value)


def language_name(code: str) -> str:
    """A language in the person's own; the code where Babel knows it not."""
    try:
        return Locale.parse(code, sep="-").get_display_name(current_language()) or code
    except (UnknownLocaleError, ValueError):
        return code


def language_names(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Languages to choose from."""
    return [(code, language_name(code)) for code in codes]


def channel_name(channel: str) -> str:
    """What a link is for: a channel's name, or a creative's as it is."""
    return channels.channel_name(channel, current_language())


def form_of(form: Form, row: object, names: Sequence[str]) -> Form:
    """A form with a row's own values, or the one that was sent with its mistakes."""
    if form.errors and any(form.value(name) for name in names):
        return form
    return Form({name: getattr(row, name) for name in names})


def as_options(values: Sequence[object]) -> list[tuple[str, str]]:
    return [(str(value), str(value)) for value in values]


def may(role: str) -> bool:
    """Whether the person holds this role anywhere; OWNER is to administer everything."""
    if role == OWNER:
        return bool(g.principal.allows("admin", ROOT))
    return bool(g.principal.scope(role))


@dataclass(frozen=True)
class Me:
    name: str
    what: str

    @property
    def initials(self) -> str:
        parts = self.name.replace("@", " ").split()
        return "".join(part[0] for part in (parts[0], parts[-1])[: len(parts)]).upper() if parts else "?"


def me() -> Me:
    """Who is signed in, in two lines."""
    roles = sorted({grant.role for grant in g.principal.grants})
    return Me(g.principal.name, ", ".join(words.role_name(role) for role in roles))


# -- times and numbers


def today() -> str:
    """The day in words, in the zone that the console speaks of."""
    return format_date(services().clock.now().astimezone(ZoneInfo(ZONE)), "EEEE d MMMM", locale=current_language())


def day_text(iso: str) -> str:
    """A day of a report, with its weekday."""
    return format_date(date.fromisoformat(iso), "EEE d/M", locale=current_language())


def day_and_year(iso: str) -> str:
    """A day that may lie far ahead, with its weekday."""
    return format_date(date.fromisoformat(iso), "EEE d/M/yyyy", locale=current_language())


def day(date_: date | None) -> str:
    """A date in the language's short form; a dash for none."""
    return format_date(date_, "d/M/yyyy", locale=current_language()) if date_ else "–"


def machine_time(moment: datetime) -> str:
    return stamp(moment)


def short_time(moment: datetime, zone: str = "") -> str:
    """Day and month with the time; the year when it is another."""
    local = moment.astimezone(ZoneInfo(zone or ZONE))
    this_year = local.year == services().clock.now().astimezone(ZoneInfo(zone or ZONE)).year
    return format_datetime(local, "HH:mm, d/M" if this_year else "HH:mm, d/M/yyyy", locale=current_language())


def long_time(moment: datetime, zone: str = "") -> str:
    """To the second, with the zone."""
    local = moment.astimezone(ZoneInfo(zone or ZONE))
    return f"{format_datetime(local, 'HH:mm:ss, EEEE d MMMM yyyy', locale=current_language())} ({zone or ZONE})"


def since(moment: datetime) -> str:
    """How long ago, or in how long, in one unit."""
    return format_timedelta(moment - services().clock.now(), add_direction=True, locale=current_language())


def count(number: float | None) -> str:
    """A number with the language's thousands mark; a dash for none."""
    return "–" if number is None else format_decimal(number, locale=current_language())


def percent(share: float) -> str:
    """A fraction as a percentage with at most two decimals."""
    return f"{format_decimal(round(100 * share, 2), locale=current_language())} %"


def size(amount: int | None) -> str:
    """Bytes in the unit that people use."""
    value, units = float(amount or 0), ["B", "kB", "MB", "GB"]
    while value >= 1000 and len(units) > 1:
        value, units = value / 1000, units[1:]
    return f"{format_decimal(round(value, 0 if value >= 100 else 1), locale=current_language())} {units[0]}"


def qr_svg(text: str) -> str:
    """A QR code as vectors; our own addresses are read in capitals too, which makes the code smaller."""
    return svg(text.upper())


def exact_qr_svg(text: str) -> str:
    """A QR code as vectors of an address whose letters must stay as they are."""
    return svg(text)


def make_title(dialect: str) -> str:
    """What a player's make is called."""
    return dialect_of(dialect).title


def make_lacks(dialect: str) -> str:
    """What a player of this make cannot do, in one line."""
    return " ".join(makes.lacks(dialect_of(dialect)))


def cell(value: object) -> str:
    """A fact of an import as people would write it."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dict):
        return ", ".join(f"{name} {cell(one)}" for name, one in value.items())
    return ", ".join(cell(one) for one in value) if isinstance(value, list) else str(value)
