"""A traveller goes on line through a real openNDS 9.10, at every level, from probe to store."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import unquote

import pytest

from tests.gateway.house import House
from tests.gateway.lab import GATEWAY_IP, Lab, missing, station, wait_for
from tests.gateway.opennds import FASKEY, OpenNds, Setup
from tests.gateway.phone import PROBE, phone, probe
from tests.portal.station import make_campaign, make_hotspot, make_place
from tests.support.browser import picture

WHY_NOT = missing()
pytestmark = [
    pytest.mark.gateway,
    pytest.mark.timeout(180),
    pytest.mark.xdist_group("gateway"),
    pytest.mark.skipif(WHY_NOT is not None, reason=f"no real gateway here: {WHY_NOT}"),
]
BASE = f"http://{GATEWAY_IP}:2050"
WORDS = {
    "vi": ("Vào mạng", "Bạn đã vào mạng", "Cài ứng dụng"),
    "en": ("Go on line", "You are on line", "Install the app"),
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
    for level in (0, 1, 2):
        make_hotspot(services, f"L{level}", grant_base=BASE, settings={"level": level, "faskey": FASKEY})
    services.db.close()
    return made


def walk(lab: Lab, language: str, name: str, nds: OpenNds, mac: str) -> None:
    """Probe, splash, tap, online page, store."""
    go, through, install = WORDS[language]
    assert probe(lab)[0] == 307
    with phone(lab, language) as page:
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


@pytest.mark.parametrize("level", [1, 0, 2])
def test_a_traveller_goes_on_line(lab: Lab, house: House, level: int) -> None:
    nds = OpenNds(lab, Setup(level, f"/wifi/L{level}"))
    nds.start()
    try:
        for number, language in enumerate(("vi", "en"), 1):
            mac = f"02:00:00:00:{level:02x}:0{number}"
            address = lab.lease(mac)
            walk(lab, language, f"level{level}", nds, mac)
            expected = dict.fromkeys(("splash_view", "grant", "store_click"), number)
            wait_for("the counts", lambda want=expected: house.counted(f"L{level}") == want, 3)
            nds.ctl("deauth", mac)
            assert probe(lab)[0] == 307
            assert house.traces(mac, address) == []
    finally:
        nds.stop()
