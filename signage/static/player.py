#!/usr/bin/env python3
"""Plays a Bảng Tin screen with mpv or VLC: fetches what is to be played, plays it off line too, and reports each play.

    python3 player.py [ADDRESS] [--with mpv|vlc] [--folder FOLDER] [--options "…"]

ADDRESS is the one that the console gave (https://…/play/KEY/player.py); the copy that is downloaded from there has it
in it. Only Python's standard library is used. The player's contract is section 3 of the server's documents: a manifest
that reaches days ahead, and a log of plays that is kept here until the server has acknowledged it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any, Callable, Iterator

ADDRESS = ""  # filled in by the server that this is downloaded from
VERSION = "1"
MOST_PLAYS = 500
PATIENCE_S = 20
STARTS_WITHIN_S = 60  # a small box that has just been switched on is slow
SHOWN_FOR_EVER = ["--idle=yes", "--force-window=yes", "--keep-open=always", "--image-display-duration=inf"]
QUIET = [
    "--no-config",
    "--no-terminal",
    "--no-osc",
    "--osd-level=0",
    "--no-input-default-bindings",
    "--cursor-autohide=always",
]


class Revoked(Exception):
    """The server knows this key no longer."""


def instant(seconds: float) -> str:
    """RFC 3339 in UTC, from seconds since 1970."""
    return datetime.fromtimestamp(seconds, timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def seconds_of(text: str) -> float:
    """Seconds since 1970, from RFC 3339 (older Pythons read no Z)."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


class Clock:
    """The server's time, as its answers tell it; this box's own until one came."""

    def __init__(self) -> None:
        self._ahead = time() - monotonic()

    def heard(self, date: str | None) -> None:
        if date:
            self._ahead = parsedate_to_datetime(date).timestamp() - monotonic()

    def now(self) -> float:
        return monotonic() + self._ahead


class Server:
    """The server's doors for this screen."""

    def __init__(self, root: str, key: str, clock: Clock) -> None:
        self.root, self._key, self._clock = root, key, clock

    def ask(self, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any, bytes]:
        """(status, headers, bytes). Raises OSError where nobody answers, Revoked where the key is good no longer."""
        sent = {"Authorization": "Bearer " + self._key, **(headers or {})}
        if body is not None:
            sent["Content-Type"] = "application/json"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.root + path, data, sent)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                self._clock.heard(answer.headers["Date"])
                return answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            self._clock.heard(refusal.headers["Date"])
            if refusal.code == 401:
                raise Revoked from None
            return refusal.code, refusal.headers, refusal.read()

    def fetch(self, path: str, file: Path) -> None:
        """Puts a medium into a file, going on where an earlier try broke off. Raises OSError."""
        part = file.with_name(file.name + ".part")
        held = part.stat().st_size if part.exists() else 0
        request = urllib.request.Request(self.root + path, headers={"Range": f"bytes={held}-"} if held else {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                out = part.open("ab" if answer.status == 206 else "wb")
                with out:
                    shutil.copyfileobj(answer, out)
        except urllib.error.HTTPError as refusal:
            if refusal.code != 416:  # else it was whole already
                part.unlink(missing_ok=True)
                raise
        named = re.fullmatch(r"/media/([0-9a-f]{64})\.\w+", path)
        if named and hashlib.sha256(part.read_bytes()).hexdigest() != named[1]:
            part.unlink()
            raise OSError("a file arrived damaged: " + path)
        part.replace(file)


class Log:
    """Plays, kept here until the server has them. One that was running when the box went dark is closed as cut."""

    COLUMNS = "seq, entry, creative, placement, sha256, boot, mono_ms, wall, duration_ms, expected_ms, ended, revision"

    def __init__(self, file: Path) -> None:
        self._lock = threading.Lock()
        self._db = sqlite3.connect(str(file), check_same_thread=False, isolation_level=None)
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT)")
        self._db.execute(
            "CREATE TABLE IF NOT EXISTS play (seq INTEGER PRIMARY KEY AUTOINCREMENT, entry, creative, placement,"
            " sha256, boot, mono_ms, wall, duration_ms, expected_ms, ended, revision)"
        )
        self._db.execute("UPDATE play SET ended = 'cut' WHERE ended IS NULL")
        self._db.execute("INSERT OR IGNORE INTO kept VALUES ('epoch', ?)", [f"{random.getrandbits(48):012x}"])
        self.boot = f"{random.getrandbits(64):016x}"

    def _do(self, statement: str, *values: Any) -> sqlite3.Cursor:
        with self._lock:
            return self._db.execute(statement, values)

    def get(self, name: str) -> str | None:
        row = self._do("SELECT value FROM kept WHERE name = ?", name).fetchone()
        return row[0] if row else None

    def put(self, name: str, value: str) -> None:
        self._do("INSERT OR REPLACE INTO kept VALUES (?, ?)", name, value)

    def began(self, name: str, entry: dict[str, Any], wall: float, revision: str) -> int:
        """A play begins; its number."""
        facts = (
            name,
            entry["creative"],
            entry["placement"],
            entry["sha256"],
            self.boot,
            monotonic() * 1000,
            instant(wall),
        )
        marks = "(entry, creative, placement, sha256, boot, mono_ms, wall, duration_ms, expected_ms, revision)"
        row = self._do(f"INSERT INTO play {marks} VALUES (?,?,?,?,?,?,?,0,?,?)", *facts, entry["duration_ms"], revision)
        return row.lastrowid or 0

    def ended(self, seq: int, lasted_s: float, how: str) -> None:
        self._do("UPDATE play SET duration_ms = ?, ended = ? WHERE seq = ?", round(lasted_s * 1000), how, seq)

    def batch(self, wall: float) -> dict[str, Any] | None:
        """What is to be reported next, as the server takes it; None where nothing waits."""
        rows = self._do(
            f"SELECT {self.COLUMNS} FROM play WHERE ended IS NOT NULL ORDER BY seq LIMIT ?", MOST_PLAYS
        ).fetchall()
        if not rows:
            return None
        names = self.COLUMNS.replace("ended", "end").split(", ")
        now = {"wall": instant(wall), "mono_ms": monotonic() * 1000, "boot": self.boot}
        plays = [dict(zip(names, row), display="unknown") for row in rows]
        return {"epoch": self.get("epoch"), "first": rows[0][0], "now": now, "plays": plays}

    def acknowledged(self, ack: int) -> None:
        self._do("DELETE FROM play WHERE seq <= ? AND ended IS NOT NULL", ack)


class Manifest:
    """What is to be played, and where its files lie."""

    def __init__(self, facts: dict[str, Any], folder: Path) -> None:
        self.revision, self.poll_s = facts["revision"], facts["poll_after_ms"] / 1000
        self.entries, self._takeover, self._fallback = facts["entries"], facts["takeover"], facts["fallback"]
        self._programme = [
            (seconds_of(one["from"]), seconds_of(one["until"]), one["loop"]) for one in facts["programme"]
        ]
        self._folder = folder

    def due(self, at: float) -> tuple[str, list[str], float, str | None]:
        """(what names this stretch, its loop, when it ends, the takeover's id) at a moment."""
        taken = self._takeover
        if taken and seconds_of(taken["from"]) <= at < seconds_of(taken["until"]):
            return taken["id"], [taken["entry"]], seconds_of(taken["until"]), taken["id"]
        starts = [seconds_of(taken["from"])] if taken and seconds_of(taken["from"]) > at else []
        for start, until, loop in self._programme:
            if start <= at < until:
                return str(loop), loop, min([until, *starts]), None
        return "fallback", [self._fallback], min([at + 60, *starts]), None

    def path(self, name: str) -> str:
        """Where an entry is fetched: a picture with its code in it, since nothing can be laid on top here."""
        entry = self.entries[name]
        code = entry["qr"]
        if code is None or not entry["mime"].startswith("image/"):
            return str(entry["media_url"])
        test = "/T" if code["url"].endswith("/T") else ""
        return "/media/flat/{}/{}{}.jpg".format(entry["sha256"], code["code"], test)

    def file(self, name: str) -> Path:
        return self._folder / self.path(name).replace("/media/", "").replace("/", "-")


class Courier(threading.Thread):
    """Fetches and reports, whatever the network does; the screen plays on meanwhile."""

    def __init__(self, box: Box) -> None:
        super().__init__(daemon=True)
        self._box, self._wake = box, threading.Event()
        self._results: list[dict[str, Any]] = []
        self.troubles: list[dict[str, str]] = []

    def run(self) -> None:
        while True:
            try:
                self._round()
            except Revoked:
                self._box.stop(3)
                return
            except (OSError, ValueError) as error:
                self.troubles = [*self.troubles[-9:], {"code": "media-unreachable", "detail": str(error)[:200]}]
            self._wake.wait(self._box.manifest.poll_s if self._box.manifest else 5)
            self._wake.clear()

    def _round(self) -> None:
        server, box = self._box.server, self._box
        etag = box.log.get("etag")
        held = {"If-None-Match": etag} if box.manifest and etag else {}
        status, headers, body = server.ask("/api/v1/player/manifest", headers=held)
        if status == 200:
            self._stage(body, headers["ETag"])
        self._report_plays()
        self._report_status()

    def _stage(self, body: bytes, etag: str) -> None:
        """All files first, then the switch: a screen never waits for a file."""
        box = self._box
        made = Manifest(json.loads(body), box.media)
        for name in made.entries:
            if not made.file(name).exists():
                box.server.fetch(made.path(name), made.file(name))
        kept = box.media.parent / "manifest.json"
        kept.with_suffix(".part").write_bytes(body)
        kept.with_suffix(".part").replace(kept)
        box.log.put("etag", etag)
        box.take(made)
        wanted = {made.file(name) for name in made.entries}
        for file in box.media.iterdir():
            if file not in wanted and file != box.shows and file.suffix != ".part":
                file.unlink()

    def _report_plays(self) -> None:
        box = self._box
        while (batch := box.log.batch(box.clock.now())) is not None:
            status, _, body = box.server.ask("/api/v1/player/plays", batch)
            if (
                status == 409
            ):  # the server has less than was acknowledged here: what is gone is declared lost by ``first``
                batch["plays"] = []
                status, _, body = box.server.ask("/api/v1/player/plays", batch)
            if status != 200:
                return
            box.log.acknowledged(json.loads(body)["ack"])
            if len(batch["plays"]) < MOST_PLAYS:
                return

    def _report_status(self) -> None:
        box, results, troubles = self._box, self._results, self.troubles
        self._results, self.troubles = [], []
        made = box.manifest
        have = sum(made.file(name).exists() for name in made.entries) if made else 0
        facts = {
            "entry": box.entry,
            "revision": made and made.revision,
            "takeover_shown": box.takeover,
            "media": {"have": have, "want": len(made.entries) if made else 0},
            "errors": troubles,
            "command_results": results,
            "player": {"name": "player.py " + box.screen.name, "version": VERSION},
        }
        status, _, body = box.server.ask("/api/v1/player/status", facts)
        for command in json.loads(body)["commands"] if status == 200 else []:
            known = command["type"] == "refresh"
            if known:
                box.log.put("etag", "")
            self._results.append({"id": command["id"], "ok": known, "detail": "" if known else "not known here"})
            self._wake.set()


class Mpv:
    """mpv, told by JSON over its socket what to show."""

    name = "mpv"

    def __init__(self, folder: Path, options: list[str]) -> None:
        self._at, self._asked = folder / "mpv.sock", 0
        self._at.unlink(missing_ok=True)
        options = options or ["--fullscreen"]
        self._process = subprocess.Popen(
            ["mpv", *SHOWN_FOR_EVER, *QUIET, "--loop-file=inf", f"--input-ipc-server={self._at}", *options]
        )
        self._socket = _patiently(self._connect)
        self._lines = self._socket.makefile("rb")

    def _connect(self) -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.settimeout(STARTS_WITHIN_S)
        made.connect(str(self._at))
        return made

    def show(self, file: Path) -> None:
        """Returns once the file is on the screen. Raises OSError where it cannot be shown, or mpv is gone."""
        self._asked += 1
        self._socket.sendall(
            json.dumps({"command": ["loadfile", str(file)], "request_id": self._asked}).encode() + b"\n"
        )
        asked = False
        for told in self._told():
            asked = asked or told.get("request_id") == self._asked
            if asked and told.get("event") == "file-loaded":
                return
            if asked and told.get("event") == "end-file" and told.get("reason") == "error":
                raise OSError(f"mpv cannot show {file.name}")
        raise OSError("mpv has ended")

    def _told(self) -> Iterator[dict[str, Any]]:
        """What mpv says, as it says it. One that falls silent hangs: it is ended, to be started anew."""
        try:
            for line in self._lines:
                yield json.loads(line)
        except OSError:
            self._process.kill()

    def alive(self) -> bool:
        return self._process.poll() is None

    def quit(self) -> None:
        self._process.terminate()
        self._process.wait(10)


class Vlc:
    """VLC, told by lines over its remote control what to show."""

    name = "vlc"

    def __init__(self, folder: Path, options: list[str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self._port = probe.getsockname()[1]
        remote = ["--extraintf", "oldrc", "--rc-fake-tty", "--rc-host", f"127.0.0.1:{self._port}"]
        shown = ["--no-video-title-show", "--image-duration", "-1", "--repeat", "--no-osd", "--quiet"]
        self._process = subprocess.Popen(
            ["cvlc", *remote, *shown, *(options or ["--fullscreen"])], stdin=subprocess.DEVNULL
        )
        self._socket = _patiently(lambda: socket.create_connection(("127.0.0.1", self._port), STARTS_WITHIN_S))

    def show(self, file: Path) -> None:
        """Returns once VLC says that it plays; of a file that it cannot read it says nothing.

        Raises OSError where there is no such file, or VLC is gone.
        """
        if not file.exists():
            raise OSError(f"there is no {file.name}")
        self._socket.sendall((f"clear\nadd {file}\n").encode())
        give_up = monotonic() + STARTS_WITHIN_S
        while monotonic() < give_up:
            self._socket.sendall(b"is_playing\n")
            if re.search(rb"(^|\D)1\s", self._socket.recv(65536)):
                return
            sleep(0.1)
        raise OSError(f"VLC does not show {file.name}")

    def alive(self) -> bool:
        return self._process.poll() is None

    def quit(self) -> None:
        self._process.terminate()
        self._process.wait(10)


def _patiently(connect: Callable[[], socket.socket]) -> socket.socket:
    give_up = monotonic() + STARTS_WITHIN_S
    while True:
        try:
            return connect()
        except OSError:
            if monotonic() > give_up:
                raise
            sleep(0.1)


class Box:
    """The screen: plays what is due, one after the other, and logs each play."""

    def __init__(self, server: Server, clock: Clock, folder: Path, screen: Mpv | Vlc) -> None:
        self.server, self.clock, self.screen, self.media = server, clock, screen, folder / "media"
        self.media.mkdir(parents=True, exist_ok=True)
        self.log = Log(folder / "log.db")
        self.manifest: Manifest | None = None
        self.entry: str | None = None
        self.takeover: str | None = None
        self.shows: Path | None = None
        self.code: int | None = None
        self.courier = Courier(self)
        self._changed = threading.Event()
        kept = folder / "manifest.json"
        if kept.exists():
            self.manifest = Manifest(json.loads(kept.read_bytes()), self.media)

    def take(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self._changed.set()

    def stop(self, code: int = 0) -> None:
        self.code = code
        self._changed.set()

    def run(self) -> int:
        """Until it is stopped; the code to end with."""
        running, place = "", 0
        while self.code is None:
            if self.manifest is None:
                self._changed.wait(1)
                continue
            if not self.screen.alive():
                return 4  # whoever watches over this starts both anew
            stretch, loop, until, takeover = self.manifest.due(self.clock.now())
            place = place + 1 if running == stretch else 0
            running, self.takeover = stretch, takeover
            self._play(self.manifest, loop[place % len(loop)], until, stretch)
        return self.code

    def _play(self, manifest: Manifest, name: str, until: float, stretch: str) -> None:
        entry = manifest.entries[name]
        try:
            self.screen.show(manifest.file(name))
        except OSError as error:
            self.courier.troubles.append({"code": "media-undecodable", "detail": str(error)[:200]})
            self._changed.wait(1)
            return
        began, self.entry, self.shows = monotonic(), name, manifest.file(name)
        seq = self.log.began(name, entry, self.clock.now(), manifest.revision)
        ends = began + entry["duration_ms"] / 1000
        while self.code is None and (left := min(ends - monotonic(), until - self.clock.now())) > 0:
            if self._changed.wait(left):
                self._changed.clear()
                if (self.manifest or manifest).due(self.clock.now())[0] != stretch:
                    break
        lasted = monotonic() - began
        self.log.ended(seq, lasted, "complete" if lasted * 1000 >= entry["duration_ms"] - 100 else "cut")


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("address", nargs="?", default=ADDRESS)
    parser.add_argument(
        "--with", dest="program", choices=["mpv", "vlc"], default="mpv" if shutil.which("mpv") else "vlc"
    )
    parser.add_argument("--folder", type=Path, default=Path.home() / ".bangtin-player")
    parser.add_argument("--options", default="", help="for mpv or VLC, in the place of --fullscreen")
    asked = parser.parse_args(words)
    found = re.fullmatch(r"(https?://.+)/play/([\w-]+)/.*", asked.address)
    if not found:
        parser.error("give the address that the console showed: https://…/play/…/player.py")
    asked.folder.mkdir(parents=True, exist_ok=True)
    asked.folder.chmod(0o700)
    clock = Clock()
    make: type[Mpv] | type[Vlc] = Vlc if asked.program == "vlc" else Mpv
    screen = make(asked.folder, asked.options.split())
    box = Box(Server(found[1], found[2], clock), clock, asked.folder, screen)
    signal.signal(signal.SIGTERM, lambda *_: box.stop(0))
    signal.signal(signal.SIGINT, lambda *_: box.stop(0))
    box.courier.start()
    code = box.run()
    screen.quit()
    if code == 3:
        (asked.folder / "manifest.json").unlink(missing_ok=True)
        print("This address is good no longer; ask for another", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
