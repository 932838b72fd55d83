"""Every page of the console, full and empty, in both languages: valid, labelled, and no stranger's host."""

from datetime import timedelta

import pytest
from flask import Flask

from core.services import Services
from media import actions as media
from media import jobs
from media.wishes import CreativeWish
from people.roles import SYSTEM
from playlists import actions as playlists
from portal.actions import create_hotspot
from signage import actions as signage
from tests.console.conftest import Operator, People
from tests.support.pages import faults

EMPTY = (
    "/", "/library", "/library?show=files", "/library/creatives/new", "/campaigns", "/campaigns/new", "/takeovers",
    "/takeovers/new", "/screens", "/screens/claim", "/screens/new", "/wifi", "/wifi/new",
    "/wifi/new?dialect=chilli", "/places",
    "/places/areas/new", "/places/locations/new", "/results", "/links", "/links/new", "/users", "/users/new", "/keys",
    "/audit", "/audit?check=1", "/system", "/account",
)  # fmt: skip


@pytest.fixture
def full(services: Services, people: People) -> dict[str, str]:
    """One of everything: the ids that addresses need."""
    now = services.clock.now()

    def make(s):  # type: ignore[no-untyped-def]
        media.ensure_builtin(s, now)
        wish = CreativeWish(
            name="Poster", texts={"vi": {"headline": "Cài Bluezone"}, "en": {"headline": "Install Bluezone"}}
        )
        creative = media.create_creative(s, wish, owner_path="/93/", by="test", now=now).id
        campaign = playlists.create_campaign(
            s, name="Bluezone", starts_at=now, ends_at=now + timedelta(days=1), destination={"other_url": "https://x.vn/"},
            owner_area="93", by=SYSTEM, now=now,
        ).id  # fmt: skip
        placement = playlists.add_placement(
            s, campaign, creatives=[creative], targets={"areas": ["93"]},
            dayparts=[{"days": ["mon"], "from": "07:00", "to": "09:00"}], by=SYSTEM, now=now,
        ).id  # fmt: skip
        playlists.submit(s, campaign, by=SYSTEM, now=now)
        playlists.approve(s, campaign, by=SYSTEM, now=now)
        playlists.takeover(
            s, creative=creative, targets={"areas": ["93"]}, ends_at=now + timedelta(hours=1), reason="storm",
            owner_area="93", by=SYSTEM, now=now,
        )  # fmt: skip
        screen = signage.create(s, location="BENXE", name="Hall", width=1920, height=1080, by=SYSTEM, now=now).id
        create_hotspot(
            s, code="WIFI", location="BENXE", dialect="opennds", grant_base="http://10.77.0.1:2050",
            settings={"level": 1}, by=SYSTEM, now=now, sealer=services.sealer,
        )  # fmt: skip
        return {"creative": creative, "campaign": campaign, "placement": placement, "screen": screen}

    made = services.db.write(make)
    jobs.render(services, {"creative_id": made["creative"]})
    return made


def paths(made: dict[str, str], user: str) -> list[str]:
    campaign = f"/campaigns/{made['campaign']}"
    return [
        *EMPTY, campaign, f"{campaign}/edit", f"{campaign}/placements/new",
        f"{campaign}/placements/{made['placement']}",
        f"/library/creatives/{made['creative']}", f"/library/creatives/{made['creative']}/edit",
        f"/library/creatives/{made['creative']}/prints",
        f"/screens/{made['screen']}", "/wifi/WIFI", "/wifi/WIFI/edit", "/places?area=93", "/places/areas/93/edit",
        "/places/locations/BENXE", "/places/locations/BENXE/edit", f"/users/{user}",
    ]  # fmt: skip


def look(operator: Operator, path: str, language: str) -> list[str]:
    operator.client.set_cookie("language", language)
    page = operator.get(path)
    assert page.status_code == 200, f"{path}: {page.status_code}"
    assert f'lang="{language}"' in page.text
    return [f"{path} ({language}): {fault}" for fault in faults(page.text)]


@pytest.mark.parametrize(
    ("language", "database_url"), [("vi", "sqlite"), ("en", "postgresql")], indirect=["database_url"]
)
def test_every_page_is_sound(admin: Operator, full: dict[str, str], language: str) -> None:
    wrong = [fault for path in paths(full, admin.user.id) for fault in look(admin, path, language)]
    assert not wrong, "\n".join(wrong)


def test_pages_that_others_added_are_sound_too(app: Flask, admin: Operator, full: dict[str, str]) -> None:
    """Whatever stands under /console without an argument, so that no page is forgotten in the list above."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("console.") and not rule.arguments]
    found = {rule.rule.removeprefix("/console") for rule in rules if "GET" in (rule.methods or ())}
    added = sorted(found - {path.split("?")[0] for path in EMPTY} - {"/sign-in"})
    answers = [(path, admin.get(path)) for path in added]
    assert not [path for path, answer in answers if answer.status_code != 200]
    wrong = [
        f"{path}: {fault}" for path, page in answers if page.mimetype == "text/html" for fault in faults(page.text)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_page_is_sound_while_there_is_nothing(app: Flask, services: Services, people: People) -> None:
    far = people("admin", "/12/")
    wrong = [fault for path in EMPTY if "system" not in path for fault in look(far, path, "vi")]
    assert not wrong, "\n".join(wrong)


def test_the_pages_for_strangers_are_sound(app: Flask, admin: Operator) -> None:
    client = app.test_client()
    assert not faults(client.get("/console/sign-in").text)
    assert not faults(client.post("/console/sign-in", data={}).text)
    assert not faults(client.get("/console/link/none").text)
    assert not faults(admin.get("/places/locations/NONE").text)


def test_the_policy_allows_no_script_but_ours(admin: Operator) -> None:
    policy = admin.get("/").headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


def test_forms_with_mistakes_are_sound(admin: Operator) -> None:
    for path in ("/campaigns/new", "/places/locations/new", "/library/creatives/new", "/wifi/new", "/screens/claim"):
        page = admin.post(path, {"dialect": "opennds"})
        assert page.status_code == 422, path
        assert not faults(page.text), path
