"""What a creative's page and the API say of it: how far its drawing is, its pictures, what the gate found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from media import queries
from media.explain import sentence, suggestion
from media.models import Creative, Rendition, ScanVerdict
from media.shelf import EXTENSIONS

_WORST_FIRST = ("refused", "warned", "passed", "none")


@dataclass(frozen=True, slots=True)
class Picture:
    """One rendition. `qr` is (x, y, width) in pixels; `cut` names texts that had to be shortened."""

    language: str
    width: int
    height: int
    url: str
    mime: str
    bytes: int
    qr: tuple[int, int, int] | None
    cut: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """The gate's worst finding on one shape, over its languages and geometries."""

    verdict: str
    grade: str
    geometry: str
    reasons: tuple[str, ...]
    suggestion: str | None
    suggested_width_pct: int | None
    evidence_url: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """`state` is rendering, stopped, ready, refused (on every shape) or withdrawn; `waiting` counts what is to come."""

    state: str
    waiting: int
    pictures: tuple[Picture, ...]
    scans: dict[str, Scan]


def file_url(sha256: str, mime: str) -> str:
    """The path under which a public file is served."""
    return f"/media/{sha256}.{EXTENSIONS[mime]}"


def card(s: Session, creative: Creative) -> Card:
    """The card of `creative`, in the words of the current language."""
    rows = queries.renditions(s, creative.id)
    waiting = len(queries.missing_renditions(s, creative))
    scans = _scans(_current(queries.verdicts(s, creative.id), rows))
    return Card(_state(creative, waiting, scans), waiting, tuple(_picture(row) for row in rows), scans)


def _state(creative: Creative, waiting: int, scans: dict[str, Scan]) -> str:
    if creative.withdrawn_at is not None:
        return "withdrawn"
    if waiting:
        return "stopped" if creative.stopped_at else "rendering"
    all_refused = scans and all(scan.verdict == "refused" for scan in scans.values())
    return "refused" if all_refused else "ready"


def _picture(row: Rendition) -> Picture:
    place = None
    if row.qr_x is not None and row.qr_y is not None and row.qr_width is not None:
        place = (row.qr_x, row.qr_y, row.qr_width)
    url = file_url(row.sha256, row.mime)
    return Picture(row.language, row.width, row.height, url, row.mime, row.bytes, place, tuple(row.cut))


def _current(verdicts: Iterable[ScanVerdict], rows: Iterable[Rendition]) -> list[ScanVerdict]:
    """Verdicts on pictures that are still the ones shown."""
    shown = {(row.language, row.width, row.height, row.sha256) for row in rows}
    return [v for v in verdicts if (v.language, v.width, v.height, v.sha256) in shown]


def _scans(verdicts: Iterable[ScanVerdict]) -> dict[str, Scan]:
    worst: dict[str, ScanVerdict] = {}
    for verdict in verdicts:
        shape = f"{verdict.width}x{verdict.height}"
        if shape not in worst or _badness(verdict) < _badness(worst[shape]):
            worst[shape] = verdict
    return {shape: _scan(verdict) for shape, verdict in worst.items()}


def _badness(verdict: ScanVerdict) -> tuple[int, int]:
    """The worst first; of equals the one that asks for the widest code."""
    return _WORST_FIRST.index(verdict.verdict), -(verdict.report.get("suggested_width_pct") or 0)


def _scan(verdict: ScanVerdict) -> Scan:
    width = verdict.report.get("suggested_width_pct")
    return Scan(
        verdict.verdict,
        verdict.grade,
        verdict.geometry,
        tuple(sentence(reason["code"], reason["values"]) for reason in verdict.report["reasons"]),
        suggestion(width, verdict.geometry) if width else None,
        width,
        file_url(verdict.evidence_sha256, "image/png") if verdict.evidence_sha256 else None,
    )
