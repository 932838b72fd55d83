"""Alerts through the API, and the settings that ask for them."""

from datetime import timedelta
from typing import Any

from signage.models import FleetAlert
from tests.api.conftest import Script, World
from tests.api.test_areas import fields


def alert(world: World, area: str, ref: str) -> None:
    now = world.services.clock.now()
    row: Any = FleetAlert(id=ref, area_code=area, opened_at=now, members=["scr_1"], told_at=now, told_count=1)
    world.services.db.write(lambda s: s.add(row))


def test_it_works(world: World, admin: Script) -> None:
    alert(world, "93", "alr_1")
    world.services.clock.advance(seconds=timedelta(minutes=5).total_seconds())  # type: ignore[attr-defined]
    alert(world, "33", "alr_2")
    listed = admin.get("/alerts").json
    assert listed is not None
    assert [one["id"] for one in listed["items"]] == ["alr_2", "alr_1"]
    assert listed["items"][1]["screens"] == ["scr_1"]
    own = world.script("viewer", "/93/").get("/alerts").json
    assert own is not None
    assert [one["id"] for one in own["items"]] == ["alr_1"]


def test_the_key_of_webhooks_is_told(admin: Script) -> None:
    assert len(admin.get("/alerts/key").json["public_key"]) == 44


def test_who_is_told_is_a_setting_of_the_area(admin: Script) -> None:
    settings = {"alert_mail": ["a@example.vn"], "alert_webhook": ["https://example.vn/h"], "alert_after_minutes": 20}
    assert admin.patch("/areas/93", {"settings": settings}).json["settings"] == settings


def test_what_is_no_address_is_refused(admin: Script) -> None:
    for wrong in ({"alert_mail": ["nobody"]}, {"alert_webhook": ["ftp://x"]}, {"alert_after_minutes": 1}):
        refused = admin.patch("/areas/93", {"settings": wrong})
        assert refused.status_code == 422
        assert fields(refused)[0].startswith("settings")
