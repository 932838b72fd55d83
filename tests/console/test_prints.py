"""Paper from the console: chosen, printed while one looks, fetched."""

import re

import pypdfium2
import pytest

from core.services import Services
from media import jobs, queries, readers
from tests.console.conftest import Operator, People
from tests.console.test_pages import full
from tests.support.pages import faults

__all__ = ["full"]
WISH = {"paper": "A5", "layout": "portrait", "channel": "leaflet", "language": "en", "where": "area", "area": "93"}


def order(operator: Operator, full: dict[str, str], **more: object):  # type: ignore[no-untyped-def]
    wish = {**WISH, "campaign": full["campaign"], **more}
    return operator.post(f"/library/creatives/{full['creative']}/prints", wish)


def shown(operator: Operator, full: dict[str, str]) -> str:
    return str(operator.get(f"/library/creatives/{full['creative']}/prints").text)


def press(services: Services) -> None:
    with services.db.read() as s:
        waiting = [row.id for row in queries.print_orders(s, ["/"])]
    for order_id in waiting:
        jobs.print_order(services, {"order_id": order_id})


def test_it_works(editor: Operator, full: dict[str, str], services: Services) -> None:
    assert "Nothing printed yet" in shown(editor, full)
    assert order(editor, full, bleed="1", marks="1").status_code == 303
    assert "0 of 1 are printed." in shown(editor, full)
    press(services)
    page = shown(editor, full)
    assert "The code reads from up to 0.33 m." in page
    fetched = editor.get(re.search(r'/console(/prints/prt_\w+/file)"', page)[1])  # type: ignore[index]
    assert fetched.headers["Content-Disposition"] == 'attachment; filename="leaflet-A5-BENXE.pdf"'
    picture = pypdfium2.PdfDocument(fetched.data)[0].render(scale=2).to_pil().convert("L")
    assert re.match(r"HTTP://LOCALHOST:8000/Q/\w{8}$", readers.zxing(picture)[0])


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_is_sound_with_prints_of_every_state(
    editor: Operator, full: dict[str, str], services: Services, language: str
) -> None:
    order(editor, full)
    press(services)
    order(editor, full, merged="1")
    editor.client.set_cookie("language", language)
    assert faults(shown(editor, full)) == []


def test_chosen_places_are_printed(editor: Operator, full: dict[str, str]) -> None:
    assert order(editor, full, where="some", locations=["BENXE"]).status_code == 303
    assert "Bến xe Vị Thanh" in shown(editor, full)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"campaign": ""}, "Please fill this in"),
        ({"area": ""}, "Please fill this in"),
        ({"where": "some"}, "name either locations or an area"),
        ({"where": "some", "locations": ["CHO-LC"]}, "there is no location"),
        ({"area": "12"}, "there is no area"),
        ({"paper": "A0"}, "must be one of"),
    ],
)
def test_what_cannot_be_printed_is_said(
    editor: Operator, full: dict[str, str], more: dict[str, object], said: str
) -> None:
    refused = order(editor, full, **more)
    assert refused.status_code == 422
    assert said in refused.text
    assert "Nothing printed yet" in refused.text


def test_who_looks_after_another_area_fetches_nothing(
    editor: Operator, people: People, full: dict[str, str], services: Services
) -> None:
    order(editor, full)
    press(services)
    path = re.search(r'/console(/prints/prt_\w+/file)"', shown(editor, full))[1]  # type: ignore[index]
    stranger = people("editor", "/12/", "Khách")
    assert stranger.get(path).status_code == 404
    assert order(stranger, full).status_code == 404


def test_a_viewer_sees_but_does_not_order(viewer: Operator, full: dict[str, str]) -> None:
    assert order(viewer, full).status_code == 403
    assert "New print" not in shown(viewer, full)


def test_a_file_that_is_not_there_yet_is_explained(editor: Operator, full: dict[str, str], services: Services) -> None:
    order(editor, full)
    with services.db.read() as s:
        order_id = queries.print_orders(s, ["/"])[0].id
    assert editor.get(f"/prints/{order_id}/file").status_code == 409
