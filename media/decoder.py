"""The child process that reads untrusted files. Run by media.sandbox, never imported by the server.

It reads one request from standard input, puts itself under limits before any decoder is loaded, and writes one
answer: {"refused": why} or the facts.
"""

from __future__ import annotations

import importlib
import json
import resource
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    request: dict[str, Any] = json.load(sys.stdin)
    memory, cpu_s = request.pop("limits")
    confine(memory, cpu_s)
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
    # Only now, under the limits, are the decoders loaded.
    answer = importlib.import_module("media.decoding").answer(request.pop("task"), request)
    json.dump(answer, sys.stdout)
    sys.stdout.flush()


def confine(memory: int, cpu_s: int) -> None:
    """This process may take so many bytes of address space and seconds of CPU from here on."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 1))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main()
