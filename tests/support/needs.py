"""What a test needs of the machine. Missing, the test is left out loudly; with CI=true that fails."""

import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache

import pytest


def needs(thing: str) -> pytest.MarkDecorator:
    """A mark for tests that need a program or a right: `@needs("chromium")`."""
    return pytest.mark.skipif(not has(thing), reason=f"{thing} is missing: {HOW_TO_MEND[thing]}")


@cache
def has(thing: str) -> bool:
    return CHECKS[thing]()


def chromium() -> str | None:
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")


def may_unshare() -> bool:
    """Whether this user may make a network namespace."""
    if os.geteuid() != 0 or not shutil.which("unshare"):
        return False
    return subprocess.run(["unshare", "--net", "true"], capture_output=True).returncode == 0


def gateway() -> bool:
    programs = ("opennds", "nft", "ip", "dnsmasq", "busybox", "curl")
    return all(shutil.which(p, path=os.environ["PATH"] + ":/usr/sbin:/sbin") for p in programs)


def nginx() -> str | None:
    return shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")


CHECKS: dict[str, Callable[[], bool]] = {
    "cc": lambda: shutil.which("cc") is not None,
    "chromium": lambda: chromium() is not None,
    "curl": lambda: shutil.which("curl") is not None,
    "mpv": lambda: shutil.which("mpv") is not None,
    "namespaces": may_unshare,
    "npm": lambda: shutil.which("npm") is not None and shutil.which("node") is not None,
    "nginx": lambda: nginx() is not None,
    "opennds": gateway,
    "Xvfb": lambda: shutil.which("Xvfb") is not None,
}

HOW_TO_MEND = {
    "cc": "apt-get install gcc libc6-dev",
    "chromium": "apt-get install chromium, or name the program in CHROMIUM",
    "curl": "apt-get install curl",
    "mpv": "apt-get install mpv",
    "namespaces": "run as root, where network namespaces are allowed",
    "nginx": "apt-get install nginx-light",
    "npm": "apt-get install nodejs npm",
    "opennds": "apt-get install opennds nftables iproute2 dnsmasq-base busybox curl",
    "Xvfb": "apt-get install xvfb",
}
