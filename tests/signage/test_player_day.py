"""A morning on an office screen, played by the real player in accelerated time and watched frame by frame.

Half an hour with a takeover, a reload and a change of daypart, then hours without a server in which another daypart
begins. At every change the glass is photographed and held against the rendition that should be there; who should be
there is worked out here, from the hours alone. Every frame of a screencast must be one of the pictures, and the
ledger must hold each of the changes, at its moment.
"""

import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple

import pytest
from PIL import Image
from playwright.sync_api import Browser
from sqlalchemy import select, update

from core.db import from_ms
from core.services import Services
from measure.models import Gap, Play, PlayAck, Showing
from media.models import Creative
from tests.signage.kiosk import SIZE, House, colour_of
from tests.signage.reel import NEAR, Change, Reel, drawn, open_studio, rendition, unlike
from tests.support.needs import needs

pytestmark = [
    pytest.mark.browser,
    needs("chromium"),
    pytest.mark.xdist_group("player"),
    pytest.mark.timeout(400),
]

SECONDS = 30
SEVEN = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # in Việt Nam, on the 23rd
CLOCK = timedelta(seconds=1)  # a Date header tells whole seconds: the player knows the server's time as well as that

FLASH = timedelta(seconds=1)  # what is on for less is not seen as a picture


class Shown(NamedTuple):
    """A play as the ledger has it."""

    at: datetime
    creative: str
    end: int
    seq: int


@dataclass(frozen=True)
class Morning:
    """How long each part is, in minutes: before the takeover, of it, after it until seven, from seven until the cable
    is pulled, and without a server. The daypart after seven ends ``purple`` minutes after it began."""

    before: float
    takeover: float
    after: float
    online: float
    away: float
    purple: float
    pace_ms: float

    @property
    def start(self) -> datetime:
        return SEVEN - timedelta(minutes=self.before + self.takeover + self.after)


LONG = Morning(before=8, takeover=5, after=12, online=5, away=120, purple=60, pace_ms=4500)
SHORT = Morning(before=1.2, takeover=1.2, after=1.8, online=0.7, away=5, purple=3, pace_ms=1500)


@pytest.fixture
def lengths() -> Morning:
    return SHORT


@pytest.fixture
def house(fresh: Services, ids: dict[str, str], lengths: Morning) -> Iterator[House]:
    """Red and green until seven, then purple for a while, then red alone."""
    fresh.db.write(lambda s: s.execute(update(Creative).values(duration_ms=SECONDS * 1000)))
    later = (SEVEN + timedelta(hours=7, minutes=lengths.purple)).strftime("%H:%M")
    with open_studio(fresh, lengths.start) as opened:
        opened.publish(ids["red"], ids["green"], dayparts=[{"from": "05:00", "to": "07:00"}])
        opened.publish(ids["purple"], dayparts=[{"from": "07:00", "to": later}])
        opened.publish(ids["red"], dayparts=[{"from": later, "to": "12:00"}])
        yield opened


class Plan:
    """What should be on the glass, worked out from the hours: on entering a part any of its loop, for a rotation goes
    on from one part to the next; then in order."""

    def __init__(self, ids: dict[str, str], lengths: Morning) -> None:
        self.loops = {"morning": [ids["red"], ids["green"]], "purple": [ids["purple"]], "red": [ids["red"]]}
        self.loops["takeover"] = [ids["purple"]]
        self.eight = SEVEN + timedelta(minutes=lengths.purple)
        self.takeover: tuple[datetime, datetime] | None = None

    def part(self, at: datetime) -> str:
        if self.takeover and self.takeover[0] <= at < self.takeover[1]:
            return "takeover"
        return "morning" if at < SEVEN else "purple" if at < self.eight else "red"

    def expected(self, changes: Sequence[Change], loaded: Sequence[datetime]) -> list[str]:
        """The creative for each change; ``loaded`` are moments at which the player began anew."""
        found: list[str] = []
        for number, change in enumerate(changes):
            at, before = change.believed, changes[number - 1].believed if number else None
            loop = self.loops[self.part(at)]
            fresh = before is None or self.part(before) != self.part(at)
            if fresh or any(before < load <= at for load in loaded if before):
                found.append(change.creative if change.creative in loop else loop[0])
            else:
                found.append(loop[(loop.index(found[-1]) + 1) % len(loop)])
        return found


def play_the_morning(reel: Reel, ids: dict[str, str], lengths: Morning) -> tuple[Plan, int]:
    """Plays it all; the plan that it should have followed, and the highest number that was acknowledged."""
    house, minutes = reel.house, timedelta(minutes=1)
    reel.start()
    plan = Plan(ids, lengths)
    reel.until(lengths.start + lengths.before * minutes)

    asked = reel.now
    takeover = house.take_over(ids["purple"], minutes=lengths.takeover)
    reel.until_true(f"BangTin.courier.told.takeover === '{takeover}'")
    shown = reel.changes[-1].at
    assert shown - asked <= timedelta(seconds=33)  # the longest poll interval
    plan.takeover = reel.changes[-1].believed, asked + lengths.takeover * minutes
    reel.until(plan.takeover[1] + 1.25 * minutes)

    loaded = [reel.now]
    reel.reload()
    reel.until(SEVEN + lengths.online * minutes)

    house.stop()
    reel.pace_ms = lengths.pace_ms
    reel.until(reel.now + lengths.away * minutes)
    house.start()
    reel.pace_ms = 500
    reel.until_true("BangTin.courier.failures === 0")
    upto = reel.started() - 1
    reel.until_true(f"!BangTin.courier.log.rows.length || BangTin.courier.log.rows[0].seq > {upto}")
    names = {creative: name for name, creative in ids.items()}
    seen = [f"{one.at:%H:%M:%S} {names.get(one.creative, one.creative)}" for one in reel.changes]
    wanted = plan.expected(reel.changes, loaded)
    assert seen == [f"{one.at:%H:%M:%S} {names[want]}" for one, want in zip(reel.changes, wanted, strict=True)]
    return plan, upto


def ledger(house: House, upto: int) -> list[Shown]:
    with house.services.db.read() as s:
        query = select(Play.at, Showing.creative, Play.ended, Play.seq).join(Showing, Showing.id == Play.showing)
        rows = s.execute(query.where(Play.seq <= upto).order_by(Play.seq))
        return [Shown(from_ms(at), creative, ended, seq) for at, creative, ended, seq in rows]


def lost(house: House) -> int:
    """Logs begun anew, and plays declared lost: there must be none."""
    with house.services.db.read() as s:
        return len(s.scalars(select(Gap.from_seq)).all()) + len(s.scalars(select(PlayAck.epoch)).all()) - 1


class Odd(NamedTuple):
    """Frames of the screencast: none of the pictures while it played; nothing at all while it was reloaded."""

    strange: int
    blank: int


def odd_frames(reel: Reel, ids: dict[str, str]) -> Odd:
    known = [rendition(reel.house, drawn(reel.house, ids[name])) for name in ("red", "green", "purple")]
    strange = blank = 0
    for take, times in Counter(reel.film).items():  # most frames differ in nothing
        frame = Image.open(io.BytesIO(take.jpeg)).convert("RGB").resize(SIZE)
        if take.reloading:
            blank += times * (len(frame.resize((45, 80)).getcolors(3600) or ()) < 8)
        elif min(unlike(frame, each, None) for each in known) > NEAR:
            strange += times
    return Odd(strange, blank)


def check(reel: Reel, ids: dict[str, str], lengths: Morning) -> None:
    plan, acknowledged = play_the_morning(reel, ids, lengths)
    changes, plays = reel.changes, ledger(reel.house, acknowledged)
    assert [one for one in changes if one.unlike > NEAR] == []
    assert reel.blank + reel.seen()["blank"] == []
    assert [play.seq for play in plays] == list(range(1, acknowledged + 1))
    assert [play.creative for play in plays] == [one.creative for one in changes[:acknowledged]]
    apart = [abs(play.at - one.at) for play, one in zip(plays, changes, strict=False)]
    assert max(apart) <= CLOCK
    assert max(abs(one.believed - one.at) for one in changes) <= CLOCK
    assert lost(reel.house) == 0
    _cut_where_they_should(plan, changes)
    odd = odd_frames(reel, ids)
    print(
        f"changes {len(changes)}, stored {len(plays)}, frames {reel.frames}, of them filmed {len(reel.film)}, "
        f"{odd}; farthest from its rendition {max(one.unlike for one in changes):.1f}"
    )
    assert odd == (0, 0)
    assert len(reel.film) * 6 >= reel.frames  # ten of sixty in a second


def _cut_where_they_should(plan: Plan, changes: Sequence[Change]) -> None:
    """At a daypart's boundary it cuts over; else each picture has its full time. Nothing but a takeover, of which
    nobody can know before, ends what has hardly begun."""
    moments = [one.believed for one in changes]
    for edge in (SEVEN, plan.eight):
        assert any(abs(at - edge) < timedelta(milliseconds=100) for at in moments)
    unforeseen = plan.takeover and plan.takeover[0]
    assert [at for at, after in pairwise(moments) if after - at < FLASH and after != unforeseen] == []
    usual = [after - at for at, after in pairwise(moments) if plan.part(at) == plan.part(after)]
    assert sum(abs(span.total_seconds() - SECONDS) > 0.5 for span in usual) <= 1  # the one that the reload cut off


def test_a_few_minutes(browser: Browser, house: House, ids: dict[str, str]) -> None:
    reel = Reel(browser, house)
    check(reel, ids, SHORT)
    reel.close()


@pytest.mark.full
@pytest.mark.parametrize("lengths", [LONG])
def test_a_morning(browser: Browser, house: House, ids: dict[str, str], lengths: Morning) -> None:
    reel = Reel(browser, house)
    check(reel, ids, lengths)
    reel.close()


def test_the_photographs_can_tell(house: House, ids: dict[str, str]) -> None:
    """The comparison that finds nothing wrong above would find another picture, and a blank one."""
    red, green = (rendition(house, drawn(house, ids[name])) for name in ("red", "green"))
    assert unlike(red, red, None) == 0
    assert unlike(red, green, None) > 2 * NEAR
    assert unlike(red, Image.new("RGB", red.size, "#0b3b60"), None) > 2 * NEAR
    assert colour_of(red) == "red"
