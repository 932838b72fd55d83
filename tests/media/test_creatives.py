"""Creatives: made, drawn by the job process for every shape in use, changed, withdrawn."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import av
import pytest
from PIL import Image
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound, WrongType
from core.jobs import Handler, Job
from core.services import Services
from media import actions, queries
from media.cards import Card, card
from media.distance import Geometry
from media.geometry import Shape
from media.jobs import JOBS, complete, render
from media.layout import QrWish
from media.models import SPLASH_BYTES, Asset, Creative
from media.shelf import Draft
from media.store import Store
from media.wishes import CreativeWish, parse_qr
from tests.media.conftest import encoded, files_in
from tests.media.films import document, film

TEXTS = {"vi": {"headline": "Cài Bluezone", "call_to_action": "Quét mã"}, "en": {"headline": "Install Bluezone"}}
NOTICE = CreativeWish("Thông báo", TEXTS)
MakeDraft = Callable[[bytes], Draft]


@pytest.fixture(autouse=True)
def small_screens(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is usual is drawn small here: the truth is the same, and sooner known."""
    monkeypatch.setattr(queries, "USUAL_SHAPES", (Shape(360, 640), Shape(640, 360)))


@pytest.fixture
def run_jobs(services: Services) -> Callable[[], int]:
    """Does the queued work, as the job process would, until none is left."""
    handlers = {job.kind: job.run for job in JOBS if isinstance(job, Handler)}

    def take(s: Session) -> tuple[str, dict[str, Any]] | None:
        job = s.scalar(select(Job).where(Job.done_at.is_(None)).order_by(Job.id))
        if job is None:
            return None
        job.done_at, job.key = services.clock.now(), None
        return job.kind, job.payload

    def run() -> int:
        done = 0
        while work := services.db.write(take):
            handlers[work[0]](services, work[1])
            done += 1
        return done

    return run


def make(services: Services, wish: CreativeWish = NOTICE) -> Creative:
    now = services.clock.now()
    return services.db.write(lambda s: actions.create_creative(s, wish, owner_path="/79/", by="usr_1", now=now))


def upload(services: Services, draft: MakeDraft, content: bytes, owner: str = "/79/") -> tuple[Asset, bool]:
    return actions.receive_upload(services, draft(content), name="Ảnh.jpg", owner_path=owner, by="usr_1")


def ready(services: Services, creative: Creative, width: int, height: int) -> set[str]:
    with services.db.read() as s:
        found = queries.ready_renditions(s, [creative.id], width, height)
    return {language for _, language in found}


def test_it_works(
    services: Services, store: Store, draft: MakeDraft, photo: Image.Image, run_jobs: Callable[[], int]
) -> None:
    asset, is_new = upload(services, draft, encoded(photo, "JPEG"))
    creative = make(services, replace(NOTICE, asset_id=asset.id))
    run_jobs()
    with services.db.read() as s:
        found = queries.ready_renditions(s, [creative.id], 360, 640)
        splash = queries.inline_picture(s, creative.id)
    vi = found[creative.id, "vi"]
    assert is_new
    assert asset.state == "ready"
    assert (asset.width, asset.height) == (1600, 1200)
    assert store.public.size(vi.sha256) == vi.bytes
    assert vi.mime == "image/jpeg"
    assert vi.qr_width is not None
    assert vi.qr_width % 33 == 0
    assert splash is not None
    assert 1000 < len(splash.data) <= SPLASH_BYTES


def test_the_same_bytes_are_the_same_asset(services: Services, draft: MakeDraft, photo: Image.Image) -> None:
    content = encoded(photo.resize((64, 48)), "PNG")
    first, again, elsewhere = (upload(services, draft, content, owner) for owner in ("/79/", "/79/", "/48/"))
    assert (first[1], again[1], elsewhere[1]) == (True, False, True)
    assert first[0].id == again[0].id != elsewhere[0].id
    assert first[0].sha256 == elsewhere[0].sha256


def test_a_refused_file_leaves_nothing(services: Services, store: Store, draft: MakeDraft) -> None:
    for content in (b"no picture", b"\xff\xd8\xff\xe0 broken \xff\xd9"):
        with pytest.raises((WrongType, Invalid)):
            upload(services, draft, content)
    assert files_in(store.drafts.parent) == []
    with services.db.read() as s:
        assert queries.assets(s, ["/"]) == []


def test_every_language_is_drawn_for_every_shape(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    services.db.write(lambda s: actions.want_shape(s, 400, 300, services.clock.now()))
    run_jobs()
    for shape in ((360, 640), (640, 360), (400, 300)):
        assert ready(services, creative, *shape) == {"vi", "en"}
    assert ready(services, creative, 800, 600) == set()


def test_a_shape_is_wanted_once(services: Services, run_jobs: Callable[[], int]) -> None:
    for _ in range(3):
        services.db.write(lambda s: actions.want_shape(s, 400, 300, services.clock.now()))
    assert run_jobs() == 1


def test_a_change_is_drawn_anew(services: Services, store: Store, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    run_jobs()
    wish = replace(NOTICE, texts={"vi": {"headline": "Đeo khẩu trang"}})
    services.db.write(lambda s: actions.change_creative(s, creative.id, wish, now=services.clock.now()))
    with services.db.read() as s:
        before = queries.ready_renditions(s, [creative.id], 360, 640)
    run_jobs()
    with services.db.read() as s:
        after = queries.ready_renditions(s, [creative.id], 360, 640)
    assert set(before) == set(after) == {(creative.id, "vi")}
    assert before[creative.id, "vi"].sha256 != after[creative.id, "vi"].sha256


def test_a_withdrawn_creative_is_nowhere(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    run_jobs()
    now = services.clock.now()
    services.db.write(lambda s: actions.withdraw(s, creative.id, reason="Sai số điện thoại", by="usr_1", now=now))
    assert ready(services, creative, 360, 640) == set()
    with services.db.read() as s:
        assert services.generation.current(s, "programme") > 0


def test_the_builtin_notice_is_always_there(services: Services, run_jobs: Callable[[], int]) -> None:
    for _ in range(2):
        services.db.write(lambda s: actions.ensure_builtin(s, services.clock.now()))
    run_jobs()
    with services.db.read() as s:
        found = queries.ready_renditions(s, ["builtin"], 640, 360)
        assert {row.qr_width for row in found.values()} == {None}
        assert len(found) == 2


def test_what_was_lost_is_drawn_again(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    services.db.write(lambda s: s.execute(delete(Job)))
    complete(services)
    run_jobs()
    assert ready(services, creative, 360, 640) == {"vi", "en"}
    with services.db.read() as s:
        assert len(queries.ready_renditions(s, ["builtin"], 360, 640)) == 2


def test_drawing_twice_is_no_harm(services: Services, store: Store, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    run_jobs()
    before = files_in(store.drafts.parent)
    render(services, {"creative_id": creative.id})
    assert files_in(store.drafts.parent) == before


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        (replace(NOTICE, name=" "), "name"),
        (replace(NOTICE, texts={}), "texts"),
        (replace(NOTICE, texts={"vi": {}}), "texts"),
        (replace(NOTICE, texts={"xx": {"headline": "?"}}), "texts.xx"),
        (replace(NOTICE, texts={"vi": {"headline": "x" * 161}}), "texts.vi.headline"),
        (replace(NOTICE, texts={"vi": {"headline": "x", "title": "y"}}), "texts.vi.title"),
        (replace(NOTICE, duration_ms=500), "duration_ms"),
        (replace(NOTICE, fit="stretch"), "fit"),
        (replace(NOTICE, focal=(1.2, 0.5)), "focal"),
        (replace(NOTICE, background="blue"), "background"),
        (replace(NOTICE, asset_id="ast_none"), "asset"),
    ],
)
def test_a_wish_that_cannot_be_is_refused(wish: CreativeWish, field: str, services: Services) -> None:
    with pytest.raises(Invalid) as refused:
        make(services, wish)
    assert field in [name for name, _ in refused.value.errors]
    with services.db.read() as s:
        assert queries.creatives(s, ["/"]) == []


@pytest.mark.parametrize(("corner", "width_pct"), [("middle", 30), ("top-left", 3), ("top-left", 90)])
def test_a_place_for_the_code_that_cannot_be_is_refused(corner: str, width_pct: float) -> None:
    with pytest.raises(Invalid, match="qr"):
        parse_qr(corner, width_pct)


def test_a_notice_needs_no_code(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services, replace(NOTICE, qr=None))
    run_jobs()
    assert ready(services, creative, 360, 640) == {"vi", "en"}
    assert QrWish() != creative.qr_corner


def test_withdrawing_needs_a_reason(services: Services) -> None:
    creative = make(services)
    with pytest.raises(Invalid, match="reason"):
        services.db.write(lambda s: actions.withdraw(s, creative.id, reason=" ", by="usr_1", now=services.clock.now()))


@pytest.mark.parametrize(("which", "error"), [("crv_none", NotFound), ("builtin", Conflict)])
def test_what_cannot_be_withdrawn(which: str, error: type[Exception], services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: actions.ensure_builtin(s, now))
    with pytest.raises(error):
        services.db.write(lambda s: actions.withdraw(s, which, reason="x", by="usr_1", now=now))


@pytest.mark.parametrize("size", [(10, 100), (100, 9000)])
def test_a_shape_that_no_screen_has_is_refused(size: tuple[int, int], services: Services) -> None:
    with pytest.raises(Invalid, match="pixels"):
        services.db.write(lambda s: actions.want_shape(s, *size, services.clock.now()))


ELEVATOR = Geometry(pitch_mm=0.744, distance_m=1.2)


def card_of(services: Services, creative: Creative) -> Card:
    with services.db.read() as s:
        return card(s, s.get_one(Creative, creative.id))


def test_a_card_tells_how_far_it_is(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    assert (card_of(services, creative).state, card_of(services, creative).waiting) == ("rendering", 4)
    run_jobs()
    done = card_of(services, creative)
    assert (done.state, done.waiting, len(done.pictures)) == ("ready", 0, 4)
    assert {shape: (scan.verdict, scan.grade) for shape, scan in done.scans.items()} == {
        "360x640": ("passed", "A"),
        "640x360": ("passed", "A"),
    }


def test_what_would_not_scan_is_refused_there_and_one_action_mends_it(
    services: Services, run_jobs: Callable[[], int]
) -> None:
    creative, now = make(services), services.clock.now()
    services.db.write(lambda s: actions.want_shape(s, 360, 640, now, ELEVATOR))
    run_jobs()
    scan = card_of(services, creative).scans["360x640"]
    assert (scan.verdict, scan.suggested_width_pct, scan.geometry) == ("refused", 65, "0.74mm@1.2m")
    assert scan.suggestion == "Tăng bề rộng mã lên ít nhất 65 % để quét được từ 1.2 m"
    assert scan.evidence_url is not None
    with services.db.read() as s:
        assert queries.ready_renditions(s, [creative.id], 360, 640, ELEVATOR) == {}
        assert len(queries.ready_renditions(s, [creative.id], 360, 640)) == 2
        assert len(queries.ready_renditions(s, [creative.id], 640, 360, ELEVATOR)) == 2
    services.db.write(lambda s: actions.apply_suggestion(s, creative.id, now=now))
    run_jobs()
    with services.db.read() as s:
        assert len(queries.ready_renditions(s, [creative.id], 360, 640, ELEVATOR)) == 2
    assert card_of(services, creative).scans["360x640"].verdict == "passed"


def test_without_a_suggestion_there_is_none_to_apply(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    run_jobs()
    with pytest.raises(Conflict, match="no suggestion"):
        services.db.write(lambda s: actions.apply_suggestion(s, creative.id, now=services.clock.now()))


def test_a_board_too_small_for_a_code_is_not_refused(services: Services, run_jobs: Callable[[], int]) -> None:
    creative = make(services)
    services.db.write(lambda s: actions.want_shape(s, 64, 64, services.clock.now()))
    run_jobs()
    scan = card_of(services, creative).scans["64x64"]
    assert scan.verdict == "passed"


def test_a_film_is_fitted_to_the_screen(
    services: Services, store: Store, draft: MakeDraft, run_jobs: Callable[[], int]
) -> None:
    asset, _ = upload(services, draft, film(seconds=1))
    creative = make(services, replace(NOTICE, asset_id=asset.id, duration_ms=3000, texts={"vi": TEXTS["vi"]}))
    run_jobs()
    with services.db.read() as s:
        row = queries.ready_renditions(s, [creative.id], 360, 640)[creative.id, "vi"]
    assert row.mime == "video/mp4"
    with store.public.open(row.sha256) as file:
        content = file.read()
    assert content.index(b"moov") < content.index(b"mdat")
    with av.open(io.BytesIO(content)) as made:
        stream = made.streams.video[0]
        shown = [frame.to_image() for frame in made.decode(video=0)][-1]
        assert (stream.codec_context.name, stream.profile) == ("h264", "Constrained Baseline")
        assert len(made.streams.audio) == 0
    assert row.qr_x is not None
    assert row.qr_y is not None
    assert row.qr_width is not None
    panel = shown.crop((row.qr_x + 4, row.qr_y + 4, row.qr_x + row.qr_width - 4, row.qr_y + row.qr_width - 4))
    assert min(low for low, _ in panel.getextrema()) > 240
    assert card_of(services, creative).scans["360x640"].verdict == "passed"


def test_pages_become_assets_once(services: Services, draft: MakeDraft) -> None:
    asset, _ = upload(services, draft, document(3))
    first = actions.take_pages(services, asset.id, [3, 1], by="usr_1")
    again = actions.take_pages(services, asset.id, [1], by="usr_1")
    assert [(page.kind, page.page) for page in first] == [("image", 1), ("image", 3)]
    assert [page.name for page in first] == ["Ảnh.jpg · 1", "Ảnh.jpg · 3"]
    assert again[0].id == first[0].id


@pytest.mark.parametrize("pages", [[], [0], [4]])
def test_pages_that_are_not_there_are_refused(pages: list[int], services: Services, draft: MakeDraft) -> None:
    asset, _ = upload(services, draft, document(3))
    with pytest.raises(Invalid, match="from 1 to 3"):
        actions.take_pages(services, asset.id, pages, by="usr_1")


def test_a_document_itself_is_not_shown(services: Services, draft: MakeDraft) -> None:
    asset, _ = upload(services, draft, document(1))
    with pytest.raises(Invalid, match="choose pages"):
        make(services, replace(NOTICE, asset_id=asset.id))
