"""The SMIL index and reports, asked as real players ask."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from core.services import Services
from measure.models import Play, RefusedPlay
from people.roles import SYSTEM
from signage import actions, queries
from signage.desk import Desk
from signage.dialects import smil_rules
from signage.dialects.smil_views import MOST_REPORT_BYTES
from signage.models import ScreenTrouble
from tests.measure.counts import rows, totals
from tests.signage.dialects.smil_player import Played, SmilPlayer
from tests.signage.world import Player, make_creative, on_sqlite, publish, take_over
from tests.support.clock import FrozenClock

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def test_it_works(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    assert smil.poll() == 200
    now = clock.now()
    smil.play(now - 80 * SECOND, now)
    assert smil.put_playlog(smil.log).status_code == 201
    assert totals(world.db) == {"plays": 10}


@on_sqlite
def test_the_same_programme_again_is_304_for_the_bare_etag(smil: SmilPlayer) -> None:
    assert [smil.poll() for _ in range(3)] == [200, 304, 304]


@on_sqlite
def test_a_player_that_knows_no_etags_goes_by_the_date(smil: SmilPlayer) -> None:
    first = smil.client.head(smil.index).headers["Last-Modified"]
    assert smil.client.head(smil.index).headers["Last-Modified"] == first
    assert smil.client.head(smil.index, headers={"If-Modified-Since": first}).status_code == 304
    other = "Sun, 22 Nov 2037 10:00:00 GMT"
    assert smil.client.head(smil.index, headers={"If-Modified-Since": other}).status_code == 200


@on_sqlite
def test_another_programme_has_another_date(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    before = smil.client.head(smil.index).headers
    change_programme(world, clock)
    after = smil.client.head(smil.index).headers
    assert before["Last-Modified"] != after["Last-Modified"]
    assert before["ETag"] != after["ETag"]


def change_programme(world: Services, clock: FrozenClock) -> None:
    def work(s) -> None:
        make_creative(s, "crv_c", clock.now())
        publish(s, clock.now(), "crv_c", dayparts=[{"days": ["mon", "sat", "sun"], "from": "10:00", "to": "11:00"}])

    world.db.write(work)
    clock.advance(seconds=5)


@on_sqlite
def test_dayparts_hold_off_line(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    """Two days from one document: the hours are those that the manifest gives."""
    change_programme(world, clock)
    smil.poll()
    manifest = world_manifest(smil)
    for segment in manifest["programme"]:
        start, until = (datetime.fromisoformat(segment[name]) for name in ("from", "until"))
        loop = smil.due(start + (until - start) / 2)
        assert [item.content for item in loop.items] == segment["loop"]


def world_manifest(smil: SmilPlayer) -> dict:
    key = smil.index.split("/")[2]
    answer = smil.client.get("/api/v1/player/manifest", headers={"Authorization": f"Bearer {key}"})
    return answer.get_json()


@on_sqlite
def test_what_is_sent_is_without_fault(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    change_programme(world, clock)
    world.db.write(lambda s: take_over(s, clock.now(), "crv_b"))
    clock.advance(seconds=5)
    smil.poll()
    assert smil_rules.faults(smil.document) == []


@on_sqlite
def test_a_takeover_plays_alone_while_it_lasts(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    smil.poll()
    world.db.write(lambda s: take_over(s, clock.now(), "crv_b", minutes=10))
    clock.advance(seconds=60)
    assert smil.poll() == 200
    now = clock.now()
    during, after = smil.due(now), smil.due(now + 10 * MINUTE)
    assert (len(during.items), during.rank) == (1, 0)
    assert len(after.items) == 2
    smil.play(now, now + 30 * SECOND)
    assert {one.content for one in smil.log} == {during.items[0].content}


@on_sqlite
def test_a_player_with_a_wrong_clock_shows_the_fallback(smil: SmilPlayer) -> None:
    smil.poll()
    loop = smil.due(datetime(2000, 1, 1, tzinfo=UTC))
    assert loop.begin is None
    assert loop.items[0].content == world_manifest(smil)["fallback"]


@on_sqlite
def test_every_picture_carries_its_code(smil: SmilPlayer) -> None:
    smil.poll()
    assert smil.files
    assert all(path.startswith("/media/flat/") or b"builtin".hex() in path for path in smil.files)


# ---- reports ----


def test_a_log_that_is_put_again_under_another_name_counts_once(
    smil: SmilPlayer, world: Services, clock: FrozenClock
) -> None:
    smil.poll()
    smil.play(clock.now() - 80 * SECOND, clock.now())
    for _ in range(3):
        assert smil.put_playlog(smil.log).status_code == 201
    assert smil.put_playlog([*smil.log[5:], Played(smil.log[0].content, clock.now(), clock.now() + 8 * SECOND)])
    assert totals(world.db) == {"plays": 11}


@on_sqlite
def test_times_without_an_offset_are_local(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    smil.poll()
    content = smil.loops[0].items[0].content
    began = clock.now() + timedelta(hours=7) - MINUTE  # Việt Nam
    play = Played(content, began.replace(tzinfo=None), began.replace(tzinfo=None) + 8 * SECOND)
    smil.put_playlog([play])
    (kept,) = rows(world.db, Play)
    assert kept.at == round((clock.now() - MINUTE).timestamp() * 1000)


def test_bad_rows_are_put_aside_and_the_rest_counts(smil: SmilPlayer, world: Services, clock: FrozenClock) -> None:
    smil.poll()
    now, content = clock.now(), smil.loops[0].items[0].content
    plays = [
        Played(content, now - MINUTE, now - MINUTE + 8 * SECOND),
        Played("nobody-knows", now - MINUTE, now),
        Played(content, now + timedelta(hours=3), now + timedelta(hours=3, seconds=8)),
        Played(content, now - timedelta(days=40), now - timedelta(days=40)),
        Played("", now, now),
    ]
    assert smil.put_playlog(plays).status_code == 201
    assert totals(world.db) == {"plays": 1}
    assert sorted(one.reason for one in rows(world.db, RefusedPlay)) == [
        "it began in the future",
        "it began more than 35 days ago",
        "it names no content, or no start",
        "it was never given to a player",
    ]


@on_sqlite
@pytest.mark.parametrize("start", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00"])
def test_a_time_at_the_end_of_time_is_only_a_bad_row(smil: SmilPlayer, world: Services, start: str) -> None:
    smil.poll()
    content = smil.loops[0].items[0].content
    row = f"<contentPlayed><contentId>{content}</contentId><startTime>{start}</startTime><endTime>{start}</endTime>"
    inside = f"<contentPlayLog>{row}</contentPlayed></contentPlayLog>"
    assert smil.put("PlaylogCollection", "playlog", inside).status_code == 201
    assert [one.reason.split(" ", 2)[1] for one in rows(world.db, RefusedPlay)] == ["began"]


@on_sqlite
def test_an_inventory_tells_what_is_there(
    smil: SmilPlayer, player: Player, world: Services, counter: Desk, clock: FrozenClock
) -> None:
    smil.poll()
    addresses = [f"http://localhost:8000{path}" for path in sorted(smil.files)]
    inside = "".join(
        f"<object><resourceURI>{address}</resourceURI><state>COMPLETE</state><contentLength>9</contentLength>"
        f"<transferLength>{length}</transferLength></object>"
        for address, length in zip(addresses, (9, 4, 9), strict=False)
    )
    made = f"<contentDirectory><objectInfo>{inside}</objectInfo></contentDirectory>"
    assert smil.put("InventoryReport", "inventory", made).status_code == 201
    counter.flush()
    with world.db.read() as s:
        status = queries.status(s, player.screen)
    assert status
    assert status.media == {"have": 2, "want": 3}


@on_sqlite
def test_of_a_system_report_no_address_is_kept(
    smil: SmilPlayer, player: Player, world: Services, counter: Desk
) -> None:
    smil.poll()
    net = "<network><interface id='eth0'><mac>00:0b:ab:25:3b:46</mac><ip>192.0.2.7</ip></interface></network>"
    system = f"<systemInfo><firmwareVersion>v0.6.0</firmwareVersion>{net}</systemInfo>"
    assert smil.put("SystemReport", "system", system).status_code == 201
    counter.flush()
    with world.db.read() as s:
        status = queries.status(s, player.screen)
        everything = str([dict(row) for row in s.execute(select(*status.__table__.columns)).mappings()])
    assert status.player == {"version": "v0.6.0"}
    assert "192.0.2.7" not in everything
    assert "3b:46" not in everything


@on_sqlite
def test_events_become_troubles(smil: SmilPlayer, world: Services) -> None:
    smil.poll()
    event = (
        "<event><eventType>{kind}</eventType><eventTime>2026-11-22T02:00:00Z</eventTime>"
        "<eventSource>ContentManager</eventSource><eventName>{name}</eventName><metadata>"
        "<meta name='resourceURI' content='http://localhost:8000/media/a.jpg'/><meta name='ip' content='192.0.2.7'/>"
        "</metadata></event>"
    )
    told = event.format(kind="error", name="FETCH_FAILED") + event.format(kind="informational", name="BOOT")
    assert smil.put("EventlogCollection", "event", f"<playerEventLog>{told}</playerEventLog>").status_code == 201
    (trouble,) = rows(world.db, ScreenTrouble)
    assert (trouble.code, trouble.detail) == ("media-unreachable", "a.jpg")


@on_sqlite
def test_a_reboot_is_asked_and_answered(smil: SmilPlayer, player: Player, world: Services, clock: FrozenClock) -> None:
    smil.poll()
    asked = world.db.write(lambda s: actions.ask(s, player.screen, "reboot", by=SYSTEM, now=clock.now()))
    tasks = smil.actions()["TaskSchedule"]
    assert f'<shutdownPlayer id="{asked.id}"/>' in smil.client.get(tasks).text
    state = f'<taskState><task id="{asked.id}"><state>completed</state></task></taskState>'
    assert smil.put("TaskExecutionReport", "task", state).status_code == 201
    assert "shutdownPlayer" not in smil.client.get(tasks).text
    with world.db.read() as s:
        assert queries.commands(s, player.screen)[0].ok


# ---- what is refused ----

BOMB = '<!DOCTYPE r [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><report><x>&b;</x></report>'
OUTSIDE = '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><report><contentId>&x;</contentId></report>'


@on_sqlite
@pytest.mark.parametrize("body", [BOMB, OUTSIDE, "<report>", "", "no xml", "<a>" * 50 + "</a>" * 50, "\x00\xff"])
def test_what_is_no_report_is_refused_whole(smil: SmilPlayer, world: Services, body: str) -> None:
    smil.poll()
    answer = smil.client.put(smil.actions()["PlaylogCollection"], data=body.encode("latin-1"))
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")
    assert not rows(world.db, Play)
    assert not rows(world.db, RefusedPlay)


@on_sqlite
def test_a_log_of_100_megabytes_is_refused_unread(smil: SmilPlayer, world: Services) -> None:
    smil.poll()
    path = smil.actions()["PlaylogCollection"]
    huge = {"CONTENT_LENGTH": "100000000"}
    assert smil.client.put(path, data=b"x", environ_overrides=huge).status_code == 413
    assert smil.client.put(path, data=b" " * (MOST_REPORT_BYTES + 1)).status_code == 413


@on_sqlite
@pytest.mark.parametrize("path", ["index.smil", "tasks.xml", "reports"])
def test_nobody_learns_which_keys_there_are(
    smil: SmilPlayer, player: Player, world: Services, clock: FrozenClock, path: str
) -> None:
    """A key that is unknown, forged, revoked or too long: one answer, whatever the agent string says it is."""
    world.db.write(lambda s: actions.revoke_keys(s, player.screen, by=SYSTEM, now=clock.now()))
    clock.advance(seconds=5)
    agent = {"User-Agent": f"GAPI/1.0 (UUID:{player.screen}; NAME:Thang) garlic-linux/v0.6.0.679 (MODEL:Garlic)"}
    keys = [player.token, player.token[:-1] + "x", "x", "x" * 300, player.screen]
    method = "PUT" if path == "reports" else "GET"
    answers = [smil.client.open(f"/play/{key}/{path}", method=method, headers=agent) for key in keys]
    assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}


@on_sqlite
def test_a_poll_counts_as_heard(smil: SmilPlayer, player: Player, world: Services, counter: Desk) -> None:
    smil.poll()
    counter.flush()
    with world.db.read() as s:
        assert queries.fleet(s, screen=player.screen)[0].seen_at is not None


@on_sqlite
def test_a_document_with_a_fault_is_kept_back(smil: SmilPlayer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signage.dialects.smil_rules.faults", lambda _: ["a window runs backwards"])
    answer = smil.client.get(smil.index)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
