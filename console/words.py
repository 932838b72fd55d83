"""The words for states, roles and kinds as operators read them, and the tone in which a badge shows them."""

from dataclasses import dataclass

from core.i18n import current_language
from core.i18n import gettext as _
from media.paper import Paper
from places.areas import AREA_KINDS
from places.venues import VENUES


@dataclass(frozen=True)
class Badge:
    """``tone`` is ok, warn, bad, info or nothing for a calm one."""

    text: str
    tone: str = ""


def badge_of(state: "str | Badge") -> Badge:
    """The badge of a state's word; an unknown word is shown as it is."""
    if isinstance(state, Badge):
        return state
    tone, word = _states().get(state, ("", state))
    return Badge(word, tone)


def _states() -> dict[str, tuple[str, str]]:
    return {
        # campaigns
        "draft": ("", _("Draft")),
        "submitted": ("info", _("Waiting for approval")),
        "approved": ("ok", _("Approved")),
        "scheduled": ("info", _("Approved, starts later")),
        "live": ("ok", _("Live")),
        "paused": ("warn", _("Paused")),
        "ended": ("", _("Ended")),
        # assets and creatives
        "processing": ("info", _("Being prepared")),
        "stopped": ("warn", _("Drawing stopped")),
        "rendering": ("info", _("Being drawn")),
        "ready": ("ok", _("Ready")),
        "refused": ("bad", _("Refused")),
        "withdrawn": ("bad", _("Withdrawn")),
        "retired": ("", _("Retired")),
        "failed": ("bad", _("Failed")),
        "printing": ("info", _("Being printed")),
        # screens and hotspots
        "late": ("warn", _("Late")),
        "lost": ("bad", _("Lost")),
        "never": ("", _("Not heard from yet")),
        "revoked": ("bad", _("Revoked")),
        "closed": ("", _("Closed")),
        # people and keys
        "active": ("ok", _("Active")),
        "invited": ("info", _("Invited")),
        "blocked": ("bad", _("Blocked")),
        "expired": ("", _("Expired")),
        # the scan gate's verdicts
        "passed": ("ok", _("Scans well")),
        "warned": ("warn", _("Scans, with doubts")),
        "none": ("", _("No QR code")),
    }


def paper_name(paper: Paper) -> str:
    """A size of paper with its measures."""
    width, height = paper.size_mm
    return _("%(name)s – %(width)s × %(height)s mm", name=paper.value, width=width, height=height)


def roles() -> list[tuple[str, str]]:
    """Roles from the least to the most, with what each may do."""
    return [
        ("viewer", _("Viewer – sees everything in the area")),
        ("editor", _("Editor – uploads, makes creatives and campaigns")),
        ("approver", _("Approver – puts campaigns on air, withdraws, takes over")),
        ("admin", _("Administrator – also places, screens, wifi, people")),
        ("auditor", _("Auditor – sees everything and the audit log, changes nothing")),
    ]


def role_name(role: str) -> str:
    """A role in one or two words."""
    names = {
        "viewer": _("Viewer"),
        "editor": _("Editor"),
        "approver": _("Approver"),
        "admin": _("Administrator"),
        "auditor": _("Auditor"),
    }
    return names.get(role, role)


def area_kinds() -> list[tuple[str, str]]:
    """Kinds of area in this language."""
    return [(kind, vi if current_language() == "vi" else en) for kind, (vi, en) in AREA_KINDS.items()]


def venue_name(kind: str) -> str:
    """A kind of place in the person's language."""
    venue = VENUES.get(kind)
    return venue.name(current_language()) if venue else kind


def action_name(action: str) -> str:
    """What a line of the audit log says was done; a verb that has no words yet is shown as it is."""
    kind, _dot, verb = action.partition(".")
    said, thing = _verbs().get(verb), _things().get(kind)
    if not said or not thing:
        return action
    text = said.format(thing=thing)
    return text[0].upper() + text[1:]


def _things() -> dict[str, str]:
    return {
        "user": _("account"),
        "key": _("API key"),
        "area": _("area"),
        "location": _("location"),
        "asset": _("file"),
        "creative": _("creative"),
        "campaign": _("campaign"),
        "placement": _("placement"),
        "takeover": _("takeover"),
        "screen": _("screen"),
        "hotspot": _("hotspot"),
        "link": _("link"),
        "print": _("print"),
    }


def _verbs() -> dict[str, str]:
    return {
        "create": _("New {thing}"),
        "order": _("{thing} ordered"),
        "update": _("{thing} edited"),
        "close": _("{thing} closed"),
        "reopen": _("{thing} opened again"),
        "rename": _("{thing} renamed"),
        "grants": _("Roles changed"),
        "invite": _("Invitation made"),
        "invite-taken": _("Invitation taken up"),
        "reset": _("Link for a new password made"),
        "reset-taken": _("New password set by link"),
        "password": _("Password changed"),
        "sign-in": _("Signed in"),
        "locked": _("Account rests after wrong passwords"),
        "disable": _("{thing} closed"),
        "enable": _("{thing} opened again"),
        "revoke": _("{thing} revoked"),
        "rotate": _("{thing}: new secret"),
        "upload": _("{thing} uploaded"),
        "withdraw": _("{thing} withdrawn"),
        "submit": _("{thing} submitted for approval"),
        "approve": _("{thing} approved"),
        "pause": _("{thing} paused"),
        "resume": _("{thing} resumed"),
        "end": _("{thing} ended"),
        "claim": _("{thing} claimed"),
        "move": _("{thing} moved"),
        "import": _("{thing}: imported from a table"),
        "print_key": _("{thing}: key printed"),
        "bring_key": _("{thing}: box brought with a printed key"),
        "command": _("{thing}: command sent"),
        "add": _("{thing} added"),
        "remove": _("{thing} removed"),
        "start": _("{thing} started"),
    }


def command_name(kind: str) -> str:
    """What a screen is asked to do."""
    names = {
        "identify": _("Show its name"),
        "refresh": _("Fetch its programme"),
        "reload": _("Reload the player"),
        "screenshot": _("Send a picture"),
        "clear_cache": _("Clear its files"),
        "reboot": _("Reboot"),
    }
    return names.get(kind, kind)


def trouble_name(code: str) -> str:
    """What went wrong at a screen, in words; a code that only its player knows as it is."""
    return {
        "media-hash": _("A file arrived damaged"),
        "media-short": _("A file arrived incomplete"),
        "media-unreachable": _("A file could not be fetched"),
        "media-refused": _("A file was refused"),
        "media-undecodable": _("A file cannot be shown"),
        "storage-full": _("Its storage is full"),
        "manifest-unreadable": _("Its programme was unreadable"),
        "manifest-unsigned": _("Its programme was not signed"),
        "manifest-forged": _("Its programme was not ours"),
        "plays-refused": _("Its log was refused"),
        "hung": _("It hung and began anew"),
    }.get(code, code)


def gap_reason(why: str) -> Badge:
    """Why plays of an hour are missing; what has no reason is raised."""
    return {
        "not_hung": Badge(_("The screen was not there yet")),
        "closed": Badge(_("Outside operating hours")),
        "not_told": Badge(_("Off line; its log has not come yet"), "info"),
        "overflow": Badge(_("Its log overflowed; the player said so"), "warn"),
        "wiped": Badge(_("Its storage was wiped"), "warn"),
        "off": Badge(_("It was off or without power"), "warn"),
        "panel_off": Badge(_("The panel was off"), "warn"),
    }.get(why, Badge(_("No reason found"), "bad"))


def verdict_of(verdict: str | None) -> Badge:
    """What came of holding a photograph against what should have been there."""
    return {
        "same": Badge(_("As planned"), "ok"),
        "other": Badge(_("Another picture than planned"), "bad"),
        "differs": Badge(_("Not what should be there"), "bad"),
        "unclear": Badge(_("Cannot be told"), "info"),
    }.get(verdict or "", Badge(_("Is being compared")))


def metric_name(metric: str) -> str:
    """How a metric of the counts is called."""
    return {
        "plays": _("Plays"),
        "splash_views": _("Wifi greetings"),
        "grants": _("Let on line"),
        "splash_stores": _("To a store from wifi"),
        "scans": _("Scans"),
        "scan_stores": _("Straight to a store"),
        "landings": _("Landing page seen"),
        "landing_stores": _("To a store from the landing page"),
        "shared_scans": _("Links passed on, opened"),
        "shared_stores": _("To a store from a link passed on"),
        "machines": _("Machines, put aside"),
        "floods": _("Floods, put aside"),
    }.get(metric, metric)
