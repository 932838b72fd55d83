"""Films: what stands for them, what panels get, how far they are, and that whoever stops one is obeyed."""

import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import av
import psutil
import pytest
from PIL import Image, ImageStat

from core.errors import Conflict
from core.services import Services
from media import actions, queries
from media.cards import card
from media.geometry import Shape
from media.jobs import complete, render
from media.models import Creative
from media.sandbox import Limits, Watch, run
from media.shelf import Draft
from media.store import Store
from media.wishes import CreativeWish
from tests.media.conftest import encoded, files_in
from tests.media.films import film

MakeDraft = Callable[[bytes], Draft]
PATIENCE_S = 60


@pytest.fixture(autouse=True)
def one_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "USUAL_SHAPES", (Shape(540, 960),))


def creative_of(services: Services, draft: MakeDraft, content: bytes, seconds: int = 3) -> Creative:
    """A creative that shows this film, with two languages to be drawn."""
    now = services.clock.now()
    asset, _ = actions.receive_upload(services, draft(content), name="phim.mp4", owner_path="/79/", by="usr_1")
    texts = {"vi": {"headline": "Cài Bluezone"}, "en": {"headline": "Install"}}
    wish = CreativeWish("Phim", texts, asset.id, duration_ms=seconds * 1000)
    return services.db.write(lambda s: actions.create_creative(s, wish, owner_path="/79/", by="usr_1", now=now))


def now_of(services: Services, creative: Creative) -> Creative:
    with services.db.read() as s:
        return s.get_one(Creative, creative.id)


def pictures(services: Services, creative: Creative) -> list[str]:
    with services.db.read() as s:
        return [row.language for row in queries.renditions(s, creative.id)]


def until(true: Callable[[], object], what: str) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < give_up, what
        time.sleep(0.05)


@pytest.fixture
def long_film(services: Services, draft: MakeDraft, monkeypatch: pytest.MonkeyPatch) -> Creative:
    """One picture a second for as long as a creative may last: drawing it takes a while."""
    monkeypatch.setattr(queries, "USUAL_SHAPES", (Shape(1080, 1920),))
    return creative_of(services, draft, film(seconds=110, rate=1), seconds=110)


@contextmanager
def being_drawn(services: Services, creative: Creative) -> Iterator[list[int]]:
    """Within it the film is being made, as by the job process; it must have ended soon after."""
    seen: list[int] = []
    work = threading.Thread(target=render, args=(services, {"creative_id": creative.id}))
    work.start()
    until(lambda: now_of(services, creative).progress_pct, "the film does not get on")
    seen.append(now_of(services, creative).progress_pct or 0)
    yield seen
    work.join(PATIENCE_S)
    assert not work.is_alive()


def children() -> list[psutil.Process]:
    return [child for child in psutil.Process().children(recursive=True) if "decoder.py" in " ".join(child.cmdline())]


def test_it_works(services: Services, store: Store, draft: MakeDraft) -> None:
    creative = creative_of(services, draft, film(seconds=2, rate=10))
    render(services, {"creative_id": creative.id})
    assert pictures(services, creative) == ["en", "vi"]
    assert now_of(services, creative).progress_pct is None
    with services.db.read() as s:
        row = queries.renditions(s, creative.id)[0]
    with store.public.open(row.sha256) as file, av.open(file) as made:
        stream = made.streams.video[0]
        assert (stream.width, stream.height, stream.pix_fmt) == (540, 960, "yuv420p")
        assert (stream.codec_context.name, stream.profile) == ("h264", "Constrained Baseline")
        assert stream.frames == 20
    assert files_in(store.drafts) == []


def test_stopped_it_ends_and_leaves_nothing(services: Services, store: Store, long_film: Creative) -> None:
    with being_drawn(services, long_film) as seen:
        services.db.write(lambda s: actions.stop_drawing(s, long_film.id, now=services.clock.now()))
    assert 0 < seen[0] < 50
    assert (pictures(services, long_film), children(), files_in(store.drafts)) == ([], [], [])
    with services.db.read() as s:
        assert card(s, s.get_one(Creative, long_film.id)).state == "stopped"
    assert now_of(services, long_film).progress_pct is None


def test_a_stopped_one_stays_so_until_somebody_goes_on(services: Services, draft: MakeDraft) -> None:
    now, creative = services.clock.now(), creative_of(services, draft, film(seconds=1))
    services.db.write(lambda s: actions.stop_drawing(s, creative.id, now=now))
    complete(services)
    render(services, {"creative_id": creative.id})
    assert pictures(services, creative) == []
    with pytest.raises(Conflict):
        services.db.write(lambda s: actions.stop_drawing(s, creative.id, now=now))
    services.db.write(lambda s: actions.draw_on(s, creative.id, now=now))
    render(services, {"creative_id": creative.id})
    assert pictures(services, creative) == ["en", "vi"]
    for act in (actions.stop_drawing, actions.draw_on):
        with pytest.raises(Conflict):
            services.db.write(lambda s, act=act: act(s, creative.id, now=now))


def test_a_film_that_is_withdrawn_is_not_made_to_its_end(services: Services, long_film: Creative) -> None:
    with being_drawn(services, long_film):
        now = services.clock.now()
        services.db.write(lambda s: actions.withdraw(s, long_film.id, reason="wrong", by="usr_1", now=now))
    assert pictures(services, long_film) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_picture_of_it_stands_for_it_and_not_the_first_black_one(
    services: Services, store: Store, draft: MakeDraft
) -> None:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(30):
            image = Image.new("RGB", (320, 180), "black" if number < 2 else "orange")
            container.mux(stream.encode(av.VideoFrame.from_image(image)))  # type: ignore[no-untyped-call]
        container.mux(stream.encode(None))
    asset, _ = actions.receive_upload(services, draft(out.getvalue()), name="a", owner_path="/", by="usr_1")
    assert asset.master_sha256 is not None
    with store.public.open(asset.master_sha256) as file, Image.open(file) as poster:
        assert ImageStat.Stat(poster.convert("RGB")).mean[0] > 200


def test_whoever_watches_a_child_can_end_it(store: Store, draft: MakeDraft) -> None:
    class Enough(Exception):
        pass

    def look() -> None:
        raise Enough

    picture = draft(encoded(Image.effect_noise((4000, 3000), 80), "PNG"))
    picture.close()
    order = {"source": str(picture.path), "master": str(store.drafts / "master"), "pillow": "PNG"}
    with pytest.raises(Enough):
        run("image", order, Limits(), watch=Watch(look, every_s=0.01))
    assert children() == []
