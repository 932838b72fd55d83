"""The one door of Xibo's players: what it gives, what it takes, and what it refuses."""

import base64
import hashlib
import io
from binascii import crc32
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.services import Services
from measure.models import Play, RefusedPlay, Showing
from media.models import Rendition
from media.shelf import put_bytes
from media.store import store_of
from people.roles import SYSTEM
from signage import actions, queries
from signage.desk import Desk
from signage.dialects import xmds_desk, xmds_views
from tests.measure.counts import rows, totals
from tests.signage.dialects.xibo_client import BOX, Xibo, stat
from tests.signage.world import Player, make_creative, make_world, on_sqlite, publish, take_over
from tests.support.clock import FrozenClock

pytestmark = on_sqlite


@pytest.fixture
def world(services: Services) -> Services:
    """A world whose pictures are really on the shelf."""
    now = services.clock.now()
    services.db.write(lambda s: make_world(s, now))
    store = store_of(services.settings)

    def fill(s) -> None:
        for row in s.query(Rendition):
            stored = put_bytes(store.public, f"picture {row.creative_id}".encode(), store.drafts)
            row.sha256, row.bytes = stored.sha256, stored.bytes

    services.db.write(fill)
    return services


@pytest.fixture
def xibo(player: Player) -> Xibo:
    return Xibo(player.client, player.token, player.screen)


def fault(response: TestResponse, status: int = 500) -> str:
    """The reason, after it was seen that this is a fault."""
    assert response.status_code == status
    assert response.mimetype == "text/xml"
    root = ElementTree.fromstring(response.data)
    return root.findtext(".//faultstring", "")


def stats(*plays: tuple[int, float], now: datetime) -> str:
    """Plays (layout, seconds ago) of eight seconds."""
    return f"<stats>{''.join(stat(layout, now - timedelta(seconds=ago), 8) for layout, ago in plays)}</stats>"


def test_it_works(xibo: Xibo, clock: FrozenClock, world: Services) -> None:
    greeted = xibo.register()
    assert greeted.get("code") == "READY"
    schedule = xibo.ask("Schedule")
    assert str(crc32(schedule.encode())) == greeted.get("checkSchedule")
    a, b, _ = xibo.layouts()
    assert xibo.ask("SubmitStats", statXml=stats((a, 30), (b, 20), now=clock.now())) == "true"
    assert totals(world.db) == {"plays": 2}
    assert {one.creative for one in rows(world.db, Showing)} == {"crv_a", "crv_b"}


def test_every_file_is_what_was_said_of_it(xibo: Xibo) -> None:
    files = ElementTree.fromstring(xibo.ask("RequiredFiles")).findall("file")
    assert sorted(one.get("type") for one in files) == ["layout"] * 3 + ["media"] * 5  # the fallback has no code
    for one in files:
        path = one.get("path", "").removeprefix("http://localhost:8000")
        body = xibo.client.get(path).data
        assert (str(len(body)), hashlib.md5(body, usedforsecurity=False).hexdigest()) == (
            one.get("size"),
            one.get("md5"),
        )
        assert xibo.client.head(path).content_length == len(body)
        told = {"fileId": one.get("id"), "fileType": one.get("type"), "chunkOffset": 0.0, "chuckSize": 99_999}
        assert base64.b64decode(xibo.ask("GetFile", **told)) == body


def test_a_file_is_had_in_pieces(xibo: Xibo) -> None:
    number = xibo.layouts()[0]
    whole = base64.b64decode(xibo.ask("GetFile", fileId=number, fileType="layout", chunkOffset=0, chunkSize=9_999))
    pieces = [
        base64.b64decode(xibo.ask("GetFile", fileId=number, fileType="layout", chunkOffset=at, chunkSize=100))
        for at in range(0, len(whole), 100)
    ]
    assert b"".join(pieces) == whole


def test_as_long_as_nothing_changes_the_checksums_stay(xibo: Xibo, clock: FrozenClock) -> None:
    before = xibo.register()
    clock.advance(minutes=30)
    after = xibo.register()
    assert [before.get(one) for one in ("checkSchedule", "checkRf")] == [
        after.get(one) for one in ("checkSchedule", "checkRf")
    ]


def test_what_is_published_changes_both_checksums(xibo: Xibo, world: Services, clock: FrozenClock) -> None:
    before = xibo.register()

    def work(s) -> None:
        make_creative(s, "crv_c", clock.now())
        publish(s, clock.now(), "crv_c")

    world.db.write(work)
    clock.advance(seconds=5)
    after = xibo.register()
    assert before.get("checkSchedule") != after.get("checkSchedule")
    assert before.get("checkRf") != after.get("checkRf")
    assert len(set(xibo.layouts())) == 4


def test_a_takeover_is_scheduled_and_confirmed(xibo: Xibo, world: Services, clock: FrozenClock) -> None:
    takeover = world.db.write(lambda s: take_over(s, clock.now(), "crv_b"))
    clock.advance(seconds=5)
    xibo.register()
    number = xibo.layouts()[-1]
    xibo.ask("NotifyStatus", status=f'{{"currentLayoutId": {number}}}')
    with world.db.read() as s:
        assert list(queries.takeover_shown_at(s, takeover)) == [xibo.screen]


def test_told_again_nothing_counts_twice(xibo: Xibo, clock: FrozenClock, world: Services) -> None:
    a, b, _ = xibo.layouts()
    first = stats((a, 30), (b, 20), now=clock.now())
    more = stats((a, 30), (b, 20), (a, 10), now=clock.now())
    for rowset in (first, first, more):
        assert xibo.ask("SubmitStats", statXml=rowset) == "true"
    assert totals(world.db) == {"plays": 3}


def test_a_long_report_is_taken_whole(xibo: Xibo, clock: FrozenClock, world: Services) -> None:
    a, *_ = xibo.layouts()
    report = stats(*((a, 9 * n) for n in range(1, 1001)), now=clock.now())
    assert len(report) > xmds_desk.LONG
    assert xibo.ask("SubmitStats", statXml=report) == "true"
    assert totals(world.db) == {"plays": 1000}


def test_a_bad_row_never_fails_a_batch(xibo: Xibo, clock: FrozenClock, world: Services) -> None:
    a, *_ = xibo.layouts()
    rowset = stats((a, 30), (999 << 12, 20), (a, -3600), now=clock.now())
    bad = rowset.replace("</stats>", '<stat type="layout" layoutid="?"/></stats>')
    assert xibo.ask("SubmitStats", statXml=bad) == "true"
    assert len(rows(world.db, Play)) == 1
    assert sorted(one.reason for one in rows(world.db, RefusedPlay)) == [
        "it began in the future",
        "it was never given to a player",
        "its layout or its times cannot be read",
    ]


def test_what_it_says_of_itself_is_kept_together(xibo: Xibo, counter: Desk, world: Services) -> None:
    xibo.register(operatingSystem="Linux Mozilla/5.0")
    xibo.ask("MediaInventory", mediaInventory='<files><file type="media" id="1" complete="1"/></files>')
    number = xibo.layouts()[0]
    status = f'{{"currentLayoutId": {number}, "availableSpace": 600, "totalSpace": 1000, "timeZone": "Asia/Bangkok"}}'
    xibo.ask("NotifyStatus", status=status)
    counter.flush()
    with world.db.read() as s:
        (row,) = queries.fleet(s, screen=xibo.screen)
        assert row.status
        assert row.status.media == {"have": 1, "want": 1}
        assert row.status.storage == {"used": 400, "free": 600}
        assert row.status.player == {"name": "Xibo", "version": "0.5.20", "platform": "chromeOS"}
        assert row.status.entry
        assert not queries.troubles(s, xibo.screen)


def troubles(world: Services, xibo: Xibo) -> list[tuple[str, str | None]]:
    with world.db.read() as s:
        return [(one.code, one.detail) for one in queries.troubles(s, xibo.screen)]


def test_a_clock_in_another_zone_is_told_once(xibo: Xibo, world: Services) -> None:
    for _ in range(3):
        xibo.ask("NotifyStatus", status='{"timeZone": "UTC"}')
    ((code, detail),) = troubles(world, xibo)
    assert code == "time zone"
    assert "UTC" in str(detail)


def test_errors_and_what_will_not_play_are_troubles(xibo: Xibo, world: Services) -> None:
    log = '<logs><log category="error"><message>no route</message></log><log category="audit"/></logs>'
    for _ in range(2):
        xibo.ask("SubmitLog", logXml=log)
    xibo.ask("BlackList", mediaId=7, type="layout", reason=f"broken, says {BOX}")
    xibo.ask("ReportFaults", fault='[{"code": "LAYOUT_LOAD_FAILED", "reason": "nothing there"}]')
    assert sorted(troubles(world, xibo), key=str) == [
        ("LAYOUT_LOAD_FAILED", "nothing there"),
        ("player", "no route"),
        ("will not play", "layout 7: broken, says …"),
    ]


JPEG = b"\xff\xd8\xff\xe0 a picture \xff\xd9"


def asked_to_photograph(world: Services, xibo: Xibo, clock: FrozenClock) -> None:
    world.db.write(lambda s: actions.ask(s, xibo.screen, "screenshot", by=SYSTEM, now=clock.now()))


def test_a_photograph_that_was_asked_for_is_kept(xibo: Xibo, world: Services, clock: FrozenClock) -> None:
    assert xibo.register().findtext("screenShotRequested") == "0"
    asked_to_photograph(world, xibo, clock)
    assert xibo.register().findtext("screenShotRequested") == "1"
    assert xibo.ask("SubmitScreenShot", screenShot=base64.b64encode(JPEG).decode()) == "true"
    assert xibo.register().findtext("screenShotRequested") == "0"
    with world.db.read() as s:
        kept = queries.screenshot(s, xibo.screen)
        assert kept
        assert kept.jpeg == JPEG


def test_one_that_nobody_asked_for_is_let_go(xibo: Xibo, world: Services) -> None:
    assert xibo.ask("SubmitScreenShot", screenShot=base64.b64encode(JPEG).decode()) == "true"
    with world.db.read() as s:
        assert queries.screenshot(s, xibo.screen) is None


def test_the_weather_is_not_known(xibo: Xibo) -> None:
    assert xibo.ask("GetWeather") == "{}"


# ---- refusals ----


def test_an_unknown_key_is_refused(xibo: Xibo) -> None:
    assert "unknown or has been revoked" in fault(Xibo(xibo.client, "guessed", "").post("RegisterDisplay"))


def test_no_key_is_refused(xibo: Xibo) -> None:
    assert "unknown or has been revoked" in fault(Xibo(xibo.client, "", "").post("Schedule"))


def test_a_revoked_key_is_refused(xibo: Xibo, world: Services, clock: FrozenClock) -> None:
    xibo.register()
    world.db.write(lambda s: actions.revoke_keys(s, xibo.screen, by=SYSTEM, now=clock.now()))
    clock.advance(seconds=5)
    assert "revoked" in fault(xibo.post("RegisterDisplay"))
    assert "revoked" in fault(xibo.post("SubmitStats", statXml="<stats/>"))


def test_another_box_with_the_same_key_is_refused(xibo: Xibo) -> None:
    xibo.register()
    assert "Another player came with this key first" in fault(
        Xibo(xibo.client, xibo.key, "", box="another-box").post("RegisterDisplay")
    )
    assert xibo.register().get("code") == "READY"


@pytest.mark.parametrize("box", ["", "x" * 41])
def test_a_hardware_key_of_no_length_or_too_long_is_refused(xibo: Xibo, box: str) -> None:
    assert "1 to 40 characters" in fault(Xibo(xibo.client, xibo.key, "", box=box).post("RegisterDisplay"))


def test_an_unknown_operation_is_refused(xibo: Xibo) -> None:
    assert "no such operation" in fault(xibo.post("DropTables"))


def test_a_resource_is_refused(xibo: Xibo) -> None:
    assert "no parts in HTML" in fault(xibo.post("GetResource", layoutId=1, regionId=1, mediaId=1))


def test_an_xml_bomb_is_refused(xibo: Xibo, world: Services) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;">]>'
    assert "document type" in fault(xibo.send(bomb.encode() + b"<a>&y;</a>"), 400)
    assert "document type" in fault(xibo.post("SubmitStats", statXml=f"{bomb}<stats>&y;</stats>"))
    assert not rows(world.db, Play)


def test_an_external_entity_is_refused(xibo: Xibo) -> None:
    thief = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><logs><log category="error">&x;</log></logs>'
    assert "document type" in fault(xibo.post("SubmitLog", logXml=thief))


def test_a_log_of_a_hundred_megabytes_is_refused_unread(xibo: Xibo) -> None:
    says = {"CONTENT_LENGTH": "100000000"}
    response = xibo.client.post("/xmds.php", data=b"<", content_type="text/xml", environ_overrides=says)
    assert str(xmds_views.MOST_BYTES) in fault(response, 413)


def test_a_log_that_does_not_say_how_long_it_is_is_read_no_further(xibo: Xibo) -> None:
    says = {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}
    body = io.BytesIO(b"<a>" + b" " * xmds_views.MOST_BYTES)
    response = xibo.client.post("/xmds.php", input_stream=body, content_type="text/xml", environ_overrides=says)
    assert str(xmds_views.MOST_BYTES) in fault(response, 413)


@pytest.mark.parametrize("body", [b"", b"{}", b"\x00\x01", b"<a/>"])
def test_what_is_no_call_is_refused(xibo: Xibo, body: bytes) -> None:
    assert fault(xibo.send(body), 400)


def test_a_file_that_is_none_of_this_screen_s_is_refused(xibo: Xibo) -> None:
    for kind in ("layout", "media"):
        told = {"fileId": 12, "fileType": kind, "chunkOffset": 0, "chuckSize": 100}
        assert "has this number now" in fault(xibo.post("GetFile", **told))


@pytest.mark.parametrize("number", ["-1", "x", "1e300", ""])
def test_a_file_number_that_is_none_is_refused(xibo: Xibo, number: str) -> None:
    assert "fileId" in fault(xibo.post("GetFile", fileId=number, fileType="media", chunkOffset=0, chuckSize=1))


def test_a_layout_of_a_guessed_key_is_not_there(xibo: Xibo) -> None:
    assert xibo.client.get(f"/play/guessed/{xibo.layouts()[0]}.xlf").status_code == 404


def test_a_layout_that_plays_no_longer_is_not_there(xibo: Xibo) -> None:
    assert xibo.client.get(f"/play/{xibo.key}/12.xlf").status_code == 404


def test_a_photograph_that_is_none_is_refused(xibo: Xibo, world: Services, clock: FrozenClock) -> None:
    asked_to_photograph(world, xibo, clock)
    assert "JPEG" in fault(xibo.post("SubmitScreenShot", screenShot=base64.b64encode(b"GIF89a").decode()))


def test_while_pictures_are_being_made_it_is_asked_to_come_again(
    world: Services, xibo: Xibo, clock: FrozenClock
) -> None:
    world.db.write(lambda s: s.query(Rendition).delete())
    clock.advance(seconds=30)
    response = xibo.post("RegisterDisplay")
    assert "still being made" in fault(response, 503)
    assert response.headers["Retry-After"]


def test_a_browser_that_looks_in_is_told_how_it_is_done(client: FlaskClient) -> None:
    assert client.get("/xmds.php").status_code == 405
