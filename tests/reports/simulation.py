"""A province whose truth is known: screens that lose answers, sleep, restart and tell the wrong time, travellers,
people who scan, machines, messages passed on, and one flood. Everything goes in by the doors that the world uses."""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from flask import Flask

from core.http import stamp
from core.services import Services
from measure.ledger import PlayPlace, VisitFact, record_plays, record_visit
from measure.links import LinkWant, ensure_links
from measure.playlog import PlayBatch, read_batch
from measure.scans import MOST_A_MINUTE
from places.actions import create_area, create_location
from reports.jobs import close_due
from signage.models import Screen
from tests.measure.world import ANDROID, BLUEZONE, DESKTOP, ZONE
from tests.support.clock import FrozenClock

FIRST_DAY = date(2026, 11, 16)
HERE = timedelta(hours=7)
MOST_HELD = 30  # a small store, so that it overflows when a screen is off line for long
CRAWLER = "facebookexternalhit/1.1"


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of the province."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC) - HERE


@dataclass
class Fact:
    """Something that truly happened, and when the server first had it (None: never)."""

    at: datetime
    area: str
    location: str
    metric: str
    known_at: datetime | None


@dataclass
class Player:
    """A screen with its own log, clock and troubles. What it holds has not been acknowledged as far as it knows."""

    id: str
    location: str
    area: str
    clock_error: timedelta
    random: random.Random
    epoch: str = ""
    boot: int = 1
    booted_at: datetime = datetime(2026, 11, 15, tzinfo=UTC)
    seq: int = 0
    held: list[tuple[int, datetime, int]] = field(default_factory=list)
    stored: set[tuple[str, int]] = field(default_factory=set)
    overflowed: set[tuple[str, int]] = field(default_factory=set)
    wiped: set[tuple[str, int]] = field(default_factory=set)
    told_at: list[datetime] = field(default_factory=list)

    def play(self, at: datetime) -> None:
        """Logs a play; where the store is full, the oldest one is thrown away for it."""
        self.seq += 1
        self.held.append((self.seq, at, self.boot))
        if len(self.held) > MOST_HELD:
            seq, _, _ = self.held.pop(0)
            self.overflowed |= {(self.epoch, seq)} - self.stored

    def wipe(self) -> None:
        """Its disk is replaced: what it still held is gone, and nobody can declare it."""
        self.wiped |= {(self.epoch, seq) for seq, _, _ in self.held} - self.stored
        self.epoch = f"{int(self.epoch, 16) + 0x100000:012x}"
        self.seq, self.held = 0, []

    def restart(self, at: datetime) -> None:
        """A power cut: the log stays, the monotonic clock begins anew."""
        self.boot += 1
        self.booted_at = at

    def batch(self, now: datetime) -> PlayBatch:
        """What it sends now."""
        rows = [self._row(seq, at, boot) for seq, at, boot in self.held]
        body = {
            "epoch": self.epoch,
            "first": self.held[0][0] if self.held else self.seq + 1,
            "now": {"wall": stamp(now + self.clock_error), "mono_ms": self._mono(now), "boot": f"b{self.boot}"},
            "plays": rows,
        }
        return read_batch(msgspec.json.encode(body))

    def _row(self, seq: int, at: datetime, boot: int) -> dict[str, Any]:
        return {
            "seq": seq,
            "entry": "e1",
            "creative": "crv_1",
            "placement": "plc_1",
            "boot": f"b{boot}",
            "mono_ms": self._mono(at) if boot == self.boot else 5,
            "wall": stamp(at + self.clock_error),
            "duration_ms": 10_000,
            "end": "complete",
        }

    def _mono(self, at: datetime) -> int:
        return max(0, round((at - self.booted_at).total_seconds() * 1000))


class Province:
    """Runs hour by hour, keeps the truth, and lets the reports close as the clock passes their times."""

    def __init__(self, services: Services, clock: FrozenClock, app: Flask, *, screens: int, hotspots: int, days: int):
        self.services, self.clock, self.app = services, clock, app
        self.random = random.Random(7)
        self.days = [FIRST_DAY + timedelta(days=n) for n in range(days)]
        self.down_day = self.days[1]
        self.areas = [f"w{n}" for n in range(max(2, screens // 20))]
        self.facts: list[Fact] = []
        self.people: dict[tuple[date, str], set[str]] = defaultdict(set)  # by day and area
        self.tokens: dict[tuple[str, date], str] = {}
        self.players: list[Player] = []
        self.codes: dict[str, str] = {}
        self._fact_of: dict[tuple[str, int], Fact] = {}
        self._build(screens, hotspots)

    def path(self, area: str) -> str:
        return f"/93/{area}/"

    def _build(self, screens: int, hotspots: int) -> None:
        now = local(FIRST_DAY, 0)
        places = [(f"l{n}", self.areas[n % len(self.areas)]) for n in range(max(screens, hotspots))]
        self.place_area = dict(places)
        self.hotspots = [location for location, _ in places[:hotspots]]

        def work(s: Any) -> None:
            create_area(s, code="93", name="Hậu Giang", population=733_017, now=now)
            for area in self.areas:
                create_area(s, code=area, name=f"Xã {area}", parent="93", now=now)
            for location, area in places:
                create_location(s, code=location, name=location, area=area, venue_kind="market", now=now)
            s.flush()
            for number in range(screens):
                location = f"l{number}"
                facts = {"name": location, "location_code": location, "width": 1080, "height": 1920}
                s.add(Screen(id=f"scr_{number}", created_at=now, changed_at=now, **facts))
            wants = [
                LinkWant(location, location, self.path(area), "cmp_1", "Bluezone", "crv_1", "A", "screen", 10, BLUEZONE)
                for location, area in places
            ]
            self.codes = {location: code for (location, _, _), code in ensure_links(s, wants, now).items()}

        self.services.db.write(work)
        for number in range(screens):
            error = self.random.choice([0, 0, 0, 3600, -7200, 86_400 * 300])
            player = Player(
                f"scr_{number}", f"l{number}", self.place_area[f"l{number}"], timedelta(seconds=error), self.random
            )
            player.epoch = f"{number + 1:012x}"
            self.players.append(player)

    def run(self) -> None:
        """Every day from seven in the morning to nine at night."""
        for day in self.days:
            for hour in range(7, 21):
                self._hour(day, hour)

    def is_down(self, at: datetime) -> bool:
        """The server is away from 14:50 to 15:20 of the second day."""
        return local(self.down_day, 14, 50) <= at < local(self.down_day, 15, 20)

    def _hour(self, day: date, hour: int) -> None:
        begin = local(day, hour)
        self._report(begin, begin + timedelta(minutes=20), begin + timedelta(minutes=30))
        for player in self.players:
            self._screen(player, day, hour)
        for location in self.hotspots:
            self._travellers(location, day, hour)
        self._scanners(day, hour)
        if (day, hour) == (self.days[2], 11):
            self._flood(day, hour)

    def _report(self, *moments: datetime) -> None:
        for moment in moments:
            if not self.is_down(moment):
                self.clock.step_to(moment)
                close_due(self.services)

    def _screen(self, player: Player, day: date, hour: int) -> None:
        asleep = player.random.random() < 0.05
        number = int(player.id[4:])
        off_line = ((number + day.day) % 6 == 0 and 9 <= hour < 20) or ((number + day.day) % 5 == 0 and hour >= 18)
        if player.random.random() < 0.03:
            player.restart(local(day, hour))
        if hour == 18 and off_line and player.random.random() < 0.5:
            player.wipe()
        for minute in () if asleep else range(2, 50, 8):
            at = local(day, hour, minute) + timedelta(seconds=player.random.randrange(300))
            self.facts.append(Fact(at, player.area, player.location, "plays", None))
            self._fact_of[player.epoch, player.seq + 1] = self.facts[-1]
            player.play(at)
        if not off_line:
            self._upload(player, local(day, hour, 55) + timedelta(seconds=player.random.randrange(200)))

    def _upload(self, player: Player, now: datetime) -> None:
        if self.is_down(now):
            return
        player.told_at.append(now)
        for _ in range(2 if player.random.random() < 0.1 else 1):  # sometimes the network sends it twice
            place = PlayPlace(player.id, player.location, self.path(player.area), ZONE, {"plc_1": "cmp_1"})
            sent = player.batch(now)
            outcome = self.services.db.write(lambda s, p=place, b=sent: record_plays(s, p, b, now))
            for seq, _, _ in player.held:
                self._stored(player, seq, now)
        if player.random.random() > 0.2:  # the answer arrives
            player.held = [each for each in player.held if each[0] > outcome.ack]

    def _stored(self, player: Player, seq: int, now: datetime) -> None:
        if (player.epoch, seq) not in player.stored:
            player.stored.add((player.epoch, seq))
            self._fact_of[player.epoch, seq].known_at = now

    def _travellers(self, location: str, day: date, hour: int) -> None:
        area = self.place_area[location]
        for number in range(self.random.randrange(3)):
            at = local(day, hour, 35 + number) + timedelta(seconds=self.random.randrange(60))
            fact = VisitFact(
                "", f"v{location}{day}{hour}{number}", location, self.path(area), ZONE, "h", "cmp_1", "c", "vi"
            )
            for kind, metric, share in (
                ("splash_view", "splash_views", 1.0),
                ("grant", "grants", 0.8),
                ("store_click", "splash_stores", 0.3),
            ):
                if self.random.random() > share:
                    break
                for _ in range(self.random.choice((1, 1, 2))):  # a page is often loaded twice
                    one = replace(fact, kind=kind)
                    self.services.db.write(lambda s, one=one, at=at: record_visit(s, one, at))
                self.facts.append(Fact(at, area, location, metric, at))

    def _scanners(self, day: date, hour: int) -> None:
        many = max(4, len(self.players) // 40)
        for number in range(many):
            location = self.random.choice(list(self.codes))
            at = local(day, hour, 42) + timedelta(minutes=4) * number / many
            self._open(location, at, ANDROID, f"p{self.random.randrange(10 * many)}", ("scans", "scan_stores"))
            if number % 4 == 0:
                self._open(location, at, CRAWLER, None, ("machines",))
                self._open(location, at, ANDROID, None, ("machines",), Purpose="prefetch")
            if number % 4 == 1:
                page = self._open(location, at, DESKTOP, f"q{self.random.randrange(2 * many)}", ("scans",))
                self._land(location, at, page)
                code = next(each for each in _codes_in(page) if each != self.codes[location])
                for _ in range(3):  # the chat opens what was passed on
                    self._open(location, at, ANDROID, None, ("shared_scans", "shared_stores"), code)

    def _open(
        self,
        location: str,
        at: datetime,
        agent: str,
        person: str | None,
        metrics: tuple[str, ...],
        code: str = "",
        **more: str,
    ) -> str:
        self.clock.step_to(at)
        day = (at + HERE).date()
        headers = {"User-Agent": agent, "Accept-Language": "vi"} | more
        if person and (token := self.tokens.get((person, day))):
            headers["Cookie"] = f"bt_day={token}"
        answer = self.app.test_client(use_cookies=False).get(f"/q/{code or self.codes[location]}", headers=headers)
        if person:
            self.people[day, self.place_area[location]].add(person)
            made = answer.headers.get("Set-Cookie", "")
            if made:
                self.tokens[person, day] = made.split("bt_day=")[1].split(";")[0]
        for metric in metrics:
            self.facts.append(Fact(at, self.place_area[location], location, metric, at))
        return str(answer.text)

    def _land(self, location: str, at: datetime, page: str) -> None:
        """The landing page's picture is fetched, and every other time its way to a store is taken, each twice."""
        steps = [(re.search(r'src="(/q/[^"]+seen.gif[^"]+)"', page), "landings")]
        if self.random.random() < 0.5:
            steps.append((re.search(r'href="(/q/[^"]+/ios[^"]+)"', page), "landing_stores"))
        for found, metric in steps:
            assert found is not None
            for _ in range(2):
                path = found[1].replace("&amp;", "&")
                self.app.test_client(use_cookies=False).get(path, headers={"User-Agent": DESKTOP})
            self.facts.append(Fact(at, self.place_area[location], location, metric, at))

    def _flood(self, day: date, hour: int) -> None:
        """Somebody opens one code by program, with the agent of a phone, in the minute after the others' scans."""
        location = next(iter(self.codes))
        at = local(day, hour, 48)
        for _ in range(MOST_A_MINUTE + 40):
            self._open(location, at, ANDROID, None, ("floods",))

    def truth(self) -> Counter[str]:
        """Metric -> how often it happened, of what the server could come to know."""
        return Counter(each.metric for each in self.facts if each.known_at is not None)


def _codes_in(page: str) -> list[str]:
    return [part[:8] for part in page.split("/q/")[1:]]
