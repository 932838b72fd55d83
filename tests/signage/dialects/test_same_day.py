"""The same day, told through each dialect, is the same day in the report."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.services import Services
from measure.models import HourlyCount, Slice
from server.app import create_app
from tests.signage.dialects.smil_player import SmilPlayer
from tests.signage.dialects.xibo_client import Xibo, XiboDay
from tests.signage.world import Player, hang, make_creative, make_places, on_sqlite, publish, take_over
from tests.support.clock import FrozenClock

SECONDS = 60  # of each creative: a day is 1,440 plays
MINUTE = timedelta(minutes=1)
LOOK_EVERY = 20  # minutes
Dialect = Callable[[Player], "Walker"]
MIDNIGHT = datetime.fromisoformat("2026-11-22T00:00:00+07:00")
TAKEN_OVER_AT = timedelta(hours=15)
MORNING_HOURS = [{"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "07:00", "to": "09:00"}]


class Walker:
    """A player that is asked to play for a while, and then to report."""

    def look(self) -> None: ...
    def play(self, start: datetime, until: datetime) -> None: ...
    def report(self) -> None: ...


class Own(Walker):
    """The player of contract section 3."""

    def __init__(self, player: Player) -> None:
        self.player, self.plays, self.place = player, [], 0
        self.manifest: dict[str, Any] = {}
        self.running: object = None
        self.sent = 0

    def look(self) -> None:
        self.manifest = self.player.get("manifest").get_json()

    def play(self, start: datetime, until: datetime) -> None:
        at = start
        while at < until:
            loop, ends = self._due(at)
            if loop != self.running:
                self.running, self.place = loop, 0
            entry = loop[self.place % len(loop)]
            self.place += 1
            lasts = timedelta(milliseconds=self.manifest["entries"][entry]["duration_ms"])
            self.plays.append((entry, at, min(at + lasts, ends, until)))
            at = self.plays[-1][2]

    def _due(self, at: datetime) -> tuple[list[str], datetime]:
        takeover = self.manifest["takeover"]
        if takeover and moment(takeover["from"]) <= at < moment(takeover["until"]):
            return [takeover["entry"]], moment(takeover["until"])
        segment = next(one for one in self.manifest["programme"] if moment(one["from"]) <= at < moment(one["until"]))
        return segment["loop"], moment(segment["until"])

    def report(self) -> None:
        now = self.plays[-1][2]
        rows = [self._row(seq, *play) for seq, play in enumerate(self.plays, 1)]
        for start in range(self.sent, len(rows), 500):
            some = rows[start : start + 500]
            clocks = {"wall": now.isoformat(), "mono_ms": now.timestamp() * 1000, "boot": "b"}
            body = {"epoch": "0123456789ab", "first": some[0]["seq"], "now": clocks, "plays": some}
            assert [self.player.post("plays", body).status_code for _ in range(2)] == [200, 200]  # one answer was lost
        self.sent = len(rows)

    def _row(self, seq: int, entry: str, start: datetime, end: datetime) -> dict[str, Any]:
        known = self.manifest["entries"][entry]
        times = {"boot": "b", "mono_ms": start.timestamp() * 1000, "wall": start.isoformat()}
        spans = {"duration_ms": round((end - start) / timedelta(milliseconds=1)), "expected_ms": SECONDS * 1000}
        named = {"entry": entry, "creative": known["creative"], "placement": known["placement"]}
        return {"seq": seq, "end": "complete", **named, **times, **spans}


class Smil(Walker):
    def __init__(self, player: Player) -> None:
        self.box = SmilPlayer(player.client, f"/play/{player.token}/index.smil")

    def look(self) -> None:
        self.box.poll()

    def play(self, start: datetime, until: datetime) -> None:
        self.box.play(start, until)

    def report(self) -> None:
        """In files of fifty, each put twice: the first answer was lost."""
        log, self.box.log = self.box.log, []
        for start in range(0, len(log), 50):
            for _ in range(2):
                assert self.box.put_playlog(log[start : start + 50]).status_code == 201


class XiboBox(XiboDay, Walker):
    def __init__(self, player: Player) -> None:
        super().__init__(Xibo(player.client, player.token, player.screen))


WALKERS: dict[str, Dialect] = {"own": Own, "smil": Smil, "xibo": XiboBox}


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.fixture
def town(services: Services, clock: FrozenClock, drawn: None) -> Services:
    """At midnight: a campaign all day, and another in the morning."""
    clock.step_to(MIDNIGHT)

    def work(s: Session) -> None:
        make_places(s, MIDNIGHT)
        for name in ("builtin", "crv_a", "crv_b", "crv_c", "crv_t"):
            make_creative(s, name, MIDNIGHT, seconds=SECONDS)
        publish(s, MIDNIGHT, "crv_a", "crv_b")
        publish(s, MIDNIGHT, "crv_c", dayparts=MORNING_HOURS)
        take_over(s, MIDNIGHT + TAKEN_OVER_AT, "crv_t", minutes=LOOK_EVERY)

    services.db.write(work)
    return services


def counted(services: Services) -> Counter[tuple[int, str]]:
    """Plays of the office building by hour and creative."""
    with services.db.read() as s:
        query = select(HourlyCount.hour, Slice.creative, HourlyCount.n).join(Slice, Slice.id == HourlyCount.slice)
        rows = s.execute(query.where(Slice.location == "vt-01", Slice.metric == "plays"))
        return Counter({(row.hour, row.creative): row.n for row in rows})


def walk(clock: FrozenClock, walker: Walker) -> None:
    """From midnight to midnight."""
    for minute in range(0, 24 * 60, LOOK_EVERY):
        at = MIDNIGHT + minute * MINUTE
        walker.look()
        walker.play(at, at + LOOK_EVERY * MINUTE)
        clock.advance(minutes=LOOK_EVERY)
        if minute % 240 == 0:
            walker.report()
    walker.report()


@on_sqlite
def test_it_works(town: Services, clock: FrozenClock) -> None:
    days: dict[str, Counter[tuple[int, str]]] = {}
    for name, make in WALKERS.items():
        before = counted(town)
        clock.step_to(MIDNIGHT)
        client = create_app(town.settings, town).test_client()  # which remembers nothing of a day that is yet to come
        walk(clock, make(hang(town, client, name=name)))
        days[name] = counted(town) - before
    first = days.pop("own")
    assert sum(first.values()) == 24 * 60
    assert {creative for _, creative in first} == {"crv_a", "crv_b", "crv_c", "crv_t"}
    assert sum(n for (_, creative), n in first.items() if creative == "crv_t") == LOOK_EVERY
    assert {name: day - first for name, day in days.items()} == {name: Counter() for name in days}
    assert {name: first - day for name, day in days.items()} == {name: Counter() for name in days}
