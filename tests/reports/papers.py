"""Reports as they might have been on 13 August 2020 in Hậu Giang."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from measure.metrics import METRICS
from reports.completeness import Completeness, SilentScreen
from reports.content import AggregateContent, AreaRef, Figures, InstallLine, NoteLine, PeopleLine, UnitContent, UnitLine

DAY = date(2020, 8, 13)
SEAL = ("ab" * 32, "c2lnbmF0dXJl" * 7)
WARD, PROVINCE = AreaRef("31321", "UBND Phường I", "/93/31321/"), AreaRef("93", "UBND tỉnh Hậu Giang", "/93/")
INSTALLS = InstallLine(
    total=55_289,
    day=DAY,
    source="Sở Thông tin và Truyền thông",
    population=733_017,
    share=55_289 / 733_017,
    smartphone_users=None,
    share_of_smartphones=None,
    target_share=0.3,
    target_by=date(2020, 8, 30),
    missing=164_617,
    per_day=9_684,
)


def at(hour: int, minute: int = 0) -> datetime:
    """A time of that day in Hậu Giang."""
    return datetime(2020, 8, 13, hour, minute, tzinfo=UTC) - timedelta(hours=7)


def figures(factor: int) -> Figures:
    return Figures({name: (index + 3) * factor for index, name in enumerate(METRICS)}, 1234.5 * factor)


def unit_report(remark: str = "Đã đến 214 hộ.") -> UnitContent:
    """A ward's report, with a screen that was not heard."""
    quiet = SilentScreen("scr_1", "Cổng chính", "ben-xe", "Bến xe Vị Thanh", at(9, 12), 712)
    return UnitContent(
        area=WARD,
        day=DAY,
        closes_at=at(15),
        made_at=at(15),
        period_from=at(15) - timedelta(days=1),
        period_until=at(15),
        period=figures(137),
        adjustments=figures(1),
        total=figures(2100),
        people=[PeopleLine("scan:token", 412, 3)],
        installs=INSTALLS,
        completeness=Completeness(at(15), 40, 39, at(14, 52), [quiet], 712, 16, 1),
        note=NoteLine(remark, {"2": 214}, at(14, 20), True),
        previous=None,
    )


def aggregate_report(units: int = 28) -> AggregateContent:
    """The province's report, with every third unit late."""
    lines = [
        UnitLine(
            area=AreaRef(str(number), f"Xã Vị Thủy {number}", f"/93/{number}/"),
            report="ab" * 32,
            period=figures(number),
            adjustments=figures(0),
            installs=None,
            screens=20,
            heard=20 - number % 3,
            missing_plays=number,
            note=NoteLine("", {"9": 3}, at(14), True) if number % 3 else None,
            late=not number % 3,
        )
        for number in range(1, units + 1)
    ]
    return AggregateContent(
        area=PROVINCE,
        day=DAY,
        closes_at=at(16, 30),
        made_at=at(16, 41),
        period=figures(3000),
        adjustments=figures(-2),
        total=figures(60_000),
        people=[],
        installs=INSTALLS,
        screens=400,
        heard=380,
        missing_plays=1_430,
        units=lines,
        late=[each.area.name for each in lines if each.late],
        not_made=[],
        previous=None,
    )
