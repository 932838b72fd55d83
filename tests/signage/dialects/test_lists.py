"""Lists for players that read one and no more, and the program that does better."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient

from core.services import Services
from tests.signage.world import Player, on_sqlite, take_over
from tests.support.clock import FrozenClock

pytestmark = on_sqlite
XSPF = "{http://xspf.org/ns/0/}"


def urls(text: str) -> list[str]:
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def test_it_works(player: Player, client: FlaskClient) -> None:
    answer = client.get(f"/play/{player.token}/playlist.m3u8")
    assert answer.mimetype == "application/vnd.apple.mpegurl"
    lines = answer.text.splitlines()
    assert lines[0] == "#EXTM3U"
    assert lines[1].startswith("#EXTINF:8,")
    assert len(urls(answer.text)) == 450  # an hour of eight seconds each
    assert all(one.startswith("http://localhost:8000/media/") for one in urls(answer.text))


def test_xspf_says_the_same(player: Player, client: FlaskClient) -> None:
    answer = client.get(f"/play/{player.token}/playlist.xspf")
    root = ElementTree.fromstring(answer.data)
    places = [one.text for one in root.iter(f"{XSPF}location")]
    assert places == urls(client.get(f"/play/{player.token}/playlist.m3u8").text)
    assert {one.text for one in root.iter(f"{XSPF}duration")} == {"8000"}
    assert answer.mimetype == "application/xspf+xml"


def test_a_range_of_a_list_is_the_list(player: Player, client: FlaskClient) -> None:
    """mpv and VLC ask for everything so."""
    answer = client.get(f"/play/{player.token}/playlist.m3u8", headers={"Range": "bytes=0-"})
    assert answer.status_code in (200, 206)
    assert len(urls(answer.text)) == 450


def test_a_takeover_plays_alone(player: Player, client: FlaskClient, world: Services, clock: FrozenClock) -> None:
    world.db.write(lambda s: take_over(s, clock.now(), "crv_b", minutes=10))
    clock.advance(seconds=5)
    shown = urls(client.get(f"/play/{player.token}/playlist.m3u8").text)
    lasts = timedelta(minutes=10) - timedelta(seconds=5)
    assert len(set(shown[: lasts // timedelta(seconds=8)])) == 1
    assert len(set(shown)) == 2


def test_the_program_has_its_address_in_it(player: Player, client: FlaskClient) -> None:
    answer = client.get(f"/play/{player.token}/player.py")
    assert f'ADDRESS = "http://localhost:8000/play/{player.token}/player.py"' in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    compile(answer.text, "player.py", "exec")


@pytest.mark.parametrize("path", ["playlist.m3u8", "playlist.xspf", "player.py"])
def test_an_unknown_key_opens_nothing(client: FlaskClient, world: Services, path: str) -> None:
    answer = client.get(f"/play/{'x' * 43}/{path}")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
