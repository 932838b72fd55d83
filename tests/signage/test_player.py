"""The player in a real Chromium: never blank, never stuck, every play counted once."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from flask import Response
from PIL import Image
from playwright.sync_api import Browser
from sqlalchemy import select

from core.services import Services
from measure.models import Play
from media import queries as media_queries
from media.actions import create_creative, receive_upload
from media.shelf import Draft
from media.store import store_of
from media.wishes import CreativeWish
from people.roles import SYSTEM
from signage import actions, queries
from signage.desk import desk_of
from signage.models import Command
from tests.media.films import film_with_sound
from tests.signage.kiosk import House, Kiosk, colour_of, open_house, wait
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium"), pytest.mark.xdist_group("player")]


SPEED = 5  # one second of the test is five of the house's


@pytest.fixture
def house(fresh: Services, ids: dict[str, str]) -> Iterator[House]:
    """An open house in which a red and a green picture take turns, three seconds each."""
    with open_house(fresh, speed=SPEED) as opened:
        opened.publish(ids["red"], ids["green"])
        yield opened


@pytest.fixture
def kiosk(browser: Browser, house: House) -> Iterator[Kiosk]:
    opened = Kiosk(browser, house)
    yield opened
    opened.close()


def test_it_works(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    """From an unknown box to a picture with the code of this place, and a play in the ledger."""
    screen = kiosk.enrol()
    assert (screen.width, screen.height) == (360, 640)
    assert kiosk.shows() == ids["red"] or kiosk.shows() == ids["green"]
    picture, creative = kiosk.steady_glass()
    assert ids[colour_of(picture)] == creative
    read = zxingcpp.read_barcodes(picture)
    assert [code.text.split("/Q/")[0] for code in read] == [house.url.upper()]
    kiosk.wait("BangTin.courier.log.next > 2")
    assert kiosk.deliver() >= 1
    assert [seq for _, seq in house.plays()] == list(range(1, len(house.plays()) + 1))
    assert kiosk.troubles == []


SHOWS_WEBP = "BangTin.courier.player.current.entry.mime === 'image/webp'"


def test_it_is_given_pictures_that_it_decodes(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    kiosk.enrol()
    desk_of(house.app).flush()
    house.draw()
    kiosk.pause(3)
    kiosk.poll()
    kiosk.wait(SHOWS_WEBP)
    picture, creative = kiosk.steady_glass()
    assert ids[colour_of(picture)] == creative
    assert len(zxingcpp.read_barcodes(picture)) == 1
    assert kiosk.seen()["blank"] == []
    assert kiosk.troubles == []


def test_a_picture_that_it_does_not_decode_after_all_is_asked_for_as_jpeg(
    kiosk: Kiosk, house: House, ids: dict[str, str]
) -> None:
    kiosk.enrol()
    desk_of(house.app).flush()
    house.draw()
    kiosk.pause(3)
    kiosk.poll()
    kiosk.wait(SHOWS_WEBP)
    kiosk.page.evaluate("BangTin.courier.player.spoiled(BangTin.courier.player.current.entry)")
    kiosk.wait(f"BangTin.courier.accept === '' && !({SHOWS_WEBP})")
    assert kiosk.seen()["blank"] == []


def test_a_film_that_keeps_its_sound_is_heard(kiosk: Kiosk, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_queries, "USUAL_SHAPES", ())
    draft = Draft(store_of(house.services.settings).drafts)
    draft.write(film_with_sound(seconds=3))
    asset, _ = receive_upload(house.services, draft, name="phim.mp4", owner_path="/93/", by="tests")
    wish = CreativeWish("Phim", {"vi": {"headline": "Cài Bluezone"}}, asset.id, duration_ms=3000, sound=True)
    now = house.clock.now()
    made = house.services.db.write(lambda s: create_creative(s, wish, owner_path="/93/", by="tests", now=now))
    house.publish(made.id)
    kiosk.enrol()
    if not kiosk.page.evaluate("document.createElement('video').canPlayType('video/mp4; codecs=\"avc1.42E029\"')"):
        pytest.skip("this browser was built without H.264")
    kiosk.wait("BangTin.courier.player.current.entry.sound === true", 60)
    kiosk.wait("document.querySelector('.layer.up video') && !document.querySelector('.layer.up video').muted")
    kiosk.wait("BangTin.courier.player.current.entry.sound !== true", 60)
    assert kiosk.seen()["blank"] == []
    assert kiosk.troubles == []


def test_no_frame_is_blank_between_pictures(kiosk: Kiosk) -> None:
    kiosk.enrol()
    kiosk.wait("BangTin.courier.log.next > 4")
    seen = kiosk.seen()
    assert seen["blank"] == []
    assert seen["frames"] > 50


def test_it_plays_on_without_a_server_and_loses_no_play(kiosk: Kiosk, house: House) -> None:
    kiosk.enrol()
    house.stop()
    before = kiosk.started()
    kiosk.wait(f"BangTin.courier.log.next > {before + 3}")
    house.start()
    kiosk.balance()


def test_a_reload_without_a_server_plays_on(kiosk: Kiosk, house: House) -> None:
    """The page, the programme and the pictures are all at hand: nothing but the log's number tells of it."""
    kiosk.enrol()
    kiosk.wait("navigator.serviceWorker.controller && BangTin.courier.player.media.queue.length === 0")
    kiosk.wait("BangTin.courier.log.next > 2")
    before = kiosk.started()
    house.stop()
    kiosk.page.reload()
    kiosk.wait_playing()
    kiosk.wait(f"BangTin.courier.log.next > {before + 2}")
    house.start()
    kiosk.balance()


def test_an_answer_that_was_lost_is_asked_for_again(kiosk: Kiosk, house: House) -> None:
    """The batch was committed, its acknowledgement never came."""
    kiosk.enrol()
    lost: list[str] = []

    def lose(path: str, response: Response) -> Response:
        if path.endswith("/plays") and response.status_code == 200 and len(lost) < 3:
            lost.append(path)
            return Response("bad gateway", 502)
        return response

    house.meddle = lose
    kiosk.wait("BangTin.courier.log.next > 3")
    kiosk.balance()
    assert len(lost) == 3


def test_a_takeover_cuts_in_and_is_confirmed(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    kiosk.enrol()
    takeover = house.take_over(ids["purple"], minutes=30)
    kiosk.pause(2.5)
    kiosk.poll()
    kiosk.wait(f"BangTin.courier.told.takeover === '{takeover}'")
    assert kiosk.shows() == ids["purple"]
    assert colour_of(kiosk.glass()) == "purple"
    assert kiosk.seen()["blank"] == []


def test_a_picture_that_was_damaged_on_the_way_is_never_shown(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    def damage(path: str, response: Response) -> Response:
        if path.startswith("/media/") and path.endswith((".jpg", ".png", ".webp")) and "/qr/" not in path:
            response.direct_passthrough = False
            body = response.get_data()
            if is_ground(body, "green"):
                response.set_data(body[:-20] + b"\0" * 20)
        return response

    house.meddle = damage
    kiosk.enrol()
    kiosk.wait("BangTin.courier.log.next > 4")
    played = kiosk.page.evaluate("BangTin.courier.log.rows.map(row => row.creative)")
    assert set(played) == {ids["red"]}
    assert "media-hash" in kiosk.page.evaluate("BangTin.courier.errors.map(e => e.code)")
    assert kiosk.seen()["blank"] == []
    kiosk.balance()


def is_ground(body: bytes, colour: str) -> bool:
    return colour_of(Image.open(io.BytesIO(body)).convert("RGB")) == colour


def test_half_a_picture_is_fetched_again(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    halves: list[str] = []

    def halve(path: str, response: Response) -> Response:
        if path.startswith("/media/") and "/qr/" not in path and path not in halves:
            halves.append(path)
            response.direct_passthrough = False
            response.set_data(response.get_data()[:500])
        return response

    house.meddle = halve
    kiosk.enrol()
    kiosk.wait("BangTin.courier.player.media.queue.length === 0", 40)
    kiosk.wait("new Set(BangTin.courier.log.rows.map(row => row.creative)).size === 2", 40)
    assert halves
    kiosk.balance()


@pytest.mark.parametrize("body", [b"", b"<html>Please sign in</html>", b'{"screen": {}}', b"\xff\xfe"])
def test_a_manifest_that_was_damaged_changes_nothing(house: House, kiosk: Kiosk, body: bytes) -> None:
    kiosk.enrol()
    revision = kiosk.page.evaluate("BangTin.courier.player.manifest.revision")

    def damage(path: str, response: Response) -> Response:
        if path.endswith("/manifest"):
            return Response(body, 200, headers={"ETag": '"damaged"'})
        return response

    house.meddle = damage
    kiosk.poll()
    kiosk.wait("BangTin.courier.errors.some(e => e.code === 'manifest-unsigned')")
    before = kiosk.started()
    kiosk.wait(f"BangTin.courier.log.next > {before + 2}")
    assert kiosk.page.evaluate("BangTin.courier.player.manifest.revision") == revision
    assert kiosk.page.evaluate("BangTin.courier.etag") != '"damaged"'
    kiosk.balance()


def test_a_manifest_that_another_has_made_changes_nothing(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    """Somebody on the way puts another name into the genuine answer, and leaves its signature."""
    kiosk.enrol()
    house.publish(ids["purple"])

    def forge(path: str, response: Response) -> Response:
        if path.endswith("/manifest") and response.status_code == 200:
            response.set_data(response.get_data().replace("Thang máy A".encode(), "Thang máy X".encode()))
        return response

    house.meddle = forge
    kiosk.pause(3)
    kiosk.poll()
    kiosk.wait("BangTin.courier.errors.some(e => e.code === 'manifest-forged')")
    assert kiosk.page.evaluate("BangTin.courier.player.manifest.screen.name") == "Thang máy A"
    before = kiosk.started()
    kiosk.wait(f"BangTin.courier.log.next > {before + 1}")


def test_a_revoked_screen_forgets_what_it_was_trusted_with(kiosk: Kiosk, house: House) -> None:
    screen = kiosk.enrol()
    now = house.clock.now()
    house.services.db.write(lambda s: actions.revoke_keys(s, screen.id, by=SYSTEM, now=now))
    kiosk.pause(2.5)
    kiosk.poll()
    kiosk.pause(1)
    kiosk.poll()
    kiosk.page.wait_for_selector("#setup[data-state=code]")
    assert kiosk.page.evaluate("document.querySelectorAll('.layer').length") == 0


def test_a_stranger_that_says_401_is_not_believed(kiosk: Kiosk, house: House) -> None:
    """A hotel's gateway answers everything with a page of its own."""
    kiosk.enrol()
    house.meddle = lambda path, response: Response("<html>log in</html>", 401, mimetype="text/html")
    for _ in range(4):
        kiosk.poll()
        kiosk.pause(1)
    before = kiosk.started()
    kiosk.wait(f"BangTin.courier.log.next > {before + 1}")


def test_of_two_windows_the_newer_plays(kiosk: Kiosk, house: House) -> None:
    kiosk.enrol()
    second = kiosk.context.new_page()
    second.goto(f"{kiosk.url}/screen")
    second.wait_for_selector("body.playing")
    kiosk.page.wait_for_selector("body.elsewhere")
    wait(second, "BangTin.courier.log.next > 3")
    second.close()
    plays = house.plays()
    assert len(plays) == len(set(plays))


def test_a_wall_clock_that_is_a_year_wrong_does_no_harm(browser: Browser, house: House) -> None:
    kiosk = Kiosk(browser, house, wrong_ms=-366 * 86_400_000)
    kiosk.enrol()
    error = kiosk.page.evaluate("BangTin.courier.clock.now()") - house.clock.now().timestamp() * 1000
    assert abs(error) < 1_000 + 500 * SPEED
    kiosk.wait("BangTin.courier.log.next > 2")
    kiosk.deliver()
    with house.services.db.read() as s:
        newest = max(s.scalars(select(Play.at)))
    assert abs(newest - house.clock.now().timestamp() * 1000) < 30_000
    kiosk.close()


def test_where_the_page_is_not_secure_it_plays_and_keeps_its_pictures(
    browser: Browser, fresh: Services, ids: dict[str, str]
) -> None:
    """Plain http from another machine: no service worker, no crypto.subtle."""
    with open_house(fresh, speed=SPEED, host="panel.test") as house:
        house.publish(ids["red"], ids["green"])
        plays_from_another_machine(Kiosk(browser, house))


def plays_from_another_machine(kiosk: Kiosk) -> None:
    kiosk.enrol()
    assert kiosk.page.evaluate("isSecureContext") is False
    kiosk.wait("BangTin.courier.log.next > 3 && BangTin.courier.player.media.queue.length === 0")
    asked: list[str] = []
    kiosk.page.on("request", lambda request: asked.append(request.url))
    kiosk.page.reload()
    kiosk.wait_playing()
    assert not [url for url in asked if "/media/" in url]
    assert kiosk.seen()["blank"] == []
    kiosk.close()


def test_without_indexeddb_it_plays_from_local_storage(browser: Browser, house: House) -> None:
    kiosk = Kiosk(browser, house)
    kiosk.enrol("?store=local")
    kiosk.wait("BangTin.courier.log.next > 2")
    assert kiosk.page.evaluate("BangTin.courier.vault.name") == "localstorage"
    kiosk.page.reload()
    kiosk.wait_playing()
    acknowledged = kiosk.deliver()
    assert [seq for _, seq in house.plays()][:acknowledged] == list(range(1, acknowledged + 1))
    kiosk.close()


def test_its_scripts_are_old_javascript_and_small() -> None:
    static = Path(__file__).resolve().parents[2] / "signage" / "static"
    scripts = [file for file in static.glob("*.js") if file.name not in ("sha256.js", "trust.js")]
    assert sum(len(file.read_bytes()) for file in scripts) < 60 * 1024


def test_it_photographs_itself_when_asked(kiosk: Kiosk, house: House) -> None:
    screen = kiosk.enrol()
    now = house.clock.now()
    command = house.services.db.write(lambda s: actions.ask(s, screen.id, "screenshot", by=SYSTEM, now=now))
    kiosk.page.evaluate("BangTin.courier.after('status', 0)")
    kiosk.wait("BangTin.courier.results.length === 0 && BangTin.courier.timers.status")
    for _ in range(20):
        kiosk.pause(1)
        with house.services.db.read() as s:
            taken, answered = queries.screenshot(s, screen.id), s.get_one(Command, command.id)
        if answered.ok is not None:
            break
    assert taken is not None
    assert colour_of(Image.open(io.BytesIO(taken.jpeg)).convert("RGB")) in ("red", "green")
    assert answered.ok
