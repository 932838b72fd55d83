"""The checker of pages finds what is planted."""

import pytest

from tests.support.pages import faults

GOOD = '<!doctype html><html lang="vi"><head><title>Trang</title></head><body><h1>Trang</h1>{}</body></html>'


def test_a_good_page_has_no_faults() -> None:
    assert faults(GOOD.format('<label for="a">Tên</label><input id="a"><img src="/a.png" alt="">')) == []


@pytest.mark.parametrize(
    ("planted", "found"),
    [
        ('<p id="a"></p><p id="a"></p>', "stands twice"),
        ('<input name="q">', "has no label"),
        ('<img src="/a.png">', "no alternative text"),
        ('<script src="https://cdn.example/x.js"></script>', "another host"),
        ('<p style="color:red">x</p>', "style of its own"),
        ('<button onclick="x()">x</button>', "script"),
        ('<p aria-describedby="gone">x</p>', "nothing has the id"),
        ("<h1>Again</h1>", "2 main headings"),
        ("<p><div></p></b></div>", "unexpected-end-tag"),
    ],
)
def test_a_planted_fault_is_found(planted: str, found: str) -> None:
    assert any(found in fault for fault in faults(GOOD.format(planted)))


def test_a_page_says_its_title_and_language() -> None:
    assert {"the page has no title", "the page does not say its language"} <= set(faults("<!doctype html><h1>x</h1>"))
