"""A page as a stranger would check it: valid, titled, spoken, labelled, and asking no other host."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import html5lib

# What html5lib still counts as an error and HTML has since allowed.
ALLOWED = {"expected-doctype-but-got-start-tag", "non-void-element-with-trailing-solidus", "unexpected-end-tag-in-svg"}
LOADS = {("script", "src"), ("link", "href"), ("img", "src"), ("iframe", "src"), ("image", "href"), ("use", "href")}
UNLABELLED = {"hidden", "submit", "button", "image", "reset"}


def faults(html: str) -> list[str]:
    """Everything that is wrong with a whole page; an empty list for a good one."""
    page = _Page(html)
    return [
        *_syntax(html),
        *([] if re.search(r"<title>\s*[^<\s][^<]*</title>", html) else ["the page has no title"]),
        *([] if page.language else ["the page does not say its language"]),
        *([] if page.headings.count("h1") == 1 else [f"the page has {page.headings.count('h1')} main headings"]),
        *(f"the id {one!r} stands twice" for one in sorted({i for i in page.ids if page.ids.count(i) > 1})),
        *(f"nothing has the id {one!r}" for one in sorted(page.refers - set(page.ids))),
        *(f"{one} has no label" for one in page.nameless(page.fields)),
        *page.wrong,
    ]


def _syntax(html: str) -> list[str]:
    parser = html5lib.HTMLParser()
    parser.parse(html)
    return [f"line {line}: {code} {data}" for (line, _), code, data in parser.errors if code not in ALLOWED]


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.language = ""
        self.ids: list[str] = []
        self.refers: set[str] = set()
        self.labels: set[str] = set()
        self.headings: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.wrong: list[str] = []
        self._in_label = 0
        self.feed(html)

    def nameless(self, fields: list[dict[str, str]]) -> list[str]:
        named = [one for one in fields if {"aria-label", "aria-labelledby"} & set(one) or one.get("id") in self.labels]
        return [one.get("name", "a field") for one in fields if one not in named]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        self.language = self.language or (had.get("lang", "") if tag == "html" else "")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if "id" in had:
            self.ids.append(had["id"])
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            self.refers |= set(had.get(name, "").split())
        if tag == "label":
            self._in_label += 1
            self.labels.add(had.get("for", ""))
        if tag in ("input", "select", "textarea") and had.get("type") not in UNLABELLED and not self._in_label:
            self.fields.append(had)
        self._look(tag, had)

    def handle_endtag(self, tag: str) -> None:
        self._in_label -= tag == "label"

    def _look(self, tag: str, had: dict[str, str]) -> None:
        for element, name in LOADS:
            if tag == element and urlsplit(had.get(name, "")).netloc:
                self.wrong.append(f"<{tag}> asks another host: {had[name]}")
        if tag == "img" and "alt" not in had:
            self.wrong.append(f"a picture has no alternative text: {had.get('src', '')}")
        if "style" in had:
            self.wrong.append(f"<{tag}> carries a style of its own, which the policy forbids")
        if any(name.startswith("on") for name in had):
            self.wrong.append(f"<{tag}> carries a script, which the policy forbids")
