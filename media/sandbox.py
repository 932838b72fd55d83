"""Running a decoder where it can do no harm: a process of its own, held to memory, time and open files.

A decoder fed with a hostile file may crash, hang, or eat memory. Here it takes nobody along: the parent sees
an exit status and says so in words.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

from core.errors import Busy, Invalid, Problem

_ROOT = Path(__file__).resolve().parent.parent
_DECODER = _ROOT / "media" / "decoder.py"
_MOST_AT_ONCE = BoundedSemaphore(2)
_QUEUE_S = 60
_MOST_OUTPUT = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may take: bytes of address space, seconds of CPU, seconds by the wall clock."""

    memory: int = 1 << 30
    cpu_s: int = 20
    wall_s: int = 30


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody who looks in every so often while a child works; what `look` raises ends the child."""

    look: Callable[[], None]
    every_s: float = 1.0


class Refused(Invalid):
    """The file is broken, hostile or beyond our limits."""


class DecoderStopped(Problem):
    """The decoder died or was stopped; the file is to blame."""

    status, slug, title = 422, "invalid", "The file cannot be read"


def run(
    task: str,
    arguments: dict[str, Any],
    limits: Limits | None = None,
    *,
    program: Path = _DECODER,
    watch: Watch | None = None,
) -> dict[str, Any]:
    """What `task` of media.decoder answers. Raises Refused with its words, DecoderStopped where it died, Busy, or what
    the `watch` raises; the child has ended then."""
    if not _MOST_AT_ONCE.acquire(timeout=_QUEUE_S):
        raise Busy("Many files are being read at this moment; try again")
    try:
        return _read_answer(*_run(program, task, arguments, limits or Limits(), watch))
    finally:
        _MOST_AT_ONCE.release()


def _run(program: Path, task: str, arguments: dict[str, Any], limits: Limits, watch: Watch | None) -> tuple[int, bytes]:
    request = json.dumps({"task": task, "limits": [limits.memory, limits.cpu_s], **arguments})
    child = subprocess.Popen(
        # -I: no user site, no PYTHON* variables; the child sets its own limits before it imports a decoder.
        [sys.executable, "-I", str(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        start_new_session=True,
    )
    try:
        answer = _answer(child, request.encode(), limits.wall_s, watch)
    except subprocess.TimeoutExpired:
        _kill(child)
        raise DecoderStopped(f"The file could not be read within {limits.wall_s} seconds") from None
    except BaseException:
        _kill(child)
        raise
    return child.returncode, answer[:_MOST_OUTPUT]


def _answer(child: subprocess.Popen[bytes], request: bytes, wall_s: float, watch: Watch | None) -> bytes:
    """What the child writes. Raises TimeoutExpired, or what the watch raises."""
    give_up, sent = time.monotonic() + wall_s, False
    while True:
        left = max(0.0, give_up - time.monotonic())
        try:
            return child.communicate(None if sent else request, min(left, watch.every_s) if watch else left)[0]
        except subprocess.TimeoutExpired:
            if watch is None or time.monotonic() >= give_up:
                raise
            sent = True
            watch.look()


def _kill(child: subprocess.Popen[bytes]) -> None:
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def _read_answer(status: int, answer: bytes) -> dict[str, Any]:
    try:
        body: dict[str, Any] = json.loads(answer)
    except ValueError:
        raise DecoderStopped(_why_dead(status)) from None
    if "refused" in body:
        raise Refused([("file", str(body["refused"]))])
    return body


def _why_dead(status: int) -> str:
    if status == -signal.SIGXCPU:
        return "The file takes too long to read"
    if status < 0:
        return "The file makes its decoder fail, so it is refused"
    return "The file needs more memory than reading a picture may take"
