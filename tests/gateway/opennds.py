"""A real openNDS 9.10 as the station's gateway, in a mount namespace of its own.

openNDS writes to /etc, keeps its state in /tmp and reads the leases in /var/lib/misc: each of the three is
replaced by a folder of the station before the program starts, so the machine that runs the test stays as it was.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.gateway.lab import SERVER_IP, SERVER_NAME, Lab, wait_for

FASKEY = "s3cretkey"
THEME_PATH = "/etc/opennds/theme_bangtin.sh"

PRIVATE = """#!/bin/sh
set -e
mount --make-rprivate /
mount --bind {folder}/etc /etc
mount --bind {folder}/misc /var/lib/misc
mount --bind {folder}/tmp /tmp
exec "$@"
"""


@dataclass(frozen=True)
class Setup:
    """What an installer would write into opennds.conf."""

    level: int
    path: str
    port: int = 8080
    faskey: str = FASKEY
    name: str = "Ga Bến Thành"
    more: dict[str, str] = field(default_factory=dict)
    theme: bytes = b""  # a ThemeSpec in place of a server

    def lines(self) -> str:
        conf = {
            "GatewayInterface": "lan0",
            "GatewayName": self.name,
            "fasport": str(self.port),
            "faspath": self.path,
            "fas_secure_enabled": str(self.level),
            "faskey": self.faskey,
            "fasremoteip": SERVER_IP,
            "checkinterval": "15",
            "debuglevel": "3",
        } | self.more
        if self.level == 3:
            conf["fasremotefqdn"] = SERVER_NAME
        if self.theme:
            conf = {key: value for key, value in conf.items() if not key.startswith("fas")}
            conf |= {"login_option_enabled": "3", "themespec_path": THEME_PATH}
        settings = "".join(f"{key} {value}\n" for key, value in conf.items())
        return settings + RULES


RULES = """
FirewallRuleSet authenticated-users {
    FirewallRule allow all
}
FirewallRuleSet users-to-router {
    FirewallRule allow udp port 53
    FirewallRule allow tcp port 53
    FirewallRule allow udp port 67
}
"""


class OpenNds:
    """One run of the program: started, asked with ndsctl, stopped, and its traces removed."""

    def __init__(self, lab: Lab, setup: Setup, authority: Path | None = None) -> None:
        self.lab, self.setup, self.authority = lab, setup, authority
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        folder = self.lab.folder
        self._furnish(folder)
        self.lab.fresh_rules()  # the 9.10 leaves its chains behind, and does not start over them
        entry = folder / "private.sh"
        entry.write_text(PRIVATE.format(folder=folder))
        entry.chmod(0o755)
        env = {"PATH": f"{folder}/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"}
        if self.authority:
            env["SSL_CERT_FILE"] = "/etc/ssl/certs/ca-certificates.crt"
        self.process = self.lab.start(
            self.lab.gateway, "unshare", "-m", str(entry), "opennds", "-f", "-d", "2",
            "-c", "/etc/opennds/station.conf", log="opennds", env=env,
        )  # fmt: skip
        wait_for("openNDS to be ready", self._ready, 30.0, 0.3)

    def _furnish(self, folder: Path) -> None:
        """Folders for /etc, /tmp and a first place in PATH, so that nothing of the machine is touched."""
        for name in ("etc", "tmp", "bin"):
            shutil.rmtree(folder / name, ignore_errors=True)
        shutil.copytree("/etc", folder / "etc", symlinks=True, ignore_dangling_symlinks=True)
        (folder / "misc").mkdir(exist_ok=True)
        (folder / "tmp").mkdir()
        (folder / "tmp").chmod(0o1777)
        (folder / "bin").mkdir()
        for tool in ("iptables", "ip6tables"):
            (folder / "bin" / tool).symlink_to(shutil.which("xtables-legacy-multi") or "/usr/sbin/xtables-legacy-multi")
        for tool in ("systemctl", "logger"):
            (folder / "bin" / tool).symlink_to("/bin/true")
        (folder / "etc/opennds/station.conf").write_text(self.setup.lines())
        # authmon.sh reads this key from opennds.conf with awk, yet the daemon itself refuses to start on it
        (folder / "etc/opennds/opennds.conf").write_text(self.setup.lines() + "nat_traversal_poll_interval 1\n")
        (folder / "etc/resolv.conf").unlink(missing_ok=True)
        (folder / "etc/resolv.conf").write_text("nameserver 203.0.113.9\n")
        if self.setup.theme:
            theme = folder / THEME_PATH.lstrip("/")
            theme.write_bytes(self.setup.theme)
            theme.chmod(0o755)
        if self.authority:
            bundle = folder / "etc/ssl/certs/ca-certificates.crt"
            bundle.write_text(bundle.read_text() + self.authority.read_text())

    def _ready(self) -> bool:
        if self.process is not None and self.process.poll() is not None:
            raise RuntimeError("openNDS ended:\n" + self.lab.log("opennds")[-2000:])
        return "Version" in self.ctl("status", check=False)

    def ctl(self, *command: str, check: bool = True) -> str:
        """`ndsctl` as the installer would type it on the gateway."""
        pid = self.process.pid if self.process else 0
        done = subprocess.run(
            ["nsenter", "-t", str(pid), "-m", "-n", "ndsctl", *command], capture_output=True, text=True, timeout=60
        )
        if check and done.returncode:
            raise RuntimeError(f"ndsctl {command}: {done.stderr or done.stdout}")
        return done.stdout

    def clients(self) -> dict[str, dict[str, Any]]:
        """What the gateway knows about each client, by MAC."""
        told = json.loads(self.ctl("json"))
        return dict(told.get("clients", {}))

    def stop(self) -> None:
        if self.process is not None:
            self.lab.stop(self.process)
            self.process = None
