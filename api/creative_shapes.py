"""Creatives as the API shows and takes them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType
from sqlalchemy.orm import Session

from api.shapes import Name, Reason
from core.services import services
from media import queries
from media.encoding_queries import encodings
from media.layout import QrWish
from media.models import Creative, Encoding, Rendition, ScanVerdict
from media.views import media_path
from media.wishes import DEFAULT_BACKGROUND, CreativeWish, parse_qr

BAD = ("none", "passed", "warned", "refused")  # from no code at all to one that cannot be read
Share = Annotated[float, Meta(ge=0, le=1)]
Corner = Annotated[str, Meta(pattern="^(top-left|top-right|bottom-left|bottom-right)$")]
Fit = Annotated[str, Meta(pattern="^(cover|contain|blur)$")]


ON_PHONE = (
    "In place of the call on the wifi splash, where the reader holds the phone; "
    "without it the splash shows the call, unless that asks to scan"
)


class Words(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is written on it, in one language."""

    headline: Annotated[str, Meta(max_length=160)] | UnsetType = UNSET
    call_to_action: Annotated[str, Meta(max_length=200)] | UnsetType = UNSET
    on_phone: Annotated[str, Meta(max_length=200, description=ON_PHONE)] | UnsetType = UNSET


class Qr(Struct, kw_only=True, forbid_unknown_fields=True):
    """Where the code stands; its width is in per cent of the shorter side, quiet zone included."""

    corner: Corner = "bottom-right"
    width_pct: Annotated[float, Meta(ge=5, le=80)] | UnsetType = UNSET


class CreativeIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """A new creative. Without an asset it is a text notice; with `qr` null it carries no code; with `sound` a film
    keeps its own, which screens play."""

    name: Name
    texts: dict[str, Words]
    asset: str | None = None
    duration_ms: Annotated[int, Meta(ge=3000, le=120_000)] = 10_000
    fit: Fit = "cover"
    focal: tuple[Share, Share] = (0.5, 0.5)
    background: Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")] = DEFAULT_BACKGROUND
    qr: Qr | UnsetType | None = UNSET
    sound: bool = False
    owner_area: str | None = None


class CreativePatch(Struct, kw_only=True, forbid_unknown_fields=True):
    """What is to change; the old pictures stay up until the new ones are drawn."""

    name: Name | UnsetType = UNSET
    texts: dict[str, Words] | UnsetType = UNSET
    asset: str | UnsetType | None = UNSET
    duration_ms: Annotated[int, Meta(ge=3000, le=120_000)] | UnsetType = UNSET
    fit: Fit | UnsetType = UNSET
    focal: tuple[Share, Share] | UnsetType = UNSET
    background: Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$")] | UnsetType = UNSET
    qr: Qr | UnsetType | None = UNSET
    sound: bool | UnsetType = UNSET


class EncodingOut(Struct, kw_only=True):
    """The same picture for players whose manifest request's `Accept` header names `accepts`."""

    accepts: str
    url: str
    sha256: str
    bytes: int
    mime: str
    quality: int | None
    score: float


class RenditionOut(Struct, kw_only=True):
    """The creative in one language on one shape; `qr` is the place that is left for the code, in pixels.

    `score` is the likeness of what is sent to what was drawn, from 0 to 1, and `quality` the encoder's number that was
    chosen for it: null for films, and `quality` also where nothing is lost."""

    language: str
    width: int
    height: int
    url: str
    sha256: str
    bytes: int
    mime: str
    quality: int | None
    score: float | None
    has_sound: bool
    qr: dict[str, int | None] | None
    cut: list[str]
    encodings: list[EncodingOut]


class Judgement(Struct, kw_only=True):
    """What the gate found for one language, for the picture itself or as it is seen from where people stand
    (`geometry`: the panel's pitch and the viewing distance). `report` holds the reasons and what would mend them."""

    language: str
    geometry: str | None
    verdict: str
    grade: str
    report: dict[str, Any]


class ScanOut(Struct, kw_only=True):
    """The scan gate's word on one shape: the worst verdict (passed, warned, refused, none) and its grade."""

    verdict: str
    grade: str
    judgements: list[Judgement]


class CreativeOut(Struct, kw_only=True):
    """A creative. `state` is rendering until every shape in use is drawn, then ready, or refused where its code
    cannot be read; stopped where somebody stopped the drawing. `progress_pct` tells how far films are while they are
    made; `scan` is the scan gate's verdict for each shape."""

    id: str
    name: str
    state: str
    progress_pct: int | None
    asset: str | None
    texts: dict[str, dict[str, str]]
    duration_ms: int
    fit: str
    focal: list[float]
    background: str
    sound: bool
    qr: dict[str, Any] | None
    owner_area_path: str
    renditions: list[RenditionOut]
    scan: dict[str, ScanOut]
    created_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


class Withdrawal(Struct, forbid_unknown_fields=True):
    """Why."""

    reason: Reason


def creative_out(s: Session, row: Creative) -> CreativeOut:
    """As it is shown."""
    own = ("state", "asset", "focal", "qr", "owner_area_path", "renditions", "scan")
    same = {name: getattr(row, name) for name in CreativeOut.__struct_fields__ if name not in own}
    scan = scan_of(queries.verdicts(s, row.id))
    waiting = queries.missing_renditions(s, row) or queries.unjudged(s, row)
    refused = bool(scan) and all(each.verdict == "refused" for each in scan.values())
    return CreativeOut(
        state=("stopped" if row.stopped_at else "rendering") if waiting else "refused" if refused else "ready",
        asset=row.asset_id,
        focal=[row.focal_x, row.focal_y],
        qr={"corner": row.qr_corner, "width_pct": row.qr_width_pct} if row.qr_corner else None,
        owner_area_path=row.owner_path,
        renditions=_renditions_out(s, row),
        scan=scan,
        **same,
    )


def scan_of(verdicts: Sequence[ScanVerdict]) -> dict[str, ScanOut]:
    """What the gate found, by shape written as "1080x1920"."""
    found: dict[str, list[ScanVerdict]] = {}
    for each in verdicts:
        found.setdefault(f"{each.width}x{each.height}", []).append(each)
    return {shape: _scan_out(judged) for shape, judged in found.items()}


def _scan_out(judged: list[ScanVerdict]) -> ScanOut:
    worst = max(judged, key=lambda each: (BAD.index(each.verdict), each.grade))
    return ScanOut(verdict=worst.verdict, grade=worst.grade, judgements=[_judgement(each) for each in judged])


def _judgement(row: ScanVerdict) -> Judgement:
    return Judgement(
        language=row.language,
        geometry=row.geometry or None,
        verdict=row.verdict,
        grade=row.grade,
        report=row.report,
    )


def _renditions_out(s: Session, row: Creative) -> list[RenditionOut]:
    encoded: dict[tuple[str, int, int, str], list[EncodingOut]] = {}
    for each in encodings(s, row.id):
        encoded.setdefault((each.language, each.width, each.height, each.of_sha256), []).append(_encoding_out(each))
    return [_rendition_out(each, encoded) for each in queries.renditions(s, row.id)]


def _rendition_out(row: Rendition, encoded: dict[tuple[str, int, int, str], list[EncodingOut]]) -> RenditionOut:
    own = ("url", "qr", "encodings")
    same = {name: getattr(row, name) for name in RenditionOut.__struct_fields__ if name not in own}
    place = {"x": row.qr_x, "y": row.qr_y, "width": row.qr_width}
    here = encoded.get((row.language, row.width, row.height, row.sha256), [])
    return RenditionOut(
        url=_url(row.sha256, row.mime), qr=place if row.qr_width is not None else None, encodings=here, **same
    )


def _encoding_out(row: Encoding) -> EncodingOut:
    same = {name: getattr(row, name) for name in EncodingOut.__struct_fields__ if name != "url"}
    return EncodingOut(url=_url(row.sha256, row.mime), **same)


def _url(sha256: str, mime: str) -> str:
    return services().settings.public_url + media_path(sha256, mime)


def wish_of(body: CreativeIn) -> CreativeWish:
    """What is wanted, as the media room takes it."""
    return CreativeWish(
        name=body.name,
        texts=_texts(body.texts),
        asset_id=body.asset,
        duration_ms=body.duration_ms,
        fit=body.fit,
        focal=body.focal,
        background=body.background,
        qr=_qr(body.qr),
        sound=body.sound,
    )


def changed_wish(row: Creative, body: CreativePatch) -> CreativeWish:
    """The creative as it is, with what was sent in its place."""
    return CreativeWish(
        name=row.name if body.name is UNSET else body.name,
        texts=row.texts if body.texts is UNSET else _texts(body.texts),
        asset_id=row.asset_id if body.asset is UNSET else body.asset,
        duration_ms=row.duration_ms if body.duration_ms is UNSET else body.duration_ms,
        fit=row.fit if body.fit is UNSET else body.fit,
        focal=(row.focal_x, row.focal_y) if body.focal is UNSET else body.focal,
        background=row.background if body.background is UNSET else body.background,
        qr=_kept_qr(row) if body.qr is UNSET else _qr(body.qr),
        sound=row.sound if body.sound is UNSET else body.sound,
    )


def _kept_qr(row: Creative) -> QrWish | None:
    if row.qr_corner is None or row.qr_width_pct is None:
        return None
    return parse_qr(row.qr_corner, row.qr_width_pct)


def _texts(texts: dict[str, Words]) -> dict[str, dict[str, str]]:
    return {
        language: {name: getattr(said, name) for name in said.__struct_fields__ if getattr(said, name) is not UNSET}
        for language, said in texts.items()
    }


def _qr(qr: Qr | UnsetType | None) -> QrWish | None:
    if qr is None:
        return None
    if qr is UNSET:
        return parse_qr()
    return parse_qr(qr.corner) if qr.width_pct is UNSET else parse_qr(qr.corner, qr.width_pct)
