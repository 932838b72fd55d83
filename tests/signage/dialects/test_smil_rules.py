"""A document that would harm a player is known for it."""

import pytest

from signage.dialects.smil_rules import faults
from signage.dialects.xml import BadXml

GOOD = """<smil xmlns="http://www.w3.org/ns/SMIL"><head><meta http-equiv="Refresh" content="60"/></head><body><par>
<seq><prefetch src="http://a/1.jpg"/></seq>
<excl><priorityClass>
<seq xml:id="p0" begin="wallclock(2026-11-22T07:00:00+07:00)" end="wallclock(2026-11-22T09:00:00+07:00)"
 repeatCount="indefinite"><img src="http://a/1.jpg" dur="8s"><param name="logContentId" value="e"/></img></seq>
<seq xml:id="p1" begin="wallclock(2026-11-22T09:00:00+07:00)" end="wallclock(2026-11-22T19:00:00+07:00)"
 repeatCount="indefinite"><img src="http://a/1.jpg" dur="8500ms"><param name="logContentId" value="e"/></img></seq>
</priorityClass><priorityClass>
<seq xml:id="f" begin="0s" repeatCount="indefinite"><video src="http://a/1.jpg" dur="8s"><param name="logContentId"
 value="e"/></video></seq></priorityClass></excl></par></body></smil>"""


def test_it_works() -> None:
    assert faults(GOOD.encode()) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('end="wallclock(2026-11-22T09:00:00', 'end="wallclock(2026-11-22T07:00:00'), "empty or runs backwards"),
        (('end="wallclock(2026-11-22T09:00:00', 'end="wallclock(2026-11-22T05:00:00'), "empty or runs backwards"),
        (('end="wallclock(2026-11-22T09:00:00', 'end="wallclock(2026-11-22T09:30:00'), "overlap"),
        (("wallclock(2026-11-22T07:00:00+07:00)", "wallclock(R/P1D)"), "cannot be read"),
        (("wallclock(2026-11-22T07:00:00+07:00)", "wallclock(2026-11-22T07:00:00)"), "cannot be read"),
        (('content="60"', 'content="5"'), "interval"),
        (('http-equiv="Refresh"', 'http-equiv="refresh"'), "interval"),
        (('xml:id="p1"', 'xml:id="p0"'), "twice"),
        (('dur="8s"', 'dur="0s"'), "'0s'"),
        (('dur="8s"', 'dur=""'), "''"),
        (('<prefetch src="http://a/1.jpg"/>', ""), "not fetched before"),
        (("http://a/1.jpg", "/1.jpg"), "not absolute"),
        (('name="logContentId" value="e"', 'name="logContentId" value=""'), "not logged"),
        (('begin="0s" repeatCount="indefinite"', 'begin="0s" repeatCount="3"'), "ends by itself"),
    ],
)
def test_each_fault_is_found(change: tuple[str, str], fault: str) -> None:
    assert fault in " ".join(faults(GOOD.replace(*change).encode()))


def test_a_loop_of_nothing_is_found() -> None:
    empty = '<seq xml:id="e" begin="0s" repeatCount="indefinite"></seq></priorityClass></excl>'
    assert "a loop plays nothing" in faults(GOOD.replace("</priorityClass></excl>", empty).encode())


def test_what_is_no_xml_is_not_judged() -> None:
    with pytest.raises(BadXml):
        faults(b"<smil>")
