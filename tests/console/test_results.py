"""Results at the console: each figure is there, is right, and leads to the rows behind it."""

import csv
import io
import re
from datetime import date

import pytest

from core.services import Services
from measure.uniques import Place, see
from places.actions import update_area, update_location
from reports.actions import InstallFact, import_installs
from tests.console.conftest import Operator, People
from tests.reports import world

TODAY = "from=2026-11-22&to=2026-11-22"


@pytest.fixture
def busy(services: Services) -> None:
    """Hậu Giang's bus station, market and hospital after a morning."""
    world.build(services.db)
    world.play(services.db, "ben-xe", 400)
    world.play(services.db, "cho", 60)
    world.scan(services.db, "ben-xe", 30)
    world.scan(services.db, "ben-xe", 5, to_store=False)
    world.scan(services.db, "cho", 1, reason="crawler")
    for _ in range(4):
        world.visit(services.db, "benh-vien", "splash_view", "grant", "store_click")


@pytest.fixture
def admin(busy: None, people_of_busy: People) -> Operator:
    return people_of_busy("admin", name="Admin")


@pytest.fixture
def people_of_busy(app, services: Services, busy: None) -> People:  # type: ignore[no-untyped-def]
    return People(app, services)


def numbers(page: str, name: str) -> list[str]:
    """The cells of that name in the page's table."""
    return re.findall(rf'data-name="{re.escape(name)}">(?:<a [^>]*>)?([^<]*)', page)


def test_it_works(admin: Operator) -> None:
    page = admin.get(f"/results?{TODAY}").text
    assert "Plays: 460" in page
    assert "Scans on screens: 35" in page
    assert "Wifi greetings: 4" in page
    assert "Complete up to" in page
    assert page.count("<svg xmlns") >= 4


def test_a_small_sample_is_grey(admin: Operator) -> None:
    grey = [row for row in admin.get(f"/results/by/location?{TODAY}").text.split("<tr>") if "faint" in row]
    assert any("Bệnh viện" in row for row in grey)


@pytest.mark.parametrize("of", ["scans", "plays", "splash_views", "stores", "nonsense"])
def test_the_pictures_show_what_is_chosen(admin: Operator, of: str) -> None:
    assert admin.get(f"/results?{TODAY}&of={of}").status_code == 200


@pytest.mark.parametrize(
    "cut", ["location", "area", "venue_kind", "campaign", "creative", "language", "channel", "measure", "hour"]
)
def test_every_cut_is_a_page(admin: Operator, cut: str) -> None:
    page = admin.get(f"/results/by/{cut}?{TODAY}").text
    assert sum(int(each.replace(",", "")) for each in numbers(page, "Plays")) == 460
    assert sum(int(each) for each in numbers(page, "Scans")) == 35


def test_an_unknown_cut_is_not_there(admin: Operator) -> None:
    assert admin.get("/results/by/shoe-size").status_code == 404


def test_the_best_location_comes_first(admin: Operator) -> None:
    page = admin.get(f"/results/by/location?{TODAY}&order=per_1000_plays").text
    assert page.index("Bến xe Vị Thanh</a>") < page.index("Chợ Vị Thanh</a>")
    assert "87.5" in page


def test_scans_by_residents(admin: Operator, services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: update_area(s, "31321", {"population": 7_000}, now=now))
    page = admin.get(f"/results/by/area?{TODAY}&order=per_1000_residents").text
    assert "5" in numbers(page, "Scans per 1,000 residents")


def test_a_figure_leads_to_its_rows(admin: Operator) -> None:
    page = admin.get(f"/results/by/venue_kind?{TODAY}").text
    hrefs = re.findall(r'href="/console(/results/rows[^"]*metric=scans[^"]*)"', page)
    rows = admin.get(hrefs[0].replace("&amp;", "&")).text
    assert sum(int(each) for each in numbers(rows, "Number")) == 35
    assert "Together: 35." in rows


@pytest.mark.parametrize("cut", ["location", "area", "venue_kind", "creative", "language", "channel", "hour"])
def test_every_figure_of_a_cut_leads_to_its_rows(admin: Operator, cut: str) -> None:
    page = admin.get(f"/results/by/{cut}?{TODAY}").text
    links = re.findall(r'data-name="(?:Plays|Scans|Wifi greetings)"><a href="/console([^"]*)">([^<]*)', page)
    assert len(links) >= 3
    for href, n in links:
        rows = admin.get(href.replace("&amp;", "&")).text
        assert sum(int(each) for each in numbers(rows, "Number")) == int(n.replace(",", "")), href


def test_a_cell_of_the_week_leads_to_its_hours(admin: Operator) -> None:
    page = admin.get(f"/results?{TODAY}&of=scans").text
    found = set(re.findall(r'href="/console(/results/rows[^"]*weekday=6[^"]*)"', page))
    assert found
    counted = sum(int(each) for href in found for each in numbers(admin.get(href.replace("&amp;", "&")).text, "Number"))
    assert counted == 35


@pytest.mark.parametrize("asked", ["hour=24", "hour=-1", "hour=x", "hour=", "hour=9&weekday=7", "hour=9&zone=../etc"])
def test_an_hour_that_is_none_is_passed_over(admin: Operator, asked: str) -> None:
    assert admin.get(f"/results/rows?{TODAY}&metric=scans&{asked}").status_code == 200


def test_the_rows_say_in_words_what_they_are_narrowed_to(admin: Operator) -> None:
    asked = f"{TODAY}&metric=scans,plays&hour=23&weekday=6&zone=Asia/Ho_Chi_Minh&language=en&channel=-&measure=5"
    page = admin.get(f"/results/rows?{asked}").text
    (told,) = re.findall(r"Only these: (.*?)\. <a", page)
    phrases = re.findall(r"<strong>(.*?)</strong>", told)
    hour = "Sunday, from 23:00 to 00:00, by the clocks of Asia/Ho_Chi_Minh"
    assert phrases == ["Scans, Plays", "English", "none named", "5. Public wifi, stations, airports, ports", hour]
    assert "Only these" not in admin.get(f"/results/rows?{TODAY}").text
    narrow = admin.get(f"/results/rows?{TODAY}&location=ben-xe&area_path=/93/31321/").text
    assert re.findall(r"<strong>(ben-xe|Phường I)</strong>", narrow) == ["ben-xe", "Phường I"]


@pytest.mark.parametrize("asked", ["language=%3Cb%3E", "hour=99", "zone=Mars", "metric=x", "measure=99", "weekday=2"])
def test_what_narrows_nothing_is_not_told_as_if(admin: Operator, asked: str) -> None:
    page = admin.get(f"/results/rows?{TODAY}&{asked}")
    assert page.status_code == 200
    assert ("Only these" in page.text) == asked.startswith("language")
    assert "<b>" not in page.text


def test_the_landing_page_is_a_step_of_its_own(admin: Operator, services: Services) -> None:
    world.land(services.db, "ben-xe", seen=3, chosen=1)
    page = admin.get(f"/results?{TODAY}").text
    assert "Landing pages seen: 3" in page
    row = admin.get(f"/results/by/location?{TODAY}").text
    (href,) = re.findall(r'<a href="/console([^"]*metric=landings[^"]*)">3 landed', row)
    assert "Together: 3." in admin.get(href.replace("&amp;", "&")).text


def test_installs_stand_at_the_end_of_the_funnel(admin: Operator, services: Services) -> None:
    """A province's number holds those of its wards, so it alone is counted."""
    assert "No number of installs" in admin.get(f"/results?{TODAY}").text
    told = [InstallFact(1, "93", "2026-11-20", "55289"), InstallFact(2, "31321", "2026-11-21", "5210")]
    day, now = date(2026, 11, 22), services.clock.now()
    services.db.write(lambda s: import_installs(s, told, source="Sở TTTT", by="x", today=day, now=now))
    page = admin.get(f"/results?{TODAY}").text
    assert "55,289" in page
    assert "60,499" not in page
    assert "5,210" in admin.get(f"/results?{TODAY}&area=31321").text
    assert "5,210 installs told" in admin.get(f"/results/by/area?{TODAY}").text


def test_every_link_of_the_dashboard_leads_somewhere(admin: Operator) -> None:
    page = admin.get(f"/results?{TODAY}").text
    hrefs = {href.replace("&amp;", "&") for href in re.findall(r'href="/console(/results[^"]*)"', page)}
    assert len(hrefs) > 15
    assert {href: admin.get(href).status_code for href in hrefs} == dict.fromkeys(hrefs, 200)


@pytest.mark.parametrize("name", ["results", "results/by/hour", "results/voice", "results/people", "results/rows"])
def test_every_page_says_up_to_when_it_is_complete(admin: Operator, name: str) -> None:
    assert "Complete up to" in admin.get(f"/{name}?{TODAY}").text


def test_the_rows_as_a_file(admin: Operator) -> None:
    rows = list(csv.DictReader(io.StringIO(admin.get(f"/results/rows.csv?{TODAY}&metric=plays").text.lstrip("\ufeff"))))
    assert sum(int(row["count"]) for row in rows) == 460
    assert {row["metric"] for row in rows} == {"plays"}


def test_every_play_as_a_file(admin: Operator) -> None:
    rows = list(csv.DictReader(io.StringIO(admin.get(f"/results/plays.csv?{TODAY}").text.lstrip("\ufeff"))))
    assert len(rows) == 460


def test_rows_come_a_page_at_a_time(admin: Operator, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.result_rows.PER_PAGE", 3)
    seen, href = 0, f"/results/rows?{TODAY}&metric=plays,scans,grants,splash_views"
    while href:
        page = admin.get(href).text
        seen += sum(int(each) for each in numbers(page, "Number"))
        found = re.search(r'href="/console([^"]*)" rel="next"', page)
        href = found[1].replace("&amp;", "&") if found else ""
    assert seen == 460 + 35 + 4 + 4


def test_the_course_is_told_as_columns(admin: Operator) -> None:
    told = admin.get(f"/results/series?{TODAY}").get_json()
    assert (sum(told["plays"]), sum(told["scans"]), sum(told["stores"])) == (460, 35, 34)
    assert len(told["t"]) == len(told["plays"]) == 2


def test_the_map_needs_coordinates(admin: Operator, services: Services) -> None:
    assert "No location has coordinates yet" in admin.get(f"/results?{TODAY}").text
    now = services.clock.now()
    services.db.write(lambda s: update_location(s, "ben-xe", {"latitude": 9.78, "longitude": 105.47}, now=now))
    assert 'aria-label="Map of locations"' in admin.get(f"/results?{TODAY}").text


def test_people_are_estimates_with_their_error(admin: Operator, services: Services) -> None:
    place = Place(date(2026, 11, 22), "cho", "/93/31321/")
    services.db.write(lambda s: [see(s, place, "splash:device", f"p{n}") for n in range(3)])
    page = admin.get(f"/results/people?{TODAY}").text
    assert "3 ± 1" in page
    assert "Sum of the days" in page


def test_share_of_voice_without_a_screen(admin: Operator) -> None:
    page = admin.get(f"/results/voice?{TODAY}").text
    assert numbers(page, "Plays") == ["460"]


@pytest.mark.parametrize(
    "path", ["", "/by/location", "/by/area", "/rows", "/rows.csv", "/plays.csv", "/series", "/people", "/voice"]
)
def test_another_province_sees_nothing(people_of_busy: People, path: str) -> None:
    far = people_of_busy("viewer", "/12/", "Stranger")
    answer = far.get(f"/results{path}?{TODAY}&area=93&location=ben-xe")
    assert answer.status_code == 200
    assert "ben-xe" not in answer.text.replace("location=ben-xe", "").replace('value="ben-xe"', "")
    assert "Bến xe" not in answer.text
