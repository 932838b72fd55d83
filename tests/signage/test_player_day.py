"""A morning on an office screen, played by the real player in accelerated time and watched frame by frame.

Half an hour with a takeover, a reload and a change of daypart, then two hours without a server, in which another
daypart begins. Every photograph is held against the picture that should have been there, the ledger against the clock.
"""

import base64
import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from PIL import Image, ImageChops, ImageDraw
from playwright.sync_api import Browser
from sqlalchemy import select, update

from core.db import from_ms
from core.services import Services
from measure.models import Gap, Play, PlayAck, Showing
from media.models import Creative
from media.queries import ready_renditions
from media.store import store_of
from tests.signage.kiosk import House, Kiosk, colour_of, open_house
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, pytest.mark.full, needs("chromium"), pytest.mark.timeout(500)]

SPEED = 60
SECONDS = 15
HALF_PAST_SIX = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)  # on the 23rd, in Việt Nam
SEVEN, EIGHT = HALF_PAST_SIX + timedelta(minutes=30), HALF_PAST_SIX + timedelta(minutes=90)
SLACK = timedelta(seconds=60)  # a poll interval, and what an answer's way takes at this speed


class Shown(NamedTuple):
    """A play as the ledger has it."""

    at: datetime
    creative: str
    seq: int


@pytest.fixture
def house(fresh: Services, ids: dict[str, str]) -> Iterator[House]:
    """Red and green until seven, purple until eight, then red alone."""
    fresh.db.write(lambda s: s.execute(update(Creative).values(duration_ms=SECONDS * 1000)))
    with open_house(fresh, start=HALF_PAST_SIX, speed=SPEED) as opened:
        early = {"from": "05:00", "to": "07:00"}
        opened.publish(ids["red"], ids["green"], dayparts=[early])
        opened.publish(ids["purple"], dayparts=[{"from": "07:00", "to": "08:00"}])
        opened.publish(ids["red"], dayparts=[{"from": "08:00", "to": "12:00"}])
        yield opened


class Watcher:
    """Photographs the window, and collects what its screencast sends."""

    def __init__(self, kiosk: Kiosk) -> None:
        self.kiosk = kiosk
        self.wrong: list[str] = []
        self.photographs = 0
        self.cast: list[str] = []
        self._films = kiosk.context.new_cdp_session(kiosk.page)
        self._films.on("Page.screencastFrame", self._frame)
        self._films.send("Page.startScreencast", {"format": "jpeg", "quality": 60, "everyNthFrame": 1})

    def _frame(self, event: dict[str, Any]) -> None:
        self.cast.append(event["data"])
        self._films.send("Page.screencastFrameAck", {"sessionId": event["sessionId"]})

    def until(self, moment: datetime) -> None:
        """Looks until that moment of the house's time."""
        while self.kiosk.house.clock.now() < moment:
            self.look()

    def look(self) -> None:
        """One photograph, held against the rendition that the player says it shows."""
        before = self.kiosk.page.evaluate(CURRENT)
        picture = self.kiosk.glass()
        if before is None or before != self.kiosk.page.evaluate(CURRENT):
            return  # it changed while the shutter was open
        self.photographs += 1
        difference = unlike(picture, rendition(self.kiosk.house, before["sha256"]), before["qr"])
        if difference > 6:
            self.wrong.append(f"{before['creative']}: {difference:.1f}")

    def blank_frames(self) -> int:
        """Screencast frames that show nothing of ours: no picture's ground, no code, the page's own face."""
        films = [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB") for data in self.cast]
        return sum(len(film.resize((32, 32)).getcolors(1024) or ()) < 8 for film in films)


CURRENT = """() => {
  const now = BangTin.courier && BangTin.courier.player.current;
  return now && {creative: now.entry.creative, sha256: now.entry.sha256, qr: now.entry.qr};
}"""


def rendition(house: House, sha256: str) -> Image.Image:
    with store_of(house.services.settings).public.open(sha256) as file:
        return Image.open(io.BytesIO(file.read())).convert("RGB")


def unlike(picture: Image.Image, wanted: Image.Image, qr: dict[str, int] | None) -> float:
    """Mean difference of brightness (0–255) at a quarter of the size, the code's place left out."""
    a, b = picture.copy(), wanted.resize(picture.size)
    for each in (a, b):
        if qr:
            x, y, width = qr["x"], qr["y"], qr["width"]
            ImageDraw.Draw(each).rectangle((x - 2, y - 2, x + width + 2, y + width + 2), fill="white")
    small = (picture.width // 4, picture.height // 4)
    apart = ImageChops.difference(a.convert("L").resize(small), b.convert("L").resize(small)).histogram()
    return sum(value * count for value, count in enumerate(apart)) / sum(apart)


def ledger(house: House) -> list[Shown]:
    with house.services.db.read() as s:
        query = select(Play.at, Showing.creative, Play.seq).join(Showing, Showing.id == Play.showing)
        return [Shown(from_ms(at), creative, seq) for at, creative, seq in s.execute(query.order_by(Play.seq))]


def between(plays: list[Shown], start: datetime, until: datetime) -> set[str]:
    """What began within a stretch, its edges left out."""
    return {play.creative for play in plays if start + SLACK <= play.at < until - SLACK}


def test_a_morning(browser: Browser, house: House, ids: dict[str, str]) -> None:
    kiosk = Kiosk(browser, house)
    kiosk.enrol()
    watcher, clock, blank = Watcher(kiosk), house.clock, list[Any]()
    watcher.until(HALF_PAST_SIX + timedelta(minutes=8))

    takeover_from = clock.now()
    takeover = house.take_over(ids["purple"], minutes=5)
    kiosk.wait(f"BangTin.courier.told.takeover === '{takeover}'", 30)
    assert clock.now() - takeover_from < timedelta(seconds=33 + 5 + SPEED * 2)  # a poll, and this machine's slowness
    watcher.until(takeover_from + timedelta(minutes=8))

    blank += kiosk.seen()["blank"]
    kiosk.page.reload()
    kiosk.wait_playing()
    watcher.until(SEVEN + timedelta(minutes=5))

    house.stop()
    away_from = clock.now()
    watcher.until(away_from + timedelta(hours=2))
    house.start()
    kiosk.wait("BangTin.courier.failures === 0", 30)
    acknowledged = kiosk.deliver(60)
    blank += kiosk.seen()["blank"]

    plays = [play for play in ledger(house) if play.seq <= acknowledged]
    numbered, shown = kiosk.numbered_and_shown()
    assert numbered == shown
    assert [play.seq for play in plays] == list(range(1, acknowledged + 1))
    assert lost(house) == 0
    assert blank == []
    assert watcher.wrong == []
    assert watcher.photographs > 100
    assert watcher.blank_frames() == 0
    assert len(watcher.cast) > 50

    morning = {ids["red"], ids["green"]}
    assert between(plays, HALF_PAST_SIX, takeover_from) == morning
    assert between(plays, takeover_from, takeover_from + timedelta(minutes=5)) == {ids["purple"]}
    assert between(plays, takeover_from + timedelta(minutes=5), SEVEN) == morning
    assert between(plays, SEVEN, EIGHT) == {ids["purple"]}
    assert between(plays, EIGHT, away_from + timedelta(hours=2)) == {ids["red"]}
    print(
        f"shown {shown}, acknowledged {acknowledged}, stored {len(plays)}; "
        f"{watcher.photographs} photographs, {len(watcher.cast)} frames of screencast"
    )
    kiosk.close()


def lost(house: House) -> int:
    """Logs begun anew, and plays declared lost: there must be none."""
    with house.services.db.read() as s:
        return len(s.scalars(select(Gap.from_seq)).all()) + len(s.scalars(select(PlayAck.epoch)).all()) - 1


def test_the_photographs_can_tell(house: House, ids: dict[str, str]) -> None:
    """The comparison that finds nothing wrong above would find another picture, and a blank one."""
    with house.services.db.read() as s:
        drawn = ready_renditions(s, [ids["red"], ids["green"]], 360, 640)
    red, green = (rendition(house, drawn[ids[name], "vi"].sha256) for name in ("red", "green"))
    assert unlike(red, red, None) == 0
    assert unlike(red, green, None) > 6
    assert unlike(red, Image.new("RGB", red.size, "#0b3b60"), None) > 6
    assert colour_of(red) == "red"
