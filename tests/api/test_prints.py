"""Prints through the API: ordered, printed, fetched, and what is refused."""

import io
import zipfile

import pypdfium2
import pytest

from core.services import Services
from media import jobs, readers
from tests.api.conftest import Script, World
from tests.api.test_areas import fields
from tests.api.test_chain import CAMPAIGN, WORDS


@pytest.fixture
def wish(admin: Script) -> dict[str, object]:
    creative = admin.post("/creatives", {"name": "A", "texts": WORDS, "owner_area": "93"}).json["id"]
    return {"creative": creative, "campaign": admin.post("/campaigns", CAMPAIGN).json["id"], "paper": "A5"}


def test_it_works(admin: Script, wish: dict[str, object], services: Services) -> None:
    ordered = admin.post("/prints", {**wish, "area": "93", "merged": True, "marks": True, "channel": "leaflet"})
    assert ordered.status_code == 201, ordered.text
    assert (ordered.json["state"], ordered.json["of"], ordered.json["file_url"]) == ("waiting", 1, None)
    ref, code = ordered.json["id"], ordered.json["copies"][0]["code"]
    link = admin.get(f"/links/{code}").json
    assert (link["channel"], link["measure"], link["location"]) == ("leaflet", 2, "ga-vi-thanh")
    jobs.print_order(services, {"order_id": ref})
    ready = admin.get(f"/prints/{ref}").json
    assert (ready["state"], ready["printed"], ready["mime"]) == ("ready", 1, "application/pdf")
    assert [each["id"] for each in admin.get(f"/prints?creative={wish['creative']}").json["items"]] == [ref]
    file = admin.get(f"/prints/{ref}/file")
    assert file.headers["Content-Disposition"] == 'attachment; filename="leaflet-A5-ga-vi-thanh.pdf"'
    page = pypdfium2.PdfDocument(file.data)[0].render(scale=2).to_pil().convert("L")
    assert readers.zxing(page) == [f"HTTP://LOCALHOST:8000/Q/{code}"]


def test_ordering_again_gives_the_same_codes(admin: Script, wish: dict[str, object]) -> None:
    first, again = (admin.post("/prints", {**wish, "area": "93"}).json for _ in range(2))
    assert first["copies"] == again["copies"]
    assert first["id"] != again["id"]


def test_a_poster_and_a_leaflet_are_counted_apart(admin: Script, wish: dict[str, object]) -> None:
    poster, leaflet = (
        admin.post("/prints", {**wish, "area": "93", "channel": channel}).json for channel in ("poster", "leaflet")
    )
    assert poster["copies"][0]["code"] != leaflet["copies"][0]["code"]


def test_several_places_come_as_an_archive(admin: Script, wish: dict[str, object], services: Services) -> None:
    order = {**wish, "locations": ["ga-vi-thanh", "cho-pho-hien"]}
    ref = admin.post("/prints", order).json["id"]
    jobs.print_order(services, {"order_id": ref})
    with zipfile.ZipFile(io.BytesIO(admin.get(f"/prints/{ref}/file").data)) as archive:
        assert archive.namelist() == ["A5-ga-vi-thanh.pdf", "A5-cho-pho-hien.pdf"]


def test_a_file_that_is_not_printed_yet_is_refused(admin: Script, wish: dict[str, object]) -> None:
    ref = admin.post("/prints", {**wish, "area": "93"}).json["id"]
    assert admin.get(f"/prints/{ref}/file").status_code == 409


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({}, "locations"),
        ({"area": "93", "locations": ["ga-vi-thanh"]}, "locations"),
        ({"locations": ["nowhere"]}, "locations"),
        ({"area": "none"}, "area"),
        ({"area": "93", "paper": "A1"}, "paper"),
        ({"area": "93", "channel": "screen"}, "channel"),
        ({"area": "93", "language": "fr"}, "language"),
    ],
)
def test_what_cannot_be_printed_is_refused(admin: Script, wish: dict[str, object], more: object, field: str) -> None:
    refused = admin.post("/prints", {**wish, **more})  # type: ignore[dict-item]
    assert refused.status_code == 422, refused.text
    assert fields(refused) == [field]
    assert admin.get("/prints").json["items"] == []
    assert admin.get("/links").json["items"] == []


def test_nobody_prints_for_another_area(world: World, admin: Script, wish: dict[str, object]) -> None:
    elsewhere = world.script("editor", "/33/")
    assert elsewhere.post("/prints", {**wish, "area": "33"}).status_code == 404
    here = world.script("editor", "/93/")
    assert here.post("/prints", {**wish, "area": "33"}).status_code == 422
    assert here.post("/prints", {**wish, "locations": ["cho-pho-hien"]}).status_code == 422
    assert here.post("/prints", {**wish, "area": "93"}).status_code == 201


def test_a_viewer_orders_nothing(world: World, wish: dict[str, object]) -> None:
    assert world.script("viewer", "/93/").post("/prints", {**wish, "area": "93"}).status_code == 403
