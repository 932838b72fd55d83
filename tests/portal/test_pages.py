"""Pages are put together of pieces that were compressed apart."""

import gzip
import os

from portal.pages import MARK, SPLIT, keep

HTML = f"<p>{'calm ' * 500}{SPLIT}<a href='?visit={MARK}'>x</a>{SPLIT}<img src='{os.urandom(3000).hex()}'>{SPLIT}{MARK}"


def test_it_works() -> None:
    page = keep(HTML, "vi")
    expected = HTML.replace(SPLIT, "").replace(MARK, "tok").encode()
    assert page.plain("tok") == expected
    assert gzip.decompress(page.gzipped("tok")) == expected


def test_each_visit_gets_its_own() -> None:
    page = keep(HTML, "vi")
    assert gzip.decompress(page.gzipped("other")) == HTML.replace(SPLIT, "").replace(MARK, "other").encode()


def test_it_is_hardly_larger_than_compressed_whole() -> None:
    page = keep(HTML, "vi")
    assert len(page.gzipped("tok")) < len(gzip.compress(page.plain("tok"), 6)) * 1.02 + 100


def test_a_page_without_visits_is_whole_too() -> None:
    assert gzip.decompress(keep("<p>hello", "en").gzipped("")) == b"<p>hello"
