"""What each room brings to the house, by name: tables, doors, jobs. A test finds what is forgotten here."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from flask import Blueprint

from core import quick
from core.jobs import Handler, Periodic

ROOMS = (
    "core",
    "places",
    "people",
    "media",
    "measure",
    "playlists",
    "signage",
    "portal",
    "reports",
    "console",
    "api",
    "server",
)
TABLES = ("core.jobs", "core.snapshot", *(f"{room}.models" for room in ROOMS))
DOORS = tuple(f"{room}.{piece}" for room in ROOMS for piece in ("views", "api"))
QUICK = tuple(f"{room}.quick" for room in ROOMS)
JOBS = tuple(f"{room}.jobs" for room in ROOMS)


def load_tables() -> None:
    """Imports every model, so that ``Base.metadata`` is whole."""
    for _ in _present(TABLES):
        pass


def blueprints() -> Iterator[Blueprint]:
    """Every blueprint of every room: a module's ``blueprint``, or its ``blueprints``."""
    for module in _present(DOORS):
        yield from getattr(module, "blueprints", [getattr(module, "blueprint", None)])


def quick_doors() -> dict[str, quick.Handler]:
    """Every quick door, by the endpoint that it stands before."""
    return {name: door for module in _present(QUICK) for name, door in getattr(module, "QUICK", {}).items()}


def handlers() -> list[Handler | Periodic]:
    """Every queued and periodic job of every room."""
    return [job for module in _present(JOBS) for job in getattr(module, "JOBS", [])]


def _present(names: tuple[str, ...]) -> Iterator[ModuleType]:
    for name in names:
        if find_spec(name.split(".")[0]) and find_spec(name):
            yield import_module(name)
