"""What Xibo's players tell, in the shapes that the player for browsers sends."""

import base64
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.errors import BadRequest, TooLarge
from signage.dialects import xmds_reports
from signage.dialects.reports import Illegible, Reported
from signage.dialects.xmds_reports import Stat, plays, read_faults, read_inventory, read_log, read_stats, read_status
from signage.queries import Given

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LAYOUT = 7 << 12 | 99
ENTRIES = {7: "abcabcabcabc-vi"}
GIVEN = {"abcabcabcabc-vi": Given(7, "crv_a", "plc_a", 8000)}


def stat(start: str, until: str, seconds: object, **more: object) -> str:
    facts = {"type": "layout", "scheduleid": 1, "layoutid": LAYOUT, "count": 1} | more
    told = " ".join(f'{name}="{value}"' for name, value in facts.items() if value is not None)
    return f'<stat fromdt="2026-11-22 {start}" todt="2026-11-22 {until}" duration="{seconds}" {told} />'


def read(*rows: str) -> list[Stat | Illegible]:
    return read_stats(f"<stats>\n  {'  '.join(rows)}\n</stats>", ZONE)


def told(*rows: str) -> list[Reported | Illegible]:
    return plays(read(*rows), ENTRIES, GIVEN)


def at(hour: int, minute: int, second: int) -> datetime:
    return datetime(2026, 11, 22, hour, minute, second, tzinfo=UTC) - timedelta(hours=7)


def test_it_works() -> None:
    assert told(stat("22:39:33", "22:39:41", 8)) == [Reported("abcabcabcabc-vi", at(22, 39, 33), 8000)]


def test_parts_of_layouts_and_touches_are_not_counted_again() -> None:
    rows = [stat("22:39:33", "22:39:41", 8, type=kind, mediaid=1) for kind in ("media", "widget", "event")]
    assert told(*rows) == []


def test_a_play_that_was_cut_where_the_hour_turns_is_one() -> None:
    halves = stat("21:59:57", "22:00:00", 3), stat("22:00:00", "22:00:05", 5)
    assert told(*halves) == [Reported("abcabcabcabc-vi", at(21, 59, 57), 8000)]


def test_two_plays_that_meet_on_the_hour_are_two() -> None:
    assert len(told(stat("21:59:52", "22:00:00", 8), stat("22:00:00", "22:00:08", 8))) == 2


def test_two_short_plays_that_meet_elsewhere_are_two() -> None:
    assert len(told(stat("21:30:00", "21:30:03", 3), stat("21:30:03", "21:30:06", 3))) == 2


def test_a_row_without_a_length_has_that_of_its_times() -> None:
    (play,) = told(stat("22:39:33", "22:39:40", ""))
    assert isinstance(play, Reported)
    assert play.duration_ms == 7000


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (stat("soon", "22:00:00", 8), "its layout or its times cannot be read"),
        (stat("21:00:00", "22:00:00", 8, layoutid="x"), "its layout or its times cannot be read"),
        (stat("21:00:00", "22:00:00", "long"), "its layout or its times cannot be read"),
        (stat("21:00:00", "22:00:00", 8, layoutid=None), "its layout or its times cannot be read"),
        (stat("21:00:00", "22:00:00", 8, layoutid=-5), "no layout has such a number"),
        (stat("21:00:00", "22:00:00", 8, layoutid="9" * 30), "no layout has such a number"),
        (stat("21:00:00", "22:00:00", 800, count=100), "it tells of several plays at once"),
    ],
)
def test_a_bad_row_is_put_aside_and_the_rest_counts(row: str, reason: str) -> None:
    bad, good = told(row, stat("22:39:33", "22:39:41", 8))
    assert isinstance(bad, Illegible)
    assert bad.reason == reason
    assert isinstance(good, Reported)


def test_a_layout_that_nobody_gave_keeps_its_number() -> None:
    (play,) = told(stat("22:39:33", "22:39:41", 8, layoutid=999 << 12))
    assert isinstance(play, Reported)
    assert play.content == f"layout {999 << 12}"


@pytest.mark.parametrize("text", ["", "stats", "<stats>", '<!DOCTYPE a [<!ENTITY b "c">]><stats>&b;</stats>'])
def test_what_is_not_xml_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        read_stats(text, ZONE)


def test_an_inventory_is_counted() -> None:
    files = '<files><file type="media" id="1" complete="1"/><file type="layout" id="2" complete="0"/></files>'
    assert read_inventory(files) == {"have": 1, "want": 2}


def test_a_status_is_read() -> None:
    made = read_status(
        '{"currentLayoutId": 28771, "deviceName": "Thang máy A", "availableSpace": 600, "totalSpace": 1000, '
        '"timeZone": "Asia/Ho_Chi_Minh", "statusDialog": "Current Layout: 28771"}'
    )
    assert made == (28771, {"used": 400, "free": 600}, "Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    "text", ["{}", '{"currentLayoutId": null}', '{"currentLayoutId": "x", "availableSpace": 1e300, "timeZone": 7}']
)
def test_what_a_status_does_not_say_is_left_out(text: str) -> None:
    assert read_status(text) == (None, None, "")


@pytest.mark.parametrize("text", ["", "[]", "{", "[" * 100_000])
def test_what_is_no_status_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        read_status(text)


@pytest.mark.parametrize(
    ("zone", "wrong"),
    [("Asia/Bangkok", False), ("Asia/Ho_Chi_Minh", False), ("UTC", True), ("../etc/passwd", False), ("Mars", False)],
)
def test_a_clock_in_another_zone_is_seen(zone: str, wrong: bool) -> None:
    assert xmds_reports.wrong_zone(zone, ZONE, datetime(2026, 11, 22, tzinfo=UTC)) is wrong


LOG = """<logs>
  <log date="2026-11-22 22:39:33" category="error"><thread>main</thread><method>PLAYER</method>
    <message>[REST] POST http://10.1.2.3/xmds.php?v=5&amp;serverKey=secret failed for secret</message>
    <scheduleID>0</scheduleID></log>
  <log date="2026-11-22 22:39:34" category="error"><message>[REST] POST http://10.1.2.3/xmds.php?v=5&amp;serverKey=secret
 failed for secret</message></log>
  <log date="2026-11-22 22:39:35" category="audit"><message>[PWA] nothing</message></log>
  <trace category="Error" message="disk full" />
</logs>"""


def test_only_errors_of_a_log_are_kept_without_keys_and_addresses() -> None:
    found = read_log(LOG, ["secret"])
    assert [code for code, _ in found] == ["player"] * len(found)
    assert "[REST] POST http://…/xmds.php… failed for …" in [detail for _, detail in found]
    assert "disk full" in [detail for _, detail in found]
    assert not [detail for _, detail in found if "nothing" in detail or "secret" in detail]


def test_a_flood_of_errors_is_a_few() -> None:
    flood = "".join(f'<log category="error"><message>error {n}</message></log>' for n in range(5000))
    assert len(read_log(f"<logs>{flood}</logs>", [])) == xmds_reports.MOST_TROUBLES


def test_faults_are_read() -> None:
    told = '[{"code": "LAYOUT_LOAD_FAILED", "reason": "no layout 5", "date": "2026-11-22 22:39:33"}]'
    assert read_faults(told, []) == [("LAYOUT_LOAD_FAILED", "no layout 5")]


@pytest.mark.parametrize("text", ["", "{}", "[1]", "<faults/>"])
def test_what_are_no_faults_is_refused(text: str) -> None:
    with pytest.raises(BadRequest):
        read_faults(text, [])


def test_a_browser_s_name_for_itself_and_a_network_card_s_number_are_taken_out() -> None:
    words = "on Mozilla/5.0 (X11; Linux) at aa:bb:cc:00:11:22, 192.168.1.7"
    assert xmds_reports.scrubbed(words, []) == "on …"
    assert xmds_reports.scrubbed("card aa:bb:cc:00:11:22 at 192.168.1.7", []) == "card … at …"


def test_a_photograph_is_read_from_base64() -> None:
    assert xmds_reports.read_photograph(base64.b64encode(b"\xff\xd8\xff").decode()) == b"\xff\xd8\xff"


def test_a_photograph_that_is_no_base64_is_refused() -> None:
    with pytest.raises(BadRequest):
        xmds_reports.read_photograph("abc")


def test_a_photograph_that_is_too_large_is_refused_before_it_is_read() -> None:
    with pytest.raises(TooLarge):
        xmds_reports.read_photograph("A" * 2_100_000)
