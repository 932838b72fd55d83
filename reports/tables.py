"""A report as tables: the same rows for the page, the PDF, the workbook and the CSV."""

from __future__ import annotations

from dataclasses import dataclass

from reports.content import AggregateContent, Content, UnitContent, UnitLine
from reports.words import FIGURES, clock, figure, measure_name, note_state

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """A heading, the columns' names, and rows of as many values; numbers stay numbers."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def tables(content: Content) -> list[Table]:
    """The tables of a report, those without rows left out."""
    found = [_figures(content)]
    if isinstance(content, AggregateContent):
        found += [_units(content), _by_hand(content)]
    else:
        found += [_silent(content), _own_hand(content)]
    return [each for each in found if each.rows]


def _figures(content: Content) -> Table:
    columns = ("Chỉ số", "Trong kỳ", "Điều chỉnh kỳ trước", "Lũy kế")
    rows = tuple(
        (name, figure(content.period, key), figure(content.adjustments, key), figure(content.total, key))
        for key, name in FIGURES
    )
    return Table("Kết quả", columns, rows)


def _units(content: AggregateContent) -> Table:
    columns = (
        "Đơn vị",
        "Lượt phát",
        "Lượt quét",
        "Vào mạng",
        "Đến kho ứng dụng",
        "Đã cài đặt",
        "Màn hình báo đủ",
        "Báo cáo",
    )
    return Table("Theo đơn vị", columns, tuple(_unit(each) for each in content.units))


def _unit(each: UnitLine) -> tuple[Value, ...]:
    period = each.period
    heard = f"{each.heard}/{each.screens}" if each.screens else "–"
    installed = each.installs.total if each.installs else None
    figures = (period.n("plays"), period.n("scans"), period.n("grants"), period.stores)
    return (each.area.name, *figures, installed, heard, note_state(each.note))


def _by_hand(content: AggregateContent) -> Table:
    sums: dict[str, int] = {}
    for each in content.units:
        for key, n in (each.note.by_hand if each.note else {}).items():
            sums[key] = sums.get(key, 0) + n
    return _hand_table(sums)


def _own_hand(content: UnitContent) -> Table:
    return _hand_table(content.note.by_hand if content.note else {})


def _hand_table(by_measure: dict[str, int]) -> Table:
    rows = tuple((measure_name(key), by_measure[key]) for key in sorted(by_measure, key=int))
    return Table("Kết quả làm trực tiếp", ("Biện pháp", "Số lượt"), rows)


def _silent(content: UnitContent) -> Table:
    columns = ("Màn hình", "Địa điểm", "Số liệu đủ đến", "Ước thiếu (lượt)")
    rows = tuple(
        (each.name, each.location_name, clock(each.heard_to), each.missing_plays)
        for each in content.completeness.silent
    )
    return Table("Màn hình chưa báo đủ", columns, rows)
