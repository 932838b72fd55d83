"""What SMIL players report, of whatever kind, read from their XML. Pure.

Playlogs name the content that we gave them and when it began and ended; the same play may come again in another file.
Reports also hold the player's addresses and its serial number: these are not read, hence nowhere kept.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from signage.actions import Result
from signage.dialects.reports import Illegible, Reported, Row
from signage.dialects.xml import read_elements

MOST_ROWS = 60_000
MOST_EVENTS = 100
_TROUBLES = ("warning", "error", "critical")
_KNOWN = {
    "FETCH_FAILED": "media-unreachable",
    "MEDIA_NOT_AVAILABLE": "media-short",
    "MEDIA_OPEN_ERROR": "media-undecodable",
    "MEDIA_PLAYBACK_ERROR": "media-undecodable",
}
_TOLD = ("resourceURI", "errorMessage")  # of an event's metadata; the rest may name addresses of the player


@dataclass(slots=True)
class SmilReport:
    """All that one report says. ``files``: address of a file to whether it is whole; None where none was told of."""

    plays: list[Row] = field(default_factory=list)
    troubles: list[tuple[str, str]] = field(default_factory=list)
    results: list[Result] = field(default_factory=list)
    files: dict[str, bool] | None = None
    player: dict[str, str] = field(default_factory=dict)


class TooMany(ValueError):
    """A report has more rows than anybody has to read at once."""


def read_report(body: bytes, zone: tzinfo) -> SmilReport:
    """The report in a body. Times without an offset are in ``zone``, the place's own. Raises BadXml, TooMany."""
    reader = _Reader(zone)
    read_elements(body, reader.element)
    return reader.report


class _Reader:
    def __init__(self, zone: tzinfo) -> None:
        self.report = SmilReport()
        self._zone = zone
        self._facts: dict[str, str] = {}
        self._meta: dict[str, str] = {}

    def element(self, path: tuple[str, ...], attributes: dict[str, str], text: str) -> None:
        """At the end of each element."""
        name = path[-1]
        if name == "contentPlayed":
            self._played()
        elif name == "event" and "playerEventLog" in path:
            self._event()
        elif name == "object" and "objectInfo" in path:
            self._file()
        elif name == "objectInfo" and self.report.files is None:
            self.report.files = {}
        elif name == "task" and "taskState" in path:
            self._task(attributes.get("id", ""))
        elif name == "meta" and attributes.get("name") in _TOLD:
            self._meta[attributes["name"]] = attributes.get("content", "")
        elif name in ("firmwareVersion", "operatingSystem", "modelName"):
            self._about(name, text)
        elif name == "prop":
            self._about(attributes.get("name", ""), attributes.get("value", "") or text)
        else:
            self._facts[name] = text

    def _played(self) -> None:
        if len(self.report.plays) >= MOST_ROWS:
            raise TooMany(f"a report may have {MOST_ROWS} plays")
        facts, self._facts = self._facts, {}
        content, start, end = (facts.get(name, "") for name in ("contentId", "startTime", "endTime"))
        began, ended = self._moment(start), self._moment(end)
        if not content or began is None:
            self.report.plays.append(Illegible("it names no content, or no start", f"{content} {start} {end}"[:500]))
            return
        lasted = None if ended is None else round((ended - began) / timedelta(milliseconds=1))
        self.report.plays.append(Reported(content, began, lasted))

    def _event(self) -> None:
        facts, self._facts = self._facts, {}
        meta, self._meta = self._meta, {}
        if facts.get("eventType") not in _TROUBLES or len(self.report.troubles) >= MOST_EVENTS:
            return
        name = facts.get("eventName", "")
        detail = meta.get("resourceURI", "").rpartition("/")[2] or meta.get("errorMessage", "")
        self.report.troubles.append((_KNOWN.get(name, name.lower().replace("_", "-") or "other"), detail))

    def _file(self) -> None:
        facts, self._facts = self._facts, {}
        whole = facts.get("state") == "COMPLETE" and facts.get("transferLength") == facts.get("contentLength")
        files = self.report.files = self.report.files if self.report.files is not None else {}
        if len(files) < MOST_ROWS:
            files[facts.get("resourceURI", "")[:500]] = whole

    def _task(self, ref: str) -> None:
        facts, self._facts = self._facts, {}
        state = facts.get("state", "")
        if state in ("completed", "aborted"):
            self.report.results.append(Result(ref[:64], state == "completed", ""))

    def _about(self, name: str, value: str) -> None:
        if name in ("firmwareVersion", "operatingSystem", "modelName") and value:
            self.report.player.setdefault(
                {"firmwareVersion": "version", "modelName": "name"}.get(name, "platform"), value[:64]
            )

    def _moment(self, text: str) -> datetime | None:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
