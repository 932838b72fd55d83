"""Our real server in the station's world: the supervisor, gunicorn and the job process on a data folder of its own."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
from collections import Counter
from pathlib import Path

from core.services import Services, make_services
from core.settings import load_settings
from tests.gateway.lab import SERVER_IP, Lab, LabError, wait_for

ROOT = Path(__file__).resolve().parents[2]
PORT = 8080


class House:
    """The server of one station."""

    def __init__(self, lab: Lab, portal_url: str | None = None) -> None:
        self.lab = lab
        self.url = f"http://{SERVER_IP}:{PORT}"
        self.data = lab.folder / "data"
        self.environ = {key: value for key, value in os.environ.items() if not key.startswith("BANGTIN_")} | {
            "BANGTIN_BIND": f"{SERVER_IP}:{PORT}",
            "BANGTIN_PUBLIC_URL": self.url,
            "BANGTIN_PORTAL_URL": portal_url or self.url,
            "BANGTIN_DATA_DIR": str(self.data),
            "BANGTIN_DEMO": "0",
        }

    def start(self) -> None:
        """Returns when the server answers."""
        process = self.lab.start(
            self.lab.world, sys.executable, "-m", "server.supervise", log="server", env=self.environ, cwd=ROOT
        )

        def ready() -> bool:
            assert process.poll() is None, self.lab.log("server")[-3000:]
            return self.lab.run(self.lab.world, "curl", "-sf", "-m", "2", f"{self.url}/healthz", check=False) != ""

        wait_for("the server", ready, 100, 0.3)

    def services(self) -> Services:
        """The same data, for a test that furnishes it; the server sees the change within two seconds."""
        return make_services(load_settings(self.environ))

    def counted(self, hotspot: str) -> dict[str, int]:
        """What the ledger holds for a hotspot: kind → how many."""
        return counts_of(self.data / "bangtin.db", hotspot)

    def settles_at(self, hotspot: str, wanted: dict[str, int], patience_s: float = 30) -> dict[str, int]:
        """What the ledger holds once it holds what is wanted, or after the patience: a view is written soon after."""
        with contextlib.suppress(LabError):
            wait_for("the counts", lambda: self.counted(hotspot) == wanted, patience_s)
        return self.counted(hotspot)

    def traces(self, *secrets: str) -> list[str]:
        """Where any of these stands in the data folder or in the server's output: it should be nowhere."""
        files = [file for file in self.data.rglob("*") if file.is_file()] + [self.lab.folder / "server.log"]
        held = [(file.name, file.read_bytes().lower()) for file in files]
        return [f"{name}: {secret}" for name, data in held for secret in secrets if secret.lower().encode() in data]


def counts_of(file: Path, hotspot: str) -> dict[str, int]:
    """What a ledger holds for a hotspot: kind → how many."""
    with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as db:
        rows = db.execute("SELECT kind FROM visit_event WHERE hotspot = ?", (hotspot,)).fetchall()
    return dict(Counter(kind for (kind,) in rows))
