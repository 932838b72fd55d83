"""Tracked links in bulk through the API."""

import pytest

from tests.api.conftest import Script, World
from tests.api.test_chain import draft


@pytest.fixture
def campaign(admin: Script) -> str:
    return draft(admin)


def test_it_works(admin: Script, campaign: str) -> None:
    body = {"campaign": campaign, "channels": ["leaflet", "zalo"], "area": "93"}
    made = admin.post("/links/bulk", body).json["items"]
    assert [(each["location"], each["channel"], each["measure"]) for each in made] == [
        ("ga-vi-thanh", "leaflet", 2),
        ("ga-vi-thanh", "zalo", 7),
    ]
    assert admin.post("/links/bulk", body).json["items"] == made


def test_without_a_place_they_are_nowhere_in_particular(admin: Script, campaign: str) -> None:
    made = admin.post("/links/bulk", {"campaign": campaign, "channels": ["press"]}).json["items"]
    assert [each["location"] for each in made] == [None]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"channels": []}, 422),
        ({"channels": ["pigeon"]}, 422),
        ({"locations": ["nowhere"]}, 404),
        ({"area": "nowhere"}, 404),
        ({"campaign": "cmp_none"}, 404),
        ({"colour": "red"}, 422),
    ],
)
def test_what_cannot_be_is_refused(admin: Script, campaign: str, wrong: dict[str, object], status: int) -> None:
    before = admin.get("/links").json["items"]
    body = {"campaign": campaign, "channels": ["leaflet"], "area": "93", **wrong}
    assert admin.post("/links/bulk", body).status_code == status
    assert admin.get("/links").json["items"] == before


def test_places_of_others_are_refused(world: World, campaign: str) -> None:
    far = world.script("editor", "/33/")
    assert far.post("/links/bulk", {"campaign": campaign, "channels": ["sms"]}).status_code == 404
