"""Every setting that the code reads stands in .env.example and in the documentation, and nothing else does."""

import re

from tests.house.floors import HOUSE, sources

NAME = re.compile(r"BANGTIN_[A-Z_]+")
INTERNAL = {"BANGTIN_LISTEN"}  # handed from the supervisor to gunicorn, not for people


def read_by_code() -> set[str]:
    text = "\n".join(file.read_text(encoding="utf-8") for file in (*sources(), HOUSE / "gunicorn.conf.py"))
    return set(re.findall(r'"(BANGTIN_[A-Z_]+)"', text)) - INTERNAL


def test_every_setting_is_in_the_example() -> None:
    example = (HOUSE / ".env.example").read_text(encoding="utf-8")
    assert set(re.findall(r"^#? ?(BANGTIN_[A-Z_]+)=", example, re.MULTILINE)) == read_by_code()


def test_every_setting_has_a_paragraph_in_the_docs() -> None:
    page = (HOUSE / "docs/settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^### `(BANGTIN_[A-Z_]+)`", page, re.MULTILINE)) == read_by_code()


def test_no_page_speaks_of_a_setting_that_is_not_there() -> None:
    pages = [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *(HOUSE / "docs").rglob("*.md")]
    told = {name for page in pages for name in NAME.findall(page.read_text(encoding="utf-8"))}
    assert {name.rstrip("_") for name in told} - {"BANGTIN"} <= read_by_code() | INTERNAL
