"""Test mode for installers: plays and scans are kept and can be shown, and none of them counts."""

import io
from datetime import timedelta

import pytest
import zxingcpp
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select

from core.services import Services
from measure.models import DayCount, HourlyCount, Scan
from measure.queries import tried
from people.roles import SYSTEM
from signage import actions
from tests.measure.world import ANDROID
from tests.signage.world import Player, batch, hang, on_sqlite


@pytest.fixture
def trial(world: Services, client: FlaskClient) -> Player:
    """A screen that is being tried out."""
    player = hang(world, client, name="Thử")
    now = world.clock.now()
    world.db.write(lambda s: actions.update(s, player.screen, {"testing": True}, by=SYSTEM, now=now))
    world.clock.advance(seconds=5)  # type: ignore[attr-defined]
    return player


def codes(player: Player) -> list[dict[str, str]]:
    told = player.get("manifest").get_json()
    return [entry["qr"] for entry in told["entries"].values() if entry["qr"]]


def test_it_works(world: Services, client: FlaskClient, trial: Player) -> None:
    """What is read off the screen leads to the store like any other, and counts nowhere; the same for its plays."""
    qr = codes(trial)[0]
    assert qr["url"].endswith(f"/Q/{qr['code']}/T")
    path = "/" + qr["url"].split("/", 3)[3]
    opened = client.get(path, headers={"User-Agent": ANDROID, "Accept-Language": "vi-VN"})
    assert opened.status_code == 302
    assert "play.google.com" in opened.location
    assert trial.post("plays", batch(world.clock.now(), 1, 2)).get_json()["ack"] == 2
    with world.db.read() as s:
        assert [scan.verdict for scan in s.scalars(select(Scan))] == ["test"]
        found = tried(s, trial.screen, "vt-01")
        days = s.scalars(select(DayCount)).all()
    assert (found.plays, found.scans) == (2, 1)
    assert all(day.location == "" for day in days)
    assert sum(day.scans for day in days) == 0


@on_sqlite
def test_the_picture_of_the_code_says_so(client: FlaskClient, trial: Player) -> None:
    qr = codes(trial)[0]
    drawn = client.get(qr["image_url"])
    assert drawn.status_code == 200
    picture = Image.open(io.BytesIO(drawn.data)).convert("RGB")
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [qr["url"]]


@on_sqlite
def test_a_landing_page_opened_from_it_counts_nothing(world: Services, client: FlaskClient, trial: Player) -> None:
    code = codes(trial)[0]["code"]
    page = client.get(f"/q/{code}/t", headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64)", "Accept": "text/html"})
    assert page.status_code == 200
    with world.db.read() as s:
        assert not s.scalars(select(HourlyCount)).all()


@on_sqlite
def test_its_neighbour_counts_as_ever(world: Services, client: FlaskClient, trial: Player) -> None:
    neighbour = hang(world, client, name="Thang máy B")
    world.clock.advance(seconds=5)  # type: ignore[attr-defined]
    shown = codes(neighbour)[0]
    assert shown["url"].endswith(shown["code"])
    assert {one["code"] for one in codes(neighbour)} == {one["code"] for one in codes(trial)}


@on_sqlite
def test_out_of_test_mode_it_counts_again(world: Services, trial: Player) -> None:
    now = world.clock.now()
    world.db.write(lambda s: actions.update(s, trial.screen, {"testing": False}, by=SYSTEM, now=now))
    world.clock.advance(seconds=timedelta(seconds=5).total_seconds())  # type: ignore[attr-defined]
    assert not any(one["url"].endswith("/T") for one in codes(trial))
