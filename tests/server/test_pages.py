"""Every page that can be reached is sound, in Vietnamese and in English: a walk through the demo by its links."""

from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

import html5lib
import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from core.services import Services
from people.actions import sign_in
from people.roles import SYSTEM
from places.actions import create_area, create_location
from portal.actions import create_hotspot
from server.demo import world
from server.demo.load import load
from tests.support.pages import faults

# No engine matters to a page.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
MOST = 150
PUBLIC = ("/console/sign-in", "/screen", f"/wifi/{world.HOTSPOT}", "/q/00000000", "/wifi/nowhere", "/nothing/here")
ENDS_THE_WALK = ("/console/sign-out", "/console/language", "/media/", "/static/", "/api/")


@pytest.fixture
def admin(client: FlaskClient, services: Services) -> FlaskClient:
    """The demo's administrator, signed in."""
    made = load(services)
    assert made is not None
    client.set_cookie("sid", sign_in(services, made.email, made.password, origin="test").token)
    return client


@pytest.fixture
def visitor(client: FlaskClient, services: Services) -> FlaskClient:
    """Somebody who passes by the demo's hotspot."""

    def stand(s: Session) -> None:
        now = services.clock.now()
        create_area(s, code="31321", name="Phường Vị Thanh", kind="ward", now=now)
        create_location(s, code=world.HOTSPOT, name="Bến xe Vị Thanh", area="31321", venue_kind="bus_station", now=now)
        create_hotspot(
            s, code=world.HOTSPOT, location=world.HOTSPOT, dialect="generic", by=SYSTEM, now=now, sealer=services.sealer
        )

    services.db.write(stand)
    return client


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_console_is_sound(admin: FlaskClient, language: str) -> None:
    admin.set_cookie("language", language)
    wrong = {path: found for path, html in walk(admin, "/console") if (found := faults(html))}
    assert not wrong


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_are_sound(visitor: FlaskClient, path: str) -> None:
    for language in ("vi", "en"):
        answer = visitor.get(path, headers={"Accept-Language": language})
        assert answer.mimetype == "text/html"
        assert f'<html lang="{language}"' in answer.text or path == "/screen", (
            "a screen speaks its location's languages"
        )
        assert not [fault for fault in faults(answer.text) if path != "/screen" or "main headings" not in fault]


def test_the_front_door_leads_on(client: FlaskClient) -> None:
    assert client.get("/").headers["Location"].endswith("/console")


def walk(client: FlaskClient, start: str) -> list[tuple[str, str]]:
    """Each page once, as far as links below `start` lead; of pages that differ in their query only, the first few."""
    waiting, seen, pages = [start], {start}, []
    while waiting and len(pages) < MOST:
        path = waiting.pop(0)
        answer = client.get(path, follow_redirects=True)
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        if answer.mimetype != "text/html":
            continue
        pages.append((path, answer.text))
        for link in links(answer.text, answer.request.path):
            if link.startswith(start) and not link.startswith(ENDS_THE_WALK) and shape(link) not in seen:
                seen.add(shape(link))
                waiting.append(link)
    return pages


def links(html: str, base: str) -> Iterator[str]:
    for anchor in html5lib.parse(html, namespaceHTMLElements=False).iter("a"):
        target = urlsplit(urljoin(base, anchor.get("href") or ""))
        if not target.netloc:
            yield target.path + (f"?{target.query}" if target.query else "")


def shape(link: str) -> str:
    """The link with its query's values left out, and one commune standing for all."""
    parts = urlsplit(link)
    names = sorted(pair.split("=")[0] for pair in parts.query.split("&") if pair)
    path = "/".join("31" if piece.startswith("31") and piece.isdigit() else piece for piece in parts.path.split("/"))
    return f"{path}?{'&'.join(names)}"
