"""A live server with a fleet of simulated screens, and the three numbers that must be one."""

import sqlite3
from contextlib import closing

from bench.exchange import SimScreen, of_tokens
from bench.fill import fill
from bench.fleet import Fleet
from core.services import make_services
from core.settings import load_settings
from tests.support.live import LiveServer

SCREENS = 40


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
        made = of_tokens(self.tokens)
        for one in made:
            self._epochs += 1
            one.epoch = f"{self._epochs:012x}"
        return made

    def fleet(self, screens: list[SimScreen], **more: float) -> Fleet:
        facts: dict[str, float] = {"poll_s": 2, "report_s": 0.5, "plays": 2} | more
        return Fleet(("127.0.0.1", self.server.port), screens, **facts)  # type: ignore[arg-type]

    def stored(self, screens: list[SimScreen]) -> int:
        """Plays of these logs in the ledger, each (log, number) once by the table's own key."""
        with closing(sqlite3.connect(self.file)) as db:
            query = "SELECT count(*) FROM play JOIN play_ack USING (stream) WHERE epoch = ?"
            return sum(db.execute(query, (one.epoch,)).fetchone()[0] for one in screens)

    def acknowledged(self, screens: list[SimScreen]) -> int:
        """Plays of which the screens know that they arrived."""
        return sum(one.acknowledged for one in screens)

    def balance(self, screens: list[SimScreen]) -> None:
        """The three numbers, and that they are one."""
        sent = sum(one.next - 1 for one in screens)
        acknowledged, stored = self.acknowledged(screens), self.stored(screens)
        print(f"sent {sent}, acknowledged {acknowledged}, stored {stored}")
        assert sent == acknowledged == stored > 0
