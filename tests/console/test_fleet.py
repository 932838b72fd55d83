"""Screens are claimed, looked after and asked; hotspots are set up; links and numbers are shown."""

from datetime import timedelta

import pytest

from core.security import digest
from core.services import Services
from media import actions as media
from media import jobs
from people.roles import SYSTEM
from places import queries as places
from playlists import actions as playlists
from portal import queries as portal
from signage import actions as signage
from signage import queries
from signage.models import ScreenSeen, Screenshot, ScreenStatus
from tests.console.conftest import Operator, People
from tests.support.pages import faults

SPLASH = {"code": "VT-WIFI", "location": "BENXE", "dialect": "opennds", "grant_base": "http://10.77.0.1:2050"}


@pytest.fixture
def code(services: Services) -> str:
    """What a screen shows that nobody has claimed."""
    now = services.clock.now()
    made = services.db.write(lambda s: signage.authorize(s, client={}, width=1080, height=1920, now=now))
    return made.user_code


@pytest.fixture
def screen(admin: Operator, code: str, services: Services) -> str:
    """The id of a claimed screen."""
    admin.post("/screens/claim", {"user_code": code, "location": "BENXE", "name": "Hall"})
    with services.db.read() as s:
        return queries.fleet(s)[0].screen.id


def test_a_screen_is_claimed_by_the_code_that_it_shows(admin: Operator, code: str, services: Services) -> None:
    sloppy = f" {code[:4].lower()} {code[4:]} "
    response = admin.follow("/screens/claim", {"user_code": sloppy, "location": "BENXE", "name": "Hall"})
    assert "Hall is claimed" in response.text
    with services.db.read() as s:
        row = queries.fleet(s)[0]
    assert (row.location.code, row.screen.width, row.screen.height) == ("BENXE", 1080, 1920)


def test_the_qr_code_on_the_screen_fills_the_code_in(admin: Operator, code: str) -> None:
    response = admin.client.get(f"/CLAIM/{code}", follow_redirects=True)
    assert response.status_code == 200
    assert f'value="{code[:4]}-{code[4:]}"' in response.text


def test_an_unknown_code_is_refused_beside_its_field(admin: Operator, services: Services) -> None:
    response = admin.post("/screens/claim", {"user_code": "BBBB-BBBB", "location": "BENXE", "name": "Hall"})
    assert response.status_code == 422
    assert 'id="user_code-error"' in response.text
    with services.db.read() as s:
        assert not queries.fleet(s)


def test_a_screen_is_claimed_in_test_mode(admin: Operator, code: str) -> None:
    form = {"user_code": code, "location": "BENXE", "name": "Hall", "testing": "1"}
    assert ">Test<" in admin.follow("/screens/claim", form).text


def test_nobody_claims_for_a_place_of_others(people: People, code: str, services: Services) -> None:
    far = people("admin", "/12/")
    response = far.post("/screens/claim", {"user_code": code, "location": "BENXE", "name": "Hall"})
    assert response.status_code == 422
    with services.db.read() as s:
        assert not queries.fleet(s)


def test_guessing_codes_is_limited(admin: Operator) -> None:
    guess = {"user_code": "BBBB-BBBB", "location": "BENXE", "name": "Hall"}
    answers = [admin.post("/screens/claim", guess).status_code for _ in range(22)]
    assert answers[-1] == 429


@pytest.mark.parametrize(("minutes", "state"), [(1, "Live"), (6, "Late"), (61, "Lost"), (None, "Not heard from yet")])
def test_silence_tells_how_a_screen_is(
    admin: Operator, screen: str, services: Services, minutes: int | None, state: str
) -> None:
    if minutes is not None:
        heard = services.clock.now() - timedelta(minutes=minutes)
        services.db.write(lambda s: s.add(ScreenSeen(screen_id=screen, at=heard)))
    for page in ("/screens", f"/screens/{screen}", "/places/locations/BENXE"):
        assert f">{state}<" in admin.get(page).text


def test_the_page_shows_what_the_screen_said(admin: Operator, screen: str, services: Services) -> None:
    now = services.clock.now()
    report = {
        "display": "off",
        "errors": [],
        "player": {"name": "web", "version": "1"},
        "media": {"have": 2, "want": 3},
    }
    services.db.write(lambda s: s.add(ScreenStatus(screen_id=screen, at=now, **_columns(report))))
    page = admin.get(f"/screens/{screen}").text
    assert "2 / 3" in page


def _columns(report: dict[str, object]) -> dict[str, object]:
    known = {column.name for column in ScreenStatus.__table__.columns}
    return {name: value for name, value in report.items() if name in known}


def test_a_screen_shows_its_programmes_picture(admin: Operator, screen: str, services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: media.ensure_builtin(s, now))
    jobs.render(services, {"creative_id": "builtin"})
    services.clock.advance(seconds=5)  # type: ignore[attr-defined]
    page = admin.get(f"/screens/{screen}/now").text
    assert "/media/" in page
    assert 'hx-trigger="every 15s"' in page


def test_a_screen_is_asked_moved_rotated_and_closed(admin: Operator, screen: str, services: Services) -> None:
    path = f"/screens/{screen}"
    assert admin.post(f"{path}/ask", {"type": "identify"}).status_code == 303
    assert "Show its name" in admin.get(path).text
    assert admin.post(f"{path}/move", {"location": "CHO-LC"}).status_code == 303
    assert 'id="key"' in admin.post(f"{path}/rotate").text
    assert admin.post(f"{path}/revoke").status_code == 303
    assert admin.post(f"{path}/close").status_code == 303
    assert admin.get(path).status_code == 404


def test_a_player_that_shows_no_code_is_given_a_key(admin: Operator, services: Services) -> None:
    form = {"location": "BENXE", "name": "LED", "width": "192", "height": "96"}
    page = admin.post("/screens/new", form).text
    secret = page.split('id="key"')[1].split(">")[1].split("<")[0]
    with services.db.read() as s:
        row = queries.fleet(s)[0].screen
        assert queries.valid_key(s, digest(secret), services.clock.now()) is not None
    assert (row.width, row.height) == (192, 96)
    assert admin.post("/screens/new", {**form, "location": "NONE"}).status_code == 422


def test_a_player_of_another_make_gets_an_address_and_is_warned_of(admin: Operator, services: Services) -> None:
    form = {"location": "BENXE", "name": "IAdea", "width": "1920", "height": "1080", "dialect": "smil"}
    page = admin.post("/screens/new", form).text
    assert "http://localhost:8000/play/" in page
    assert "/index.smil" in page
    assert "cannot lay a QR code on a film" in page
    with services.db.read() as s:
        ref = queries.fleet(s)[0].screen.id
    assert "SMIL (IAdea" in admin.get("/screens").text
    assert "cannot lay a QR code on a film" in admin.get(f"/screens/{ref}").text


def test_a_player_that_wants_address_and_key_apart_gets_both(admin: Operator) -> None:
    form = {"location": "BENXE", "name": "Xibo", "width": "1920", "height": "1080", "dialect": "xibo"}
    page = admin.post("/screens/new", form).text
    assert ">http://localhost:8000</code>" in page
    assert len(page.split('id="key"')[1].split(">")[1].split("<")[0]) > 40
    assert "cannot lay a QR code on a film" not in page


def test_a_broken_box_is_replaced_and_the_screen_stays(admin: Operator, screen: str, services: Services) -> None:
    now = services.clock.now()
    old = services.db.write(lambda s: signage.give_key(s, screen, by=SYSTEM, now=now))
    fresh = services.db.write(lambda s: signage.authorize(s, client={}, width=1080, height=1920, now=now))
    assert admin.post(f"/screens/{screen}/replace", {"user_code": "BBBB-BBBB"}).status_code == 422
    assert admin.post(f"/screens/{screen}/replace", {"user_code": fresh.user_code}).status_code == 303
    services.clock.advance(seconds=6)  # type: ignore[attr-defined]
    now = services.clock.now()
    assert services.db.write(lambda s: signage.exchange(s, fresh.device_code, now)).screen_id == screen
    with services.db.read() as s:
        assert queries.valid_key(s, digest(old), now) is None
        assert len(queries.fleet(s)) == 1


def test_a_screen_under_test_tells_what_it_tried(admin: Operator, screen: str) -> None:
    form = {"name": "Hall", "width": "1080", "height": "1920", "testing": "1"}
    assert admin.post(f"/screens/{screen}/edit", form).status_code == 303
    assert "0 plays, 0 scans so far." in admin.get(f"/screens/{screen}").text


def test_planned_and_played_stand_side_by_side(admin: Operator, people: People, screen: str) -> None:
    page = admin.get(f"/screens/{screen}/day").text
    assert not faults(page)
    assert page.count('<th scope="row">') == 24
    assert people("admin", "/12/").get(f"/screens/{screen}/day").status_code == 404


def test_the_photograph_that_it_took_is_shown(admin: Operator, screen: str, services: Services) -> None:
    now = services.clock.now()
    assert admin.get(f"/screens/{screen}/screenshot.jpg").status_code == 404
    asked = services.db.write(lambda s: signage.ask(s, screen, "screenshot", by=SYSTEM, now=now))
    jpeg = b"\xff\xd8\xff a picture \xff\xd9"
    services.db.write(lambda s: signage.keep_screenshot(s, screen, asked.id, jpeg, now))
    assert "screenshot.jpg" in admin.get(f"/screens/{screen}").text
    assert admin.get(f"/screens/{screen}/screenshot.jpg").data == jpeg


@pytest.mark.parametrize(
    ("verdict", "shown", "words"),
    [
        ("same", "builtin", "As planned"),
        ("other", "builtin", "Another picture than planned"),
        ("differs", None, "Not what should be there"),
        ("unclear", None, "Cannot be told"),
        (None, None, "Is being compared"),
    ],
)
def test_its_photograph_stands_beside_what_should_be_there(
    admin: Operator, screen: str, services: Services, verdict: str | None, shown: str | None, words: str
) -> None:
    due = {"creative": "crv_planned", "language": "vi", "media_url": "/media/aa.png", "mime": "image/png"}
    picture = due | {"creative": shown} if shown else None
    evidence = {"shown": picture, "apart": 99.0, "turn": 90, "due": [due]} if verdict else None
    taken = {"command_id": "cmd_1", "at": services.clock.now(), "sha256": "0" * 64, "jpeg": b"x"}
    row = Screenshot(screen_id=screen, **taken, verdict=verdict, evidence=evidence)
    services.db.write(lambda s: s.add(row))
    page = admin.get(f"/screens/{screen}").text
    assert not faults(page)
    assert words in page
    assert ("crv_planned" in page) == (verdict in ("other", "differs", "unclear"))


def test_a_command_that_no_screen_knows_is_refused(admin: Operator, screen: str) -> None:
    assert admin.post(f"/screens/{screen}/ask", {"type": "explode"}).status_code == 422


def test_a_screens_size_is_checked(admin: Operator, screen: str) -> None:
    response = admin.post(f"/screens/{screen}/edit", {"name": "Hall", "width": "3", "height": "1920"})
    assert response.status_code == 422
    assert 'id="width-error"' in response.text


def test_an_editor_may_ask_and_not_move(editor: Operator, screen: str) -> None:
    assert editor.post(f"/screens/{screen}/ask", {"type": "refresh"}).status_code == 303
    assert editor.post(f"/screens/{screen}/move", {"location": "BENXE"}).status_code == 403


def test_screens_of_others_are_out_of_sight(people: People, screen: str) -> None:
    far = people("admin", "/12/")
    assert "Hall" not in far.get("/screens").text
    for action in ("", "/now"):
        assert far.get(f"/screens/{screen}{action}").status_code == 404
    assert far.post(f"/screens/{screen}/close").status_code == 404


# -- wifi


def test_a_hotspot_is_made_and_its_splash_shown(admin: Operator, services: Services) -> None:
    made = admin.post("/wifi/new", {**SPLASH, "set-level": "1", "set-faskey": "abcdefgh", "session_minutes": "60"})
    assert made.location == "/console/wifi/VT-WIFI"
    page = admin.get("/wifi/VT-WIFI").text
    assert "http://localhost:8000/wifi/VT-WIFI" in page
    assert "abcdefgh" not in page
    splash = admin.get("/wifi/VT-WIFI/splash?lang=vi")
    assert "frame-ancestors 'self'" in splash.headers["Content-Security-Policy"]
    assert 'lang="vi"' in splash.text
    services.clock.advance(seconds=30)  # type: ignore[attr-defined]
    with services.db.read() as s:
        assert portal.day(s, "VT-WIFI", services.clock.now().date()) is None


def test_a_secret_that_is_not_typed_again_stays(admin: Operator, services: Services) -> None:
    admin.post("/wifi/new", {**SPLASH, "set-level": "1", "set-faskey": "abcdefgh"})
    edited = {**SPLASH, "set-level": "1", "set-faskey": "", "name": "Wifi bến xe"}
    assert admin.post("/wifi/VT-WIFI/edit", edited).status_code == 303
    with services.db.read() as s:
        kept = portal.hotspot(s, "VT-WIFI")
    assert kept is not None
    assert kept.secrets is not None
    assert kept.name == "Wifi bến xe"


@pytest.mark.parametrize(
    ("field", "value"),
    [("grant_base", "http://10.77.0.1:2050/path"), ("code", "no good"), ("set-level", "9"), ("location", "")],
)
def test_a_wrong_setting_is_named_and_nothing_is_stored(
    admin: Operator, services: Services, field: str, value: str
) -> None:
    response = admin.post("/wifi/new", {**SPLASH, "set-level": "1", field: value})
    assert response.status_code == 422
    assert f'id="{field}-error"' in response.text
    with services.db.read() as s:
        assert not portal.hotspots(s)


def test_a_hotspot_of_others_is_out_of_sight(people: People, admin: Operator) -> None:
    admin.post("/wifi/new", {**SPLASH, "set-level": "1"})
    far = people("admin", "/12/")
    for action in ("", "/splash", "/edit"):
        assert far.get(f"/wifi/VT-WIFI{action}").status_code == 404
    assert far.post("/wifi/VT-WIFI/close").status_code == 404


def test_a_closed_hotspot_is_gone(admin: Operator) -> None:
    admin.post("/wifi/new", {**SPLASH, "set-level": "1"})
    assert admin.post("/wifi/VT-WIFI/close").status_code == 303
    assert admin.get("/wifi/VT-WIFI").status_code == 404


# -- results and links


@pytest.fixture
def campaign(admin: Operator, services: Services) -> str:
    now = services.clock.now()
    made = services.db.write(
        lambda s: playlists.create_campaign(
            s,
            name="Bluezone",
            starts_at=now,
            ends_at=now + timedelta(days=9),
            destination={"other_url": "https://example.vn/"},
            owner_area="93",
            by=SYSTEM,
            now=now,
        )
    )
    return made.id


def test_a_link_for_another_channel_is_made_and_drawn(admin: Operator, campaign: str) -> None:
    made = admin.follow("/links/new", {"campaign": campaign, "channel": "loudspeaker", "location": "BENXE"})
    code = made.text.split("/q/")[1][:8]
    drawn = admin.get(f"/links/{code}.svg")
    assert drawn.mimetype == "image/svg+xml"
    assert admin.client.get(f"/q/{code}").status_code in (200, 302)


def test_a_link_needs_a_campaign_and_a_known_channel(admin: Operator, campaign: str) -> None:
    assert admin.post("/links/new", {"campaign": "", "channel": "sms"}).status_code == 422
    assert admin.post("/links/new", {"campaign": campaign, "channel": "pigeon"}).status_code == 422


def test_a_link_of_others_is_out_of_sight(people: People, admin: Operator, campaign: str) -> None:
    made = admin.follow("/links/new", {"campaign": campaign, "channel": "sms", "location": "BENXE"})
    code = made.text.split("/q/")[1][:8]
    far = people("admin", "/12/")
    assert code not in far.get("/links").text
    assert far.get(f"/links/{code}.svg").status_code == 404


def test_results_show_every_location_of_the_area(viewer: Operator) -> None:
    page = viewer.get("/results?from=2026-11-01&to=2026-11-22").text
    assert "Bến xe Vị Thanh" in page
    assert "Lai Châu" not in page


@pytest.mark.parametrize("query", ["from=nonsense", "from=2026-11-30&to=2026-11-01", "from=1000-01-01&to=2026-11-22"])
def test_a_span_that_cannot_be_falls_back_to_the_last_days(viewer: Operator, query: str) -> None:
    assert viewer.get(f"/results?{query}").status_code == 200


def test_a_location_shows_its_days_and_what_hangs_there(admin: Operator, screen: str) -> None:
    page = admin.get("/places/locations/BENXE").text
    assert "Hall" in page
    assert page.count('scope="row"') >= 14


def test_a_location_of_others_is_out_of_sight(viewer: Operator, services: Services) -> None:
    with services.db.read() as s:
        assert places.location(s, "CHO-LC") is not None
    assert viewer.get("/places/locations/CHO-LC").status_code == 404


def test_only_who_runs_everything_sees_the_settings(people: People, admin: Operator) -> None:
    assert "BANGTIN_PUBLIC_URL" in admin.get("/system").text
    assert people("admin", "/93/").get("/system").status_code == 404


def test_the_settings_page_tells_no_secret(admin: Operator, services: Services) -> None:
    page = admin.get("/system").text
    assert services.settings.secret_key not in page
    assert services.settings.database_url not in page


def test_the_overview_leads_from_an_empty_server_to_a_screen(admin: Operator, screen: str) -> None:
    page = admin.get("/").text
    assert "First steps" in page
    assert page.count('class="is-done"') == 2
