"""The one way in for what players of other makes report. A dialect reads its protocol; what becomes of it stands here.

Plays are counted once however often they are told: what tells them apart is the screen, the content and the start
(`measure.told`). A row that cannot be a play is put aside with its reason, and the rest counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from measure.playlog import Display, End, PlayRow
from measure.told import Aside, Told, number_of, record_told, unbelievable
from signage.actions import Result
from signage.desk import Desk
from signage.models import Command
from signage.queries import Given

AT_ONCE = 500  # plays in one transaction: others wait for the writer too
LONGEST = timedelta(days=7)
SLACK_MS = 1_500  # protocols tell whole seconds
MOST_TROUBLES = 100
NOTHING = Told(0, 0, 0)
NOTHING_SAID: Mapping[str, Any] = {
    "entry": None, "revision": None, "takeover_shown": None, "display": "unknown", "storage": None, "media": None,
    "player": {},
}  # fmt: skip


class Reported(NamedTuple):
    """A play as a player told it. ``content`` is an entry's id, or what stands where one should.

    ``duration_ms`` is how long it was shown, None where nobody measured it: then as long as it was to be shown.
    """

    content: str
    started: datetime
    duration_ms: int | None = None
    display: Display = "unknown"
    revision: str = ""


class Illegible(NamedTuple):
    """A row in which no play can be read: why, and the row as it came."""

    reason: str
    raw: str


Row = Reported | Illegible


class Heard(NamedTuple):
    """What a player says of itself; what it does not say now (None) stays as it said it last.

    ``storage`` in bytes, ``media`` in files.
    """

    entry: str | None = None
    revision: str | None = None
    takeover_shown: str | None = None
    display: Display | None = None
    storage: Mapping[str, int] | None = None
    media: Mapping[str, int] | None = None
    player: Mapping[str, str] | None = None
    troubles: Sequence[tuple[str, str]] = ()  # code, detail
    results: Sequence[Result] = ()


def record(desk: Desk, screen_id: str, rows: Iterable[Row], now: datetime) -> Told:
    """Takes reported plays into the ledger; returns once all are durable: so many new, known before, and put aside.

    ``rows`` may be a stream of any length; it is taken in parts, and what was taken before an error stays counted once.
    """
    total = NOTHING
    for part in _parts(rows):
        told = _take(desk, screen_id, part, now)
        total = Told(*(a + b for a, b in zip(total, told, strict=True)))
    return total


def heard(desk: Desk, screen_id: str, said: Heard, now: datetime) -> Sequence[Command]:
    """Keeps what a player says of itself; returns what the screen is asked to do and has not answered."""
    troubles = [{"code": code[:64], "detail": detail[:500]} for code, detail in said.troubles[:MOST_TROUBLES]]
    facts = {name: value for name, value in said._asdict().items() if value}
    report: dict[str, Any] = {**NOTHING_SAID, **desk.last_report(screen_id)} | facts | {"errors": troubles}
    return desk.take_status(screen_id, report, said.results, now)


def _parts(rows: Iterable[Row]) -> Iterator[list[Row]]:
    part: list[Row] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _take(desk: Desk, screen_id: str, rows: Sequence[Row], now: datetime) -> Told:
    known = desk.given.of(row.content for row in rows if isinstance(row, Reported))
    good: list[PlayRow] = []
    aside: list[Aside] = []
    for row in rows:
        if isinstance(row, Illegible):
            aside.append(Aside(row.reason, row.raw))
        elif (wrong := _wrong(row, known, now)) is not None:
            aside.append(Aside(wrong, _raw(row)))
        else:
            good.append(_play(row, known[row.content]))
    place = desk.references.place(screen_id, good)
    told = desk.services.db.write(lambda s: record_told(s, place, good, aside, now))
    desk.references.kept(place.names)
    return told


def _wrong(row: Reported, known: Mapping[str, Given], now: datetime) -> str | None:
    if row.content not in known:
        return "it was never given to a player"
    if row.duration_ms is not None and not 0 <= row.duration_ms <= LONGEST / timedelta(milliseconds=1):
        return "it ended before it began, or lasted for days"
    return unbelievable(row.started, now)


def _raw(row: Reported) -> str:
    """The row in words of our own: nothing else that came with it is kept."""
    lasted = "" if row.duration_ms is None else f" {row.duration_ms}"
    return f"{row.content[:200]} {row.started.isoformat()}{lasted}"


def _play(row: Reported, what: Given) -> PlayRow:
    lasted = what.duration_ms if row.duration_ms is None else row.duration_ms
    end: End = "complete" if lasted >= what.duration_ms - SLACK_MS else "cut"
    return PlayRow(
        seq=number_of(row.content, row.started),
        entry=row.content,
        creative=what.creative_id,
        placement=what.placement_id,
        boot="-",
        mono_ms=0,
        wall=row.started,
        duration_ms=lasted,
        expected_ms=what.duration_ms,
        end=end,
        display=row.display,
        revision=row.revision,
    )
