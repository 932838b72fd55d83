"""From the online page to the store of this phone."""

from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from core.services import Services
from measure.models import Scan
from tests.portal.station import draw, fas, make_campaign, make_hotspot, make_place
from tests.portal.test_splash import AGENT, token_of, visits

IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140 Safari/537.36"


@pytest.fixture
def token(client: FlaskClient, services: Services) -> str:
    """A visit of the station, whose campaign is approved."""
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    return token_of(client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text)


def test_it_works(client: FlaskClient, services: Services, token: str) -> None:
    answer = client.get(f"/wifi/ST01/store?visit={token}", headers=AGENT)
    assert answer.status_code == 302
    assert answer.location.startswith("http://play.google.com/store/apps/details?id=com.mic.bluezone&referrer=")
    assert "utm_source=splash" in unquote(answer.location)
    assert ("store_click", "vi") in visits(client, services)


def test_it_counts_once_and_is_no_scan(client: FlaskClient, services: Services, token: str) -> None:
    for _ in range(3):
        client.get(f"/wifi/ST01/store?visit={token}", headers=AGENT)
    assert visits(client, services) == [("splash_view", "vi"), ("store_click", "vi")]
    with services.db.read() as s:
        assert s.query(Scan).count() == 0


def test_an_iphone_is_led_to_its_own_store(client: FlaskClient, token: str) -> None:
    answer = client.get(f"/wifi/ST01/store?visit={token}", headers={"User-Agent": IPHONE})
    assert answer.location.startswith("http://apps.apple.com/")


def test_the_splash_shows_the_campaigns_prompt_in_its_language(client: FlaskClient, token: str) -> None:
    page = client.get(f"/wifi/ST01?{fas()}", headers=AGENT | {"Accept-Language": "en"}).text
    assert "Install Bluezone, protect your family" in page
    assert "Install the app" in page


def test_its_picture_is_in_the_page(client: FlaskClient, services: Services, token: str) -> None:
    draw(services)
    services.clock.advance(seconds=5)  # type: ignore[attr-defined]
    assert 'src="data:image/webp;base64,' in client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text


def test_apples_sheet_is_told_how_to_leave(client: FlaskClient, token: str) -> None:
    page = client.get(f"/wifi/ST01/online?visit={token}", headers={"User-Agent": IPHONE}).text
    assert "Bấm Xong" in page
    assert "localhost:8000/q/" in page


def test_a_laptop_gets_a_code_for_the_phone(client: FlaskClient, token: str) -> None:
    page = client.get(f"/wifi/ST01/online?visit={token}", headers={"User-Agent": LAPTOP}).text
    assert 'src="/media/qr/' in page


def test_no_link_uses_a_scheme_that_mini_browsers_refuse(client: FlaskClient, token: str) -> None:
    page = client.get(f"/wifi/ST01/online?visit={token}", headers=AGENT).text
    assert not any(scheme in page for scheme in ("market:", "intent:", "itms", "window."))


def test_where_nothing_is_placed_nothing_is_to_be_installed(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    page = client.get(f"/wifi/ST01?{fas()}", headers=AGENT).text
    assert "Cài ứng dụng" not in page
    answer = client.get(f"/wifi/ST01/store?visit={token_of(page)}", headers=AGENT)
    assert (answer.status_code, answer.location) == (302, "/wifi/ST01")
