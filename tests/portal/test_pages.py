"""A page is compressed once for all visits of a length, and each gets its own in it."""

import gzip
import os
import string
from random import Random

import pytest

from portal import moulds, pages
from portal.moulds import mould
from portal.pages import MARK, keep

HTML = f"<p>{'calm ' * 500}<a href='?visit={MARK}&lang=ko'>x</a><img src='{os.urandom(3000).hex()}'>{MARK}!{MARK}{MARK}"
LETTERS = string.ascii_letters + string.digits + "-_"


def expected(token: str) -> bytes:
    return HTML.replace(MARK, token).encode()


def test_it_works() -> None:
    page = keep(HTML, "vi")
    assert page.plain("tok") == expected("tok")
    assert gzip.decompress(page.gzipped("tok")) == expected("tok")


@pytest.mark.parametrize("length", [1, 2, 3, 4, 64, 230, 257, 258, 259, 300, 516, 1_000, 4_096])
def test_each_visit_gets_its_own(length: int) -> None:
    page, random = keep(HTML, "vi"), Random(length)
    for token in ("".join(random.choices(LETTERS, k=length)), "a" * length, "calm "[:length].ljust(length, "x")):
        assert gzip.decompress(page.gzipped(token)) == expected(token)


def test_no_visit_is_compressed_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    page = keep(HTML, "vi")
    page.gzipped("a" * 300)
    monkeypatch.delattr(pages, "gzip")
    assert gzip.decompress(page.gzipped("b" * 300)) == expected("b" * 300)


def test_a_mould_that_holds_letters_of_a_visit_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moulds, "_stand_in", lambda length, number: str(number).encode() * length)
    parts = b"<p>", b"</p>11111111"
    assert mould(parts, 300) is None
    assert gzip.decompress(pages.Kept(parts, "vi").gzipped("3" * 300)) == parts[0] + b"3" * 300 + parts[1]


def test_lengths_that_are_too_many_to_keep_are_whole_too() -> None:
    page = keep(HTML, "vi")
    for length in range(1, 40):
        assert gzip.decompress(page.gzipped("v" * length)) == expected("v" * length)


def test_it_is_hardly_larger_than_compressed_whole() -> None:
    page, token = keep(HTML, "vi"), "".join(Random(1).choices(LETTERS, k=300))
    assert len(page.gzipped(token)) < len(gzip.compress(page.plain(token), 6)) * 1.02 + 200


def test_a_page_without_visits_is_whole_too() -> None:
    assert gzip.decompress(keep("<p>hello", "en").gzipped("")) == b"<p>hello"
