"""The installer's page: settings to copy, a check, a trial; nothing that is pasted is kept."""

import io
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from core.services import Services
from people.roles import SYSTEM
from portal import queries
from portal.actions import create_hotspot, update_hotspot
from tests.console.conftest import Operator
from tests.portal.station import BASE, KEY, fas
from tests.support.clock import FrozenClock


@pytest.fixture
def hotspot(admin: Operator, services: Services) -> None:
    services.db.write(
        lambda s: create_hotspot(
            s, code="VT-WIFI", location="BENXE", dialect="opennds", grant_base=BASE,
            settings={"level": 1, "faskey": KEY}, by=SYSTEM, now=services.clock.now(), sealer=services.sealer,
        )
    )  # fmt: skip


def test_it_works(admin: Operator, hotspot: None) -> None:
    page = admin.get("/wifi/VT-WIFI/setup").text
    assert "faspath /wifi/VT-WIFI" in page
    assert KEY not in page


def test_what_is_wrong_with_a_configuration_is_told(admin: Operator, hotspot: None) -> None:
    page = admin.post("/wifi/VT-WIFI/setup", {"config": "faskey 1234567890\nfaspath /wifi/X"}).text
    assert "The FAS key is the default that everybody knows." in page
    assert "faspath must be /wifi/VT-WIFI." in page


def test_a_pasted_redirect_is_tried(admin: Operator, hotspot: None) -> None:
    page = admin.post("/wifi/VT-WIFI/setup", {"redirect": f"http://x/wifi/VT-WIFI?{fas()}"}).text
    assert f"{BASE}/opennds_auth/" in page
    assert "the hotspot's own" in page
    refused = admin.post("/wifi/VT-WIFI/setup", {"redirect": fas("192.0.2.66:2050")}).text
    assert "another one: it would be refused" in refused


def test_what_the_gateway_sent_is_shown_and_whether_it_would_work(admin: Operator, hotspot: None) -> None:
    page = admin.post("/wifi/VT-WIFI/setup", {"redirect": fas()}).text
    assert '<dt>gatewayname</dt><dd><code class="break">Ga Bến</code></dd>' in page
    assert "<dt>Would it work?</dt><dd>yes</dd>" in page
    refused = admin.post("/wifi/VT-WIFI/setup", {"redirect": fas("192.0.2.66:2050")}).text
    assert "<dt>Would it work?</dt><dd>no</dd>" in refused


def test_a_make_that_is_set_up_by_hand_is_told_step_by_step(
    admin: Operator, hotspot: None, services: Services, clock: FrozenClock
) -> None:
    services.db.write(
        lambda s: update_hotspot(
            s, "VT-WIFI", dialect="meraki", by=SYSTEM, now=services.clock.now(), sealer=services.sealer
        )
    )
    clock.advance(seconds=10)
    page = admin.get("/wifi/VT-WIFI/setup").text
    assert (
        '<li class="break">Wireless → Splash page → Custom splash URL: http://localhost:8000/wifi/VT-WIFI</li>' in page
    )
    assert "Written from the maker&#39;s documents" in page or "Written from the maker's documents" in page


def test_what_http_costs_and_how_to_mend_it_is_told(admin: Operator, hotspot: None) -> None:
    page = admin.get("/wifi/VT-WIFI/setup").text
    assert "RFC 8908" in page
    assert "listen 443 ssl;" in page


def test_it_takes_an_admin(admin: Operator, hotspot: None) -> None:
    assert admin.get("/wifi/NOWHERE/setup").status_code == 404


def test_a_hotspot_tells_how_it_fares(admin: Operator, hotspot: None) -> None:
    page = admin.get("/wifi/VT-WIFI").text
    assert "Nothing has been heard of it yet" in page
    assert "too few today to tell" in page


def test_the_list_tells_at_a_glance_which_one_fares_badly(
    admin: Operator, hotspot: None, services: Services, clock: FrozenClock
) -> None:
    day = clock.now().date()
    services.db.write(lambda s: queries.add_to_day(s, "VT-WIFI", day, Counter(bad_signatures=9), clock.now()))
    page = admin.get("/wifi").text
    assert "The gateway&#39;s key differs" in page or "The gateway's key differs" in page


def test_that_views_may_be_missing_is_told(admin: Operator, hotspot: None, services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: queries.keep_gap(s, now - timedelta(seconds=3), now))
    assert "Views may be missing" in admin.get("/wifi/VT-WIFI").text


def test_where_grants_go_is_told_in_words(admin: Operator, hotspot: None, services: Services) -> None:
    def told(dialect: str, **more: Any) -> str:
        services.db.write(
            lambda s: update_hotspot(
                s, "VT-WIFI", dialect=dialect, by=SYSTEM, now=services.clock.now(), sealer=services.sealer, **more
            )
        )
        return admin.get("/wifi/VT-WIFI").text

    unifi = {"controller": "https://192.0.2.9:8443", "api": 3, "site": "s", "api_key": "k"}
    assert "We call the controller" in told("unifi", settings=unifi)
    assert "The gateway asks us" in told("opennds", settings={"level": 3, "faskey": "k"})
    assert "the network is open" in told("generic")
    assert "network-auth.com" in told("meraki")


def test_the_splash_is_handed_out_as_files(admin: Operator, hotspot: None) -> None:
    answer = admin.get("/wifi/VT-WIFI/exports/opennds")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="theme_bangtin.sh"'
    assert answer.data.startswith(b"#!/bin/sh")
    assert admin.get("/wifi/VT-WIFI/exports/typewriter").status_code == 404


def test_the_terms_are_kept_in_every_language_and_every_wording(admin: Operator, hotspot: None) -> None:
    form = {"dialect": "opennds", "grant_base": BASE, "set-level": "1", "name": "Bến xe"}
    admin.post("/wifi/VT-WIFI/edit", form | {"terms_vi": "Dùng tử tế", "terms_ko": "예의 있게"})
    admin.post("/wifi/VT-WIFI/edit", form | {"terms_vi": "Dùng đúng mực", "terms_ko": "예의 있게"})
    page = admin.get("/wifi/VT-WIFI").text
    assert "Dùng tử tế" in page, "an earlier wording stays to be read"
    assert "예의 있게" in admin.get("/wifi/VT-WIFI/edit").text


def test_the_terms_are_previewed_in_each_language(admin: Operator, hotspot: None, clock: FrozenClock) -> None:
    form = {"dialect": "opennds", "grant_base": BASE, "set-level": "1", "name": "Bến xe", "terms_ko": "예의 있게"}
    admin.post("/wifi/VT-WIFI/edit", form)
    clock.advance(seconds=10)
    assert "예의 있게" in admin.get("/wifi/VT-WIFI/splash?page=terms&lang=ko").text
    assert '<html lang="ja">' in admin.get("/wifi/VT-WIFI/splash?page=terms&lang=ja").text


def test_the_networks_of_its_phones_are_kept(admin: Operator, hotspot: None, services: Services) -> None:
    form = {"dialect": "opennds", "grant_base": BASE, "set-level": "1", "name": "Bến xe"}
    admin.post("/wifi/VT-WIFI/edit", form | {"networks": "10.77.0.0/24 10.78.0.0/24"})
    assert 'value="10.77.0.0/24 10.78.0.0/24"' in admin.get("/wifi/VT-WIFI/edit").text
    assert "must be networks" in admin.post("/wifi/VT-WIFI/edit", form | {"networks": "everywhere"}).text


def send_logo(operator: Operator, content: bytes, name: str = "logo.png"):
    return operator.client.post(
        "/console/wifi/VT-WIFI/logo",
        data={"file": (io.BytesIO(content), name)},
        headers={"X-CSRF-Token": operator.token()},
        follow_redirects=True,
    )


def picture_of(width: int, height: int) -> bytes:
    out = io.BytesIO()
    image = Image.new("RGB", (width, height), "white")
    image.paste((11, 107, 83), (10, 10, width - 10, height - 10))
    image.save(out, "PNG")
    return out.getvalue()


def test_the_host_s_logo_is_shown_and_taken_away(admin: Operator, hotspot: None, clock: FrozenClock) -> None:
    assert "None yet: the name stands alone." in admin.get("/wifi/VT-WIFI").text
    page = send_logo(admin, picture_of(300, 120)).text
    assert "Travellers see the logo now." in page
    assert "data:image/webp;base64," in page
    clock.advance(seconds=3)
    assert 'class="logo"' in admin.get("/wifi/VT-WIFI/splash?lang=vi").text
    admin.post("/wifi/VT-WIFI/logo/remove")
    clock.advance(seconds=3)
    assert 'class="logo"' not in admin.get("/wifi/VT-WIFI/splash?lang=vi").text


@pytest.mark.parametrize("content", [b"", b"not a picture", picture_of(300, 120)[:200]])
def test_a_logo_that_is_none_changes_nothing(
    admin: Operator, hotspot: None, services: Services, content: bytes
) -> None:
    page = send_logo(admin, content).text
    assert "The logo: " in page
    with services.db.read() as s:
        assert queries.logos(s) == {}
