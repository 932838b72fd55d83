"""The report on paper: the decree's letterhead, every Vietnamese letter, fonts embedded, pages numbered."""

from __future__ import annotations

import pypdfium2

from reports.content import Content
from reports.pdf import pdf_of_report
from tests.reports.papers import SEAL, aggregate_report, unit_report


def pages(content: Content) -> list[str]:
    document = pypdfium2.PdfDocument(pdf_of_report(content, *SEAL))
    try:
        return [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()


def test_it_works() -> None:
    first, *_ = pages(unit_report())
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in first
    assert "Độc lập – Tự do – Hạnh phúc" in first
    assert "UBND PHƯỜNG I" in first
    assert "ngày 13 tháng 08 năm 2020" in first


def test_it_says_what_the_order_asks_for() -> None:
    text = " ".join(" ".join(pages(unit_report())).split())
    for words in (
        "7,54 %",
        "733.017",
        "9.684 người mỗi ngày",
        "98 % màn hình (39/40)",
        "14:52",
        "712 lượt",
        "Đã đến 214 hộ.",
    ):
        assert words in text


def test_the_aggregate_names_who_was_late_and_that_it_was_made_late() -> None:
    text = " ".join(" ".join(pages(aggregate_report())).split())
    assert "Đơn vị chậm báo cáo: Xã Vị Thủy 3, " in text
    assert "lập lúc 16:41" in text


def test_the_seal_is_on_every_page() -> None:
    found = pages(aggregate_report(60))
    assert len(found) > 2
    assert all(SEAL[0] in page and f"Trang {number}/{len(found)}" in page for number, page in enumerate(found, 1))


def test_fonts_are_embedded() -> None:
    made = pdf_of_report(unit_report(), *SEAL)
    assert b"/FontFile2" in made
    assert b"BeVietnamPro" in made


def test_a_remark_of_many_pages_is_broken_over_them() -> None:
    assert len(pages(unit_report("Kiến nghị bổ sung màn hình. " * 400))) > 3
