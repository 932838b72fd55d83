"""The verbs of this room: take a file in, make a creative, withdraw it, want a shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.ids import new_id
from core.jobs import enqueue
from core.services import Services
from core.snapshot import Generation
from media import encoding_queries, queries
from media.distance import Geometry
from media.geometry import LARGEST_SIDE, SMALLEST_SIDE, Shape
from media.intake import Facts, examine, examine_page
from media.models import Asset, Creative, WantedEncoding, WantedGeometry, WantedShape
from media.shelf import Draft
from media.store import store_of
from media.typeset import clean
from media.upkeep import Quota, check_quotas
from media.wishes import NAME_MOST, CreativeWish, checked

REASON_MOST = 500
MOST_PAGES_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Source:
    """Where an asset's bytes came from."""

    owner_path: str
    name: str
    sha256: str
    bytes: int
    by: str
    page: int = 0


def receive_upload(
    services: Services, draft: Draft, *, name: str, owner_path: str, by: str, quotas: Sequence[Quota] = ()
) -> tuple[Asset, bool]:
    """The asset made of an uploaded file, and whether it is new: the same bytes are the same asset of their area.

    Raises WrongType, TooLarge, Invalid, or Conflict where a quota is used up; the draft is gone either way.
    """
    try:
        draft.close()
        with services.db.read() as s:
            known = queries.asset_by_content(s, owner_path, draft.sha256)
            check_quotas(s, quotas if known is None or known.retired_at else (), draft.bytes)
        if known is None or known.state == "refused":
            store = store_of(services.settings)
            facts = examine(draft, store)
            source = Source(owner_path, name, draft.sha256, draft.bytes, by)
            draft.adopt(store.originals)
            now = services.clock.now()
            return services.db.write(lambda s: _keep(s, facts, source, now))
        return services.db.write(lambda s: (_awake(s, known.id), False))
    finally:
        draft.discard()


def _keep(s: Session, facts: Facts, source: Source, now: datetime) -> tuple[Asset, bool]:
    if known := queries.asset_by_content(s, source.owner_path, source.sha256, source.page):
        return _awake(s, known.id), False  # somebody was faster
    asset = Asset(
        id=new_id("ast"),
        owner_path=source.owner_path,
        name=clean(source.name)[:NAME_MOST] or "—",
        sha256=source.sha256,
        page=source.page,
        bytes=source.bytes,
        state="ready",
        created_by=source.by,
        created_at=now,
        **{field: getattr(facts, field) for field in facts.__slots__},
    )
    s.add(asset)
    s.flush()
    return asset, True


def take_pages(services: Services, asset_id: str, pages: Sequence[int], *, by: str) -> list[Asset]:
    """Makes an asset of each chosen page (from 1) of a document. Raises NotFound or Invalid."""
    with services.db.read() as s:
        document = queries.asset(s, asset_id)
    if document is None:
        raise NotFound("There is no such asset")
    wanted = sorted(set(pages))
    if document.kind != "document" or document.pages is None:
        raise Invalid([("pages", "only a document has pages")])
    if not wanted or len(wanted) > MOST_PAGES_AT_ONCE or not 1 <= wanted[0] <= wanted[-1] <= document.pages:
        span = f"from 1 to {document.pages}, at most {MOST_PAGES_AT_ONCE} at once"
        raise Invalid([("pages", f"choose pages {span}")])
    return [_take_page(services, document, page, by) for page in wanted]


def _take_page(services: Services, document: Asset, page: int, by: str) -> Asset:
    with services.db.read() as s:
        known = queries.asset_by_content(s, document.owner_path, document.sha256, page)
    if known is not None:
        return services.db.write(lambda s: _awake(s, known.id))
    store = store_of(services.settings)
    facts = examine_page(store.originals.local(document.sha256), page, store)
    source = Source(document.owner_path, f"{document.name} · {page}", document.sha256, document.bytes, by, page)
    now = services.clock.now()
    return services.db.write(lambda s: _keep(s, facts, source, now))[0]


def _awake(s: Session, asset_id: str) -> Asset:
    """A retired asset whose bytes come again is wanted again."""
    asset = s.get_one(Asset, asset_id)
    if asset.state == "retired":
        asset.state, asset.retired_at = "ready", None
    return asset


def ask_for_sweep(s: Session, *, now: datetime) -> None:
    """Has the shelves swept soon; asked twice, once."""
    enqueue(s, "media.sweep_now", {}, key="media.sweep_now", now=now)


def create_creative(s: Session, wish: CreativeWish, *, owner_path: str, by: str, now: datetime) -> Creative:
    """Makes a creative and has it drawn for every shape in use. Raises Invalid."""
    wish = checked(wish)
    _check_asset(s, wish.asset_id)
    creative = Creative(id=new_id("crv"), owner_path=owner_path, created_by=by, created_at=now, **_columns(wish))
    s.add(creative)
    s.flush()
    _draw(s, creative, now)
    return creative


def change_creative(s: Session, creative_id: str, wish: CreativeWish, *, now: datetime) -> Creative:
    """Changes what a creative shows; the old pictures stay up until the new ones are drawn. Raises Invalid,
    NotFound, or Conflict once it was withdrawn."""
    creative = _live(s, creative_id)
    wish = checked(wish)
    _check_asset(s, wish.asset_id)
    for column, value in _columns(wish).items():
        setattr(creative, column, value)
    creative.design, creative.stopped_at = creative.design + 1, None
    s.flush()
    queries.forget_stale(s, creative)
    encoding_queries.forget_stale_encodings(s, creative)
    _draw(s, creative, now)
    return creative


def _columns(wish: CreativeWish) -> dict[str, object]:
    return {
        "name": wish.name,
        "asset_id": wish.asset_id,
        "texts": {language: dict(said) for language, said in wish.texts.items()},
        "duration_ms": wish.duration_ms,
        "fit": wish.fit,
        "focal_x": wish.focal[0],
        "focal_y": wish.focal[1],
        "background": wish.background.upper(),
        "sound": wish.sound,
        "qr_corner": wish.qr and str(wish.qr.corner),
        "qr_width_pct": wish.qr and wish.qr.width_pct,
    }


def _check_asset(s: Session, asset_id: str | None) -> None:
    if asset_id is None:
        return
    asset = queries.asset(s, asset_id)
    if asset is None or asset.state in ("refused", "retired"):
        raise Invalid([("asset", "there is no such asset, or it was retired")])
    if asset.kind == "document":
        raise Invalid([("asset", "choose pages of the document first; each page is an asset of its own")])


def _draw(s: Session, creative: Creative, now: datetime) -> None:
    key = f"render:{creative.id}:{creative.design}"
    enqueue(s, "media.render", {"creative_id": creative.id}, key=key, now=now)


def _live(s: Session, creative_id: str) -> Creative:
    creative = queries.creative(s, creative_id)
    if creative is None:
        raise NotFound("There is no such creative")
    if creative.withdrawn_at is not None:
        raise Conflict("The creative was withdrawn")
    return creative


def stop_drawing(s: Session, creative_id: str, *, now: datetime) -> Creative:
    """Leaves the pictures that are still to be made undone; the one under way ends within a second and leaves nothing.
    Raises NotFound, or Conflict where nothing is being drawn."""
    creative = _live(s, creative_id)
    if creative.stopped_at is not None or not queries.missing_renditions(s, creative):
        raise Conflict("Nothing of it is being drawn")
    if creative.id == queries.BUILTIN:
        raise Conflict("The built-in notice is what screens show when nothing else can be; it stays")
    creative.stopped_at = now
    s.flush()
    return creative


def draw_on(s: Session, creative_id: str, *, now: datetime) -> Creative:
    """Draws what a stop has left undone. Raises NotFound, or Conflict where nothing was stopped."""
    creative = _live(s, creative_id)
    if creative.stopped_at is None:
        raise Conflict("Its drawing was not stopped")
    creative.stopped_at = None
    s.flush()
    # A key of its own: the job that was stopped may not have ended yet.
    key = f"render:{creative.id}:{creative.design}:{now.timestamp()}"
    enqueue(s, "media.render", {"creative_id": creative.id}, key=key, now=now)
    return creative


def withdraw(s: Session, creative_id: str, *, reason: str, by: str, now: datetime) -> Creative:
    """Takes a creative off every screen and splash. Raises NotFound, Conflict or Invalid."""
    reason = clean(reason)
    if not 1 <= len(reason) <= REASON_MOST:
        raise Invalid([("reason", f"must have 1 to {REASON_MOST} characters")])
    creative = _live(s, creative_id)
    if creative.id == queries.BUILTIN:
        raise Conflict("The built-in notice is what screens show when nothing else can be; it stays")
    creative.withdrawn_at, creative.withdrawn_by, creative.withdrawn_reason = now, by, reason
    s.flush()
    Generation().bump(s, "programme")
    return creative


def want_shape(s: Session, width: int, height: int, now: datetime, geometry: Geometry | None = None) -> None:
    """A screen of this shape exists: whatever is live will be drawn for it, and judged by the gate for its
    `geometry` where that is known. Raises Invalid."""
    shape = Shape(width, height)
    if not shape.is_sensible:
        raise Invalid([("width", f"and height must be from {SMALLEST_SIDE} to {LARGEST_SIDE} pixels")])
    is_new = not queries.is_wanted(s, width, height)
    if is_new:
        s.add(WantedShape(width=width, height=height, since=now))
    if geometry and not queries.is_judged_for(s, width, height, geometry.key):
        s.add(_wanted_geometry(width, height, geometry))
        is_new = True
    if is_new:
        s.flush()
        _draw_shape(s, shape, now)


def want_encoding(s: Session, width: int, height: int, accepts: str, now: datetime) -> None:
    """A player on a screen of this shape decodes `accepts`: its pictures will be made in that encoding too."""
    if encoding_queries.is_encoding_wanted(s, width, height, accepts):
        return
    s.add(WantedEncoding(width=width, height=height, accepts=accepts, since=now))
    s.flush()
    _draw_shape(s, Shape(width, height), now)


def _draw_shape(s: Session, shape: Shape, now: datetime) -> None:
    payload = {"width": shape.width, "height": shape.height}
    enqueue(s, "media.shape", payload, key=f"shape:{shape.width}x{shape.height}", now=now)


def _wanted_geometry(width: int, height: int, geometry: Geometry) -> WantedGeometry:
    return WantedGeometry(
        width=width,
        height=height,
        geometry=geometry.key,
        pitch_mm=geometry.pitch_mm,
        distance_m=geometry.distance_m,
    )


def apply_suggestion(s: Session, creative_id: str, *, now: datetime) -> Creative:
    """Makes the code as wide as the gate suggests. Raises NotFound, or Conflict where a wider code would not help."""
    creative = _live(s, creative_id)
    creative.qr_width_pct = suggested_width(s, creative)
    creative.design, creative.stopped_at = creative.design + 1, None
    s.flush()
    _draw(s, creative, now)
    return creative


def suggested_width(s: Session, creative: Creative) -> float:
    """The width of the code, in per cent, that the gate suggests for the hardest of the screens that refused it.

    Raises Conflict where a wider code would not help.
    """
    widths = [verdict.report.get("suggested_width_pct") for verdict in queries.verdicts(s, creative.id)]
    wanted = max((width for width in widths if width), default=None)
    if wanted is None or creative.qr_corner is None:
        raise Conflict("The gate has no suggestion that a wider code would fulfil")
    return float(wanted)


def ensure_builtin(s: Session, now: datetime) -> Creative:
    """The notice that is shown where nothing else can be. It exists from the first start on."""
    if found := queries.creative(s, queries.BUILTIN):
        return found
    wish = CreativeWish(
        name="Thông báo có sẵn",
        texts={
            "vi": {"headline": "Bảng tin công cộng", "call_to_action": "Thông tin sẽ hiện ở đây trong giây lát"},
            "en": {"headline": "Public noticeboard", "call_to_action": "News will appear here in a moment"},
        },
        background="#0B3D91",
        qr=None,
    )
    creative = Creative(id=queries.BUILTIN, owner_path="/", created_by="system", created_at=now, **_columns(wish))
    s.add(creative)
    s.flush()
    _draw(s, creative, now)
    return creative
