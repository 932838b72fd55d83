"""A kiosk whose time goes by frames, and a house that lives in the same time.

Time passes only while pictures are painted, and stands still during whatever a panel does in milliseconds; so a slow
machine makes the test longer and changes nothing in it. The server's clock is set by each request to the player's.
"""

import base64
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from wsgiref.types import StartResponse, WSGIEnvironment

from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser

from core.db import from_ms, to_ms
from core.services import Services
from media.queries import ready_renditions
from media.store import store_of
from tests.signage.kiosk import SIZE, WATCH, FastClock, House, Kiosk
from tests.support.ports import free_port

SCRIPT = (Path(__file__).parent / "reel.js").read_text("utf-8")
NEAR = 6.0  # mean difference up to which two pictures are the same one, scaled and compressed
SMALLER = 8  # by how much pictures are made smaller before they are compared


class SetClock(FastClock):
    """Stands until it is set; never goes back."""

    def __init__(self, start: datetime) -> None:
        super().__init__(start)
        self._now = start

    def now(self) -> datetime:
        return self._now

    def mono(self) -> float:
        return (self._now - self.start).total_seconds()

    def set(self, moment: datetime) -> None:
        self._now = max(self._now, moment)


@contextmanager
def open_studio(services: Services, start: datetime) -> Iterator[House]:
    """A house in the player's time, closed afterwards."""
    clock, port = SetClock(start), free_port()
    settings = replace(services.settings, public_url=f"http://localhost:{port}")
    house = House(replace(services, clock=clock, settings=settings), clock, port=port)

    inside = house.app.wsgi_app

    def same_time(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Before any door, the quick ones too."""
        if told := environ.get("HTTP_X_HOUSE_TIME"):
            clock.set(from_ms(int(told)))
        return inside(environ, start_response)

    house.app.wsgi_app = same_time  # type: ignore[method-assign]
    house.start()
    try:
        yield house
    finally:
        house.stop()


class Change(NamedTuple):
    """A picture that appeared: when, and when by the player's own reckoning of the server's time; and how far the
    glass was from the rendition (0–255)."""

    at: datetime
    believed: datetime
    creative: str
    unlike: float


class Take(NamedTuple):
    """A frame of the screencast, and whether it belongs to a reload."""

    jpeg: bytes
    reloading: bool


class Reel(Kiosk):
    """A browser window of which every frame is filmed, and every change photographed."""

    def __init__(self, browser: Browser, house: House, *, wrong_ms: float = 0) -> None:
        super().__init__(browser, house, wrong_ms=wrong_ms)
        self.changes: list[Change] = []
        self.film: list[Take] = []
        self.frames = 0
        self.blank: list[Any] = []
        self.reloading = False
        self.pace_ms = 1000.0
        self._renditions: dict[str, Image.Image] = {}
        self._tools = self.context.new_cdp_session(self.page)

    @property
    def now(self) -> datetime:
        return self.house.clock.now()

    def open(self, query: str = "") -> None:
        zero = to_ms(self.house.clock.start)
        self.page.add_init_script(f"({SCRIPT})([{zero}, {self._wrong_ms}]); ({WATCH})()")
        self.page.goto(f"{self.url}/screen{query}")

    def start(self) -> str:
        """Enrols, films from the first picture on; the screen's id."""
        self.open()
        self.until_true("document.querySelector('#setup').getAttribute('data-state') === 'code'")
        screen = self.house.claim(self.page.inner_text("#code"))
        self.until_true("document.querySelector('body.playing .layer.up')")
        self._tools.on("Page.screencastFrame", self._frame)
        self._tools.send("Page.startScreencast", {"format": "jpeg", "quality": 70, "everyNthFrame": 1})
        return screen.id

    def until_true(self, condition: str, most: timedelta = timedelta(minutes=3)) -> None:
        """Lets time pass in small steps until a condition holds. Raises AssertionError."""
        give_up = self.now + most
        while not self.page.evaluate(f"() => !!({condition})"):
            assert self.now < give_up, f"never came true: {condition}"
            self._step(self.now + timedelta(milliseconds=500))

    def until(self, moment: datetime) -> None:
        """Lets time pass, and photographs every change."""
        while self.now < moment:
            self._step(moment)

    def _step(self, moment: datetime) -> None:
        told = self.page.evaluate("([until, pace]) => window.reel(until, pace)", [to_ms(moment), self.pace_ms])
        clock = self.house.clock
        assert isinstance(clock, SetClock)
        clock.set(from_ms(round(told["now"])))
        self.frames += told["frames"]
        for change in told["changes"]:
            self._photograph(change)

    def _photograph(self, change: dict[str, Any]) -> None:
        for _ in range(20):  # time stands still; a busy machine's compositor may yet be a frame behind the page
            shot = self._tools.send("Page.captureScreenshot", {"format": "png", "optimizeForSpeed": True})
            picture = Image.open(io.BytesIO(base64.b64decode(shot["data"]))).convert("RGB")
            apart = unlike(picture, self.rendition(change["sha256"]), change["qr"])
            if apart <= NEAR:
                break
            self.page.wait_for_timeout(50)
        at, believed = (from_ms(round(change[name])) for name in ("at", "believed"))
        self.changes.append(Change(at, believed, change["creative"], apart))

    def _frame(self, event: dict[str, Any]) -> None:
        self.film.append(Take(base64.b64decode(event["data"]), self.reloading))
        self._tools.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    def reload(self) -> None:
        """Loads the page again, and waits for its first picture."""
        self.reloading = True
        self.blank += self.seen()["blank"]
        self.page.reload()
        self.until_true("document.querySelector('body.playing .layer.up')")
        self.page.wait_for_timeout(200)  # frames of the reload that are still on their way
        self.reloading = False

    def close(self) -> None:
        """The last frames are let go before the window is."""
        self._tools.remove_listener("Page.screencastFrame", self._frame)
        self._tools.send("Page.stopScreencast")
        super().close()

    def rendition(self, sha256: str) -> Image.Image:
        """The picture that should be on the glass, from the shelf."""
        if sha256 not in self._renditions:
            self._renditions[sha256] = rendition(self.house, sha256)
        return self._renditions[sha256]


def rendition(house: House, sha256: str) -> Image.Image:
    """A picture of the shelf."""
    with store_of(house.services.settings).public.open(sha256) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def drawn(house: House, creative: str) -> str:
    """The digest of a creative's picture in the kiosk's shape."""
    with house.services.db.read() as s:
        return ready_renditions(s, [creative], *SIZE)[creative, "vi"].sha256


def unlike(picture: Image.Image, wanted: Image.Image, qr: dict[str, int] | None) -> float:
    """Mean difference of brightness and colour (0–255) at an eighth of the size, the code's place left out."""
    small = (wanted.width // SMALLER, wanted.height // SMALLER)
    a, b = (each.convert("RGB").resize(small, Image.Resampling.BOX) for each in (picture, wanted))
    if qr:
        x, y, width = (round(qr[name] / SMALLER) for name in ("x", "y", "width"))
        for each in (a, b):
            ImageDraw.Draw(each).rectangle((x - 1, y - 1, x + width + 1, y + width + 1), fill="white")
    apart = ImageChops.difference(a, b).histogram()
    return sum(value % 256 * count for value, count in enumerate(apart)) / (3 * small[0] * small[1])
