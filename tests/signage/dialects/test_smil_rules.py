"""A document that would harm a player is known for it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signage.dialects.programme import Code, Entry, Manifest, ScreenFacts, Segment, Takeover
from signage.dialects.smil import document
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


BEGIN = datetime(2026, 10, 24, 20, tzinfo=UTC)  # the night in which Europe's clocks go back
SPANS = st.lists(st.integers(1, 30 * 3_600_000), min_size=1, max_size=12)  # ms: also shorter than a second
ENTRIES = {
    "a": Entry("crv_a", "cmp", "plc", f"/media/{'a' * 64}.jpg", "a" * 64, 9, "image/jpeg", 8000),
    "b": Entry("crv_b", "cmp", "plc", f"/media/{'b' * 64}.mp4", "b" * 64, 9, "video/mp4", 12_345),
    "c": Entry(
        "crv_c", "cmp", "plc", f"/media/{'c' * 64}.jpg", "c" * 64, 9, "image/jpeg", 1,
        Code("K7F3Q9ZT", "HTTP://A/Q/K7F3Q9ZT", "/media/qr/K7F3Q9ZT/9.png", 1, 1, 9),
    ),
}  # fmt: skip


@given(
    spans=SPANS,
    loops=st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=4), min_size=12, max_size=12),
    takeover=st.none() | st.tuples(st.integers(0, 10**8), st.integers(1, 10**8)),
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "Europe/Berlin", "UTC"]),
    name=st.text(max_size=20),
)
def test_no_manifest_makes_a_document_with_a_fault(
    spans: list[int], loops: list[list[str]], takeover: tuple[int, int] | None, zone: str, name: str
) -> None:
    programme, at = [], BEGIN
    for span, loop in zip(spans, loops, strict=False):
        programme.append(Segment(at, at := at + timedelta(milliseconds=span), tuple(loop)))
    taken = None
    if takeover:
        start = BEGIN + timedelta(milliseconds=takeover[0])
        taken = Takeover("c", start, start + timedelta(milliseconds=takeover[1]), "tko_1")
    screen = ScreenFacts("scr_1", name, "vt-01", 1920, 1080, zone)
    manifest = Manifest(screen, "r", 30_000, tuple(programme), ENTRIES, taken, "a")
    assert faults(document(manifest, "https://a", "/play/KEY").encode()) == []
