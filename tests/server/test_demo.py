"""The demo in an empty database: something to see at once, and nothing invented about real places."""

import zlib

import pytest

from core.services import Services
from measure.links import codes_for
from people.actions import sign_in
from places import queries as places
from places.actions import create_area
from playlists import queries as playlists
from portal import queries as portal
from server.demo import art, world
from server.demo.load import load, rows
from tests.support.clock import FrozenClock


def test_it_works(services: Services, clock: FrozenClock) -> None:
    """One load, looked at from every side: it takes a second or two."""
    loaded = load(services)
    assert loaded is not None
    assert len(loaded.password) >= 12
    assert sign_in(services, loaded.email, loaded.password, origin="here").user.email == world.EMAIL
    with services.db.read() as s:
        areas = places.areas(s)
        assert len(areas) == 1 + 103, "since July 2025 the province has 31 wards and 72 communes"
        assert [area.population for area in areas if area.code == world.PROVINCE] == [4_199_824]
        assert len(places.locations(s)) == 10
        assert len({place.venue_kind for place in places.locations(s)}) >= 8
        assert [hotspot.dialect for hotspot, _ in portal.hotspots(s)] == ["generic"]
        assert [(c.status, c.standing) for c in playlists.campaigns(s)] == [("approved", "live")]
        assert codes_for(s, world.HOTSPOT)
    clock.advance(days=1)
    assert load(services) is None, "it goes into an empty database only"


def test_it_stays_out_where_there_is_an_area_already(services: Services) -> None:

    services.db.write(lambda s: create_area(s, code="1", name="Somewhere", now=services.clock.now()))
    assert load(services) is None


def test_no_population_is_given_without_a_source() -> None:
    assert set(rows("communes.csv")[0]) == {"code", "name"}


@pytest.mark.parametrize("name", list(art.DRAWINGS))
def test_its_pictures_are_whole_and_always_the_same(name: str) -> None:
    picture = art.png(name)
    assert picture.startswith(b"\x89PNG")
    assert zlib.crc32(picture) == zlib.crc32(art.png(name))
