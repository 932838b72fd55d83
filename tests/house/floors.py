"""The plan of the house: which room stands on which floor, and what a file's imports are."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent.parent

FLOOR = {
    "core": 0,
    "places": 1,
    "people": 1,
    "media": 1,
    "measure": 1,
    "playlists": 2,
    "signage": 3,
    "portal": 3,
    "reports": 4,
    "console": 5,
    "api": 5,
    "server": 6,
}

# The furniture of a room: each piece may import only those before it.
FURNITURE = {"models": 1, "queries": 2, "actions": 3, "views": 4, "api": 4, "pages": 4, "jobs": 5}


@dataclass(frozen=True)
class Import:
    """One imported module, written out: `from core.db import Base` is `core.db.Base`."""

    file: Path
    line: int
    target: str

    @property
    def room(self) -> str:
        return self.file.relative_to(HOUSE).parts[0]

    @property
    def top(self) -> str:
        return self.target.split(".")[0]

    def __str__(self) -> str:
        return f"{self.file.relative_to(HOUSE)}:{self.line} imports {self.target}"


def sources(*rooms: str) -> list[Path]:
    """Every Python file of the rooms named, or of all."""
    return sorted(f for room in rooms or FLOOR for f in (HOUSE / room).rglob("*.py"))


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def imports(file: Path) -> Iterator[Import]:
    """All imports of a file, also those inside functions and under TYPE_CHECKING."""
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(file, node.lineno, name.name)
        elif isinstance(node, ast.ImportFrom):
            base = absolute(file, node)
            for name in node.names:
                yield Import(file, node.lineno, f"{base}.{name.name}")


def absolute(file: Path, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = file.relative_to(HOUSE).parent.parts
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
