"""The real Xibo player for browsers, as npm has it, in a Chromium of its own behind its own proxy."""

import fcntl
import hashlib
import json
import shutil
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from playwright.sync_api import Page, Request

from signage.dialects.soap import read_call
from tests.support.browser import chromium
from tests.support.ports import free_port

PLAYERS = Path(__file__).resolve().parents[2] / "players"
PATIENCE_S = 120
NUDGE_EVERY = 25  # looks


def install() -> None:
    """What package-lock.json names, from wherever npm's own configuration says; at the second call nothing.

    Leaves the test out where npm cannot have it.
    """
    lock = PLAYERS / "package-lock.json"
    wanted, stamp = hashlib.sha256(lock.read_bytes()).hexdigest(), PLAYERS / "node_modules" / ".installed"
    with (PLAYERS / ".lock").open("w") as one_at_a_time:
        fcntl.flock(one_at_a_time, fcntl.LOCK_EX)
        if stamp.is_file() and stamp.read_text() == wanted:
            return
        command = ["npm", "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            done = subprocess.run(command, cwd=PLAYERS, capture_output=True, text=True, timeout=240)
        except subprocess.TimeoutExpired:
            pytest.skip("npm did not install Xibo's player in four minutes")
        if done.returncode:
            pytest.skip(f"npm cannot install Xibo's player: {done.stderr.strip()[-300:]}")
        stamp.write_text(wanted)


class Row(NamedTuple):
    """A play as the player told it."""

    layout: str
    start: str
    seconds: int


@dataclass
class XiboPlayer:
    """The player's page, what it said to the server through it, and which other hosts it asked for anything."""

    page: Page
    url: str
    calls: list[str] = field(default_factory=list)
    told: list[Row] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    strangers: set[str] = field(default_factory=set)

    def heard(self, request: Request) -> None:
        """Notes a call to the server on its way through the proxy."""
        host = urlsplit(request.url).hostname
        if host not in ("localhost", None):
            self.strangers.add(host)
        if "/xmds-proxy" not in request.url or not request.post_data_buffer:
            return
        call = read_call(request.post_data_buffer)
        self.calls.append(call.operation)
        if call.operation == "SubmitStats":
            rows = ElementTree.fromstring(call.arg("statXml")).iter("stat")
            told = ((one.get("layoutid", ""), one.get("fromdt", ""), one.get("duration", "")) for one in rows)
            self.told += [Row(layout, start, int(seconds)) for layout, start, seconds in told]
        if call.operation == "NotifyStatus":
            self.shown.append(str(json.loads(call.arg("status"))["currentLayoutId"]))

    def plays(self) -> range:
        """How many plays the player has told of: fewer than rows where the hour turned within one, for it cuts that."""
        rows = set(self.told)
        return range(len(rows) - sum(one.start.endswith(":00:00") for one in rows), len(rows) + 1)

    def open(self) -> None:
        """Starts the player, or starts it anew."""
        self.page.goto(self.url)

    def collect(self) -> None:
        """As when the network comes back: the player asks the server at once."""
        self.page.evaluate("window.dispatchEvent(new Event('online'))")

    def wait(self, what: str, true: Callable[[], object]) -> None:
        """Until it is true. Now and then the player asks the server anew, as it does by itself once a minute: it may
        have missed that a file arrived, and waits for its next round then."""
        give_up, turn = time.monotonic() + PATIENCE_S, 0
        while not true():
            assert time.monotonic() < give_up, f"never came true: {what}; calls: {self.calls[-20:]}"
            self.page.wait_for_timeout(200)
            turn += 1
            if turn % NUDGE_EVERY == 0:
                self.collect()


@contextmanager
def xibo_player(folder: Path, cms_url: str, key: str, *, size: tuple[int, int]) -> Iterator[XiboPlayer]:
    """A player whose settings name this server and this key, in Việt Nam's time."""
    with (
        proxy(folder, cms_url, key) as url,
        chromium("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost") as one,
    ):
        view = one.new_context(viewport={"width": size[0], "height": size[1]}, timezone_id="Asia/Ho_Chi_Minh")
        player = XiboPlayer(view.new_page(), url)
        view.on("request", player.heard)
        yield player
        view.close()


@contextmanager
def proxy(folder: Path, cms_url: str, key: str) -> Iterator[str]:
    """The program that fetches for the page and keeps its files; the address of the page."""
    port = free_port()
    who = {"cmsUrl": cms_url, "cmsKey": key, "displayName": "Thang máy A", "hardwareKey": "pwa-0123456789abcdef"}
    settings = {"port": port, "pwaConfig": {**who, "transport": "xmds"}, "dataDir": str(folder / "xibo")}
    with (folder / "proxy.log").open("wb") as log:
        command = [shutil.which("node") or "node", str(PLAYERS / "xibo.mjs"), json.dumps(settings)]
        running = subprocess.Popen(command, cwd=PLAYERS, stdout=log, stderr=log)
    try:
        url = f"http://localhost:{port}/player/"
        _await(url)
        yield url
    finally:
        running.terminate()
        running.wait(timeout=30)


def _await(url: str) -> None:
    give_up = time.monotonic() + PATIENCE_S
    while True:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        assert time.monotonic() < give_up, "the proxy of Xibo's player did not start"
        time.sleep(0.1)
