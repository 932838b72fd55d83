"""Tables that people send as CSV or XLSX: read into rows, judged cell by cell, compared with what there is.

Knows nothing of what the rows are about: each room says which columns its nouns have and what becomes of a row.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zipfile import BadZipFile, ZipFile

from core.errors import Invalid

MOST_BYTES = 2_000_000
MOST_ROWS = 2_000
MOST_COLUMNS = 60
MOST_UNPACKED = 40_000_000  # a workbook is a ZIP, and a small one can unpack to gigabytes
YES, NO = ("yes", "true", "1", "x", "có"), ("no", "false", "0", "", "không")


@dataclass(frozen=True)
class Row:
    """A line of the table below its heading: cells by heading, all as text. Lines count as the program shows them."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Fault:
    """What is wrong with one cell, or with a whole row where ``column`` is empty."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class Column:
    """A heading, what else it may be called, and how its cells are read (ValueError says what they must be).

    An empty cell is None; where ``needed``, that is a fault.
    """

    name: str
    read: Callable[[str], Any] = str
    also: tuple[str, ...] = ()
    needed: bool = False


@dataclass(frozen=True)
class Change:
    """What a row would do: ``new``, ``changed`` or ``same``; ``fields`` are (name, before, after)."""

    line: int
    what: str
    ref: str
    name: str
    facts: Mapping[str, Any]
    fields: tuple[tuple[str, Any, Any], ...] = ()


@dataclass
class Plan:
    """What a table would do, and what is wrong with it; with a fault, nothing of it is done."""

    changes: list[Change] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    _cells: set[tuple[int, str]] = field(default_factory=set)

    def count(self, what: str) -> int:
        """How many rows would do that."""
        return sum(change.what == what for change in self.changes)

    def fault(self, line: int, column: str, message: str) -> None:
        """Of one cell the first fault is enough: what else it lacks follows from that."""
        if (line, column) not in self._cells:
            self._cells.add((line, column))
            self.faults.append(Fault(line, column, message))

    def refuse(self) -> None:
        """Raises Invalid with every fault, each named by line and column."""
        if self.faults:
            ordered = sorted(self.faults, key=lambda one: one.line)
            raise Invalid([(where(one), one.message) for one in ordered])


def where(fault: Fault) -> str:
    """``line 4, population``."""
    return f"line {fault.line}, {fault.column}" if fault.column else f"line {fault.line}"


def read_sheet(raw: bytes) -> list[Row]:
    """The rows of a CSV (UTF-8; comma, semicolon or tab) or of the first sheet of an XLSX. Raises Invalid."""
    if len(raw) > MOST_BYTES:
        raise Invalid([("file", f"may have {MOST_BYTES} bytes")])
    table = _workbook(raw) if raw.startswith(b"PK") else _csv(raw)
    try:
        lines = [(number, cells) for number, cells in table if any(cells)]
    except csv.Error as error:
        raise Invalid([("file", f"is not a table that can be read ({error})")]) from None
    if len(lines) < 2:
        raise Invalid([("file", "needs a line of headings and at least one row below it")])
    if len(lines) > MOST_ROWS + 1:
        raise Invalid([("file", f"may have {MOST_ROWS} rows; send it in parts")])
    (_, heading), *rows = lines
    return [Row(number, dict(_cells(_headings(heading), cells))) for number, cells in rows]


def write_csv(rows: Sequence[Row]) -> str:
    """The same rows as text that `read_sheet` reads to the same cells; lines are kept where they were."""
    out = io.StringIO()
    names, at = list(rows[0].cells), 1
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in rows:
        out.write("\n" * (row.line - at - 1))
        writer.writerow([row.cells[name] for name in names])
        at = row.line
    return out.getvalue()


def _headings(cells: Sequence[str]) -> list[str]:
    names = ["_".join(cell.lower().split()) for cell in cells]
    if twice := [name for name in names if name and names.count(name) > 1]:
        raise Invalid([("file", f"the heading {twice[0]!r} stands twice")])
    return names


def _cells(names: Sequence[str], cells: Sequence[str]) -> Iterator[tuple[str, str]]:
    for at, name in enumerate(names):
        if name:
            yield name, cells[at] if at < len(cells) else ""


def _csv(raw: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid([("file", "must be UTF-8; save it as “CSV UTF-8”, or send the workbook itself")]) from None
    first = text.partition("\n")[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=first.count))
    begins = 1
    for cells in lines:
        yield begins, [" ".join(cell.split()) for cell in cells]  # a cell may run over several lines
        begins = lines.line_num + 1


def _workbook(raw: bytes) -> list[tuple[int, list[str]]]:
    import openpyxl  # with the first workbook: every worker would hold it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        if sum(one.file_size for one in ZipFile(io.BytesIO(raw)).infolist()) > MOST_UNPACKED:
            raise Invalid([("file", "unpacks to more than a table can be")])
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS + 50, max_col=MOST_COLUMNS, values_only=True)
        return [(number, [_text(cell) for cell in row]) for number, row in enumerate(rows, 1)]
    except (BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, OSError, SyntaxError) as error:
        raise Invalid([("file", f"is not a workbook that can be read ({type(error).__name__})")]) from None


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).split())


def facts_of(row: Row, columns: Iterable[Column], plan: Plan) -> dict[str, Any]:
    """What a row says, by column name; a column that the table has not is not in it. Faults go to the plan."""
    found = {}
    for column in columns:
        heading = next((name for name in (column.name, *column.also) if name in row.cells), None)
        if heading is None:
            continue
        text = row.cells[heading].strip()
        if not text and column.needed:
            plan.fault(row.line, column.name, "is needed")
            continue
        try:
            found[column.name] = column.read(text) if text else None
        except ValueError as error:
            plan.fault(row.line, column.name, str(error))
    return found


def strangers(rows: Sequence[Row], columns: Sequence[Column]) -> list[str]:
    """Headings that none of these columns has."""
    known = {name for column in columns for name in (column.name, *column.also)}
    return [name for name in rows[0].cells if name not in known]


def open_plan(rows: Sequence[Row], columns: Sequence[Column]) -> Plan:
    """An empty plan; a heading that nobody knows, and a needed one that is missing, are faults of the first line."""
    plan = Plan()
    for name in strangers(rows, columns):
        plan.fault(1, name, f"is no heading here; known are {', '.join(column.name for column in columns)}")
    for column in columns:
        if column.needed and not {column.name, *column.also} & set(rows[0].cells):
            plan.fault(1, column.name, "this column is missing")
    return plan


def compare(line: int, ref: str, name: str, before: Mapping[str, Any] | None, facts: Mapping[str, Any]) -> Change:
    """The change from what there is (None: nothing) to what the row says."""
    if before is None:
        told = tuple((key, None, value) for key, value in facts.items() if value not in (None, [], {}))
        return Change(line, "new", ref, name, facts, told)
    told = tuple((key, before.get(key), value) for key, value in facts.items() if before.get(key) != value)
    return Change(line, "changed" if told else "same", ref, name, {key: after for key, _, after in told}, told)


# -- how cells are read


def whole(text: str) -> int:
    """A whole number; spaces, dots and commas between thousands are allowed, as people write them."""
    bare = text.replace(" ", "").replace("\u00a0", "").replace(".", "").replace(",", "")
    if not bare.lstrip("-").isdigit():
        raise ValueError("must be a whole number")
    return int(bare)


def number(text: str) -> float:
    """A number, with a decimal comma or point."""
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = float("nan")
    if found != found or abs(found) == float("inf"):
        raise ValueError("must be a number")
    return found


def day(text: str) -> date:
    """2026-08-30, or 30/8/2026."""
    try:
        if "/" in text:
            dd, mm, yyyy = (int(part) for part in text.split("/"))
            return date(yyyy, mm, dd)
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("must be a date such as 2026-08-30 or 30/8/2026") from None


def switch(text: str) -> bool:
    """yes or no."""
    if text.lower() not in YES + NO:
        raise ValueError("must be yes or no")
    return text.lower() in YES


def words(text: str) -> list[str]:
    """Words parted by commas."""
    return [word for part in text.split(",") if (word := part.strip())]
