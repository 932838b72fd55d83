"""Tracked links in bulk, as a list, a sheet to print and a file."""

import csv
import io
from datetime import timedelta

import pytest

from core.services import Services
from measure.models import Link
from media import actions as media
from media.wishes import CreativeWish
from people.roles import SYSTEM
from playlists import actions as playlists
from tests.console.conftest import Operator, People
from tests.measure.counts import rows


@pytest.fixture
def campaign(services: Services, people: People) -> str:
    now = services.clock.now()
    facts = {"starts_at": now, "ends_at": now + timedelta(days=9), "destination": {"other_url": "https://example.vn/"}}
    made = services.db.write(
        lambda s: playlists.create_campaign(s, name="Bluezone", owner_area="93", by=SYSTEM, now=now, **facts)
    )
    return made.id


EVERYWHERE = {"channel": ["leaflet", "sms", "loudspeaker"], "area": "93"}


def test_it_works(editor: Operator, services: Services, campaign: str) -> None:
    page = editor.follow("/links/new", {"campaign": campaign, **EVERYWHERE})
    assert "3 links are ready." in page.text
    assert {(each.location, each.channel, each.measure) for each in rows(services.db, Link)} == {
        ("BENXE", "leaflet", 2),
        ("BENXE", "sms", 7),
        ("BENXE", "loudspeaker", 9),
    }


def test_again_makes_none(editor: Operator, services: Services, campaign: str) -> None:
    for _ in range(2):
        editor.post("/links/new", {"campaign": campaign, **EVERYWHERE})
    assert len(rows(services.db, Link)) == 3


@pytest.mark.parametrize("wrong", [{"channel": []}, {"channel": ["pigeon"]}, {"area": "nowhere"}, {"campaign": ""}])
def test_what_cannot_be_is_refused_and_nothing_made(
    editor: Operator, services: Services, campaign: str, wrong: dict[str, object]
) -> None:
    assert editor.post("/links/new", {"campaign": campaign, **EVERYWHERE, **wrong}).status_code == 422
    assert rows(services.db, Link) == []


def test_an_area_of_others_is_not_there(editor: Operator, services: Services, campaign: str) -> None:
    assert editor.post("/links/new", {"campaign": campaign, **EVERYWHERE, "area": "12"}).status_code == 404
    assert rows(services.db, Link) == []


def test_an_address_that_nobody_approved_leads_nowhere(editor: Operator, services: Services, campaign: str) -> None:
    """What is edited after approval waits for the next one, also behind links that are made meanwhile."""
    now = services.clock.now()

    def edit_after_approval(s):  # type: ignore[no-untyped-def]
        wish = CreativeWish(name="Poster", texts={"vi": {"headline": "Cài Bluezone"}})
        creative = media.create_creative(s, wish, owner_path="/93/", by="test", now=now).id
        playlists.add_placement(s, campaign, creatives=[creative], targets={"areas": ["93"]}, by=SYSTEM, now=now)
        playlists.submit(s, campaign, by=SYSTEM, now=now)
        playlists.approve(s, campaign, by=SYSTEM, now=now)
        playlists.update_campaign(s, campaign, {"destination": {"other_url": "https://evil.vn/"}}, by=SYSTEM, now=now)

    services.db.write(edit_after_approval)
    editor.post("/links/new", {"campaign": campaign, "channel": ["sms"]})
    (link,) = [each for each in rows(services.db, Link) if each.channel == "sms"]
    page = editor.client.get(f"/q/{link.code}/other")
    assert page.headers["Location"].startswith("https://example.vn/")


def test_a_sheet_to_print(editor: Operator, services: Services, campaign: str) -> None:
    editor.post("/links/new", {"campaign": campaign, **EVERYWHERE})
    page = editor.get(f"/links/sheet?campaign={campaign}&channel=loudspeaker").text
    (code,) = [each.code for each in rows(services.db, Link) if each.channel == "loudspeaker"]
    assert f"/q/{code[:4]}-{code[4:]}" in page
    assert page.count("<svg xmlns") == 1
    assert editor.client.get(f"/q/{code[:4]}-{code[4:]}").status_code == 200


def test_the_list_as_a_file(editor: Operator, services: Services, campaign: str) -> None:
    editor.post("/links/new", {"campaign": campaign, **EVERYWHERE})
    lines = list(csv.DictReader(io.StringIO(editor.get("/links.csv").text.lstrip("\ufeff"))))
    assert {line["code"] for line in lines} == {each.code for each in rows(services.db, Link)}
    assert {line["location_name"] for line in lines} == {"Bến xe Vị Thanh"}


def test_others_see_none_of_them(editor: Operator, people: People, campaign: str) -> None:
    editor.post("/links/new", {"campaign": campaign, **EVERYWHERE})
    far = people("viewer", "/12/", "Stranger")
    assert "Bến xe" not in far.get("/links/sheet").text + far.get("/links.csv").text
