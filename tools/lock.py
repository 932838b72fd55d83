"""Turn requirements*.in into requirements*.txt: exact versions for every platform, with hashes.

The locks name no index: pip takes packages from wherever the machine's configuration says,
and the hashes make sure that they are the same ones.
"""

import re
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
COMMON = [
    "--universal",
    "--generate-hashes",
    "--python-version",
    "3.11",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--quiet",
]


def main() -> None:
    for name in ("requirements", "requirements-dev"):
        target = HOUSE / f"{name}.txt"
        call = [sys.executable, "-m", "uv", "pip", "compile", *COMMON, *sys.argv[1:]]
        call += ["--custom-compile-command", "make lock", f"{name}.in", "-o", target.name]
        subprocess.run(call, cwd=HOUSE, check=True)
        refuse_addresses(target)


def refuse_addresses(lock: Path) -> None:
    """A lock that names a server would tie every machine to that server."""
    if re.search(r"https?:|file:|--(extra-)?index-url|--find-links", lock.read_text()):
        sys.exit(f"{lock.name} names an address; it must hold names, versions and hashes only")


if __name__ == "__main__":
    main()
