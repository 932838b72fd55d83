"""Tables of installs as units send them: pasted lines, CSV files, and workbooks."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from zipfile import BadZipFile

from core.errors import Invalid, TooLarge
from reports.actions import POPULATION, InstallFact

MOST_BYTES = 2_000_000
MOST_ROWS = 20_000


def table_rows(raw: bytes) -> list[list[str]]:
    """The lines of a CSV file (comma, semicolon or tab) or of a workbook's first sheet.

    Raises TooLarge, or Invalid for what cannot be read.
    """
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"A table may have {MOST_BYTES} bytes")
    rows = _workbook_rows(raw) if raw.startswith(b"PK") else _text_rows(raw.decode("utf-8-sig", errors="replace"))
    if len(rows) > MOST_ROWS:
        raise Invalid([("file", f"may have {MOST_ROWS} lines")])
    return rows


def _text_rows(text: str) -> list[list[str]]:
    head = text.split("\n", 1)[0]
    split = ";" if ";" in head else "\t" if "\t" in head else ","
    try:
        return list(csv.reader(io.StringIO(text), delimiter=split))
    except csv.Error as error:
        raise Invalid([("file", f"cannot be read as a table: {error}")]) from None


def _workbook_rows(raw: bytes) -> list[list[str]]:
    import openpyxl  # with the first workbook: every worker would hold it

    try:
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        rows = [
            ["" if cell is None else str(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(max_row=MOST_ROWS + 1, max_col=8, values_only=True)
        ]
        book.close()
    except (BadZipFile, KeyError, ValueError, OSError, IndexError):
        raise Invalid([("file", "cannot be read as a workbook")]) from None
    return rows


def install_facts(rows: Sequence[Sequence[str]]) -> list[InstallFact]:
    """Area, day, total and, if there is a fourth cell, who; a first line without any digit is the heading."""
    found = []
    for number, cells in enumerate(rows, 1):
        filled = [*(cell.strip() for cell in cells), "", "", ""]
        if not any(cells) or (number == 1 and not any(each.isdigit() for each in "".join(cells[1:]))):
            continue
        found.append(InstallFact(number, filled[0], filled[1], filled[2], filled[3] or POPULATION))
    return found
