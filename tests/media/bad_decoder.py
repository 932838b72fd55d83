"""Stands in for a decoder that a hostile file has taken over: under the same limits, it does its worst."""

import json
import os
import signal
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from media.decoder import confine


def spin() -> None:
    while True:
        pass


def eat() -> None:
    held = []
    while True:
        held.append(bytearray(1 << 24))


if __name__ == "__main__":
    request = json.load(sys.stdin)
    confine(*request["limits"])
    {
        "hang": lambda: time.sleep(60),
        "spin": spin,
        "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
        "eat": eat,
    }[request["task"]]()
