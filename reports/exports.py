"""Numbers as files: CSV and workbooks whose cells can never become formulas, and rows that stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from core.threads import give_way
from reports.content import Content
from reports.tables import Table, Value, tables
from reports.words import title

if TYPE_CHECKING:
    import xlsxwriter

# What makes a spreadsheet take a text for a formula, also in its full-width forms.
_LIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_SUSPECT = {*_LIVE, " "}  # a look at the first character tells for nearly every text
_BOM = "\ufeff"
CHUNK_ROWS = 50  # a millisecond or two; then others have their turn


def harmless(value: Value) -> Value:
    """The value as a cell may have it: a text that a spreadsheet would run gets an apostrophe before it."""
    if isinstance(value, str) and value[:1] in _SUSPECT and value.lstrip(" ").startswith(_LIVE):
        return f"'{value}"
    return value


def csv_rows(columns: Iterable[str], rows: Iterable[Iterable[Value]]) -> Iterator[bytes]:
    """A CSV file piece by piece, in UTF-8 with the mark that spreadsheets look for; memory stays constant."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    buffer.write(_BOM)
    writer.writerow([harmless(each) for each in columns])
    for count, row in enumerate(rows, 1):
        writer.writerow([harmless(each) for each in row])
        if count % CHUNK_ROWS == 0:
            yield _drain(buffer)
            give_way()
    yield _drain(buffer)


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()


def csv_of_report(content: Content) -> bytes:
    """All tables of a report, one under another."""
    parts = []
    for index, table in enumerate(tables(content)):
        lead = b"" if index == 0 else b"\r\n"
        body = b"".join(csv_rows(table.columns, table.rows))
        parts.append(lead + (body if index == 0 else body.removeprefix(_BOM.encode())))
    return b"".join(parts)


def workbook(heading: str, sheets: Iterable[Table]) -> bytes:
    """An XLSX workbook, one sheet a table; texts are texts, numbers are numbers, nothing is a formula or a link."""
    import xlsxwriter  # with the first workbook: every worker would hold it

    made = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(made, options) as book:
        bold = book.add_format(
            {"bold": True, "bg_color": "#E8EEF7", "border": 1, "text_wrap": True, "valign": "vcenter"}
        )
        strong = book.add_format({"bold": True, "font_size": 13})
        plain = book.add_format({"num_format": "#,##0.##"})
        for number, table in enumerate(sheets, 1):
            sheet = book.add_worksheet(_sheet_name(table.title, number))
            sheet.write_string(0, 0, heading, strong)
            for column, name in enumerate(table.columns):
                sheet.write_string(2, column, name, bold)
            for row, values in enumerate(table.rows, 3):
                _write_row(sheet, row, values, plain)
            sheet.set_column(0, 0, 44)
            sheet.set_column(1, max(1, len(table.columns) - 1), 16)
            sheet.freeze_panes(3, 1)
    return made.getvalue()


def _sheet_name(text: str, number: int) -> str:
    kept = "".join(each for each in text if each not in "[]:*?/\\'")
    return kept[:31] or f"Sheet{number}"


def _write_row(sheet: xlsxwriter.worksheet.Worksheet, row: int, values: Iterable[Value], plain: object) -> None:
    for column, value in enumerate(values):
        if isinstance(value, (int, float)):
            sheet.write_number(row, column, value, plain)
        elif value is not None:
            sheet.write_string(row, column, value)


def xlsx_of_report(content: Content) -> bytes:
    """A report as a workbook."""
    return workbook(f"{content.area.name} – {title(content)}", tables(content))
