"""A live server with a fleet of simulated screens, some of them bad, and the three numbers that must be one."""

import json
import random
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bench.exchange import MOST_PLAYS, SimScreen, of_tokens
from bench.fill import fill
from bench.fleet import Fleet
from core.services import make_services
from core.settings import load_settings
from tests.support.live import LiveServer

SCREENS = 40
S = TypeVar("S", bound=SimScreen)


@dataclass
class BadScreen(SimScreen):
    """A screen whose reports are not as they should be; how, a class below says."""

    chance: random.Random = field(default_factory=lambda: random.Random(5))

    def batch(self) -> bytes:
        """A good report, spoilt."""
        report = json.loads(super().batch())
        self.spoil(report)
        return json.dumps(report).encode()

    def spoil(self, report: dict[str, Any]) -> None:
        """Changes a report in place."""
        raise NotImplementedError


class Muddled(BadScreen):
    """Sends its log in pieces: the later before the earlier, overlapping, and what was acknowledged long ago."""

    def spoil(self, report: dict[str, Any]) -> None:
        """A piece from anywhere in the log, which still holds everything."""
        report["first"] = 1
        if not report["plays"]:
            return
        start, like = self.chance.randint(1, self.waiting[0] + 2), report["plays"][0]
        numbers = range(start, min(self.next, start + MOST_PLAYS))
        report["plays"] = [like | {"seq": seq} for seq in numbers]


class Stepping(BadScreen):
    """Its wall clock jumps by up to a year, forth and back, between any two reports and between any two plays."""

    def spoil(self, report: dict[str, Any]) -> None:
        """Each time that it tells is wrong by another error."""
        for told in (report["now"], *report["plays"]):
            wrong = timedelta(days=self.chance.uniform(-366, 366))
            told["wall"] = (datetime.fromisoformat(told["wall"]) + wrong).isoformat()


@dataclass
class Forgetful(SimScreen):
    """Has room for few plays; drops the oldest, and says so."""

    room: int = 3
    dropped: int = 0

    def play(self, plays: int) -> None:
        """So many more, and no more than there is room for."""
        super().play(plays)
        self.dropped += max(0, len(self.waiting) - self.room)
        self.waiting = self.waiting[-self.room :]


class Town:
    """A live server with forty screens in its database."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        self.file = server.data_dir / "bangtin.db"
        services = make_services(load_settings({k: v for k, v in server.environ.items() if k.startswith("BANGTIN")}))
        self.tokens = fill(services, SCREENS, creatives=3)
        services.db.close()
        self._epochs = 0

    def screens(self) -> list[SimScreen]:
        """The screens, with logs that nobody has seen yet."""
        return list(self.of(SimScreen))

    def of(self, kind: type[S]) -> Iterator[S]:
        """The same of another kind."""
        for one in of_tokens(self.tokens):
            self._epochs += 1
            yield kind(token=one.token, epoch=f"{self._epochs:012x}")

    def fleet(self, screens: Sequence[SimScreen], **more: float) -> Fleet:
        facts: dict[str, float] = {"poll_s": 2, "report_s": 0.5, "plays": 2} | more
        return Fleet(("127.0.0.1", self.server.port), screens, **facts)  # type: ignore[arg-type]

    def stored(self, screens: Sequence[SimScreen]) -> int:
        """Plays of these logs in the ledger, each (log, number) once by the table's own key."""
        return self._sum("SELECT count(*) FROM play JOIN play_ack USING (stream) WHERE epoch = ?", screens)

    def explained(self, screens: Sequence[SimScreen]) -> int:
        """Plays that these logs are known to have lost."""
        return self._sum(
            "SELECT coalesce(sum(to_seq - from_seq + 1), 0) FROM play_gap JOIN play_ack USING (stream) WHERE epoch = ?",
            screens,
        )

    def _sum(self, query: str, screens: Sequence[SimScreen]) -> int:
        with closing(sqlite3.connect(self.file)) as db:
            return sum(db.execute(query, (one.epoch,)).fetchone()[0] for one in screens)

    def times(self, screens: Sequence[SimScreen]) -> list[float]:
        """When these plays happened, in seconds since 1970."""
        query = "SELECT play.at FROM play JOIN play_ack USING (stream) WHERE epoch = ?"
        with closing(sqlite3.connect(self.file)) as db:
            return [at / 1000 for one in screens for (at,) in db.execute(query, (one.epoch,))]

    def acknowledged(self, screens: Sequence[SimScreen]) -> int:
        """Plays of which the screens know that they arrived."""
        return sum(one.acknowledged for one in screens)

    def balance(self, screens: Sequence[SimScreen], lost: int = 0) -> None:
        """The three numbers, and that they are one; what the screens say they have lost is explained and no more."""
        sent = sum(one.next - 1 for one in screens) - lost
        acknowledged, stored = self.acknowledged(screens) - lost, self.stored(screens)
        explained = self.explained(screens)
        print(f"sent {sent}, acknowledged {acknowledged}, stored {stored}; lost {lost}, explained {explained}")
        assert sent == acknowledged == stored > 0
        assert explained == lost
