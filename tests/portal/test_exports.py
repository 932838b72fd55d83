"""The splash as files for a gateway whose uplink fails."""

import io
import re
import subprocess
import zipfile
from pathlib import Path

import pytest
from flask import Flask

from core.errors import NotFound
from core.services import Services
from portal.exports import TITLES, Export, export_of, languages_of
from portal.house import stand_of
from tests.portal.station import draw, make_campaign, make_hotspot, make_place

LINK = re.compile(r'href="(http://[^"]+/q/[0-9A-Z]{8})"')


@pytest.fixture
def station(services: Services) -> None:
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    draw(services)


def exported(app: Flask, kind: str) -> Export:
    with app.test_request_context("/"):
        return export_of("ST01", kind)


def files(export: Export) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(export.data)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def ran(tmp_path: Path, script: bytes, call: str, fas: str) -> str:
    """What a ThemeSpec's function prints, in the shell that routers have."""
    theme = tmp_path / "theme.sh"
    theme.write_bytes(script)
    command = f'fas="$1"; auth_log() {{ ndsstatus=authenticated; }}; . {theme}; {call}'
    done = subprocess.run(["busybox", "ash", "-c", command, "ash", fas], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("kind", TITLES)
def test_it_works(app: Flask, station: None, kind: str) -> None:
    export = exported(app, kind)
    assert export.data
    assert exported(app, kind) == export, "the same splash is the same bytes"


def test_a_theme_prints_the_splash_with_the_phones_own_token(app: Flask, station: None, tmp_path: Path) -> None:
    page = ran(tmp_path, exported(app, "opennds").data, "generate_splash_sequence", "aGlkPTE=")
    assert 'name="fas" value="aGlkPTE="' in page
    assert "Cài Bluezone, bảo vệ cả nhà" in page
    assert "Install Bluezone, protect your family" in page
    assert "data:image/" in page
    assert LINK.search(page)


def test_a_phone_cannot_write_into_a_themes_page(app: Flask, station: None, tmp_path: Path) -> None:
    page = ran(tmp_path, exported(app, "opennds").data, "generate_splash_sequence", '"><script>$(id)`id`</script>')
    assert "<script" not in page
    assert "uid=" not in page


def test_a_theme_lets_the_phone_on_line_and_shows_the_way_to_the_store(
    app: Flask, station: None, tmp_path: Path
) -> None:
    page = ran(tmp_path, exported(app, "opennds").data, "landing_page", "aGlkPTE=")
    assert "Bạn đã vào mạng" in page
    assert LINK.search(page)


def test_a_theme_logs_nobody(app: Flask, station: None) -> None:
    assert b'\nlogname=""\n' in exported(app, "opennds").data


def test_the_routers_own_words_are_left_to_it_and_ours_hold_none(app: Flask, services: Services, station: None) -> None:
    own = {"dialect": "mikrotik", "grant_base": "http://10.5.50.1", "settings": {}}
    make_hotspot(services, "PAY", terms="Miễn phí, không phải $(identity)", **own)
    services.clock.advance(seconds=10)  # type: ignore[attr-defined]
    with app.test_request_context("/"):
        page = files(export_of("PAY", "routeros"))["login.html"]
    assert 'action="$(link-login-only)"' in page
    assert 'name="username" value="T-$(mac)"' in page
    assert "&#36;(identity)" in page
    assert set(re.findall(r"\$\([a-z-]+\)", page)) == {"$(link-login-only)", "$(mac)", "$(link-orig)"}


def test_a_template_goes_on_line_by_the_firewalls_own_call(app: Flask, station: None) -> None:
    found = files(exported(app, "opnsense"))
    assert set(found) == {"index.html", "online.html"}
    assert 'action="/api/captiveportal/access/logon/0/" method="post"' in found["index.html"]


@pytest.mark.parametrize("kind", TITLES)
def test_no_page_asks_another_host(app: Flask, station: None, kind: str) -> None:
    export = exported(app, kind)
    pages = [export.data.decode()] if kind == "opennds" else list(files(export).values())
    for page in pages:
        assert not re.search(r'(?:src|action)="(?:https?:)?//', page)


def test_the_places_own_languages_come_first(app: Flask, services: Services, station: None) -> None:
    with app.test_request_context("/"):
        assert languages_of(stand_of("ST01")) == ("vi", "en")


def test_a_make_that_we_do_not_know_is_not_found(app: Flask, station: None) -> None:
    with app.test_request_context("/"), pytest.raises(NotFound):
        export_of("ST01", "typewriter")
