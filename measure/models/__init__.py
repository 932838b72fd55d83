"""What is kept: links, facts, what was put aside, and the counts made of the facts.

Columns named `…_ms` and `at` in the busy tables are milliseconds since 1970. Nothing here refers to a row of
another room: ids are opaque, and names are kept as they were.
"""

from measure.models.counts import DayCount, DekadCount, HourlyCount, LedgerCheck, MonthCount, Slice
from measure.models.facts import Gap, Play, PlayAck, RefusedPlay, Scan, Showing, VisitEvent
from measure.models.links import CampaignDestination, Link, Name
from measure.models.uniques import DailySalt, Sketch, SketchRegister

__all__ = [
    "CampaignDestination",
    "DailySalt",
    "DayCount",
    "DekadCount",
    "Gap",
    "HourlyCount",
    "LedgerCheck",
    "Link",
    "MonthCount",
    "Name",
    "Play",
    "PlayAck",
    "RefusedPlay",
    "Scan",
    "Showing",
    "Sketch",
    "SketchRegister",
    "Slice",
    "VisitEvent",
]
