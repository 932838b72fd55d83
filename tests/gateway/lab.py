"""A station in a box: three network namespaces joined by cables of our own.

    phone (DHCP) ──cable── gateway (openNDS, dnsmasq, NAT) ──cable── internet (probe hosts, our server)

Names carry the pid of the test process, so two runs live side by side and a run that was killed is swept
up by the next one. Every process is ended by the pid it was started with.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

PREFIX = "btlab"
GATEWAY_IP = "10.77.0.1"
UPLINK_IP = "203.0.113.2"
SERVER_IP = "203.0.113.3"
WORLD_IP = "203.0.113.9"
SERVER_NAME = "wifi.bangtin.test"
NEEDED = ("ip", "nft", "dnsmasq", "udhcpc", "opennds", "chromium", "php", "unshare", "xtables-legacy-multi")
HERE = Path(__file__).parent
LETTERS = itertools.cycle("abcdefgh")  # one test process may have several stations at once


class LabError(RuntimeError):
    """The station could not be built; the text says at which step."""


def missing() -> str | None:
    """Why no station can be built on this machine, or None when it can."""
    if os.geteuid() != 0:
        return "not root"
    absent = [tool for tool in NEEDED if shutil.which(tool) is None]
    if absent:
        return "missing programs: " + ", ".join(absent)
    probe = f"{PREFIX}{os.getpid()}probe"
    made = subprocess.run(["ip", "netns", "add", probe], capture_output=True, text=True)
    if made.returncode:
        return f"network namespaces are refused: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", probe], check=False)
    return None


def wait_for(what: str, done: Callable[[], object], seconds: float = 15.0, every: float = 0.1) -> object:
    """Ask until the answer is true; say what was awaited when it never is."""
    end = time.monotonic() + seconds
    while not (answer := done()):
        if time.monotonic() > end:
            raise LabError(f"waited {seconds:.0f} s in vain for {what}")
        time.sleep(every)
    return answer


def sweep() -> None:
    """Remove the namespaces and processes that a killed run left behind; never those of a living one."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout
    for name in (line.split()[0] for line in listed.splitlines() if line.startswith(PREFIX)):
        owner = "".join(c for c in name[len(PREFIX) :] if c.isdigit())
        if owner and not Path(f"/proc/{owner}").exists():
            remove_namespace(name)


def remove_namespace(name: str) -> None:
    """End what still runs inside, by pid, and drop the namespace with its cables."""
    inside = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True).stdout
    for pid in inside.split():
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
    subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


class Lab:
    """The namespaces, the cables, the name service and the address lease of one station."""

    def __init__(self, folder: Path | None = None) -> None:
        tag = f"{PREFIX}{os.getpid()}{next(LETTERS)}"
        self.phone, self.gateway, self.world = f"{tag}p", f"{tag}g", f"{tag}w"
        self.folder = folder or Path(tempfile.mkdtemp(prefix="btlab-", dir="/var/tmp"))
        self.running: list[subprocess.Popen[bytes]] = []

    # -- processes ---------------------------------------------------------------------------------

    def run(self, namespace: str, *command: str, timeout: float = 60.0, check: bool = True) -> str:
        """Run to its end inside a namespace and return what it printed."""
        done = subprocess.run(
            ["ip", "netns", "exec", namespace, *command], capture_output=True, text=True, timeout=timeout
        )
        if check and done.returncode:
            raise LabError(f"{' '.join(command)} in {namespace}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout

    def start(
        self, namespace: str, *command: str, log: str, env: dict[str, str] | None = None, cwd: Path | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a process of its own group inside a namespace; its output goes to a file of the station."""
        with (self.folder / f"{log}.log").open("ab") as out:
            process = subprocess.Popen(
                ["ip", "netns", "exec", namespace, *command],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=env,
                cwd=cwd,
            )
        self.running.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes], grace: float = 15.0) -> None:
        """Ask one process we started to end, and then end what is left of its group."""
        if process in self.running:
            self.running.remove(process)
        with contextlib.suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(grace)

    def log(self, name: str) -> str:
        """What a process has printed so far."""
        path = self.folder / f"{name}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    # -- building ----------------------------------------------------------------------------------

    def build(self) -> None:
        """Namespaces, cables, addresses, NAT, names, and the world's own web server."""
        sweep()
        for name in (self.phone, self.gateway, self.world):
            subprocess.run(["ip", "netns", "add", name], check=True)
            self.run(name, "ip", "link", "set", "lo", "up")
        self._cable(self.phone, "wlan0", self.gateway, "lan0")
        self._cable(self.gateway, "wan0", self.world, "eth0")
        self._address(self.gateway, "lan0", f"{GATEWAY_IP}/24")
        self._address(self.gateway, "wan0", f"{UPLINK_IP}/24")
        for address in (SERVER_IP, WORLD_IP):
            self._address(self.world, "eth0", f"{address}/24")
        self.run(self.gateway, "ip", "route", "add", "default", "via", WORLD_IP)
        self.run(self.gateway, "sysctl", "-qw", "net.ipv4.ip_forward=1")
        self.fresh_rules()
        self._names_and_world()

    def fresh_rules(self) -> None:
        """The gateway's packet filter as a router has it before openNDS: all travellers behind one address."""
        self.run(self.gateway, "nft", "flush", "ruleset")
        for table in ("filter", "nat", "mangle"):
            self._iptables("-t", table, "-F")
            self._iptables("-t", table, "-X")
        self._iptables("-t", "nat", "-A", "POSTROUTING", "-o", "wan0", "-j", "MASQUERADE")

    def _iptables(self, *rule: str) -> None:
        self.run(self.gateway, "xtables-legacy-multi", "iptables", *rule)

    def _cable(self, left: str, left_if: str, right: str, right_if: str) -> None:
        self.run(left, "ip", "link", "add", left_if, "type", "veth", "peer", "name", right_if, "netns", right)
        self.run(left, "ip", "link", "set", left_if, "up")
        self.run(right, "ip", "link", "set", right_if, "up")

    def _address(self, namespace: str, interface: str, address: str) -> None:
        self.run(namespace, "ip", "addr", "add", address, "dev", interface)

    def _names_and_world(self) -> None:
        common = ("--keep-in-foreground", "--no-hosts", "--no-resolv", "--user=root", "--pid-file", "--bind-interfaces")
        self.start(
            self.world, "dnsmasq", *common, "--conf-file=/dev/null", f"--listen-address={WORLD_IP}",
            f"--address=/{SERVER_NAME}/{SERVER_IP}", f"--address=/#/{WORLD_IP}", log="world-dns",
        )  # fmt: skip
        (self.folder / "misc").mkdir(exist_ok=True)
        self.start(
            self.gateway, "dnsmasq", *common, "--conf-file=/dev/null", "--interface=lan0", "--log-dhcp", "--no-ping",
            f"--server={WORLD_IP}", "--dhcp-range=10.77.0.50,10.77.0.99,1h", "--dhcp-authoritative",
            f"--dhcp-leasefile={self.folder}/misc/dnsmasq.leases", "--dhcp-option=114,http://status.client",
            log="gateway-dhcp",
        )  # fmt: skip
        self.start(
            self.world, sys.executable, str(HERE / "world.py"), WORLD_IP, str(self.folder / "world.jsonl"), log="world"
        )
        wait_for("the world's web server", lambda: "listening" in self.log("world"))

    def lease(self, mac: str = "02:00:00:00:77:02") -> str:
        """The phone joins: a real DHCP lease, for openNDS serves nobody without one. Returns its address."""
        script = self.folder / "lease.sh"
        script.write_text(LEASE_SCRIPT.format(folder=self.folder))
        script.chmod(0o755)
        (self.folder / "resolv.conf").write_text(f"nameserver {GATEWAY_IP}\n")
        self.run(self.phone, "ip", "link", "set", "wlan0", "address", mac)
        self.run(self.phone, "udhcpc", "-i", "wlan0", "-f", "-q", "-n", "-t", "10", "-O", "114", "-s", str(script))
        return (self.folder / "lease").read_text().strip()

    def wrapper(self, namespace: str, program: str) -> Path:
        """A program file that runs `program` inside a namespace, with the station's own name service."""
        path = self.folder / f"{Path(program).name}-in-{namespace}"
        path.write_text(WRAPPER.format(namespace=namespace, folder=self.folder, program=program))
        path.chmod(0o755)
        return path

    def dismantle(self) -> None:
        """End all processes, drop the namespaces, remove the folder."""
        for process in reversed(self.running.copy()):
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.stop(process)
        for name in (self.phone, self.gateway, self.world):
            remove_namespace(name)
        shutil.rmtree(self.folder, ignore_errors=True)


LEASE_SCRIPT = """#!/bin/sh
case "$1" in
  bound|renew)
    ip addr flush dev "$interface"
    ip addr add "$ip/24" dev "$interface"
    ip route replace default via "$router"
    echo "$ip" > {folder}/lease ;;
esac
"""

WRAPPER = """#!/bin/sh
exec ip netns exec {namespace} unshare -m sh -c '
  mount --make-rprivate / && mount --bind {folder}/resolv.conf /etc/resolv.conf && exec {program} "$@"' sh "$@"
"""


@contextlib.contextmanager
def station() -> Iterator[Lab]:
    """A built station, taken down whatever happens."""
    lab = Lab()
    try:
        lab.build()
        yield lab
    finally:
        lab.dismantle()
