"""Tables in the console: first what would change, then the change; and the sheet of keys."""

import io
from html import unescape

import pytest

from core.services import Services
from places import queries as places
from places.actions import close_location
from signage import queries as signage
from tests.console.conftest import Operator, People
from tests.core.test_sheets import workbook
from tests.support.pages import faults

AREAS = 'code,name,parent\n93-VT,Vị Thanh,\n93-X,"Xã ""X""",93\n'
SCREENS = "location,name,width,height\nBENXE,Cửa A,1080,1920\nBENXE,Cửa B,1920,1080\n"


def preview(operator: Operator, kind: str, table: str | bytes) -> str:
    raw = table if isinstance(table, bytes) else table.encode()
    return operator.post("/places/import", {"kind": kind, "file": (io.BytesIO(raw), "t.csv")}).text


def table_in(page: str) -> str:
    return unescape(page.split('name="table" value="')[1].split('"')[0])


def test_it_works(admin: Operator, services: Services) -> None:
    """A preview that keeps nothing, then all of it."""
    page = preview(admin, "areas", AREAS)
    assert not faults(page)
    assert "Xã &#34;X&#34;" in page
    with services.db.read() as s:
        assert places.area(s, "93-X") is None
    said = admin.follow("/places/import/apply", {"kind": "areas", "table": table_in(page)})
    assert "1 new, 1 changed." in said.text
    with services.db.read() as s:
        made, moved = places.area(s, "93-X"), places.area(s, "93-VT")
    assert made is not None
    assert moved is not None
    assert (made.path, moved.path) == ("/93/93-X/", "/93-VT/")


def test_a_workbook_is_previewed_too(admin: Operator) -> None:
    assert "Xã Y" in preview(admin, "areas", workbook(["code", "name", "parent"], ["93-Y", "Xã Y", 93]))


@pytest.mark.parametrize("language", ["vi", "en"])
def test_mistakes_are_named_by_line_and_column(admin: Operator, language: str) -> None:
    admin.client.set_cookie("language", language)
    page = preview(admin, "areas", "code,name,population\n95,A,few\n")
    assert not faults(page)
    assert "population" in page
    assert {"vi": "phải là số nguyên", "en": "must be a whole number"}[language] in page


def test_new_screens_come_with_a_sheet_to_print(admin: Operator, services: Services) -> None:
    table = table_in(preview(admin, "screens", SCREENS))
    sheet = admin.post("/places/import/apply", {"kind": "screens", "table": table}).text
    assert not faults(sheet)
    assert sheet.count('class="key-qr"') == 2
    assert "/screen?key=" in sheet
    with services.db.read() as s:
        assert len(signage.fleet(s)) == 2


def test_one_screens_key_is_printed_anew(admin: Operator, services: Services) -> None:
    admin.post("/places/import/apply", {"kind": "screens", "table": SCREENS})
    with services.db.read() as s:
        ref = signage.fleet(s)[0].screen.id
    assert admin.post(f"/screens/{ref}/printed-key").text.count('class="key-qr"') == 1


def test_a_table_that_became_wrong_meanwhile_is_refused_whole(admin: Operator, services: Services) -> None:
    now = services.clock.now()
    services.db.write(lambda s: close_location(s, "BENXE", now=now))
    refused = admin.post("/places/import/apply", {"kind": "screens", "table": SCREENS})
    assert refused.status_code == 422
    with services.db.read() as s:
        assert not signage.fleet(s)


@pytest.mark.parametrize(
    "data", [{"kind": "areas"}, {"kind": "people", "table": AREAS}, {"kind": "areas", "table": "x"}]
)
def test_what_is_no_table_is_refused(admin: Operator, data: dict[str, str]) -> None:
    refused = admin.post("/places/import", data)
    assert (refused.status_code, faults(refused.text)) == (422, [])


def test_who_only_edits_imports_nothing(editor: Operator) -> None:
    assert editor.post("/places/import", {"kind": "areas", "table": AREAS}).status_code == 403
    assert editor.post("/places/import/apply", {"kind": "areas", "table": AREAS}).status_code == 403


def test_others_areas_are_out_of_reach(people: People, services: Services) -> None:
    far = people("admin", "/12/")
    assert far.post("/places/import/apply", {"kind": "screens", "table": SCREENS}).status_code == 422
    with services.db.read() as s:
        assert not signage.fleet(s)


def test_an_area_is_moved_in_its_form(admin: Operator, services: Services) -> None:
    form = {"name": "Vị Thanh", "kind": "ward", "parent": "12"}
    assert admin.post("/places/areas/93-VT/edit", form).status_code == 303
    with services.db.read() as s:
        moved, place = places.area(s, "93-VT"), places.location(s, "BENXE")
    assert moved is not None
    assert place is not None
    assert moved.path == place.area_path == "/12/93-VT/"


def test_an_area_is_not_moved_into_anothers(people: People, services: Services) -> None:
    own = people("admin", "/93/")
    form = {"name": "Vị Thanh", "kind": "ward", "parent": "12"}
    assert own.post("/places/areas/93-VT/edit", form).status_code == 404


def test_a_sheet_has_the_addresses_of_players_of_other_makes(admin: Operator, services: Services) -> None:
    table = "location,name,width,height,dialect\nBENXE,IAdea,1920,1080,smil\n"
    page = admin.post("/places/import/apply", {"kind": "screens", "table": table}).text
    assert "/index.smil" in page
    assert "/install/" not in page


def test_a_make_whose_key_stands_apart_is_given_both(admin: Operator) -> None:
    table = "location,name,width,height,dialect\nBENXE,Xibo,1920,1080,xibo\n"
    page = admin.post("/places/import/apply", {"kind": "screens", "table": table}).text
    assert "<code>http://localhost:8000</code>" in page
    assert page.count("<code>") == 2
