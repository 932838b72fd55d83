"""How many different people saw a splash: told apart by what the gateway knows, for one day, and never kept."""

import base64

from flask.testing import FlaskClient

from core.services import Services
from measure.uniques import uniques
from portal.house import desk
from tests.portal.station import HID, fas, make_hotspot
from tests.portal.test_splash import AGENT

SECOND_STAY = HID[::-1]


def people(client: FlaskClient, services: Services) -> list[tuple[str, int]]:
    """(how they were told apart, how many) of today."""
    with client.application.app_context():
        assert desk().outbox.flush()
    today = services.clock.now().date()
    with services.db.read() as s:
        return [(each.kind, each.estimate) for each in uniques(s, today, today)]


def of_phone(mac: str, stay: str = HID) -> str:
    told = base64.b64decode(fas(hid=stay).removeprefix("fas=")).decode().replace("02:00:00:00:77:02", mac)
    return "fas=" + base64.b64encode(told.encode()).decode()


def test_it_works(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    for number in range(1, 4):
        sent = of_phone(f"02:00:00:00:00:0{number}", f"{number:064x}")
        client.get(f"/wifi/ST01?{sent}", headers=AGENT)
    assert people(client, services) == [("splash:device", 3)]


def test_who_comes_back_is_one_person(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    for stay in (HID, HID, SECOND_STAY):
        client.get(f"/wifi/ST01?{of_phone('02:00:00:00:00:01', stay)}", headers=AGENT)
    assert people(client, services) == [("splash:device", 1)]


def test_without_the_phone_s_address_each_stay_counts(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    for stay in (HID, HID, SECOND_STAY):
        client.get(f"/wifi/ST01?{of_phone('', stay)}", headers=AGENT)
    assert people(client, services) == [("splash:session", 2)]
