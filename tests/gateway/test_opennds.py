"""A traveller goes on line through a real openNDS 9.10, at every level, from probe to store."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from portal.exports import export_of
from server.app import create_app
from tests.gateway.authority import issue
from tests.gateway.house import PORT, House
from tests.gateway.lab import GATEWAY_IP, HERE, SERVER_IP, SERVER_NAME, WORLD_IP, Lab, missing, station, wait_for
from tests.gateway.opennds import FASKEY, OpenNds, Setup
from tests.gateway.phone import PROBE, phone, probe
from tests.portal.station import draw, make_campaign, make_hotspot, make_place
from tests.support.browser import picture

WHY_NOT = missing()
pytestmark = [
    pytest.mark.gateway,
    pytest.mark.timeout(360),
    pytest.mark.xdist_group("gateway"),
    pytest.mark.skipif(WHY_NOT is not None, reason=f"no real gateway here: {WHY_NOT}"),
]
BASE = f"http://{GATEWAY_IP}:2050"
TLS_PORT = 8443
LANGUAGES = {0: ("ko",), 1: ("vi", "en"), 2: ("vi", "ko"), 3: ("vi", "ko")}
WORDS = {
    "vi": ("Vào mạng", "Bạn đã vào mạng", "Cài ứng dụng"),
    "en": ("Go on line", "You are on line", "Install the app"),
    "ko": ("인터넷 접속", "인터넷에 연결되었습니다", "앱 설치"),
}


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with station() as made:
        yield made


@pytest.fixture(scope="module")
def house(lab: Lab) -> House:
    made = House(lab)
    made.start()
    services = made.services()
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    draw(services)
    for level in (0, 1, 2):
        make_hotspot(services, f"L{level}", grant_base=BASE, settings={"level": level, "faskey": FASKEY})
    services.db.close()
    return made


def walk(lab: Lab, language: str, name: str, nds: OpenNds, mac: str) -> None:
    """Probe, splash, tap, online page, store."""
    go, through, install = WORDS[language]
    assert probe(lab)[0] == 307
    with phone(lab, language) as page:
        page.set_default_timeout(100_000)  # a call of authmon's that breaks off costs it a minute
        page.goto(PROBE)
        assert page.get_attribute("html", "lang") == language
        assert "Bến xe Vị Thanh" in page.inner_text("body")
        assert page.get_by_role("button", name=install).is_visible()
        page.screenshot(path=picture(f"gateway-{name}-{language}-splash"))
        page.get_by_role("button", name=go).click()
        page.wait_for_url("**/online?*")
        assert page.get_by_role("heading", name=through).is_visible()
        page.screenshot(path=picture(f"gateway-{name}-{language}-online"))
        assert nds.clients()[mac]["state"] == "Authenticated"
        assert probe(lab) == (204, "")
        with page.expect_request("**://play.google.com/**") as asked:
            page.get_by_role("link", name=install).click()
        assert "utm_source=splash" in unquote(asked.value.url)


def _each(before: dict[str, int], number: int) -> dict[str, int]:
    return {kind: before.get(kind, 0) + number for kind in ("splash_view", "grant", "store_click")}


@pytest.mark.parametrize("level", [1, 0, 2])
def test_a_traveller_goes_on_line(lab: Lab, house: House, level: int) -> None:
    before = house.counted(f"L{level}")  # not empty when the same station is tried a second time
    nds = OpenNds(lab, Setup(level, f"/wifi/L{level}"))
    nds.start()
    try:
        for number, language in enumerate(LANGUAGES[level], 1):
            mac = f"02:00:00:00:{level:02x}:0{number}"
            address = lab.lease(mac)
            walk(lab, language, f"level{level}", nds, mac)
            assert house.settles_at(f"L{level}", _each(before, number)) == _each(before, number)
            nds.ctl("deauth", mac)
            assert probe(lab)[0] == 307
            assert house.traces(mac, address) == []
    finally:
        nds.stop()


def test_a_traveller_goes_on_line_where_the_gateway_serves_the_splash_itself(lab: Lab, house: House) -> None:
    """The exported ThemeSpec: no server of ours is asked, and with the uplink down it still greets."""
    services, mac = house.services(), "02:00:00:00:09:01"
    app = create_app(services=services)
    with app.test_request_context("/"):
        theme = export_of("L1", "opennds")
    services.db.close()
    before = house.counted("L1")
    nds = OpenNds(lab, Setup(0, "", theme=theme.data))
    nds.start()
    try:
        lab.lease(mac)
        lab.run(lab.gateway, "ip", "link", "set", "wan0", "down")
        with phone(lab, "vi") as page:
            page.set_default_timeout(45_000)
            page.goto("http://198.51.100.7/")
            assert "Bến xe Vị Thanh" in page.inner_text("body")
            assert page.get_by_role("heading", name="Install Bluezone, protect your family").is_visible()
            page.screenshot(path=picture("gateway-theme-splash"), full_page=True)
            page.get_by_role("button", name="Vào mạng").click()
            page.get_by_role("heading", name="Bạn đã vào mạng").wait_for()
            page.screenshot(path=picture("gateway-theme-online"), full_page=True)
            link = page.get_by_role("link", name="Cài ứng dụng").get_attribute("href") or ""
        assert nds.clients()[mac]["state"] == "Authenticated"
        assert link.startswith(f"{house.url}/q/")
    finally:
        lab.run(lab.gateway, "ip", "link", "set", "wan0", "up")
        lab.run(lab.gateway, "ip", "route", "replace", "default", "via", WORLD_IP)
        nds.stop()
    assert house.counted("L1") == before
    assert not [file for file in (lab.folder / "tmp").rglob("ndslog*") if mac in file.read_text(errors="replace")]


@pytest.fixture
def tls_house() -> Iterator[tuple[Lab, House, Path]]:
    """A station whose server stands behind a certificate, as levels 3 and 4 ask for."""
    with station() as lab:
        house = House(lab, portal_url=f"https://{SERVER_NAME}:{TLS_PORT}")
        house.start()
        authority, certificate, key = issue(lab.folder, SERVER_NAME)
        front = [str(HERE / "front.py"), SERVER_IP, str(TLS_PORT), str(certificate), str(key), SERVER_IP, str(PORT)]
        lab.start(lab.world, sys.executable, *front, log="front")
        wait_for("the front server", lambda: "listening" in lab.log("front"))
        services = house.services()
        services.db.write(lambda s: make_place(s, services))
        make_campaign(services)
        draw(services)
        make_hotspot(services, "L3", grant_base=None, settings={"level": 3, "faskey": FASKEY})
        services.db.close()
        yield lab, house, authority


def test_a_traveller_goes_on_line_at_level_3(tls_house: tuple[Lab, House, Path]) -> None:
    """Over https, and the gateway fetches the grant itself."""
    lab, house, authority = tls_house
    nds = OpenNds(lab, Setup(3, "/wifi/L3", port=TLS_PORT), authority)
    nds.start()
    try:
        for number, language in enumerate(LANGUAGES[3], 1):
            mac = f"02:00:00:00:03:0{number}"
            address = lab.lease(mac)
            walk(lab, language, "level3", nds, mac)
            assert house.settles_at("L3", _each({}, number)) == _each({}, number)
            assert house.traces(mac, address) == []
    except Exception as error:
        error.add_note(f"{nds.clients()}\n{lab.log('opennds')[-6000:]}\n{lab.log('front')[-2000:]}")
        raise
    finally:
        nds.stop()
