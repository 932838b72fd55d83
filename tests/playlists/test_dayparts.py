"""Windows of the local day, whatever the clocks do."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from playlists.dayparts import ALWAYS, Daypart, Holiday, Hours, clock_of, minute_of, overlap, windows
from playlists.moments import from_ms, to_ms
from playlists.zones import HOUR_MS, Stretch, is_zone, stretches

SAIGON, PARIS, LORD_HOWE, SANTIAGO, KOLKATA = (
    "Asia/Ho_Chi_Minh",
    "Europe/Paris",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
)


def opened(hours: Hours, zone: str, day: datetime, days: int = 1, *holidays: Holiday) -> list[tuple[str, str]]:
    """Windows as UTC times of day, from the day's midnight UTC on."""
    flat = windows(hours, zone, to_ms(day), to_ms(day + timedelta(days=days)), holidays)
    told = [from_ms(moment).strftime("%d %H:%M") for moment in flat]
    return list(zip(told[::2], told[1::2], strict=True))


def part(start: str, end: str, *days: str, **dates: date) -> Hours:
    opens, closes = minute_of(start), minute_of(end)
    assert opens is not None
    assert closes is not None
    return Hours((Daypart(opens, closes, days, **dates),))


def utc(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


def test_it_works() -> None:
    assert opened(part("07:00", "09:00"), SAIGON, utc(11, 22), 2) == [
        ("22 00:00", "22 02:00"),
        ("23 00:00", "23 02:00"),
    ]


def test_no_daypart_is_round_the_clock() -> None:
    assert opened(ALWAYS, SAIGON, utc(11, 22), 2) == [("22 00:00", "24 00:00")]


def test_a_window_over_midnight_belongs_to_the_day_it_starts() -> None:
    friday_night = part("22:00", "02:00", "fri")
    assert opened(friday_night, "UTC", utc(11, 23), 7) == [("27 22:00", "28 02:00")]
    assert opened(friday_night, "UTC", utc(11, 28), 1) == [("28 00:00", "28 02:00")]


def test_a_date_range_holds_for_the_day_a_window_starts() -> None:
    hours = part("22:00", "02:00", first_date=date(2026, 11, 24), last_date=date(2026, 11, 24))
    assert opened(hours, "UTC", utc(11, 23), 4) == [("24 22:00", "25 02:00")]


def test_windows_that_touch_are_one() -> None:
    hours = Hours((Daypart(0, 720), Daypart(720, 1440)))
    assert opened(hours, "UTC", utc(11, 23), 2) == [("23 00:00", "25 00:00")]


def test_a_leap_day_is_a_day() -> None:
    assert opened(part("07:00", "08:00", "tue"), "UTC", utc(2, 28, 2028), 3) == [("29 07:00", "29 08:00")]


class TestHolidays:
    TET = Holiday("Tết", date(2027, 2, 5), date(2027, 2, 7))

    @pytest.mark.parametrize(("rule", "days"), [("play", [4, 5, 6, 7, 8]), ("skip", [4, 8]), ("only", [5, 6, 7])])
    def test_they_are_skipped_or_meant(self, rule: str, days: list[int]) -> None:
        hours = Hours((Daypart(7 * 60, 8 * 60),), rule)  # type: ignore[arg-type]
        found = opened(hours, "UTC", utc(2, 4, 2027), 5, self.TET)
        assert [int(start[:2]) for start, _ in found] == days

    def test_the_night_before_still_ends_on_the_holiday(self) -> None:
        hours = Hours((Daypart(22 * 60, 2 * 60),), "skip")
        assert opened(hours, "UTC", utc(2, 4, 2027), 2, self.TET)[-1] == ("04 22:00", "05 02:00")


class TestDstTransitions:
    """Paris leaves 02:00–03:00 out on 29 March 2026, and has it twice on 25 October."""

    def test_a_skipped_hour_is_not_played(self) -> None:
        assert opened(part("02:00", "03:00"), PARIS, utc(3, 29)) == []

    def test_a_window_that_begins_in_the_skipped_hour_begins_after_it(self) -> None:
        assert opened(part("02:30", "04:00"), PARIS, utc(3, 29)) == [("29 01:00", "29 02:00")]

    def test_a_window_that_ends_in_the_skipped_hour_ends_before_it(self) -> None:
        assert opened(part("01:00", "02:30"), PARIS, utc(3, 29))[0] == ("29 00:00", "29 01:00")

    def test_a_repeated_hour_is_played_twice(self) -> None:
        assert opened(part("02:00", "03:00"), PARIS, utc(10, 25)) == [("25 00:00", "25 02:00")]

    def test_a_part_of_the_repeated_hour_comes_twice(self) -> None:
        assert opened(part("02:15", "02:45"), PARIS, utc(10, 25)) == [
            ("25 00:15", "25 00:45"),
            ("25 01:15", "25 01:45"),
        ]

    def test_hours_stand_still_on_the_wall_while_utc_moves(self) -> None:
        assert opened(part("07:00", "08:00"), PARIS, utc(3, 28), 2) == [
            ("28 06:00", "28 07:00"),
            ("29 05:00", "29 06:00"),
        ]

    def test_half_an_hour_of_saving(self) -> None:
        found = opened(part("01:30", "02:30"), LORD_HOWE, utc(10, 3), 1)
        assert found == [("03 15:00", "03 15:30")]  # the clocks jump from 02:00 to 02:30

    def test_a_day_that_has_no_midnight(self) -> None:
        assert opened(part("23:00", "01:00"), SANTIAGO, utc(9, 6), 1) == [("06 03:00", "06 04:00")]

    def test_a_zone_half_an_hour_off(self) -> None:
        assert opened(part("07:00", "08:00"), KOLKATA, utc(3, 29)) == [("29 01:30", "29 02:30")]


def test_stretches_cover_a_span_without_holes() -> None:
    found = stretches(PARIS, to_ms(utc(1, 1)), to_ms(utc(1, 1, 2028)))
    assert [one.offset // HOUR_MS for one in found] == [1, 2, 1, 2, 1]
    assert all(before.until == after.start for before, after in pairwise(found))


def test_a_zone_without_changes_is_one_stretch() -> None:
    assert stretches(SAIGON, 0, 10) == [Stretch(0, 10, 8 * HOUR_MS)]  # as it was in 1970


@pytest.mark.parametrize("name", ["Asia/Ho_Chi_Minh", "UTC", "Australia/Lord_Howe"])
def test_zones_are_known(name: str) -> None:
    assert is_zone(name)


@pytest.mark.parametrize("name", ["", "Asia", "Asia/Nowhere", "../etc/passwd", "+07:00", "/UTC"])
def test_what_is_no_zone_is_told(name: str) -> None:
    assert not is_zone(name)


@pytest.mark.parametrize(("text", "minute"), [("00:00", 0), ("07:05", 425), ("24:00", 1440)])
def test_times_of_day_are_read_and_written(text: str, minute: int) -> None:
    assert minute_of(text) == minute
    assert clock_of(minute) == text


@pytest.mark.parametrize("text", ["", "7:00", "07:60", "24:01", "25:00", "0700", "07:00:00", "٠٧:٠٠", "-1:00"])
def test_what_is_no_time_of_day_is_told(text: str) -> None:
    assert minute_of(text) is None


@pytest.mark.parametrize(
    ("first", "second", "met"),
    [
        (Daypart(420, 540), Daypart(540, 600), False),
        (Daypart(420, 540), Daypart(539, 600), True),
        (Daypart(420, 540, ("mon",)), Daypart(420, 540, ("tue",)), False),
        (Daypart(1320, 120, ("mon",)), Daypart(60, 180, ("tue",)), True),
        (Daypart(1320, 120, ("sun",)), Daypart(60, 180, ("mon",)), True),
        (Daypart(1320, 120, ("mon",)), Daypart(120, 180, ("tue",)), False),
        (Daypart(last_date=date(2026, 1, 1)), Daypart(first_date=date(2026, 1, 2)), False),
        (Daypart(1320, 120, last_date=date(2026, 1, 1)), Daypart(0, 60, first_date=date(2026, 1, 2)), True),
    ],
)
def test_overlaps_are_found(first: Daypart, second: Daypart, met: bool) -> None:
    assert overlap(first, second) is met
    assert overlap(second, first) is met
