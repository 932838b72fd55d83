"""The pictures of a report of the day: the same in its PDF and in the mail that carries it."""

from __future__ import annotations

import re

from reports.content import AggregateContent, Content, Figures, UnitLine
from reports.pictures import Mark, bars, funnel
from reports.rates import Rate, wilson
from reports.words import number, percent

WIDTH = 560
MOST_UNITS = 8


def drawings(content: Content) -> list[tuple[str, str]]:
    """Titles and SVG; what has nothing to show is left out."""
    period = content.period
    made = []
    if period.n("plays") or period.n("scans"):
        made.append(("Từ lượt phát đến kho ứng dụng", _screen_funnel(period)))
    if period.n("splash_views"):
        made.append(("Từ trang chào wifi đến kho ứng dụng", _wifi_funnel(period)))
    if isinstance(content, AggregateContent) and (marks := _units(content.units)):
        made.append(("Đơn vị có nhiều lượt quét nhất trong kỳ", bars("Lượt quét theo đơn vị", marks, WIDTH)))
    return made


def plain(svg: str) -> str:
    """The picture without what only a browser shows (the texts that appear under a mouse)."""
    return re.sub(r"<title>.*?</title>", "", svg)


def _screen_funnel(period: Figures) -> str:
    plays, scans = period.n("plays"), period.n("scans")
    to_store = period.n("scan_stores") + period.n("landing_stores")
    steps = [
        Mark("Lượt phát", plays, number(plays)),
        Mark("Lượt quét", scans, number(scans)),
        _step("Đến kho ứng dụng", to_store, wilson(to_store, scans)),
    ]
    return funnel("Từ lượt phát đến kho ứng dụng", steps, WIDTH)


def _wifi_funnel(period: Figures) -> str:
    views, grants, to_store = (period.n(name) for name in ("splash_views", "grants", "splash_stores"))
    steps = [
        Mark("Lượt xem trang chào", views, number(views)),
        _step("Được vào mạng", grants, wilson(grants, views)),
        _step("Đến kho ứng dụng", to_store, wilson(to_store, grants)),
    ]
    return funnel("Từ trang chào wifi đến kho ứng dụng", steps, WIDTH)


def _step(name: str, n: int, rate: Rate | None) -> Mark:
    note = f"{percent(rate.value)} (từ {percent(rate.low)} đến {percent(rate.high)})" if rate else ""
    return Mark(name, n, number(n), note, faint=bool(rate and rate.small))


def _units(units: list[UnitLine]) -> list[Mark]:
    most = sorted(units, key=lambda each: (-each.period.n("scans"), each.area.name))[:MOST_UNITS]
    return [Mark(each.area.name, n, number(n)) for each in most if (n := each.period.n("scans"))]
