"""The pictures of a report: in its PDF as vectors, in its mail as an HTML part beside the plain text."""

from __future__ import annotations

from email.message import EmailMessage

import pypdfium2
import pypdfium2.raw as pdfium

from reports.delivery import _illustrate
from reports.drawings import drawings, plain
from reports.pdf import pdf_of_report
from tests.reports import papers


def test_the_mail_shows_the_pictures_of_the_pdf() -> None:
    message = EmailMessage()
    message.set_content("Kết quả < hôm nay\n")
    _illustrate(message, papers.aggregate_report())
    text, page = message.iter_parts()
    assert text.get_content_type() == "text/plain"
    html, *pictures = page.iter_parts()
    assert "Kết quả &lt; hôm nay" in html.get_content()
    assert html.get_content().count("<img") == len(pictures) == 3
    for number, picture in enumerate(pictures):
        assert f"cid:{number}@bangtin" in html.get_content()
        assert picture["Content-ID"] == f"<{number}@bangtin>"
        assert picture.get_content() == plain(drawings(papers.aggregate_report())[number][1]).encode()


def test_the_pdf_has_them_as_lines_and_letters() -> None:
    document = pypdfium2.PdfDocument(pdf_of_report(papers.aggregate_report(), *papers.SEAL))
    try:
        text = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
        paths = sum(
            each.type == pdfium.FPDF_PAGEOBJ_PATH for page in document for each in page.get_objects(max_depth=4)
        )
    finally:
        document.close()
    assert "Từ lượt phát đến kho ứng dụng" in text
    assert "Đơn vị có nhiều lượt quét nhất trong kỳ" in text
    assert paths > 15


def test_what_has_nothing_to_show_is_left_out() -> None:
    report = papers.unit_report()
    empty = type(report)(
        **{name: getattr(report, name) for name in report.__struct_fields__} | {"period": papers.figures(0)}
    )
    assert drawings(empty) == []


def test_a_funnel_says_its_rates_as_the_report_does() -> None:
    ((_, screen), *_) = drawings(papers.unit_report())
    assert " %" in screen
    assert "<title>" not in plain(screen)
