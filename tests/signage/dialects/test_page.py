"""Platforms that only take an address: our own player behind one address for each screen."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Browser
from sqlalchemy.orm import Session

from core.services import Services
from people.roles import SYSTEM
from signage import actions
from tests.signage.kiosk import SIZE, House, Kiosk, open_house
from tests.signage.world import PLAYER, Player, on_sqlite
from tests.support.clock import FrozenClock
from tests.support.needs import needs

GRANT = "urn:bangtin:grant-type:play-key"
live = [pytest.mark.browser, needs("chromium"), pytest.mark.xdist_group("player"), pytest.mark.timeout(300)]


@on_sqlite
def test_it_works(player: Player, client: FlaskClient) -> None:
    page = client.get(f"/play/{player.token}/")
    assert "main.js" in page.text
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert client.get(f"/play/{player.token}/", headers={"If-None-Match": page.headers["ETag"]}).status_code == 304


@on_sqlite
def test_the_key_in_the_address_is_the_token(player: Player, client: FlaskClient) -> None:
    told = client.post(f"{PLAYER}/token", json={"grant_type": GRANT, "key": player.token}).get_json()
    assert (told["access_token"], told["screen"]) == (player.token, player.screen)
    assert told["manifest_key"]


@on_sqlite
def test_a_key_that_is_good_no_longer_opens_nothing(
    player: Player, client: FlaskClient, world: Services, clock: FrozenClock
) -> None:
    world.db.write(lambda s: actions.revoke_keys(s, player.screen, by=SYSTEM, now=clock.now()))
    clock.advance(seconds=5)
    for key in (player.token, "x" * 43):
        assert client.get(f"/play/{key}/").status_code == 404
        refused = client.post(f"{PLAYER}/token", json={"grant_type": GRANT, "key": key})
        assert (refused.status_code, refused.get_json()) == (400, {"error": "invalid_grant"})


@pytest.fixture
def house(fresh: Services, ids: dict[str, str]) -> Iterator[House]:
    with open_house(fresh, speed=4) as made:
        made.publish(ids["red"], ids["green"])
        yield made


def address(house: House, name: str) -> tuple[str, str]:
    """Of a new screen: its id and the path of its page."""
    now, place = house.clock.now(), {"location": "vt-01", "name": name, "dialect": "page"}

    def work(s: Session) -> tuple[str, str]:
        made = actions.create(s, **place, width=SIZE[0], height=SIZE[1], by=SYSTEM, now=now)
        return made.id, f"/play/{actions.give_key(s, made.id, by=SYSTEM, now=now)}/"

    made = house.services.db.write(work)
    house.draw()
    return made


@pytest.fixture
def kiosk(browser: Browser, house: House) -> Iterator[Kiosk]:
    made = Kiosk(browser, house)
    yield made
    made.close()


@pytest.mark.usefixtures("house")
class TestInABrowser:
    pytestmark = live

    def test_it_plays_and_reports_by_its_address_alone(self, kiosk: Kiosk, house: House) -> None:
        screen, path = address(house, "Yodeck")
        kiosk.open_at(path)
        kiosk.wait_playing()
        kiosk.wait(f"BangTin.courier.player.manifest.screen.id === '{screen}'")
        kiosk.wait("BangTin.courier.log.next > 2", 60)
        kiosk.deliver(60)
        assert house.plays()
        kiosk.page.reload()
        kiosk.wait_playing()
        kiosk.wait("BangTin.courier.log.next > 3", 60)
        kiosk.deliver(60)
        assert len({epoch for epoch, _ in house.plays()}) == 1
        assert not kiosk.troubles

    def test_another_address_is_another_screen(self, kiosk: Kiosk, house: House) -> None:
        _, first = address(house, "Một")
        other, second = address(house, "Hai")
        kiosk.open_at(first)
        kiosk.wait_playing()
        kiosk.page.goto(f"{house.url}{second}")
        kiosk.wait(f"BangTin.courier.player.manifest.screen.id === '{other}'", 60)
