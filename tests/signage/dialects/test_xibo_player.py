"""The real Xibo player, pointed here as docs/players.md says: it plays our loop and its plays are counted once."""

import io
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask import Response
from PIL import Image
from sqlalchemy import select

from core.services import Services
from measure.models import Play, Showing
from people.roles import SYSTEM
from server.app import create_app
from signage import actions
from tests.signage.dialects.xibo_player import XiboPlayer, install, xibo_player
from tests.signage.kiosk import SIZE, House, colour_of, open_house
from tests.support.browser import picture
from tests.support.needs import needs

pytestmark = [
    pytest.mark.browser,
    needs("chromium"),
    needs("npm"),
    pytest.mark.xdist_group("player"),
    pytest.mark.timeout(700),
]
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def house(fresh: Services, ids: dict[str, str]) -> Iterator[House]:
    """Red all day, green in a daypart that is now, purple in one that is not."""
    with open_house(fresh) as opened:
        hour = opened.clock.now().astimezone(ZONE)
        early, late = hour - timedelta(hours=3), hour + timedelta(hours=3)
        opened.publish(ids["red"])
        opened.publish(ids["green"], dayparts=[daypart(early, late)])
        opened.publish(ids["purple"], dayparts=[daypart(late, late + timedelta(hours=3))])
        yield opened


def daypart(start, end) -> dict[str, object]:
    days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    return {"days": days, "from": f"{start:%H}:00", "to": f"{end:%H}:00"}


@pytest.fixture
def key(house: House) -> str:
    """Of a screen whose player speaks Xibo."""

    def work(s) -> str:
        now = house.clock.now()
        facts = {"location": "vt-01", "name": "Thang máy A", "width": SIZE[0], "height": SIZE[1], "dialect": "xibo"}
        made = actions.create(s, **facts, by=SYSTEM, now=now)
        return actions.give_key(s, made.id, by=SYSTEM, now=now)

    made = house.services.db.write(work)
    house.draw()
    return made


@pytest.fixture
def player(house: House, key: str, tmp_path: Path) -> Iterator[XiboPlayer]:
    install()
    with xibo_player(tmp_path, house.url, key, size=SIZE) as made:
        yield made


class FirstAnswerLost:
    """The server takes the first report of plays; that it did never reaches the player."""

    def __init__(self) -> None:
        self.lost = 0

    def __call__(self, path: str, response: Response) -> Response:
        if path == "/xmds.php" and not self.lost and b"SubmitStatsResponse" in response.get_data():
            self.lost += 1
            return Response(status=502)
        return response


def counted(house: House) -> list[str]:
    """The creative of every play in the ledger."""
    with house.services.db.read() as s:
        return list(s.scalars(select(Showing.creative).join(Play, Play.showing == Showing.id)))


def shows(player: XiboPlayer, colour: str) -> bool:
    """Whether this picture is on the glass; a photograph of it stays behind."""
    return colour_of(Image.open(io.BytesIO(player.page.screenshot(path=picture("xibo")))).convert("RGB")) == colour


def test_it_works(house: House, player: XiboPlayer, ids: dict[str, str]) -> None:
    house.meddle = lost = FirstAnswerLost()
    player.open()
    player.wait("two layouts have played in turn", lambda: len(set(player.shown)) == 2)

    house.stop()
    for colour in ("red", "green", "red"):
        player.wait(f"{colour} is on the glass, without a server", partial(shows, player, colour))
    house.app = create_app(house.services.settings, house.services)  # a fresh process: it remembers nothing
    house.start()

    player.wait("the first answer is lost", lambda: lost.lost)
    player.wait("its plays are told again", lambda: player.calls.count("SubmitStats") > 1)
    player.wait("each has arrived, once", lambda: len(counted(house)) in player.plays() and len(counted(house)) > 3)
    assert len(player.told) > len(set(player.told))
    assert set(counted(house)) == {ids["red"], ids["green"]}
    assert not player.strangers

    house.take_over(ids["purple"], minutes=30)
    player.collect()
    player.wait("the takeover is on the glass", partial(shows, player, "purple"))
