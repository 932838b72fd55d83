"""A box with mpv: the real program plays what is due, off line too, and each play arrives once."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest
from flask import Response
from sqlalchemy.orm import Session

from core.services import Services
from measure.check import compare
from people.roles import SYSTEM
from signage import actions, queries
from tests.signage.dialects.glass import photograph, x_screen
from tests.signage.kiosk import SIZE, House, colour_of, open_house
from tests.support.needs import needs

pytestmark = [needs("mpv"), needs("Xvfb"), pytest.mark.timeout(300)]
PATIENCE_S = 120
PLAYS = [3, pytest.param(20, marks=pytest.mark.full)]  # of three seconds each: the long form is a minute


def until(holds: Callable[[], object], what: str) -> None:
    """Waits until something holds. Raises AssertionError."""
    give_up = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < give_up, f"never came true: {what}"
        time.sleep(0.1)


def hurry(path: str, response: Response) -> Response:
    """A poll every second instead of every half minute: for whoever waits for one."""
    if path == "/api/v1/player/manifest" and response.status_code == 200:
        response.set_data(re.sub(rb'"poll_after_ms":\d+', b'"poll_after_ms":1000', response.get_data()))
    return response


class Box:
    """The program as it is downloaded, run on a screen of its own."""

    def __init__(self, house: House, folder: Path, display: str) -> None:
        self.house, self.folder, self.display = house, folder, display
        self.key = self._hang()
        self.program = folder / "player.py"
        folder.mkdir()
        address = f"{house.url}/play/{self.key}/player.py"
        with urllib.request.urlopen(address) as answer:
            self.program.write_bytes(answer.read())
        self.process: subprocess.Popen[bytes] | None = None

    def _hang(self) -> str:
        now, place = self.house.clock.now(), {"location": "vt-01", "name": "Sảnh", "dialect": "mpv"}

        def work(s: Session) -> str:
            made = actions.create(s, **place, width=SIZE[0], height=SIZE[1], by=SYSTEM, now=now)
            return actions.give_key(s, made.id, by=SYSTEM, now=now)

        key = self.house.services.db.write(work)
        self.house.draw()
        return key

    def start(self) -> None:
        options = f"--vo=x11 --ao=null --no-border --geometry={SIZE[0]}x{SIZE[1]}+0+0"
        words = [sys.executable, str(self.program), "--with", "mpv", "--folder", str(self.folder / "kept")]
        environ = os.environ | {"DISPLAY": self.display}
        self.process = subprocess.Popen([*words, f"--options={options}"], env=environ, start_new_session=True)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        process, self.process = self.process, None
        if process is None:
            return 0
        with suppress(ProcessLookupError):  # it has ended by itself
            os.killpg(process.pid, how)
        return process.wait(60)

    def logged(self) -> int:
        """How many plays this box has ever begun."""
        file = self.folder / "kept" / "log.db"
        if not file.exists():
            return 0
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as db:
            row = db.execute("SELECT seq FROM sqlite_sequence WHERE name = 'play'").fetchone()
        return row[0] if row else 0


@pytest.fixture
def box(fresh: Services, ids: dict[str, str], tmp_path: Path) -> Iterator[Box]:
    with open_house(fresh) as house, x_screen(*SIZE, tmp_path / "screen") as (display, _):
        house.meddle = hurry
        house.publish(ids["red"], ids["green"])
        made = Box(house, tmp_path / "box", display)
        made.start()
        try:
            yield made
        finally:
            made.end(signal.SIGKILL)


def seqs(house: House) -> list[int]:
    return [seq for _, seq in house.plays()]


@pytest.mark.parametrize("plays", PLAYS)
def test_it_plays_on_while_the_server_is_away_and_reports_each_play_once(box: Box, tmp_path: Path, plays: int) -> None:
    house, screen = box.house, tmp_path / "screen" / "Xvfb_screen0"
    until(lambda: len(house.plays()) >= 1, "a play is reported")
    house.stop()
    before = box.logged()
    seen: set[str] = set()

    def look() -> bool:
        seen.add(colour_of(photograph(screen)))
        return box.logged() >= before + plays and {"red", "green"} <= seen

    until(look, "it plays on off line, and both pictures are on the glass")
    house.start()
    upto = box.logged()
    until(lambda: len(house.plays()) >= upto - 1, "what was played off line is reported")
    assert seqs(house) == list(range(1, len(seqs(house)) + 1))
    with house.services.db.read() as s:
        assert compare(s, house.clock.start).differences == ()


@pytest.mark.full
def test_a_box_that_lost_its_power_goes_on_with_its_log(box: Box) -> None:
    house = box.house
    until(lambda: box.logged() >= 2, "two plays have begun")
    box.end(signal.SIGKILL)
    house.stop()
    box.start()  # off line: from what it has
    held = box.logged()
    until(lambda: box.logged() >= held + 2, "it plays from what it kept")
    house.start()
    until(lambda: len(house.plays()) >= held + 1, "all is reported")
    assert seqs(house) == list(range(1, len(seqs(house)) + 1))


def test_a_takeover_cuts_in_and_is_confirmed(box: Box, ids: dict[str, str], tmp_path: Path) -> None:
    house, screen = box.house, tmp_path / "screen" / "Xvfb_screen0"
    until(lambda: len(house.plays()) >= 1, "a play is reported")
    taken = house.take_over(ids["purple"], 60)
    kept = box.folder / "kept" / "manifest.json"
    until(lambda: json.loads(kept.read_bytes())["takeover"], "it has heard of the takeover")
    until(lambda: colour_of(photograph(screen)) == "purple", "the takeover is on the glass")

    def confirmed() -> bool:
        with house.services.db.read() as s:
            return bool(queries.takeover_shown_at(s, taken))

    until(confirmed, "the box says that it shows the takeover")


def test_a_revoked_key_ends_it(box: Box) -> None:
    house = box.house
    until(lambda: len(house.plays()) >= 1, "a play is reported")
    with house.services.db.read() as s:
        screen = queries.fleet(s)[0].screen.id
    house.services.db.write(lambda s: actions.revoke_keys(s, screen, by=SYSTEM, now=house.clock.now()))
    assert box.process
    until(lambda: box.process is not None and box.process.poll() is not None, "it ends")
    assert box.process.returncode == 3
    assert not (box.folder / "kept" / "manifest.json").exists()
