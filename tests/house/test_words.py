"""Vietnamese first: whatever a page or a message says in English, it also says in Vietnamese."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po

from core.i18n import messages

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "places", "people", "media", "measure", "playlists", "signage", "portal", "reports", "api", "console")
KEYWORDS = {"_": None, "gettext": None, "N_": None}


def spoken() -> Iterator[tuple[str, str]]:
    """(file:line, message) of everything marked for translation."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*")):
            method = {".py": "python", ".html": "jinja2.ext:babel_extract"}.get(file.suffix)
            if method and "vendor" not in file.parts:
                with file.open("rb") as lines:
                    for line, message, _, _ in extract(method, lines, keywords=KEYWORDS):
                        text = message if isinstance(message, str) else message[0]
                        yield f"{file.relative_to(ROOT)}:{line}", text


def test_every_message_is_in_vietnamese() -> None:
    vietnamese = messages("vi")
    missing = [f"{where}: {message!r}" for where, message in spoken() if message not in vietnamese]
    assert not missing, "add to <room>/locale/vi.po:\n" + "\n".join(missing)


def test_translations_keep_their_parameters() -> None:
    for file in sorted(ROOT.glob("*/locale/*.po")):
        with file.open("rb") as lines:
            catalog = read_po(lines, locale=file.stem.replace("-", "_"))
        faults = [f"{file.name}: {m.id!r}: {e}" for m in catalog for e in m.check(catalog) if m.id]
        assert not faults, "\n".join(map(str, faults))
