"""Pictures in the encoding that a player decodes: made when one asks, judged as they are sent, shared by all."""

import io
from collections.abc import Callable
from dataclasses import replace

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import delete

from core.jobs import Job
from core.services import Services
from media import actions, encoding_queries, queries
from media.accepting import WEBP
from media.distance import Geometry
from media.encoding import Encoded
from media.geometry import Shape
from media.jobs import complete, render
from media.judging import flattened, place_of
from media.models import Creative, Encoding, Rendition
from media.shelf import Draft
from media.store import Store
from media.upkeep import sweep
from media.wishes import CreativeWish
from tests.media.conftest import encoded

MakeDraft = Callable[[bytes], Draft]
SHAPE = (540, 960)
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
CODE = "HTTP://127.0.0.1:8000/Q/K7F3Q9ZT"


@pytest.fixture(autouse=True)
def one_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "USUAL_SHAPES", (Shape(*SHAPE),))


@pytest.fixture
def creative(services: Services, draft: MakeDraft, photo: Image.Image) -> Creative:
    """A photograph with words, drawn as every player can show it."""
    asset, _ = actions.receive_upload(
        services, draft(encoded(photo, "JPEG", quality=95)), name="Ảnh", owner_path="/79/", by="usr_1"
    )
    return drawn(services, CreativeWish("Ảnh", {"vi": {"headline": "Cài Bluezone"}}, asset.id))


def drawn(services: Services, wish: CreativeWish) -> Creative:
    now = services.clock.now()
    made = services.db.write(lambda s: actions.create_creative(s, wish, owner_path="/79/", by="usr_1", now=now))
    render(services, {"creative_id": made.id})
    return made


def ask(services: Services, creative: Creative) -> None:
    """A player on a screen of the shape says that it decodes WebP; the job process does what follows."""
    services.db.write(lambda s: actions.want_encoding(s, *SHAPE, WEBP, services.clock.now()))
    render(services, {"creative_id": creative.id})


def sent(services: Services, creative: Creative, geometry: Geometry | None = None) -> tuple[Rendition, Encoding | None]:
    """The picture, and what a player that decodes WebP is given in its place."""
    with services.db.read() as s:
        rows = queries.ready_renditions(s, [creative.id], *SHAPE, geometry)
        found = encoding_queries.ready_encodings(s, rows.values(), WEBP, geometry)
    (row,) = rows.values()
    return row, found.get(row.sha256)


def test_it_works(services: Services, store: Store, creative: Creative) -> None:
    assert sent(services, creative)[1] is None
    ask(services, creative)
    row, made = sent(services, creative)
    assert made is not None
    assert (row.mime, made.mime) == ("image/jpeg", WEBP)
    assert made.bytes < row.bytes
    for one in (row, made):
        assert one.quality is not None
        assert one.score is not None
        assert one.score >= 0.98
    with store.public.open(made.sha256) as file:
        content = file.read()
    assert len(content) == made.bytes
    place, screen = place_of(row), Image.open(io.BytesIO(content)).convert("RGB")
    assert place is not None
    assert [code.text for code in zxingcpp.read_barcodes(flattened(screen, place, CODE))] == [CODE]


@on_sqlite
def test_without_a_player_that_asks_nothing_is_made(services: Services, creative: Creative) -> None:
    render(services, {"creative_id": creative.id})
    with services.db.read() as s:
        assert encoding_queries.encodings(s, creative.id) == []


def test_a_type_is_wanted_once(services: Services) -> None:
    for _ in range(3):
        services.db.write(lambda s: actions.want_encoding(s, *SHAPE, WEBP, services.clock.now()))
    with services.db.read() as s:
        assert encoding_queries.wanted_encodings(s) == [(*SHAPE, WEBP)]


@on_sqlite
def test_made_twice_it_finds_nothing_left_to_do(services: Services, creative: Creative) -> None:
    ask(services, creative)
    with services.db.read() as s:
        before = services.generation.current(s, "programme")
    ask(services, creative)
    with services.db.read() as s:
        assert services.generation.current(s, "programme") == before


@on_sqlite
def test_a_notice_is_sent_without_loss(services: Services, store: Store) -> None:
    notice = drawn(services, CreativeWish("Thông báo", {"vi": {"headline": "Cài Bluezone"}}))
    ask(services, notice)
    row, made = sent(services, notice)
    assert made is not None
    assert (row.mime, made.mime, made.quality, made.score) == ("image/png", WEBP, None, 1.0)
    with store.public.open(row.sha256) as png, store.public.open(made.sha256) as webp:
        assert Image.open(png).convert("RGB").tobytes() == Image.open(webp).convert("RGB").tobytes()


@on_sqlite
def test_what_is_no_smaller_is_sent_as_it_was(services: Services, creative: Creative) -> None:
    with services.db.read() as s:
        (row,) = queries.renditions(s, creative.id)
    services.db.write(lambda s: setattr(s.merge(row), "bytes", 10))
    ask(services, creative)
    row, made = sent(services, creative)
    assert made is not None
    assert (made.sha256, made.mime) == (row.sha256, "image/jpeg")


@on_sqlite
def test_what_the_gate_refuses_in_this_encoding_is_not_sent_in_it(
    services: Services, creative: Creative, monkeypatch: pytest.MonkeyPatch
) -> None:
    def spoilt(image: Image.Image, *, is_photo: bool) -> Encoded:
        return Encoded(encoded(Image.new("RGB", image.size, (200, 200, 200)), "WEBP"), WEBP, 50, 0.1)

    def uncoded(screen: Image.Image, place: object, text: str) -> Image.Image:
        return screen

    monkeypatch.setattr("media.encodings.encode_webp", spoilt)
    monkeypatch.setattr("media.judging.flattened", uncoded)
    ask(services, creative)
    assert sent(services, creative)[1] is None
    with services.db.read() as s:
        assert [row.judged for row in encoding_queries.encodings(s, creative.id)] == [{"": "refused"}]


def test_it_is_not_sent_before_it_was_judged_for_the_distance(services: Services, creative: Creative) -> None:
    near = Geometry(1.1, 0.8)
    ask(services, creative)
    assert sent(services, creative, near)[1] is None
    services.db.write(lambda s: actions.want_shape(s, *SHAPE, services.clock.now(), near))
    render(services, {"creative_id": creative.id})
    made = sent(services, creative, near)[1]
    assert made is not None
    assert set(made.judged) == {"", near.key}


def test_a_picture_drawn_anew_is_encoded_anew(services: Services, creative: Creative) -> None:
    ask(services, creative)
    before = sent(services, creative)[1]
    assert before is not None
    with services.db.read() as s:
        wish = CreativeWish("Ảnh", {"vi": {"headline": "Đeo khẩu trang"}}, s.get_one(Creative, creative.id).asset_id)
    services.db.write(lambda s: actions.change_creative(s, creative.id, wish, now=services.clock.now()))
    meanwhile = sent(services, creative)[1]
    assert meanwhile is not None
    assert meanwhile.sha256 == before.sha256
    render(services, {"creative_id": creative.id})
    after = sent(services, creative)[1]
    assert after is not None
    assert after.sha256 != before.sha256
    wish = replace(wish, texts={"en": {"headline": "Install"}})
    services.db.write(lambda s: actions.change_creative(s, creative.id, wish, now=services.clock.now()))
    with services.db.read() as s:
        assert encoding_queries.encodings(s, creative.id) == []


@on_sqlite
def test_what_was_lost_is_made_again(services: Services, creative: Creative) -> None:
    services.db.write(lambda s: actions.want_encoding(s, *SHAPE, WEBP, services.clock.now()))
    services.db.write(lambda s: s.execute(delete(Job)))
    complete(services)
    with services.db.read() as s:
        assert [job.payload for job in s.query(Job) if creative.id in str(job.payload)] != []


@on_sqlite
def test_sweeping_leaves_what_players_are_given(services: Services, store: Store, creative: Creative) -> None:
    ask(services, creative)
    _row, made = sent(services, creative)
    assert made is not None
    sweep(services)
    assert store.public.has(made.sha256)
    assert made.sha256 in needed(services)


def needed(services: Services) -> set[str]:
    with services.db.read() as s:
        return queries.needed_files(s)


@on_sqlite
def test_who_cannot_overlay_a_code_is_given_it_flat_by_either_name(
    services: Services, client: FlaskClient, creative: Creative
) -> None:
    ask(services, creative)
    row, made = sent(services, creative)
    assert made is not None
    answers = [client.get(f"/media/flat/{sha256}/K7F3Q9ZT.jpg") for sha256 in (row.sha256, made.sha256)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert client.get(f"/media/{made.sha256}.webp").mimetype == WEBP
