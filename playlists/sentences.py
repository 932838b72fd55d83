"""Findings as sentences, in the reader's language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from core.i18n import translate
from playlists.explain import PLAYS, Explanation, Finding
from playlists.targets import KINDS

_SENTENCES = {
    "draft": "Not approved: it is a draft.",
    "submitted": "Not approved yet: it waits for an approver.",
    "paused": "Paused.",
    "ended": "Ended by an operator.",
    "outside": "The campaign's area does not reach here.",
    "not_started": "Starts at %(from)s.",
    "over": "Ended at %(until)s.",
    "withdrawn": "All its creatives have been withdrawn.",
    "taken_over": "Taken over by %(by)s until %(until)s: %(why)s",
    "outranked": "Outranked: %(by)s has a higher priority now.",
}
_TARGETS = {
    "areas": "Not aimed at this area.",
    "locations": "Not aimed at this location.",
    "venue_kinds": "Not aimed at this kind of venue.",
    "tags": "Not aimed at a location with these tags.",
    "media": "Not aimed at this medium.",
    "shapes": "Not aimed at a screen of this shape.",
    "languages": "Not aimed at a place with these languages.",
    "any_of": "None of its alternative targets fits here.",
    "not": "An exception of its targets leaves this place out.",
}
_DAYS = {
    "mon": "Mon",
    "tue": "Tue",
    "wed": "Wed",
    "thu": "Thu",
    "fri": "Fri",
    "sat": "Sat",
    "sun": "Sun",
}
_SHORT = {
    "share": "The loop cannot hold enough plays to keep this share exactly.",
    "rotation": "The loop cannot hold all its creatives.",
    "left_out": "The loop has no room for it.",
}


def sentence(finding: Finding, language: str, timezone: str) -> str:
    """Why this placement plays or does not; moments are told on the spot's own wall clock."""
    params = {name: _told(value, language, timezone) for name, value in finding.params.items()}
    if finding.reason == PLAYS:
        return _plays(finding, language, params)
    if finding.reason == "target":
        return translate(language, _TARGETS[str(params["kind"])])
    if finding.reason in ("daypart", "holiday"):
        return _hours(finding, language, params)
    if finding.reason == "left_out":
        return _left_out(finding, language)
    return translate(language, _SENTENCES[finding.reason], **params)


def headline(explanation: Explanation, language: str) -> str:
    """What the spot shows, in one sentence."""
    taken = explanation.takeover
    if taken is not None:
        until = _told(taken.ends_at, language, explanation.spot.timezone)
        return translate(
            language, "Taken over by %(by)s until %(until)s: %(why)s", by=taken.by, until=until, why=taken.reason
        )
    if explanation.fallback:
        return translate(language, "Nothing is placed here now: the fallback shows.")
    names = sorted({one.campaign_name for one in explanation.findings if one.plays})
    return translate(language, "Plays now: %(names)s", names=", ".join(names))


def _plays(finding: Finding, language: str, params: dict[str, str]) -> str:
    text = translate(
        language,
        "Plays: %(share)s %% of the loop, about %(plays)s times an hour.",
        share=_number(finding.share * 100, language),
        plays=_number(finding.plays_per_hour, language),
    )
    if params.get("arm"):
        text += " " + translate(language, "This spot shows variant %(arm)s.", arm=params["arm"])
    if params.get("short"):
        text += " " + translate(language, _SHORT[params["short"]])
    return text


def _hours(finding: Finding, language: str, params: dict[str, str]) -> str:
    hours = params["hours"]
    for key, name in _DAYS.items():
        hours = hours.replace(key, translate(language, name))
    if finding.reason == "holiday":
        text = translate(language, "Silent on holidays: today is %(name)s.", name=params["name"])
    else:
        text = translate(language, "Outside its hours: %(hours)s.", hours=hours)
    if "next" in params:
        text += " " + translate(language, "Plays again from %(next)s.", next=params["next"])
    return text


def _left_out(finding: Finding, language: str) -> str:
    if finding.params.get("cap"):
        return translate(
            language, "The loop has no room for it within its cap of %(cap)s an hour.", cap=finding.params["cap"]
        )
    return translate(language, _SHORT["left_out"])


def _told(value: object, language: str, timezone: str) -> str:
    if not isinstance(value, datetime):
        return str(value)
    wall = value.astimezone(ZoneInfo(timezone))
    return wall.strftime("%H:%M %d/%m/%Y" if language == "vi" else "%H:%M on %d %b %Y")


def _number(value: float, language: str) -> str:
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", ",") if language == "vi" else text


assert set(_TARGETS) >= set(KINDS)
