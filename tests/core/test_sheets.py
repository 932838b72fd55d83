"""Tables as people send them."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest

from core.errors import Invalid
from core.sheets import (
    MOST_ROWS,
    Column,
    Plan,
    compare,
    day,
    facts_of,
    number,
    open_plan,
    read_sheet,
    switch,
    whole,
    write_csv,
)


def workbook(*rows: list[object]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(out)
    return out.getvalue()


def test_it_works() -> None:
    rows = read_sheet("Code,Name\n93, Hậu Giang \n\n33,Hưng Yên\n".encode())
    assert [(row.line, dict(row.cells)) for row in rows] == [
        (2, {"code": "93", "name": "Hậu Giang"}),
        (4, {"code": "33", "name": "Hưng Yên"}),
    ]


@pytest.mark.parametrize("raw", ["code;name\n1;a,b", "code\tname\n1\ta,b", '\ufeffcode,name\n1,"a,b"'])
def test_comma_semicolon_tab_and_a_mark_at_the_start(raw: str) -> None:
    assert dict(read_sheet(raw.encode())[0].cells) == {"code": "1", "name": "a,b"}


def test_a_cell_over_two_lines_keeps_the_numbers_of_the_lines() -> None:
    rows = read_sheet(b'code,name\n1,"two\nlines"\n2,b')
    assert [(row.line, row.cells["name"]) for row in rows] == [(2, "two lines"), (4, "b")]


def test_a_workbook_reads_the_same() -> None:
    rows = read_sheet(
        workbook(["Code", "Target by", "n"], [93, datetime.fromisoformat("2026-08-30"), 7.5], ["0094", None, 2.0])
    )
    assert [dict(row.cells) for row in rows] == [
        {"code": "93", "target_by": "2026-08-30", "n": "7.5"},
        {"code": "0094", "target_by": "", "n": "2"},
    ]


def test_what_was_read_can_be_written_and_read_again() -> None:
    rows = read_sheet(b'code,name\n\n\n1,"a, ""b"""\n\n2,c')
    assert read_sheet(write_csv(rows).encode()) == rows


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"code,name\n",
        "code,name\n1,Hà Nội".encode("utf-16"),
        b"code,code\n1,2",
        b"PK\x03\x04 nothing",
        b"code\n" + b"1\n" * (MOST_ROWS + 1),
        b"x" * 2_000_001,
    ],
)
def test_what_is_no_table_is_refused(raw: bytes) -> None:
    with pytest.raises(Invalid):
        read_sheet(raw)


def test_a_workbook_that_unpacks_to_too_much_is_refused_unopened() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 41_000_000)
    with pytest.raises(Invalid, match="unpacks"):
        read_sheet(out.getvalue())


COLUMNS = (Column("code", also=("mã",), needed=True), Column("n", whole), Column("open", switch))


def test_cells_become_facts_and_bad_ones_are_named() -> None:
    plan = Plan()
    rows = read_sheet('mã,n,open\n1,"1.200",có\n2,many,\n,3,maybe'.encode())
    assert [facts_of(row, COLUMNS, plan) for row in rows] == [
        {"code": "1", "n": 1200, "open": True},
        {"code": "2", "open": None},
        {"n": 3},
    ]
    assert [(one.line, one.column) for one in plan.faults] == [(3, "n"), (4, "code"), (4, "open")]
    with pytest.raises(Invalid) as refused:
        plan.refuse()
    assert refused.value.errors[0] == ("line 3, n", "must be a whole number")


def test_of_one_cell_the_first_fault_is_enough() -> None:
    plan = Plan()
    for column, message in (("height", "must be a whole number"), ("height", "is needed"), ("width", "is needed")):
        plan.fault(2, column, message)
    plan.fault(3, "height", "is needed")
    assert [(one.line, one.column, one.message) for one in plan.faults] == [
        (2, "height", "must be a whole number"),
        (2, "width", "is needed"),
        (3, "height", "is needed"),
    ]


def test_unknown_and_missing_headings_are_faults_of_the_first_line() -> None:
    plan = open_plan(read_sheet(b"colour,n\nred,1"), COLUMNS)
    assert [(one.line, one.column) for one in plan.faults] == [(1, "colour"), (1, "code")]


def test_a_change_names_what_differs() -> None:
    same = compare(2, "1", "a", {"n": 1, "m": 2}, {"n": 1})
    changed = compare(2, "1", "a", {"n": 1, "m": 2}, {"n": 5, "m": 2})
    new = compare(2, "1", "a", None, {"n": 5, "m": None})
    assert (same.what, changed.what, new.what) == ("same", "changed", "new")
    assert (changed.facts, changed.fields) == ({"n": 5}, (("n", 1, 5),))
    assert new.fields == (("n", None, 5),)


def test_days_and_numbers_as_people_write_them() -> None:
    assert day("30/8/2026") == day("2026-08-30") == date(2026, 8, 30)
    assert (number("2,5"), whole("55.289")) == (2.5, 55289)
    for read, text in ((day, "31/2/2026"), (number, "nan"), (whole, "4x"), (switch, "perhaps")):
        with pytest.raises(ValueError):
            read(text)
