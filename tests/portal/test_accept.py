"""GET /wifi/<code>/accept and …/online: through the gateway, and counted once."""

import hashlib
import re
from urllib.parse import parse_qs, quote, urlsplit

from flask.testing import FlaskClient

from core.services import Services
from portal.gateways.opennds import return_hash
from portal.queries import acceptances
from portal.visit import LIFETIME_S
from tests.portal.station import BASE, HID, KEY, fas, make_campaign, make_hotspot, make_place
from tests.portal.test_splash import AGENT, token_of, visits
from tests.support.clock import FrozenClock


def splash(client: FlaskClient) -> str:
    return token_of(client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text)


def test_it_works(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get(f"/wifi/ST01/accept?visit={splash(client)}", headers=AGENT)
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    parts = urlsplit(answer.location)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{BASE}/opennds_auth/"
    asked = parse_qs(parts.query)
    assert asked["tok"] == [return_hash(HID, KEY)]
    landing = asked["redir"][0]
    assert landing.startswith("http://localhost:8000/wifi/ST01/online?visit=")
    assert visits(client, services) == [("splash_view", "vi")]  # a tap is not yet a grant
    page = client.get(landing.removeprefix("http://localhost:8000"), headers=AGENT)
    assert "Bạn đã vào mạng" in page.text
    assert visits(client, services) == [("grant", "vi"), ("splash_view", "vi")]


def test_accepted_twice_it_gets_the_same_grant_and_counts_once(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    token = splash(client)
    links = [client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT).location for _ in range(2)]
    assert links[0] == links[1]
    for _ in range(2):
        client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT)
    assert visits(client, services) == [("grant", "vi"), ("splash_view", "vi")]


def test_an_old_visit_gets_a_fresh_splash_that_works(
    client: FlaskClient, services: Services, clock: FrozenClock
) -> None:
    make_hotspot(services)
    token = splash(client)
    clock.advance(seconds=LIFETIME_S + 2)
    answer = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    assert answer.status_code == 200
    assert "Vào mạng" in answer.text
    again = client.get(f"/wifi/ST01/accept?visit={token_of(answer.text)}", headers=AGENT)
    assert again.location.startswith(BASE)
    assert visits(client, services) == [("splash_view", "vi")]


def test_a_forged_visit_is_refused(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    token = splash(client)
    for path in ("accept", "online", "store"):
        for forged in ("", "x", token[:-4] + "AAAA", token + "A"):
            answer = client.get(f"/wifi/ST01/{path}?visit={forged}", headers=AGENT)
            assert answer.status_code == 403, (path, forged)
            assert "Location" not in answer.headers
    assert visits(client, services) == [("splash_view", "vi")]


def test_another_hotspots_visit_is_refused(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    make_hotspot(services, "ST02")
    assert client.get(f"/wifi/ST02/accept?visit={splash(client)}", headers=AGENT).status_code == 403


def test_a_page_without_a_gateway_leads_nowhere(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    token = token_of(client.get("/wifi/ST01", headers=AGENT).text)
    answer = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    assert answer.status_code == 409
    assert "Hãy kết nối wifi trước" in answer.text


def test_going_on_line_does_not_depend_on_the_host_asked(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    headers = AGENT | {"Host": "127.0.0.1:9"}
    location = client.get(f"/wifi/ST01/accept?visit={splash(client)}", headers=headers).location
    assert "127.0.0.1" not in location


def test_an_open_network_leads_to_the_online_page(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, dialect="generic", grant_base=None, settings={})
    token = token_of(client.get("/wifi/ST01", headers=AGENT).text)
    answer = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    assert re.fullmatch(r"/wifi/ST01/online\?visit=\S+", answer.location)
    client.get(answer.location, headers=AGENT)
    assert visits(client, services) == [("grant", "vi"), ("splash_view", "vi")]


def test_a_phone_that_is_through_already_is_welcomed(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    token = splash(client)
    answer = client.get(
        "/wifi/ST01",
        query_string={
            "tok": "ab",
            "redir": f"http://localhost:8000/wifi/ST01/online?visit={token}",
            "status": "authenticated",
        },
        headers=AGENT,
    )
    assert "Bạn đã vào mạng" in answer.text


def test_chillis_word_that_a_phone_is_through_counts_its_grant_once(client: FlaskClient, services: Services) -> None:
    secret = "uam"
    settings = {"uamsecret": secret, "username": "guest", "password": "welcome"}
    make_hotspot(services, dialect="chilli", grant_base="http://10.1.0.1:3990", settings=settings)

    def sent(query: str) -> str:
        signed = f"http://localhost:8000/wifi/ST01?{query}{secret}".encode()
        return f"/wifi/ST01?{query}&md={hashlib.md5(signed).hexdigest().upper()}"

    arriving = f"res=notyet&uamip=10.1.0.1&uamport=3990&challenge={'ab' * 16}&mac=02-00-00-00-77-02&sessionid=5f"
    token = token_of(client.get(sent(arriving), headers=AGENT).text)
    granted = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT).location
    onward = parse_qs(urlsplit(granted).query)["userurl"][0]
    through = f"res=success&uamip=10.1.0.1&uamport=3990&userurl={quote(onward, safe='')}"
    for path in (sent(through), sent(through), urlsplit(onward).path + "?" + urlsplit(onward).query):
        assert "Bạn đã vào mạng" in client.get(path, headers=AGENT).text
    assert visits(client, services) == [("grant", "vi"), ("splash_view", "vi")]


def test_what_chilli_did_not_sign_is_no_grant(client: FlaskClient, services: Services) -> None:
    settings = {"uamsecret": "uam", "username": "guest", "password": "welcome"}
    make_hotspot(services, dialect="chilli", grant_base="http://10.1.0.1:3990", settings=settings)
    forged = f"res=success&uamip=10.1.0.1&uamport=3990&userurl=x&md={'0' * 32}"
    assert client.get(f"/wifi/ST01?{forged}", headers=AGENT).status_code == 403
    assert visits(client, services) == []


UNIFI = {"controller": "https://192.0.2.9:8443", "api": 1, "username": "o", "password": "p"}
SENT = "ap=00:11:22:33:44:55&id=02:00:00:00:77:02&t=1700000000&ssid=Free"


def test_a_unifi_controller_knows_no_path_and_is_led_to_its_hotspot(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, dialect="unifi", grant_base=None, settings=UNIFI | {"site": "default"})
    make_hotspot(services, "ST02", dialect="unifi", grant_base=None, settings=UNIFI | {"site": "port"})
    for path in ("/guest/s/port/", "/guest/s/port"):
        assert client.get(f"{path}?{SENT}", headers=AGENT).location == f"/wifi/ST02?{SENT}"
    page = client.get(f"/guest/s/default/?{SENT}", headers=AGENT, follow_redirects=True).text
    assert "Vào mạng" in page


def test_unifi_sites_of_one_name_are_told_apart_by_the_phones_network(client: FlaskClient, services: Services) -> None:
    for code, network in (("ST01", "10.1.0.0/24"), ("ST02", "127.0.0.0/8")):
        one = UNIFI | {"site": "default"}
        make_hotspot(services, code, dialect="unifi", grant_base=None, settings=one, networks=[network])
    assert client.get(f"/guest/s/default/?{SENT}", headers=AGENT).location == f"/wifi/ST02?{SENT}"


def test_a_unifi_site_that_nobody_knows_is_not_guessed(client: FlaskClient, services: Services) -> None:
    for code in ("ST01", "ST02"):
        make_hotspot(services, code, dialect="unifi", grant_base=None, settings=UNIFI | {"site": code})
    assert client.get(f"/guest/s/other/?{SENT}", headers=AGENT).status_code == 404


def test_a_form_gateway_gets_a_form(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, dialect="cisco", grant_base="https://192.0.2.1", settings={})
    query = "switch_url=https://192.0.2.1/login.html&client_mac=02:00:00:00:77:02&redirect=x"
    token = token_of(client.get(f"/wifi/ST01?{query}", headers=AGENT).text)
    answer = client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    assert '<form action="https://192.0.2.1/login.html" method="post">' in answer.text
    assert 'name="buttonClicked" value="4"' in answer.text


def test_accepting_the_terms_is_recorded_of_nobody(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, terms="Xin giữ trật tự")
    token = splash(client)
    for _ in range(2):
        client.get(f"/wifi/ST01/accept?visit={token}", headers=AGENT)
    visits(client, services)
    with services.db.read() as s:
        [row] = acceptances(s, "ST01")
    assert (row.version, row.language, row.n) == (1, "vi", 1)
    assert row.hour == services.clock.now().replace(minute=0, second=0, microsecond=0)


def test_the_terms_are_one_link_away_in_the_visits_language(client: FlaskClient, services: Services) -> None:
    make_hotspot(services, terms={"vi": "Xin giữ trật tự", "en": "Please keep quiet"})
    page = client.get(f"/wifi/ST01?{fas()}", headers=AGENT | {"Accept-Language": "ko"}).text
    link = re.search(r'href="(/wifi/ST01/terms\?visit=[^"]+)"', page)
    assert link
    terms = client.get(link.group(1), headers=AGENT).text
    assert '<html lang="ko">' in terms
    assert '<p lang="en">Please keep quiet</p>' in terms


def test_the_venues_page_leads_to_the_tracked_link(client: FlaskClient, services: Services) -> None:
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    page = client.get("/wifi/ST01/install", headers=AGENT).text
    assert re.search(r'href="http://localhost:8000/q/[0-9A-Z]{8}"', page)
