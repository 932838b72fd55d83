"""Libraries that are loaded when something of them is first used.

A worker that answers screens all day holds no typefaces, workbooks or matrices; whoever needs them first waits for
them once. Give types to the checker with ``if TYPE_CHECKING: import numpy as np`` and ``else: np = later("numpy")``.
"""

from importlib import import_module
from typing import Any


class _Later:
    """Stands for a module until somebody asks it for something, and hands that on."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)


def later(name: str) -> Any:
    """The module of this name; loading it, and whatever is wrong with it, comes with the first use."""
    return _Later(name)
