"""The tree of areas: codes and paths."""

import pytest

from places.areas import ROOT, ancestors, child_path, is_code, within


def test_it_works() -> None:
    path = child_path(child_path(ROOT, "93"), "93-31333")
    assert path == "/93/93-31333/"
    assert ancestors(path) == ("/93/93-31333/", "/93/", "/")
    assert within(path, "/93/")


def test_everything_is_within_the_root() -> None:
    assert within("/93/", ROOT)
    assert ancestors(ROOT) == (ROOT,)


def test_a_code_that_begins_alike_is_not_an_ancestor() -> None:
    assert not within("/79/", "/7/")


@pytest.mark.parametrize("code", ["", "a/b", "a b", "đ", "x" * 65, "a\n"])
def test_what_would_break_a_path_is_no_code(code: str) -> None:
    assert not is_code(code)
