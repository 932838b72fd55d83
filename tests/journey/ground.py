"""Where the journey takes place: a station with a real openNDS, or this machine alone where that cannot be."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

from tests.gateway.house import ROOT, House
from tests.gateway.lab import GATEWAY_IP, WORLD_IP, Lab, missing, station
from tests.gateway.opennds import FASKEY, OpenNds, Setup
from tests.support import needs
from tests.support.live import LiveServer

HOTSPOT = "BX-VITHANH"
PROBE = "http://connectivitycheck.gstatic.com/generate_204"
PHONE_MAC = "02:00:00:00:77:21"


class Ground(Protocol):
    """The server, the ways to look at it, and the gateway."""

    url: str
    dialect: str
    fields: dict[str, str]  # what the console's form for this gateway asks for

    def start(self) -> None: ...
    def kill(self) -> None: ...
    def flask(self, *words: str, stdin: str = "") -> str: ...
    def fetch(self, path: str, key: str) -> Any: ...
    def outside(self) -> str: ...
    def inside(self) -> str: ...
    def join(self) -> str: ...
    def on_line(self) -> bool: ...
    def files(self) -> list[Path]: ...
    def secrets(self) -> list[str]: ...


class Station:
    """Three network namespaces: the phone behind a real openNDS, the server and everybody else beyond it."""

    dialect = "opennds"
    fields = {"grant_base": f"http://{GATEWAY_IP}:2050", "set-level": "1", "set-faskey": FASKEY}

    def __init__(self, lab: Lab) -> None:
        self.lab, self.house = lab, House(lab)
        self.url = self.house.url
        self.gateway = OpenNds(lab, Setup(1, f"/wifi/{HOTSPOT}"))
        self.address = ""

    def start(self) -> None:
        self.house.start()

    def kill(self) -> None:
        """As a power cut would: SIGKILL to the supervisor, the workers and the job process at once."""
        server = next(p for p in self.lab.running if "server.supervise" in p.args)  # type: ignore[operator]
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(10)
        self.lab.running.remove(server)

    def flask(self, *words: str, stdin: str = "") -> str:
        return run_flask(self.house.environ, words, stdin)

    def fetch(self, path: str, key: str) -> Any:
        bearer = f"Authorization: Bearer {key}"
        return json.loads(self.lab.run(self.lab.world, "curl", "-sS", "-m", "10", "-H", bearer, self.url + path))

    def outside(self) -> str:
        names = self.lab.folder / "resolv.conf"
        if not names.exists():  # the phone's lease writes its own later
            names.write_text(f"nameserver {WORLD_IP}\n")
        return str(self.lab.wrapper(self.lab.world, "/usr/bin/chromium"))

    def inside(self) -> str:
        return str(self.lab.wrapper(self.lab.phone, "/usr/bin/chromium"))

    def join(self) -> str:
        """The phone joins the wifi; what its system asks first."""
        self.gateway.start()
        self.address = self.lab.lease(PHONE_MAC)
        return PROBE

    def on_line(self) -> bool:
        return bool(self.gateway.clients()[PHONE_MAC]["state"] == "Authenticated")

    def files(self) -> list[Path]:
        return [*self.house.data.rglob("*"), self.lab.folder / "server.log"]

    def secrets(self) -> list[str]:
        return [PHONE_MAC, self.address]


class Desk:
    """Everything on loopback, and a small gateway of the ``generic`` dialect that lets through whom we send."""

    dialect = "generic"

    def __init__(self, folder: Path) -> None:
        self.server = LiveServer(folder / "data")
        self.url = self.server.url
        self.granted: list[str] = []
        self._gateway = ThreadingHTTPServer(("127.0.0.1", 0), _grants(self))
        threading.Thread(target=self._gateway.serve_forever, daemon=True).start()
        self.base = f"http://127.0.0.1:{self._gateway.server_port}"
        self.fields = {"grant_base": self.base}

    def start(self) -> None:
        self.server.start()

    def kill(self) -> None:
        self.server.kill()

    def flask(self, *words: str, stdin: str = "") -> str:
        return run_flask(self.server.environ, words, stdin)

    def fetch(self, path: str, key: str) -> Any:
        with urlopen(Request(self.url + path, headers={"Authorization": f"Bearer {key}"}), timeout=60) as answer:
            return json.load(answer)

    def outside(self) -> str:
        return needs.chromium() or ""

    def inside(self) -> str:
        return self.outside()

    def join(self) -> str:
        return f"{self.base}/"

    def on_line(self) -> bool:
        return len(self.granted) == 1

    def files(self) -> list[Path]:
        return [*self.server.data_dir.rglob("*"), self.server.log]

    def secrets(self) -> list[str]:
        return []

    def close(self) -> None:
        self.server.stop()
        self._gateway.shutdown()


def _grants(desk: Desk) -> type[BaseHTTPRequestHandler]:
    class Gateway(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            target = f"{desk.url}/wifi/{HOTSPOT}"
            if parts.path == "/grant":
                target = parse_qs(parts.query)["continue"][0]
                desk.granted.append(target)
            self.send_response(307)
            self.send_header("Location", target)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Gateway


def run_flask(environ: dict[str, str], words: tuple[str, ...], stdin: str) -> str:
    """``flask --app wsgi …`` on the server's own data; its standard output."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    done = subprocess.run(command, cwd=ROOT, env=environ, input=stdin, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@contextmanager
def ground(folder: Path) -> Iterator[Ground]:
    """The best ground that this machine allows; says which."""
    if reason := missing():
        print(f"\nThe journey uses the generic dialect, for there is no real gateway here: {reason}")
        desk = Desk(folder)
        try:
            yield desk
        finally:
            desk.close()
        return
    print("\nThe journey goes through a real openNDS")
    with station() as lab:
        yield Station(lab)
