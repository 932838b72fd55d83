"""GET /wifi/<code>: what a traveller sees first."""

import base64
import gzip
import re

from flask.testing import FlaskClient

from core.services import Services
from measure.models import VisitEvent
from people.roles import SYSTEM
from portal.actions import set_logo
from portal.house import desk
from tests.portal.station import fas, make_hotspot, show_logo
from tests.support.clock import FrozenClock

AGENT = {"User-Agent": "Mozilla/5.0 (Linux; Android 14; wv) Mobile"}


def visits(client: FlaskClient, services: Services) -> list[tuple[str, str]]:
    """(kind, language) of all that was counted."""
    with client.application.app_context():
        assert desk().outbox.flush()
    with services.db.read() as s:
        return sorted((row.kind, row.language) for row in s.query(VisitEvent))


def token_of(page: str) -> str:
    found = re.search(r'name="visit" value="([^"]+)"', page)
    assert found
    return found.group(1)


def test_it_works(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get(f"/wifi/ST01?{fas()}", headers=AGENT)
    assert answer.status_code == 200
    assert answer.content_type == "text/html; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    assert '<html lang="vi">' in answer.text
    assert "Bến xe Vị Thanh" in answer.text
    assert "Vào mạng" in answer.text
    assert visits(client, services) == [("splash_view", "vi")]


def test_it_speaks_the_phones_language(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get(f"/wifi/ST01?{fas()}", headers=AGENT | {"Accept-Language": "de;q=0.4, en-GB;q=0.9, vi;q=0.5"})
    assert '<html lang="en">' in answer.text
    assert "Go on line" in answer.text


def test_a_link_switches_the_language_and_keeps_the_visit(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    page = client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text
    link = re.search(r'<a lang="en"[^>]* href="([^"]+)"', page)
    assert link
    answer = client.get(link.group(1).replace("&amp;", "&"), headers=AGENT)
    assert '<html lang="en">' in answer.text
    assert visits(client, services) == [("splash_view", "vi")]


def test_a_reload_is_the_same_visit(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    for _ in range(3):
        client.get(f"/wifi/ST01?{fas()}", headers=AGENT)
    assert len(visits(client, services)) == 1


def test_it_is_compressed_and_the_same(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get(f"/wifi/ST01?{fas()}", headers=AGENT | {"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert "Vào mạng" in gzip.decompress(answer.data).decode()
    assert len(answer.data) < 14_336


def test_the_host_s_logo_stands_in_the_page_until_it_is_taken_away(
    client: FlaskClient, services: Services, clock: FrozenClock
) -> None:
    make_hotspot(services)
    assert 'class="logo"' not in client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text
    shown = base64.b64encode(show_logo(services).data).decode()
    clock.advance(seconds=3)
    answer = client.get(f"/wifi/ST01?{fas()}", headers=AGENT | {"Accept-Encoding": "gzip"})
    assert f'src="data:image/webp;base64,{shown}"' in gzip.decompress(answer.data).decode()
    services.db.write(lambda s: set_logo(s, "ST01", None, by=SYSTEM, now=clock.now()))
    clock.advance(seconds=3)
    assert 'class="logo"' not in client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text


def test_it_asks_no_other_host_and_runs_no_script(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get(f"/wifi/ST01?{fas()}", headers=AGENT)
    assert "<script" not in answer.text
    assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_nothing_of_the_phone_stands_in_the_page(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    page = client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text
    assert "10.77.0.60" not in page
    assert "02:00:00" not in page


def test_machines_are_answered_and_not_counted(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    assert client.head(f"/wifi/ST01?{fas()}", headers=AGENT).status_code == 200
    client.get(f"/wifi/ST01?{fas()}", headers=AGENT | {"Sec-Purpose": "prefetch"})
    client.get(f"/wifi/ST01?{fas()}", headers={"User-Agent": "CaptiveNetworkSupport-481 wispr"})
    client.get(f"/wifi/ST01?{fas()}", headers={"User-Agent": "Googlebot/2.1"})
    assert visits(client, services) == []


def test_another_gateway_is_refused_and_counted_as_that(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    answer = client.get(f"/wifi/ST01?{fas('192.0.2.66:2050')}", headers=AGENT)
    assert answer.status_code == 403
    assert "192.0.2.66" not in answer.text
    assert visits(client, services) == []
    assert day(client, services).refused_targets == 1


def test_a_forged_visit_is_refused_and_counted_as_that(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    assert client.get("/wifi/ST01?visit=forged", headers=AGENT).status_code == 403
    assert visits(client, services) == []
    assert day(client, services).forged_visits == 1


def test_an_unknown_hotspot_is_a_page_that_says_so(client: FlaskClient, services: Services) -> None:
    answer = client.get("/wifi/NOWHERE", headers=AGENT)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


def test_without_a_gateway_it_is_shown_and_not_counted(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    assert client.get("/wifi/ST01", headers=AGENT).status_code == 200
    assert visits(client, services) == []


def day(client: FlaskClient, services: Services):  # type: ignore[no-untyped-def]
    from portal.models import HotspotDay

    visits(client, services)
    with services.db.read() as s:
        return s.query(HotspotDay).one()
