"""Before the tests: the programs that they drive, from the distribution's packages where that is possible.

On Debian or Ubuntu as root what is missing is installed. Elsewhere nothing is touched: the tests that need a missing
program are left out, and the run says so at its end (and fails, with CI=true).
"""

import os
import shutil
import subprocess
import sys
from ctypes.util import find_library
from pathlib import Path

PATH = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
PROGRAMS = {  # program → package
    "chromium": "chromium",
    "opennds": "opennds",
    "nft": "nftables",
    "iptables": "iptables",
    "dnsmasq": "dnsmasq-base",
    "busybox": "busybox",
    "udhcpc": "udhcpc",
    "curl": "curl",
    "php": "php-cli",
    "ip": "iproute2",
    "setpriv": "util-linux",
    "nginx": "nginx-light",
    "cc": "gcc",
    "mpv": "mpv",
    "Xvfb": "xvfb",
}
LIBRARIES = {"fribidi": "libfribidi0", "zbar": "libzbar0"}
HEADERS = {"/usr/include/stdio.h": "libc6-dev"}
FONTS = {  # a file of each package: pages in other scripts are looked at with real letters
    "/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf": "fonts-noto-core",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc": "fonts-noto-cjk",
}


def main() -> None:
    missing = [package for program, package in PROGRAMS.items() if not shutil.which(program, path=PATH)]
    missing += [package for library, package in LIBRARIES.items() if not find_library(library)]
    missing += [package for file, package in (FONTS | HEADERS).items() if not Path(file).exists()]
    if not missing:
        return
    if not may_install():
        print("Not on this machine, so some tests will be left out:", ", ".join(missing))
        return
    print("Installing from the distribution:", ", ".join(missing), flush=True)
    install(missing)


def may_install() -> bool:
    """Debian or Ubuntu, as root."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and Path("/etc/debian_version").exists()


def install(packages: list[str]) -> None:
    """All at once; where that fails, one by one, so that one that is not to be had does not take the others along."""
    quiet = ["-qq", "-o", "Dpkg::Use-Pty=0"]
    apt("update", *quiet)
    if apt("install", "-y", "--no-install-recommends", *quiet, *packages):
        return
    for package in packages:
        if not apt("install", "-y", "--no-install-recommends", *quiet, package):
            print(f"{package} could not be installed", file=sys.stderr)


def apt(*words: str) -> bool:
    """Whether apt-get did it. Services are not started: tests start what they need themselves."""
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    done = subprocess.run(["apt-get", *words], env=environ, stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    return done.returncode == 0


if __name__ == "__main__":
    main()
