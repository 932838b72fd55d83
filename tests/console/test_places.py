"""The areas and locations of the console, and who may touch which."""

from core.services import Services
from people import queries as people_queries
from places import queries
from tests.console.conftest import Operator, People

LOCATION = {"name": "Chợ Vị Thanh", "code": "CHO-VT", "area": "93-VT", "venue_kind": "market"}


def test_it_works(admin: Operator) -> None:
    page = admin.get("/places").text
    assert "Vị Thanh" in page
    assert "Chợ Lai Châu" in page


def test_one_sees_ones_own_area_alone(viewer: Operator) -> None:
    page = viewer.get("/places").text
    assert "Bến xe Vị Thanh" in page
    assert "Lai Châu" not in page


def test_searching_needs_no_diacritics(admin: Operator) -> None:
    page = admin.get("/places?search=ben xe").text
    assert "BENXE" in page
    assert "CHO-LC" not in page


def test_a_location_is_added_and_logged(admin: Operator, services: Services) -> None:
    response = admin.post("/places/locations/new", LOCATION)
    assert response.location == "/console/places/locations/CHO-VT"
    with services.db.read() as s:
        made = queries.location(s, "CHO-VT")
        assert made is not None
        assert made.area_path == "/93/93-VT/"
        assert people_queries.audit_entries(s)[0].action == "location.create"


def test_what_was_typed_stays_and_mistakes_stand_beside_their_fields(admin: Operator, services: Services) -> None:
    response = admin.post("/places/locations/new", {**LOCATION, "code": "no good", "latitude": "north"})
    assert response.status_code == 422
    assert 'id="latitude-error"' in response.text
    assert 'value="Chợ Vị Thanh"' in response.text
    with services.db.read() as s:
        assert queries.location(s, "no good") is None


def test_a_taken_code_is_refused(admin: Operator) -> None:
    response = admin.post("/places/locations/new", {**LOCATION, "code": "BENXE"})
    assert response.status_code == 422
    assert "BENXE" in response.text


def test_numbers_are_read_as_people_write_them(admin: Operator, services: Services) -> None:
    admin.post("/places/areas/12/edit", {"name": "Lai Châu", "kind": "province", "population": "460 196"})
    admin.post("/places/areas/93/edit", {"name": "Hậu Giang", "kind": "province", "target_population_pct": "30,5"})
    with services.db.read() as s:
        lai_chau, hau_giang = queries.area(s, "12"), queries.area(s, "93")
    assert lai_chau is not None
    assert lai_chau.population == 460196
    assert hau_giang is not None
    assert hau_giang.target_population_pct == 30.5


def test_a_location_is_edited_closed_and_opened_again(admin: Operator) -> None:
    assert admin.post("/places/locations/BENXE/edit", {**LOCATION, "name": "Bến xe mới"}).status_code == 303
    assert "Bến xe mới" in admin.get("/places").text
    assert "is closed" in admin.follow("/places/locations/BENXE/close").text
    assert "Bến xe mới" not in admin.get("/places?area=93").text
    assert "is open again" in admin.follow("/places/locations/BENXE/reopen").text
    assert "Bến xe mới" in admin.get("/places?area=93").text


def test_an_area_with_open_locations_cannot_be_closed(admin: Operator) -> None:
    response = admin.post("/places/areas/93-VT/close")
    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_what_lies_elsewhere_is_not_even_named(people: People) -> None:
    local = people("admin", "/93/")
    assert local.get("/places/areas/12/edit").status_code == 404
    assert local.get("/places/locations/CHO-LC/edit").status_code == 404
    assert local.post("/places/locations/CHO-LC/close").status_code == 404


def test_nobody_adds_to_an_area_of_others(people: People, services: Services) -> None:
    local = people("admin", "/93/")
    assert local.post("/places/locations/new", {**LOCATION, "area": "12"}).status_code == 404
    assert local.post("/places/areas/new", {"name": "X", "code": "X", "kind": "province"}).status_code == 404
    with services.db.read() as s:
        assert queries.location(s, "CHO-VT") is None
        assert queries.area(s, "X") is None


def test_an_editor_changes_no_place(editor: Operator) -> None:
    assert editor.get("/places/locations/new").status_code == 403
    assert editor.post("/places/locations/BENXE/close").status_code == 403


def test_hours_and_languages_of_a_location_are_kept(admin: Operator, services: Services) -> None:
    hours = {"days-0": ["mon", "sat"], "from-0": "06:00", "to-0": "22:00", "languages": "vi 80, en 20"}
    assert admin.post("/places/locations/BENXE/edit", {**LOCATION, **hours}).status_code == 303
    with services.db.read() as s:
        kept = queries.location(s, "BENXE")
    assert kept is not None
    assert kept.operating_hours == [{"days": ["mon", "sat"], "from": "06:00", "to": "22:00"}]
    assert kept.languages == {"vi": 80, "en": 20}
    assert 'value="vi 80, en 20"' in admin.get("/places/locations/BENXE/edit").text


def test_four_eyes_are_a_setting_of_the_area(admin: Operator, services: Services) -> None:
    admin.post("/places/areas/93/edit", {"name": "Hậu Giang", "kind": "province", "four_eyes": "1"})
    with services.db.read() as s:
        kept = queries.area(s, "93")
    assert kept is not None
    assert kept.settings == {"four_eyes": True}
