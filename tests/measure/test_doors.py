"""What a phone, a desk and a machine get from a tracked link, and what of it is counted."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from core.db import Database
from measure.links import retire
from measure.models import Link, Scan
from tests.measure.counts import rows, totals
from tests.measure.world import ANDROID, APP_STORE, DESKTOP, IPHONE, make_link, want
from tests.support.clock import MORNING, FrozenClock

# What a statement does on both engines is tested beside the statements.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

VI = {"User-Agent": DESKTOP, "Accept-Language": "vi-VN,vi;q=0.9"}


def get(client: FlaskClient, path: str, agent: str = ANDROID, **headers: str):  # type: ignore[no-untyped-def]
    return client.get(path, headers={"User-Agent": agent, "Accept-Language": "vi-VN"} | headers)


def landing(client: FlaskClient, code: str) -> str:
    """The landing page as a desktop browser gets it."""
    return str(get(client, f"/q/{code}", DESKTOP).text)


def path_in(page: str, pattern: str) -> str:
    found = re.search(pattern, page)
    assert found, page
    return found[1].replace("&amp;", "&")


def test_it_works(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    answer = get(client, f"/Q/{code}")
    assert answer.status_code == 302
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.location.startswith("https://play.google.com/store/apps/details?id=com.mic.bluezone&referrer=")
    assert totals(db) == {"scans": 1, "scan_stores": 1}
    (scan,) = rows(db, Scan)
    assert (scan.code, scan.verdict, scan.family, scan.language) == (code, "person", "android", "vi")


def test_play_is_told_where_the_person_came_from(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    referrer = parse_qs(urlsplit(get(client, f"/q/{code}").location).query)["referrer"][0]
    assert parse_qs(referrer) == {"utm_source": ["screen"], "utm_campaign": ["cmp_1"], "utm_content": [code]}


def test_an_iphone_gets_the_app_store_with_a_campaign_token(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    location = get(client, f"/q/{code}", IPHONE).location
    assert location.startswith(APP_STORE)
    assert parse_qs(urlsplit(location).query)["ct"] == [f"screen-{code}"]


def test_a_desk_gets_the_landing_page(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    answer = get(client, f"/q/{code}", DESKTOP)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Bluezone" in answer.text
    assert f"/q/{code}/android?o=" in answer.text
    assert f"/q/{code}/ios?o=" in answer.text
    assert totals(db) == {"scans": 1}


def test_the_landing_page_speaks_the_reader_s_language(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    assert "Cài trên điện thoại này" in landing(client, code)
    english = client.get(f"/q/{code}", headers={"User-Agent": DESKTOP, "Accept-Language": "en-GB"}).text
    assert '<html lang="en">' in english
    assert "Install it on this phone" in english


def test_the_steps_of_the_landing_page_count_once_each(client: FlaskClient, db: Database) -> None:
    page = landing(client, make_link(db))
    seen, ios = path_in(page, r'src="(/q/[^"]+seen.gif[^"]+)"'), path_in(page, r'href="(/q/[^"]+/ios[^"]+)"')
    for _ in range(2):
        assert get(client, seen, DESKTOP).mimetype == "image/gif"
        assert get(client, ios, DESKTOP).location.startswith(APP_STORE)
    assert totals(db) == {"scans": 1, "landings": 1, "landing_stores": 1}


@pytest.mark.parametrize("token", ["", "forged", "AAAA"])
def test_a_forged_step_leads_on_and_counts_nothing(client: FlaskClient, db: Database, token: str) -> None:
    code = make_link(db)
    assert get(client, f"/q/{code}/ios?o={token}", DESKTOP).location.startswith(APP_STORE)
    assert rows(db, Scan) == []


def test_a_step_of_another_code_counts_nothing(client: FlaskClient, db: Database) -> None:
    code, other = make_link(db), make_link(db, location_id="cho")
    step = path_in(landing(client, code), r'href="(/q/[^"]+/ios[^"]+)"').replace(code, other)
    get(client, step, DESKTOP)
    assert totals(db) == {"scans": 1}


def test_a_step_a_day_later_leads_on_and_counts_nothing(client: FlaskClient, db: Database, clock: FrozenClock) -> None:
    step = path_in(landing(client, make_link(db)), r'href="(/q/[^"]+/ios[^"]+)"')
    clock.advance(hours=25)
    assert get(client, step, DESKTOP).status_code == 302
    assert totals(db) == {"scans": 1}


def test_what_is_passed_on_has_a_code_of_its_own(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    shared = path_in(landing(client, code), r'value="https://go.example.vn(/q/[^"]+)"')
    assert shared != f"/q/{code}"
    assert get(client, shared).status_code == 302
    assert totals(db) == {"scans": 1, "shared_scans": 1, "shared_stores": 1}


def test_what_is_passed_on_again_keeps_its_code(client: FlaskClient, db: Database) -> None:
    shared = path_in(landing(client, make_link(db)), r'value="https://go.example.vn/q/([^"]+)"')
    assert path_in(landing(client, shared), r'value="https://go.example.vn/q/([^"]+)"') == shared
    assert len(rows(db, Link)) == 2


@pytest.mark.parametrize(
    "how", [str.lower, lambda code: f"{code[:4]}-{code[4:]}", lambda code: f"{code[:4]} {code[4:]}"]
)
def test_a_code_is_read_as_people_write_it(client: FlaskClient, db: Database, how) -> None:  # type: ignore[no-untyped-def]
    assert get(client, f"/q/{how(make_link(db))}").status_code == 302


def test_head_answers_like_get_and_is_a_machine(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    answer = client.head(f"/q/{code}", headers={"User-Agent": ANDROID})
    assert (answer.status_code, answer.location) == (302, get(client, f"/q/{code}").location)
    assert totals(db) == {"scans": 1, "scan_stores": 1, "machines": 1}


@pytest.mark.parametrize(
    ("header", "value"), [("Sec-Purpose", "prefetch;prerender"), ("Purpose", "preview"), ("X-Moz", "prefetch")]
)
def test_looking_ahead_is_a_machine(client: FlaskClient, db: Database, header: str, value: str) -> None:
    get(client, f"/q/{make_link(db)}", **{header: value})
    assert totals(db) == {"machines": 1}
    assert rows(db, Scan)[0].reason == "lookahead"


def test_a_machine_on_the_landing_page_goes_no_further(client: FlaskClient, db: Database) -> None:
    page = get(client, f"/q/{make_link(db)}", "facebookexternalhit/1.1").text
    get(client, path_in(page, r'src="(/q/[^"]+seen.gif[^"]+)"'), "facebookexternalhit/1.1")
    get(client, path_in(page, r'href="(/q/[^"]+/ios[^"]+)"'), DESKTOP)
    assert totals(db) == {"machines": 1}


def test_no_agent_is_a_machine(client: FlaskClient, db: Database) -> None:
    assert get(client, f"/q/{make_link(db)}", "").status_code == 200
    assert totals(db) == {"machines": 1}


def test_nothing_about_the_phone_is_kept(client: FlaskClient, db: Database) -> None:
    get(client, f"/q/{make_link(db)}")
    (scan,) = rows(db, Scan)
    kept = " ".join(str(getattr(scan, column.name)) for column in Scan.__table__.columns)
    assert "Mozilla" not in kept
    assert "127.0.0.1" not in kept


def test_an_unknown_code_helps_a_person_on(client: FlaskClient, db: Database) -> None:
    answer = get(client, "/q/ZZZZZZZZ")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"
    assert '<form class="code" action="/q"' in answer.text
    assert rows(db, Scan) == []


@pytest.mark.parametrize("code", ["short", "TOOLONGCODE", "UUUUUUUU", "%3Cscript%3E"])
def test_what_cannot_be_a_code_gets_the_same_page(client: FlaskClient, code: str) -> None:
    answer = get(client, f"/q/{code}")
    assert answer.status_code == 404
    assert "<script>" not in answer.text


def test_trying_codes_by_the_hundred_is_slowed_down(client: FlaskClient, db: Database) -> None:
    statuses = [get(client, "/q/ZZZZZZZZ").status_code for _ in range(80)]
    assert statuses[:60] == [404] * 60
    assert statuses[-1] == 429


def test_a_retired_code_still_leads_to_the_campaign(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    db.write(lambda s: retire(s, [code], MORNING))
    assert get(client, f"/q/{code}").status_code == 302


def test_a_store_that_the_campaign_lacks_is_not_offered(client: FlaskClient, db: Database) -> None:
    destination = type(want().destination)(ios_url=APP_STORE)
    code = make_link(db, destination=destination)
    page = get(client, f"/q/{code}")
    assert page.status_code == 200
    assert "Google Play" not in page.text
    assert get(client, f"/q/{code}/android").location == f"/q/{code}"


def test_a_destination_that_is_no_web_address_leads_nowhere(client: FlaskClient, db: Database) -> None:
    code = make_link(db, destination=type(want().destination)("javascript:alert(1)", "", ""))
    assert get(client, f"/q/{code}").status_code == 200


def test_links_are_never_made_of_the_host_header(client: FlaskClient, db: Database) -> None:
    assert "evil.example" not in get(client, f"/q/{make_link(db)}", DESKTOP, Host="evil.example").text


def test_a_code_can_be_typed(client: FlaskClient, db: Database) -> None:
    code = make_link(db)
    assert get(client, "/q").status_code == 200
    assert get(client, f"/q?code={code[:4].lower()}%20{code[4:]}").location == f"/q/{code}"
