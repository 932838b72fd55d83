"""A process's side of its talks with Xibo's players: who they are, and what they say."""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from core.errors import BadRequest, Forbidden
from core.security import digest
from core.threads import offload
from signage import actions, queries
from signage.actions import Result
from signage.desk import Desk, desk
from signage.dialects import xmds, xmds_reports
from signage.dialects.doors import screen_of_key, timezone_of
from signage.dialects.reports import Heard, heard, record
from signage.dialects.soap import Call
from signage.dialects.xlf import number_of_entry
from signage.dialects.xmds_papers import PaperDesk
from signage.models import Command

LONGEST_HARDWARE_KEY = 40
LONG = 100_000  # characters of a report that are read beside the loop: others wait
MOST_KNOWN = 50_000
_KEY = "xibo"


def xibo() -> "XiboDesk":
    """The desk for Xibo's players of the app that is serving, made at the first call."""
    held = current_app.extensions.get(_KEY)
    if held is None:
        held = current_app.extensions[_KEY] = XiboDesk(desk())
    return cast(XiboDesk, held)


class XiboDesk:
    """Remembers what each player said last: its protocol tells a little here and a little there."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.papers = PaperDesk(desk)
        self._players: dict[str, str] = {}
        self._said: dict[str, Heard] = {}
        self._entries: dict[int, str] = {}
        self._noted: set[tuple[str, str]] = set()

    # ---- who it is ----

    def admit(self, key: str, player: str, now: datetime) -> str:
        """The screen that a key speaks for, where ``player`` (what the box calls itself) is the first that came with
        it. Raises NotFound for the key, BadRequest, Forbidden for another box."""
        screen_id = screen_of_key(self.desk, key, now)
        if not 1 <= len(player) <= LONGEST_HARDWARE_KEY:
            raise BadRequest(f"A hardware key has 1 to {LONGEST_HARDWARE_KEY} characters")
        if self._player_of(key, player) != digest(player):
            raise Forbidden("Another player came with this key first; give the screen a fresh key for this one")
        return screen_id

    def _player_of(self, key: str, player: str) -> str | None:
        held = self._players.get(digest(key))
        if held is None:
            with self.desk.services.db.read() as s:
                held = queries.key_player(s, digest(key))
            held = held or self.desk.services.db.write(lambda s: actions.bind_key(s, key, player))
            if held is not None:
                self._players[digest(key)] = held
        return held

    # ---- what it is told ----

    def register(self, screen_id: str, call: Call, now: datetime) -> str:
        """How the player is to behave, and the checksums of what it is to hold. Raises Busy."""
        marks = self.papers.marks(screen_id, now)
        windows = call.arg("clientType") == "windows"
        player = {"name": "Xibo", "version": call.arg("clientVersion")[:32], "platform": call.arg("clientType")[:32]}
        asked = self._say(screen_id, now, player=player)
        wanted = any(one.type == "screenshot" for one in asked)
        told = xmds.Greeting(marks.manifest, marks.check_schedule, marks.check_files, wanted)
        return xmds.greeting(told, now, windows=windows)

    # ---- what it tells ----

    def plays(self, screen_id: str, text: str, now: datetime) -> None:
        """Takes its plays into the ledger. Raises BadRequest."""
        zone = ZoneInfo(timezone_of(self.desk, screen_id))
        read = xmds_reports.read_stats
        stats = offload(read, text, zone) if len(text) > LONG else read(text, zone)
        numbers = [number_of_entry(one.layout) for one in stats if isinstance(one, xmds_reports.Stat)]
        entries = self._entries_of(numbers)
        rows = xmds_reports.plays(stats, entries, self.desk.given.of(entries.values()))
        record(self.desk, screen_id, rows, now)

    def inventory(self, screen_id: str, text: str, now: datetime) -> None:
        """Keeps how many of its files the player has. Raises BadRequest."""
        self._say(screen_id, now, media=xmds_reports.read_inventory(text))

    def condition(self, screen_id: str, text: str, now: datetime) -> None:
        """Keeps how the player is; that it shows a takeover is noted at once. Raises BadRequest, Busy."""
        told = xmds_reports.read_status(text)
        manifest = self.papers.marks(screen_id, now).manifest
        number = number_of_entry(told.layout) if told.layout is not None else 0
        entry = self._entries_of([number]).get(number)
        slot = manifest.takeover
        shown = slot.id if slot and entry == slot.entry else None
        self._say(screen_id, now, entry=entry, takeover_shown=shown, storage=told.storage)
        if told.zone and xmds_reports.wrong_zone(told.zone, ZoneInfo(manifest.screen.timezone), now):
            detail = f"its clock is in {told.zone}, the place is in {manifest.screen.timezone}: set the player's zone"
            self.troubles(screen_id, [("time zone", detail)], now)

    def troubles(self, screen_id: str, found: Sequence[tuple[str, str]], now: datetime) -> None:
        """Keeps what went wrong, each thing once for as long as this process remembers."""
        new = [one for one in found if (screen_id, one[1]) not in self._noted]
        if not new:
            return
        if len(self._noted) > MOST_KNOWN:
            self._noted.clear()
        self._noted |= {(screen_id, detail) for _, detail in new}
        heard(self.desk, screen_id, self._last(screen_id)._replace(troubles=new), now)

    def photograph(self, screen_id: str, text: str, now: datetime) -> None:
        """Keeps a photograph that was asked for; some players send one every few minutes once they were asked.

        Raises BadRequest, TooLarge, Invalid.
        """
        asked = next((one for one in self._say(screen_id, now) if one.type == "screenshot"), None)
        if asked is None:
            return
        jpeg, done = xmds_reports.read_photograph(text), [Result(asked.id, True, "")]
        write = self.desk.services.db.write
        write(lambda s: actions.keep_screenshot(s, screen_id, asked.id, jpeg, now))
        write(lambda s: actions.answer_commands(s, screen_id, done, now))

    # ---- what is remembered ----

    def _last(self, screen_id: str) -> Heard:
        return self._said.get(screen_id, Heard())

    def _say(self, screen_id: str, now: datetime, **news: object) -> Sequence[Command]:
        said = self._said[screen_id] = self._last(screen_id)._replace(**news)  # type: ignore[arg-type]
        return heard(self.desk, screen_id, said, now)

    def _entries_of(self, numbers: Sequence[int]) -> dict[int, str]:
        wanted = set(numbers)
        if unmet := wanted - self._entries.keys():
            if len(self._entries) > MOST_KNOWN:
                self._entries.clear()
            self._entries |= self.desk.given.numbered(unmet)
        return {number: self._entries[number] for number in wanted if number in self._entries}
