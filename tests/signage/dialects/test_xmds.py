"""The documents for Xibo's players: the programme line by line, in the wall clock of the place."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from signage.dialects.programme import Code, Entry, Manifest, ScreenFacts, Segment, Takeover
from signage.dialects.walltime import heard, told
from signage.dialects.xlf import Layout, layout_of
from signage.dialects.xmds import EXCLUSIVE, File, Greeting, checksum, collect_s, greeting, required, schedule

NEW_YORK = "America/New_York"  # Việt Nam's clocks never change; what is built on them must bear that they do
BACK = datetime(2026, 11, 1, 6, 0, tzinfo=UTC)  # at two o'clock it is one again
HOUR = timedelta(hours=1)
CODE = Code("7K3M9XQ2", "HTTPS://A.VN/Q/7K3M9XQ2", "/media/qr/7K3M9XQ2/290.png", 700, 1500, 290)


def entry(name: str) -> Entry:
    return Entry(name, "cmp", "plc", f"/media/{name}.jpg", name, 1000, "image/jpeg", 8000, CODE)


ENTRIES = {name: entry(name) for name in ("a", "b", "c")}


def manifest(
    *cuts: tuple[datetime, tuple[str, ...]], zone: str = "Asia/Ho_Chi_Minh", takeover: Takeover | None = None
) -> Manifest:
    """Loops each from a moment on, the last for a day; ``c`` is the fallback."""
    ends = [start for start, _ in cuts[1:]] + [cuts[-1][0] + timedelta(days=1)]
    programme = tuple(Segment(start, until, loop) for (start, loop), until in zip(cuts, ends, strict=True))
    screen = ScreenFacts("scr_1", "Thang máy A", "vt-01", 1080, 1920, zone)
    return Manifest(screen, "rev", 29_000, programme, ENTRIES, takeover, "c")


def layouts() -> dict[str, Layout]:
    return {name: layout_of(one, number, (1080, 1920)) for number, (name, one) in enumerate(ENTRIES.items(), 1)}


def lines(made: Manifest) -> list[tuple[str, str, str]]:
    """(entry, from, until) of each line."""
    names = {str(one.number): name for name, one in layouts().items()}
    found = ElementTree.fromstring(schedule(made, layouts())).findall("layout")
    return [(names[one.get("file", "")], one.get("fromdt", ""), one.get("todt", "")) for one in found]


SEVEN = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)  # in Việt Nam


def test_it_works() -> None:
    made = manifest((SEVEN, ("a", "b")), (SEVEN + 2 * HOUR, ("b",)))
    assert lines(made) == [
        ("a", "2026-11-23 07:00:00", "2026-11-23 09:00:00"),
        ("b", "2026-11-23 07:00:00", "2026-11-23 09:00:00"),
        ("b", "2026-11-23 09:00:00", "2026-11-24 09:00:00"),
        ("c", "2026-11-24 09:00:00", "2027-11-25 09:00:00"),
    ]


def test_an_entry_that_comes_twice_in_a_loop_has_two_lines() -> None:
    assert [name for name, *_ in lines(manifest((SEVEN, ("a", "b", "a"))))] == ["a", "b", "a", "c"]


def test_a_takeover_goes_before_all_else() -> None:
    slot = Takeover("c", SEVEN + HOUR, SEVEN + 2 * HOUR, "tko_1")
    found = ElementTree.fromstring(schedule(manifest((SEVEN, ("a",)), takeover=slot), layouts())).findall("layout")
    *others, last = found
    assert last.get("priority") == str(EXCLUSIVE)
    assert all(int(one.get("priority", "")) < EXCLUSIVE for one in others)
    assert (last.get("fromdt"), last.get("todt")) == ("2026-11-23 08:00:00", "2026-11-23 09:00:00")


def test_each_line_names_the_files_it_needs() -> None:
    first = ElementTree.fromstring(schedule(manifest((SEVEN, ("a",))), layouts())).find("layout")
    assert first is not None
    assert [one.text for one in first.iterfind("dependents/file")] == [part.file for part in layouts()["a"].parts]


def test_there_is_no_default_which_players_would_count_into_the_loop() -> None:
    assert "<default" not in schedule(manifest((SEVEN, ("a",))), layouts())


@pytest.mark.parametrize("cut_min", [-90, -30, 0, 30, 90])
def test_the_hour_that_comes_twice_leaves_no_gap(cut_min: int) -> None:
    """Whatever a cut means to a player, it means the same as the end of one line and the start of the next."""
    cut = BACK + timedelta(minutes=cut_min)
    found = lines(manifest((BACK - 6 * HOUR, ("a",)), (cut, ("b",)), zone=NEW_YORK))
    assert [name for name, *_ in found] == ["a", "b", "c"]
    assert all(first[2] == then[1] for first, then in pairwise(found))
    assert all(start < until for _, start, until in found)


def test_a_stretch_that_seems_to_end_before_it_begins_is_left_to_its_neighbours() -> None:
    start, until = BACK - HOUR / 4, BACK + HOUR / 4
    found = lines(manifest((BACK - 6 * HOUR, ("a",)), (start, ("b",)), (until, ("a",)), zone=NEW_YORK))
    assert [name for name, *_ in found] == ["a", "a", "c"]
    assert found[0][2] >= found[1][1]


def test_no_line_is_lost_when_clocks_go_forward() -> None:
    spring = datetime(2026, 3, 8, 7, 0, tzinfo=UTC)
    found = lines(manifest((spring - HOUR, ("a",)), (spring, ("b",)), zone=NEW_YORK))
    assert [one[1] for one in found] == ["2026-03-08 01:00:00", "2026-03-08 03:00:00", "2026-03-09 03:00:00"]


def test_a_time_that_comes_twice_is_always_read_as_the_first() -> None:
    zone = ZoneInfo(NEW_YORK)
    assert heard("2026-11-01 01:30:00", zone) == BACK - HOUR / 2
    assert told(BACK + HOUR / 2, zone) == "2026-11-01 01:30:00"


@pytest.mark.parametrize(
    "text", ["", "2026-11-01", "2026-11-01T01:30:00Z", "2026-11-01 01+07:00", "2026-13-01 00:00:00", "yesterday"]
)
def test_what_is_no_wall_clock_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a time like|Invalid isoformat|must be in"):
        heard(text, ZoneInfo(NEW_YORK))


def greeted(*, windows: bool = False, photograph: bool = False) -> ElementTree.Element:
    what = Greeting(manifest((SEVEN, ("a",))), "1", "2", photograph)
    return ElementTree.fromstring(greeting(what, SEVEN, windows=windows))


def test_a_player_is_greeted_with_both_checksums_and_the_places_time() -> None:
    told = greeted()
    assert (told.get("code"), told.get("checkSchedule"), told.get("checkRf")) == ("READY", "1", "2")
    assert (told.get("localDate"), told.findtext("displayTimeZone")) == ("2026-11-23 07:00:00", "Asia/Ho_Chi_Minh")
    assert (told.findtext("statsEnabled"), told.findtext("aggregationLevel")) == ("1", "Individual")
    assert (told.findtext("screenShotRequested"), told.findtext("screenshotInterval")) == ("0", "0")
    assert 60 <= int(told.findtext("collectInterval", "")) < 75


def test_on_windows_names_begin_with_a_capital() -> None:
    told = greeted(windows=True)
    assert told.findtext("CollectInterval")
    assert not told.findtext("collectInterval")


def test_a_photograph_is_asked_for_in_both_ways_that_players_know() -> None:
    told = greeted(photograph=True)
    assert (told.findtext("screenShotRequested"), told.findtext("screenshotInterval")) == ("1", "120")


def test_players_ask_at_paces_of_their_own() -> None:
    made = manifest((SEVEN, ("a",)))
    paces = {collect_s(replace(made, poll_after_ms=ms)) for ms in range(27_000, 33_000, 500)}
    assert len(paces) > 3
    assert min(paces) >= 60


def test_files_are_told_with_what_a_player_checks() -> None:
    files = [File("media", 3, 10, "d41d8cd9", "http://a.vn/media/a.jpg?x=1&y=2", "3.jpg")]
    (told,) = ElementTree.fromstring(required(manifest((SEVEN, ("a",))), files))
    assert dict(told.attrib) == {
        "type": "media",
        "id": "3",
        "size": "10",
        "md5": "d41d8cd9",
        "download": "http",
        "path": "http://a.vn/media/a.jpg?x=1&y=2",
        "saveAs": "3.jpg",
    }


def test_a_checksum_is_a_crc() -> None:
    assert checksum("123456789") == "3421780262"
