"""A real server whose time the test sets and speeds up, and a kiosk browser that lives in the same time.

The server is the whole application behind werkzeug's threaded server: it can be switched off and on again on the
same port, as often as a test likes, with the database staying as it is. What it draws is drawn by the real jobs.
"""

import io
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from flask import Flask, Response
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from core.clock import Clock
from core.jobs import Handler
from core.services import Services
from measure.models import Play, PlayAck
from media.actions import create_creative, ensure_builtin
from media.wishes import CreativeWish
from people.roles import SYSTEM
from places.actions import create_area, create_location
from server.app import create_app
from server.rooms import handlers
from server.runner import do_next
from signage import actions
from signage.models import Screen
from tests.signage import world
from tests.support.ports import free_port

STATIC = Path(__file__).resolve().parents[2] / "signage" / "static"
SIZE = (360, 640)
COLOURS = {"red": (183, 28, 28), "green": (27, 94, 32), "purple": (74, 20, 140), "builtin": (11, 61, 145)}


def colour_of(picture: Image.Image) -> str:
    """Which of the test's pictures this is, by the colour of its ground."""
    ground = picture.getpixel((4, 4))
    assert isinstance(ground, tuple)
    return min(COLOURS, key=lambda name: sum(abs(a - b) for a, b in zip(ground, COLOURS[name], strict=True)))


class FastClock(Clock):
    """Runs ``speed`` times as fast as the machine's, from a moment of the test's own."""

    def __init__(self, start: datetime, speed: float = 1) -> None:
        self.start, self.speed, self._from = start, speed, time.monotonic()

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.mono())

    def mono(self) -> float:
        return (time.monotonic() - self._from) * self.speed


def paint(s: Session, colour: str, seconds: float, now: datetime) -> str:
    """A text notice on a ground of this colour; its id."""
    background = "#{:02X}{:02X}{:02X}".format(*COLOURS[colour])
    texts = {"vi": {"headline": f"Cài Bluezone ({colour})", "call_to_action": "Quét mã"}}
    wish = CreativeWish(colour, texts, duration_ms=int(seconds * 1000), background=background)
    return create_creative(s, wish, owner_path="/93/", by="tests", now=now).id


@dataclass
class House:
    """The server, and what a test does to it."""

    services: Services
    clock: FastClock
    host: str = "localhost"
    port: int = field(default_factory=free_port)
    meddle: Callable[[str, Response], Response] | None = None  # changes answers on their way out
    app: Flask = field(init=False)
    _server: BaseWSGIServer | None = None

    def __post_init__(self) -> None:
        self.app = create_app(self.services.settings, self.services)

    def _on_the_way(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if self.meddle is None:
            return self.app(environ, start_response)
        response = Response.from_app(self.app, environ)
        given = self.meddle(environ["PATH_INFO"], response)
        if given is not response:
            response.close()  # the file it would have sent
        return given(environ, start_response)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def start(self) -> None:
        clock = self.clock

        class Quiet(WSGIRequestHandler):
            def date_time_string(self, timestamp: float | None = None) -> str:
                return format_datetime(clock.now(), usegmt=True)

            def log(self, *_: Any) -> None:
                """Nothing is written."""

        self._server = make_server("127.0.0.1", self.port, self._on_the_way, threaded=True, request_handler=Quiet)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """As if the cable had been pulled."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def draw(self) -> None:
        """Does all queued work, as the job process would."""
        queue = {job.kind: job for job in handlers() if isinstance(job, Handler)}
        while do_next(self.services, queue):
            pass

    def furnish(self, *colours: str, seconds: float = 5) -> dict[str, str]:
        """Places, the built-in notice, and a creative for each colour; creative ids by colour."""
        now = self.clock.now()
        made: dict[str, str] = {}

        def work(s: Session) -> None:
            create_area(s, code="93", name="Hậu Giang", now=now)
            create_location(s, code="vt-01", name="Toà nhà A", area="93", venue_kind="office_elevator", now=now)
            ensure_builtin(s, now)
            made.update({colour: paint(s, colour, seconds, now) for colour in colours})

        self.services.db.write(work)
        return made

    def furnish_more(self, colour: str, seconds: float = 5) -> str:
        """One more creative, drawn at once; its id."""
        now = self.clock.now()
        made = self.services.db.write(lambda s: paint(s, colour, seconds, now))
        self.draw()
        return made

    def publish(self, *creatives: str, **placement: Any) -> str:
        now = self.clock.now()
        return self.services.db.write(lambda s: world.publish(s, now, *creatives, **placement))

    def take_over(self, creative: str, minutes: float) -> str:
        now = self.clock.now()
        return self.services.db.write(lambda s: world.take_over(s, now, creative, minutes))

    def claim(self, code: str) -> Screen:
        now = self.clock.now()
        made = self.services.db.write(
            lambda s: actions.claim(s, user_code=code, location="vt-01", name="Thang máy A", by=SYSTEM, now=now)
        )
        self.draw()
        return made

    def plays(self) -> list[tuple[str, int]]:
        """(epoch, seq) of every play in the ledger."""
        with self.services.db.read() as s:
            query = select(PlayAck.epoch, Play.seq).join(PlayAck, PlayAck.stream == Play.stream)
            return sorted((epoch, seq) for epoch, seq in s.execute(query))


@contextmanager
def open_house(
    services: Services, start: datetime | None = None, speed: float = 1, host: str = "localhost"
) -> Iterator[House]:
    """A house that is open, and is closed afterwards."""
    clock, port = FastClock(start or datetime.now(UTC), speed), free_port()
    settings = replace(services.settings, public_url=f"http://{host}:{port}")
    house = House(replace(services, clock=clock, settings=settings), clock, host, port)
    house.start()
    try:
        yield house
    finally:
        house.stop()


SAME_TIME = """([speed, zero, real, wrong]) => {
  const perf = performance.now.bind(performance), set = window.setTimeout, every = window.setInterval;
  const wall = Date.now;
  performance.now = () => perf() * speed;
  Date.now = () => zero + wrong + (wall() - real) * speed;
  window.setTimeout = (f, ms, ...more) => set(f, (ms || 0) / speed, ...more);
  window.setInterval = (f, ms, ...more) => every(f, (ms || 0) / speed, ...more);
}"""

WATCH = """() => {
  window.seen = {shown: [], blank: [], frames: 0};
  const top = () => document.querySelector('.layer.up .main');
  new MutationObserver(changes => changes.forEach(change => {
    if (change.type === 'attributes' && change.target.className === 'layer up' && change.oldValue !== 'layer up')
      sessionStorage.shown = Number(sessionStorage.shown || 0) + 1, window.seen.shown.push(performance.now());
  })).observe(document, {subtree: true, attributes: true, attributeFilter: ['class'], attributeOldValue: true});
  const look = () => {
    const main = top();
    if (document.body && document.body.className === 'playing') {
      window.seen.frames++;
      const box = main && main.getBoundingClientRect();
      const wide = box && box.left <= 1 && box.right >= innerWidth - 1;
      const whole = wide && box.top <= 1 && box.bottom >= innerHeight - 1;
      const film = main && main.tagName === 'VIDEO';
      const painted = main && (film ? main.readyState >= 2 : main.complete && main.naturalWidth > 0);
      if (!whole || !painted) window.seen.blank.push([performance.now(), !!main, !!whole, !!painted]);
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


def wait(page: Page, condition: str, seconds: float = 20) -> None:
    """Until a JavaScript expression holds in the page; one that fails does not hold yet. Raises AssertionError."""
    give_up = time.monotonic() + seconds
    while not page.evaluate(f"() => {{ try {{ return !!({condition}) }} catch (e) {{ return false }} }}"):
        assert time.monotonic() < give_up, f"never came true: {condition}"
        page.wait_for_timeout(50)


class Kiosk:
    """A browser window that shows nothing but ``/screen``."""

    def __init__(self, browser: Browser, house: House, *, wrong_ms: float = 0) -> None:
        self.house = house
        self.url = house.url
        self.context: BrowserContext = browser.new_context(viewport={"width": SIZE[0], "height": SIZE[1]})
        self._wrong_ms = wrong_ms
        self.page: Page = self.context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, query: str = "") -> None:
        """Loads the page, in the house's own time."""
        self.open_at(f"/screen{query}")

    def open_at(self, path: str) -> None:
        """Loads the player at an address of its own."""
        clock = self.house.clock
        time_zero = clock.start.timestamp() * 1000
        real_zero = (time.time() - clock.mono() / clock.speed) * 1000
        self.page.add_init_script(
            f"({SAME_TIME})([{clock.speed}, {time_zero}, {real_zero}, {self._wrong_ms}]); ({WATCH})()"
        )
        self.page.goto(f"{self.url}{path}")

    def enrol(self, query: str = "") -> Screen:
        """Opens the page, reads the code off it, claims it, and waits for the first picture."""
        self.open(query)
        self.page.wait_for_selector("#setup[data-state=code]")
        screen = self.house.claim(self.page.inner_text("#code"))
        self.wait_playing()
        return screen

    def pause(self, seconds: float) -> None:
        """Lets that many of the house's seconds go by."""
        self.page.wait_for_timeout(seconds * 1000 / self.house.clock.speed)

    def wait_playing(self) -> None:
        self.page.wait_for_selector("body.playing .layer.up", timeout=100_000)

    def wait(self, condition: str, seconds: float = 20) -> None:
        """Until a JavaScript expression holds. The page's own policy forbids it to evaluate strings, so we ask."""
        wait(self.page, condition, seconds)

    def seen(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.evaluate("window.seen")
        return found

    def shows(self) -> str:
        """The id of the creative that is on the glass."""
        return str(self.page.evaluate("BangTin.courier.player.current.entry.creative"))

    def glass(self) -> Image.Image:
        """A photograph of the window."""
        return Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")

    def steady_glass(self) -> tuple[Image.Image, str]:
        """A photograph, and the creative that was on before and after it was taken."""
        while True:
            before, picture = self.shows(), self.glass()
            if before == self.shows():
                return picture, before

    def numbered_and_shown(self) -> list[int]:
        """How many plays the log has numbered, and how many pictures this test has seen appear, reloads included."""
        told: list[int] = self.page.evaluate("[BangTin.courier.log.next - 1, Number(sessionStorage.shown)]")
        return told

    def started(self) -> int:
        """How many plays the log has numbered."""
        return int(self.page.evaluate("BangTin.courier.log.next - 1"))

    def poll(self) -> None:
        self.page.evaluate("BangTin.courier.after('poll', 0)")

    def deliver(self, seconds: float = 20) -> int:
        """Uploads all that is closed; the highest number that was acknowledged."""
        upto = self.started() - 1
        self.page.evaluate("window.nag = setInterval(() => BangTin.courier.deliver(), 500)")
        self.wait(f"!BangTin.courier.log.rows.length || BangTin.courier.log.rows[0].seq > {upto}", seconds)
        self.page.evaluate("clearInterval(window.nag)")
        return upto

    def balance(self, seconds: float = 20) -> int:
        """The three numbers, and that they are one: pictures that appeared and were numbered, up to the one that is on;
        acknowledged; in the ledger, each once. How many."""
        acknowledged = self.deliver(seconds)
        numbered, shown = self.numbered_and_shown()
        plays = self.house.plays()
        stored = [seq for _, seq in plays if seq <= acknowledged]
        print(f"played {shown}, one or more of them since; acknowledged {acknowledged}, stored {len(stored)}")
        assert numbered == shown
        assert len({epoch for epoch, _ in plays}) == 1
        assert stored == list(range(1, acknowledged + 1))
        return acknowledged

    def close(self) -> None:
        with suppress(Exception):
            self.context.close()
