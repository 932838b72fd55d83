"""What happens to a panel in the field, in a real Chromium: it hangs, its disk is full, it hangs upright, it is told
to do things."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from core.services import Services
from people.roles import SYSTEM
from signage import actions
from signage.models import Command, ScreenTrouble
from tests.signage.kiosk import SIZE, House, Kiosk, colour_of, open_house
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium"), pytest.mark.xdist_group("player"), pytest.mark.timeout(300)]

SPEED = 5
PATIENCE = 100  # seconds of the test's
HANG = """() => {
  const player = BangTin.courier.player;
  window.before = true;
  player.step = () => {};
  player.current.ends -= 65000; /* for more than a minute it has been due to go */
}"""

FULL = """() => {
  IDBObjectStore.prototype.put = () => { throw new DOMException('no room', 'QuotaExceededError'); };
}"""


@pytest.fixture
def house(fresh: Services, ids: dict[str, str]) -> Iterator[House]:
    with open_house(fresh, speed=SPEED) as opened:
        opened.publish(ids["red"], ids["green"])
        yield opened


@pytest.fixture
def kiosk(browser: Browser, house: House) -> Iterator[Kiosk]:
    opened = Kiosk(browser, house)
    yield opened
    opened.close()


def troubles(house: House) -> set[str]:
    """The codes of all that went wrong, as the server was told."""
    with house.services.db.read() as s:
        return set(s.scalars(select(ScreenTrouble.code)))


def wait_for_trouble(kiosk: Kiosk, house: House, code: str) -> None:
    """Until the server was told of it. Raises AssertionError."""
    for _ in range(PATIENCE):
        if code in troubles(house):
            return
        kiosk.page.evaluate("BangTin.courier && BangTin.courier.after('status', 0)")
        kiosk.pause(SPEED)
    raise AssertionError(f"{code} was never told: {troubles(house)}")


def test_a_page_that_hangs_is_reloaded_and_says_so(kiosk: Kiosk, house: House) -> None:
    kiosk.enrol()
    with kiosk.page.expect_navigation(timeout=PATIENCE * 1000):
        kiosk.page.evaluate(HANG)
    kiosk.wait_playing()
    assert not kiosk.page.evaluate("window.before")
    wait_for_trouble(kiosk, house, "hung")
    kiosk.balance(PATIENCE)


def test_it_is_not_reloaded_again_and_again(kiosk: Kiosk) -> None:
    """Five minutes are between two reloads, so that what a reload does not mend leaves the picture on."""
    kiosk.enrol()
    kiosk.page.evaluate("new Promise(done => BangTin.courier.vault.put('kv', 'reloaded', {at: BangTin.wall()}, done))")
    kiosk.page.evaluate(HANG)
    kiosk.wait("BangTin.courier.errors.some(e => e.code === 'hung')", PATIENCE)
    kiosk.pause(10)
    assert kiosk.page.evaluate("window.before")
    assert kiosk.page.evaluate("document.body.className") == "playing"


def test_a_full_disk_is_told_and_everything_plays(kiosk: Kiosk, house: House, ids: dict[str, str]) -> None:
    """What there is no room for is kept in memory; plays are counted all the same."""
    kiosk.enrol()
    kiosk.page.evaluate(FULL)
    house.take_over(ids["purple"], minutes=30)
    kiosk.pause(3)
    kiosk.poll()
    kiosk.wait(f"BangTin.courier.player.current.entry.creative === '{ids['purple']}'", PATIENCE)
    assert colour_of(kiosk.glass()) == "purple"
    wait_for_trouble(kiosk, house, "storage-full")
    assert kiosk.seen()["blank"] == []
    kiosk.balance(PATIENCE)


@pytest.mark.parametrize(("turn", "size"), [(90, SIZE[::-1]), (180, SIZE), (270, SIZE[::-1])])
def test_a_panel_that_hangs_turned_plays_turned(kiosk: Kiosk, house: House, turn: int, size: tuple[int, int]) -> None:
    """It asks for pictures of the shape that people see, and they fill the glass."""
    screen = kiosk.enrol(f"?rotate={turn}")
    assert (screen.width, screen.height) == size
    kiosk.wait("window.seen.frames > 30", PATIENCE)
    assert kiosk.seen()["blank"] == []


def test_commands_are_done_and_acknowledged(kiosk: Kiosk, house: House) -> None:
    """What a browser cannot do is answered, too."""
    screen, now = kiosk.enrol(), house.clock.now()
    kinds = ("identify", "refresh", "clear_cache", "reboot", "reload")
    asked = {
        kind: house.services.db.write(lambda s, kind=kind: actions.ask(s, screen.id, kind, by=SYSTEM, now=now).id)
        for kind in kinds
    }
    kiosk.page.evaluate("window.before = true")
    with kiosk.page.expect_navigation(timeout=PATIENCE * 1000):
        kiosk.page.evaluate("BangTin.courier.after('status', 0)")
        kiosk.page.wait_for_selector("#identity.shown", timeout=PATIENCE * 1000)
        assert "Thang máy A" in kiosk.page.inner_text("#identity")
    kiosk.wait_playing()
    assert answers(kiosk, house, asked) == {kind: kind != "reboot" for kind in kinds}
    kiosk.balance(PATIENCE)


def answers(kiosk: Kiosk, house: House, asked: dict[str, str]) -> dict[str, bool | None]:
    """What the screen said to each, once it has said it to all."""
    told: dict[str, bool | None] = {}
    for _ in range(PATIENCE):
        with house.services.db.read() as s:
            told = {kind: s.get_one(Command, ref).ok for kind, ref in asked.items()}
        if None not in told.values():
            break
        kiosk.pause(SPEED)
    return told
