"""Files that say what the report says, and in which nothing comes alive."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from itertools import count
from zipfile import ZipFile

import openpyxl
import pytest

from reports.exports import CHUNK_ROWS, csv_of_report, csv_rows, harmless, workbook, xlsx_of_report
from reports.tables import Table
from tests.reports.papers import aggregate_report, unit_report

LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＋1", "－1", "＠x", "  =1", "=HYPERLINK(0)"]


def read_csv(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"))))


def test_it_works() -> None:
    rows = read_csv(csv_of_report(unit_report()))
    assert rows[0] == ["Chỉ số", "Trong kỳ", "Điều chỉnh kỳ trước", "Lũy kế"]
    assert rows[1] == ["Lượt phát trên màn hình", "411", "3", "6300"]


def test_spreadsheets_are_told_that_it_is_utf_8() -> None:
    assert csv_of_report(unit_report()).startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("text", LIVE)
def test_no_text_becomes_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    (_, row) = read_csv(b"".join(csv_rows(["a"], [[text]])))
    assert row[0].startswith("'")


@pytest.mark.parametrize("value", [-5, 3.5, None, "Bến xe", "a=b", ""])
def test_what_is_harmless_stays_as_it_is(value: object) -> None:
    assert harmless(value) == value  # type: ignore[arg-type]


def test_a_workbook_holds_texts_and_numbers() -> None:
    rows = tuple((text, 7) for text in [*LIVE, "https://example.vn"])
    sheet = openpyxl.load_workbook(io.BytesIO(workbook("Đầu đề", [Table("Bảng", ("a", "b"), rows)]))).active
    cells = [(row[0].data_type, row[1].value) for row in sheet.iter_rows(min_row=4)]
    assert cells == [("s", 7)] * len(rows)


def test_a_workbook_has_no_formula_and_no_link() -> None:
    with ZipFile(io.BytesIO(workbook("=1", [Table("T", ("=1",), (("=1",),))]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_the_aggregate_s_workbook_has_a_sheet_for_its_units() -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsx_of_report(aggregate_report())))
    assert book.sheetnames == ["Kết quả", "Theo đơn vị", "Kết quả làm trực tiếp"]
    assert book["Theo đơn vị"].max_row == 3 + 28


def test_rows_stream_in_constant_memory() -> None:
    tracemalloc.start()
    size = sum(len(each) for each in csv_rows(["n", "text"], ((n, "Bến xe Vị Thanh") for n in range(300_000))))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 8_000_000
    assert peak < size / 8, "other threads of this process allocate a little as well"


def test_a_file_is_sent_while_it_is_read() -> None:
    """Of a file without end the first piece comes after the first rows."""
    asked = []

    def rows() -> Iterator[tuple[int]]:
        for number in count():
            asked.append(number)
            yield (number,)

    assert next(csv_rows(("n",), rows())).startswith(b"\xef\xbb\xbfn\r\n0\r\n")
    assert len(asked) <= CHUNK_ROWS


OTHERS = """
from gevent import monkey
monkey.patch_all()
import gevent
from reports.exports import CHUNK_ROWS, csv_rows
turns = []
def other():
    while True:
        turns.append(1)
        gevent.sleep(0)
gevent.spawn(other)
for _ in csv_rows(["n"], ((n,) for n in range(10 * CHUNK_ROWS))):
    pass
print(len(turns))
"""


def test_others_have_their_turn_while_a_file_is_made() -> None:
    """Also when the client takes every piece at once, so that sending never waits."""
    ran = subprocess.run([sys.executable, "-c", OTHERS], capture_output=True, text=True, check=True, timeout=60)
    assert int(ran.stdout) >= 9
