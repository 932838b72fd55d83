"""The plan of the house holds: imports point down, and each thing is done in one place."""

import ast
from pathlib import Path

from tests.house.floors import FLOOR, FURNITURE, HOUSE, Import, imports, sources, tree


def test_imports_point_down() -> None:
    assert not [str(i) for file in sources() for i in imports(file) if points_up_or_sideways(i)]


def test_a_rooms_furniture_imports_only_what_stands_before_it() -> None:
    assert not [str(i) for file in sources() for i in imports(file) if out_of_order(i)]


def test_verbs_and_nouns_know_no_web_framework() -> None:
    bare = [f for f in sources() if f.stem in ("models", "queries", "actions") and f.parent.parent == HOUSE]
    assert not [str(i) for file in bare for i in imports(file) if i.top in ("flask", "werkzeug")]


def test_rooms_are_imported_at_the_top_of_a_file() -> None:
    """An import inside a function is how a cycle hides."""
    hidden = [
        f"{file.relative_to(HOUSE)}:{inner.lineno}"
        for file in sources()
        for function in ast.walk(tree(file))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(function)
        if isinstance(inner, ast.ImportFrom) and (inner.module or "").split(".")[0] in FLOOR
    ]
    assert not hidden


def test_the_clock_is_read_in_one_place() -> None:
    readers = [hit for file in sources() if file != HOUSE / "core/clock.py" for hit in clock_readings(file)]
    assert not readers, "time is an argument; only core/clock.py asks the machine"


def test_pillow_stays_in_media() -> None:
    others = [f for f in sources() if f.relative_to(HOUSE).parts[0] != "media"]
    assert not [str(i) for file in others for i in imports(file) if i.top in ("PIL", "pillow_heif")]


def test_the_plan_names_every_package() -> None:
    packages = {f.parent.name for f in HOUSE.glob("*/__init__.py")} - {"tests", "migrations"}
    assert packages <= set(FLOOR)


def points_up_or_sideways(i: Import) -> bool:
    return i.top in FLOOR and i.top != i.room and FLOOR[i.top] >= FLOOR[i.room]


def out_of_order(i: Import) -> bool:
    """Whether `views` is imported by `actions`, `actions` by `queries`, and so on, in one room."""
    own = i.file.relative_to(HOUSE).parts
    if len(own) != 2 or i.file.stem not in FURNITURE or i.top != i.room:
        return False
    part = i.target.split(".")[1] if "." in i.target else ""
    return FURNITURE.get(part, 0) > FURNITURE[i.file.stem]


CLOCKS = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
}


def clock_readings(file: Path) -> list[str]:
    found = []
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in CLOCKS:
                found.append(f"{file.relative_to(HOUSE)}:{node.lineno} reads {owner}.{node.attr}")
    return found
