"""Every route says for whom it is, who keeps watch, and what may be cached; and every room's doors are open."""

import ast
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.http import AUDIENCES, Cache, Door
from server.rooms import DOORS, JOBS, TABLES
from tests.house.floors import HOUSE, sources, tree

OPEN = ("public", "ops")
OWN = {"server.static", "server.front", "server.health", "server.rooms"}  # these the application names itself


def doors(app: Flask) -> Iterator[tuple[str, Door | None]]:
    """Each rule with what its view promises."""
    for rule in app.url_map.iter_rules():
        yield f"{rule.rule} → {rule.endpoint}", getattr(app.view_functions[rule.endpoint], "door", None)


def test_every_route_has_a_door(app: Flask) -> None:
    assert not [name for name, door in doors(app) if door is None]


def test_every_door_names_its_audience_and_how_long_its_answers_keep(app: Flask) -> None:
    for name, door in doors(app):
        assert door is not None
        assert door.audience in AUDIENCES, name
        assert isinstance(door.cache, Cache), name


def test_only_public_doors_have_no_guard(app: Flask) -> None:
    assert not [name for name, door in doors(app) if door and door.guard is None and door.audience not in OPEN]


def test_nothing_behind_a_guard_may_be_kept_by_others(app: Flask) -> None:
    kept = (Cache.SHORT, Cache.IMMUTABLE)
    assert not [name for name, door in doors(app) if door and door.guard and door.cache in kept]


def test_guards_refuse_who_is_not_known(app: Flask, client: FlaskClient) -> None:
    """Every guarded route, asked by a stranger from elsewhere, answers 401, 403 or the way to the sign-in page."""
    let_in = []
    for rule in app.url_map.iter_rules():
        door = app.view_functions[rule.endpoint].door  # type: ignore[attr-defined]
        if door.audience == "public" or door.guard is None:
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            answer = client.open(filled(rule.rule), method=method, environ_base={"REMOTE_ADDR": "203.0.113.7"})
            signed_out = answer.status_code in (302, 303) and "/sign-in" in answer.headers["Location"]
            if not (signed_out or answer.status_code in (400, 401, 403, 404)):
                let_in.append(f"{method} {rule.rule} answered {answer.status_code}")
    assert not let_in


@pytest.mark.parametrize("named", [TABLES, DOORS, JOBS], ids=["tables", "doors", "jobs"])
def test_no_rooms_piece_is_forgotten(named: tuple[str, ...]) -> None:
    """Whatever declares tables, a blueprint or jobs stands in server/rooms.py."""
    marks = {TABLES: is_table, DOORS: is_blueprint, JOBS: is_jobs}
    present = {module(file) for file in sources() if any(marks[named](node) for node in ast.walk(tree(file)))}
    assert present - OWN <= reach(named)


def reach(named: tuple[str, ...]) -> set[str]:
    """The modules named, and what those import of their own room."""
    found = set()
    for name in named:
        file = HOUSE / (name.replace(".", "/") + ".py")
        package = HOUSE / name.replace(".", "/") / "__init__.py"
        for piece in (file, package):
            if piece.exists():
                found.add(name)
                found |= {module(f) for f in sources(name.split(".")[0]) if imports_of(piece, module(f))}
    return found


def imports_of(file, name: str) -> bool:
    text = file.read_text(encoding="utf-8")
    room, _, piece = name.partition(".")
    return bool(re.search(rf"from {re.escape(name)} import|from {room} import [^\n]*\b{re.escape(piece)}\b", text))


def module(file) -> str:
    return ".".join(file.relative_to(HOUSE).with_suffix("").parts).removesuffix(".__init__")


def is_table(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and any(getattr(t, "id", "") == "__tablename__" for t in node.targets)


def is_blueprint(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Blueprint"


def is_jobs(node: ast.AST) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return any(getattr(t, "id", "") == "JOBS" for t in targets)


def filled(rule: str) -> str:
    """The rule with something in each of its places."""
    return re.sub(r"<(?:(\w+)(?:\([^)]*\))?:)?\w+>", lambda m: "1" if m[1] == "int" else "x", rule)
