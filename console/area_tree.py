"""Areas as a tree, and as options that are indented like it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from places.models import Area


@dataclass(frozen=True)
class Branch:
    """An area and those directly below it."""

    area: Area
    below: "list[Branch]" = field(default_factory=list)


def tree(areas: Sequence[Area]) -> list[Branch]:
    """Areas hung under their parents; one whose parent is out of sight stands at the top."""
    branches = {area.code: Branch(area) for area in areas}
    tops: list[Branch] = []
    for branch in branches.values():
        above = branches.get(branch.area.parent_code or "")
        (above.below if above else tops).append(branch)
    return tops


def area_options(areas: Sequence[Area]) -> list[tuple[str, str]]:
    """Areas as options, indented as the tree is."""
    return [line for branch in tree(areas) for line in _lines(branch, 0)]


def _lines(branch: Branch, depth: int) -> list[tuple[str, str]]:
    own = (branch.area.code, "\u2003" * depth + branch.area.name)
    return [own, *(line for below in branch.below for line in _lines(below, depth + 1))]
