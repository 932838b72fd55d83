"""Paper: sheets that a printer can cut, with vectors and fonts in them, each code read back before anyone pays."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter
from sqlalchemy.orm import Session

from core.errors import Conflict, Invalid, NotFound
from core.services import Services
from media import jobs, proof, qr, queries, readers
from media.actions import create_creative, ensure_builtin, withdraw
from media.compose import compose
from media.design import Design
from media.layout import QrWish
from media.models import PrintOrder
from media.paper import Paper, Sheet, picture_dpi, reach_m
from media.press import Copy, Plate, cut_fonts, make_plate, print_copies
from media.prints import CopyFor, PrintWish, check_print, file_name, order_print
from media.proof import NotReadable, proven
from media.store import store_of
from media.upkeep import PRINTS_KEPT, sweep
from media.wishes import CreativeWish
from media.words import LANGUAGES
from tests.media.test_languages import SAID
from tests.support.clock import FrozenClock

HOST = "https://go.syt.vn"
MODULES = qr.modules_across(HOST)
PLACES = (CopyFor("BENXE", "Bến xe Vị Thanh", "K7F3Q9ZT"), CopyFor("CHO", "Chợ Vị Thanh", "AAAA2222"))
COPIES = [Copy(qr.payload(HOST, each.code), f"go.syt.vn/q/{each.code}", each.name) for each in PLACES]
A5 = Sheet(Paper.A5)


def plate(language: str = "vi", sheet: Sheet = A5, master: Image.Image | None = None) -> Plate:
    headline, action = SAID[language]
    return make_plate(Design(language, headline, action, qr=QrWish()), sheet, master, MODULES)


def printed(made: Plate, folder: Path) -> bytes:
    cut_fonts(made, COPIES, folder)
    return print_copies(made, COPIES, folder, title="Áp phích")


def pages(pdf: bytes, scale: float = 1.0) -> list[Image.Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=scale).to_pil().convert("RGB") for page in document]


def test_it_works(tmp_path: Path, photo: Image.Image) -> None:
    """A page for each place; both decoders read each page's own code off the page as it would be printed."""
    made = plate(sheet=Sheet(Paper.A4, has_bleed=True, has_marks=True), master=photo)
    for page, copy in zip(pages(proven(printed(made, tmp_path), made, COPIES), 150 / 72), COPIES, strict=True):
        grey = page.convert("L")
        assert readers.zxing(grey) == [copy.link]
        assert copy.link in readers.zbar(grey)


@pytest.mark.parametrize("paper", list(Paper))
@pytest.mark.parametrize("is_landscape", [False, True])
def test_sheets_measure_what_they_should(paper: Paper, is_landscape: bool) -> None:
    sheet = Sheet(paper, is_landscape)
    assert sheet.trim_mm == (paper.size_mm[::-1] if is_landscape else paper.size_mm)
    assert sheet.shape.width / sheet.trim_mm[0] * 25.4 == pytest.approx(300, abs=0.1)


def test_bleed_and_trim_are_where_the_knife_looks_for_them(tmp_path: Path) -> None:
    made = plate(sheet=Sheet(Paper.A5, has_bleed=True, has_marks=True))
    page = pypdfium2.PdfDocument(proven(printed(made, tmp_path), made, COPIES))[0]
    mm = 25.4 / 72
    media, bleed, trim = (
        [side * mm for side in box] for box in (page.get_mediabox(), page.get_bleedbox(), page.get_trimbox())
    )
    assert media == pytest.approx([0, 0, 168, 230], abs=0.1)
    assert bleed == pytest.approx([7, 7, 161, 223], abs=0.1)
    assert trim == pytest.approx([10, 10, 158, 220], abs=0.1)


def test_the_picture_reaches_into_the_bleed_and_the_marks_do_not(tmp_path: Path) -> None:
    made = plate(sheet=Sheet(Paper.A5, has_bleed=True, has_marks=True))
    page = pages(printed(made, tmp_path), 72 / 25.4)[0]  # ten pixels are a millimetre and a quarter
    scale = page.width / 168
    assert page.getpixel((round(8 * scale), round(100 * scale))) != (255, 255, 255)  # bleed
    margin = page.crop((0, 0, round(6.4 * scale), page.height)).convert("L")
    assert margin.getextrema()[0] < 128  # a mark
    assert np.asarray(margin)[round(20 * scale) : round(210 * scale)].min() == 255  # nothing else


def test_without_marks_the_page_is_the_sheet(tmp_path: Path) -> None:
    made = plate()
    page = pypdfium2.PdfDocument(proven(printed(made, tmp_path), made, COPIES))[0]
    assert page.get_mediabox() == page.get_trimbox() == page.get_bleedbox()
    assert page.get_width() * 25.4 / 72 == pytest.approx(148, abs=0.1)


def test_the_picture_has_300_dots_an_inch(tmp_path: Path, photo: Image.Image) -> None:
    made = plate(master=photo)
    with Image.open(io.BytesIO(made.picture)) as picture:
        assert picture.size == (1748, 2480)
        assert picture.info["icc_profile"]  # colours are named, not left to the printer's guess


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_are_text_in_embedded_fonts_shaped_as_on_screens(language: str, tmp_path: Path) -> None:
    """The page as a PDF viewer draws it, beside the same sheet as a screen would show it."""
    made = plate(language)
    pdf = printed(made, tmp_path)
    assert pdf.count(b"/FontFile2") >= 3
    assert b"/BaseFont /Helvetica" not in pdf
    seen = pages(pdf, 100 / 72)[0].convert("L")
    headline, action = SAID[language]
    screen = compose(Design(language, headline, action, qr=QrWish()), A5.shape, None, MODULES)
    expected = screen.image.convert("L").resize(seen.size, Image.Resampling.LANCZOS)
    (left, top), words = made.words.headline_at, made.words.headline
    spot = (left - 20, top - 20, left + words.width + 20, top + words.height + 20)
    box = [round(side * seen.width / A5.shape.width) for side in spot]
    apart = ImageChops.difference(seen.crop(box), expected.crop(box)).filter(ImageFilter.BoxBlur(4))
    assert apart.getextrema()[1] < 60  # edges differ by less than 30; one lost sign by nearly 200


def test_a_vietnamese_text_can_be_searched(tmp_path: Path) -> None:
    text = pypdfium2.PdfDocument(printed(plate(), tmp_path))[0].get_textpage().get_text_range()
    assert "Cài" in text
    assert "go.syt.vn/q/K7F3Q9ZT" in text


def test_the_code_is_drawn_as_vectors(tmp_path: Path) -> None:
    page = pypdfium2.PdfDocument(printed(plate(), tmp_path))[0]
    kinds = [found.type for found in page.get_objects()]
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_IMAGE) == 1  # the picture and no other
    assert kinds.count(pypdfium2.raw.FPDF_PAGEOBJ_PATH) >= 2


def test_a_code_that_would_not_read_stops_the_press(tmp_path: Path) -> None:
    made = plate()
    other = [replace(copy, link=qr.payload(HOST, "ZZZZZZZZ")) for copy in COPIES]
    with pytest.raises(NotReadable, match="Bến xe Vị Thanh"):
        proven(printed(made, tmp_path), made, other)


def test_how_far_a_code_reaches_and_how_sharp_a_picture_is() -> None:
    """A 63 mm code of 33 modules has modules of 1.9 mm, a 246th of 47 cm."""
    assert reach_m(744, 33) == pytest.approx(0.47, abs=0.01)
    assert picture_dpi(Sheet(Paper.A4), 1240, 3000) == 150
    assert picture_dpi(Sheet(Paper.A5), 9000, 9000) == 300


# -- orders


def order(services: Services, wish: PrintWish, copies: tuple[CopyFor, ...] = PLACES, **more: object) -> str:
    now = services.clock.now()

    def work(s: Session) -> str:
        made = create_creative(s, replace(WISH, **more), owner_path="/93/", by="usr_1", now=now)  # type: ignore[arg-type]
        creative = check_print(s, made.id, wish, len(copies))
        return order_print(
            s, creative, wish, copies, campaign="cmp_1", channel="poster", area_path="/93/", by="usr_1", now=now
        ).id

    return services.db.write(work)


WISH = CreativeWish("Áp phích", {"vi": {"headline": "Cài Bluezone"}, "en": {"headline": "Install Bluezone"}})


def done(services: Services, order_id: str) -> PrintOrder:
    jobs.print_order(services, {"order_id": order_id})
    with services.db.read() as s:
        found = queries.print_order(s, order_id)
    assert found is not None
    return found


def content(services: Services, found: PrintOrder) -> bytes:
    with store_of(services.settings).originals.open(found.sha256 or "") as file:
        return file.read()


def test_a_district_is_one_file(services: Services) -> None:
    found = done(services, order(services, PrintWish("A5", is_merged=True)))
    assert (found.state, found.printed, found.mime) == ("ready", 2, "application/pdf")
    links = [readers.zxing(page.convert("L")) for page in pages(content(services, found), 100 / 72)]
    public = services.settings.public_url
    assert links == [[qr.payload(public, each.code)] for each in PLACES]
    assert file_name(found) == "poster-A5-2.pdf"


def test_or_a_file_for_each_place(services: Services) -> None:
    found = done(services, order(services, PrintWish("A5", language="en")))
    assert (found.mime, file_name(found)) == ("application/zip", "poster-A5-2.zip")
    with zipfile.ZipFile(io.BytesIO(content(services, found))) as archive:
        assert archive.namelist() == ["A5-BENXE.pdf", "A5-CHO.pdf"]
        (page,) = pages(archive.read("A5-CHO.pdf"), 100 / 72)
    assert readers.zxing(page.convert("L")) == [qr.payload(services.settings.public_url, "AAAA2222")]
    assert found.reach_m == pytest.approx(0.33, abs=0.01)


def test_an_order_is_printed_once(services: Services) -> None:
    order_id = order(services, PrintWish("A5", is_merged=True))
    first = done(services, order_id)
    assert done(services, order_id).sha256 == first.sha256


def test_what_does_not_read_is_not_handed_out(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = order(services, PrintWish("A5"))
    monkeypatch.setattr(proof, "_AROUND_MODULES", -8)  # as if the printer's knife had gone through the code
    found = done(services, order_id)
    assert (found.state, found.sha256) == ("failed", None)
    assert "does not read" in (found.problem or "")


def test_old_prints_are_swept_away(services: Services, clock: FrozenClock) -> None:
    found = done(services, order(services, PrintWish("A5", is_merged=True)))
    clock.advance(days=PRINTS_KEPT.days + 1)
    sweep(services)
    clock.advance(days=8)
    sweep(services)
    assert not store_of(services.settings).originals.has(found.sha256 or "")
    with services.db.read() as s:
        assert queries.print_orders(s, ["/"]) == []


@pytest.mark.parametrize(
    ("wish", "copies", "field"),
    [
        (PrintWish("A1"), 1, "paper"),
        (PrintWish(language="fr"), 1, "language"),
        (PrintWish(), 0, "locations"),
        (PrintWish(), 201, "locations"),
        (PrintWish(is_merged=True), 501, "locations"),
    ],
)
def test_what_cannot_be_printed_is_refused(services: Services, wish: PrintWish, copies: int, field: str) -> None:
    now = services.clock.now()
    made = services.db.write(lambda s: create_creative(s, WISH, owner_path="/", by="usr_1", now=now).id)
    with services.db.read() as s, pytest.raises(Invalid) as refused:
        check_print(s, made, wish, copies)
    assert [name for name, _ in refused.value.errors] == [field]


def test_a_creative_without_a_place_for_a_code_is_refused(services: Services) -> None:
    with pytest.raises(Invalid, match="creative"):
        order(services, PrintWish(), qr=None)


def test_what_was_withdrawn_is_not_printed(services: Services) -> None:
    now = services.clock.now()

    def work(s: Session) -> None:
        made = create_creative(s, WISH, owner_path="/", by="usr_1", now=now).id
        withdraw(s, made, reason="sai", by="usr_1", now=now)
        check_print(s, made, PrintWish(), 1)

    with pytest.raises(Conflict):
        services.db.write(work)


def test_the_built_in_notice_is_not_printed(services: Services) -> None:
    now = services.clock.now()
    with pytest.raises(NotFound):
        services.db.write(lambda s: check_print(s, ensure_builtin(s, now).id, PrintWish(), 1))
