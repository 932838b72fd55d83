"""The internet beyond the gateway: answers the phones' probes exactly, and notes every request it saw.

Run inside the world's namespace: `python world.py ADDRESS LOGFILE`. Standard library only.
"""

from __future__ import annotations

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

APPLE = b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"
PROBES: dict[tuple[str, str], tuple[int, bytes]] = {
    ("captive.apple.com", "/hotspot-detect.html"): (200, APPLE),
    ("connectivitycheck.gstatic.com", "/generate_204"): (204, b""),
    ("www.msftconnecttest.com", "/connecttest.txt"): (200, b"Microsoft Connect Test"),
    ("detectportal.firefox.com", "/success.txt"): (200, b"success\n"),
}
PAGE = b"<!doctype html><title>The open internet</title><h1>The open internet</h1>"


class World(BaseHTTPRequestHandler):
    """One answer for every name."""

    protocol_version = "HTTP/1.1"
    seen = ""

    def do_GET(self) -> None:
        host = (self.headers.get("Host") or "").split(":")[0]
        with Path(self.seen).open("a", encoding="utf-8") as log:
            log.write(json.dumps({"host": host, "path": self.path}) + "\n")
        status, body = PROBES.get((host, self.path.split("?")[0]), (200, PAGE))
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet: the notes above are the log."""


def main() -> None:
    """Serve until ended."""
    address, World.seen = sys.argv[1], sys.argv[2]
    server = ThreadingHTTPServer((address, 80), World)
    print("listening", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
