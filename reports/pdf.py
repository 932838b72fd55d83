"""A report as a PDF in the layout of Vietnamese administrative letters (Decree 30/2020/NĐ-CP), fonts embedded."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import fontpkg
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, XPos, YPos
from fpdf.fonts import FontFace

from reports.content import AggregateContent, Content, UnitContent
from reports.drawings import drawings, plain
from reports.tables import Table, Value, tables
from reports.words import HERE, completeness_text, installs_text, number, scope, title

FAMILY = "BeVietnamPro"
_STYLES = {"": (400, "normal"), "B": (700, "normal"), "I": (400, "italic"), "BI": (700, "italic")}
_LEFT, _TOP, _RIGHT, _BOTTOM = 30, 20, 15, 20
_HEAD = FontFace(emphasis="BOLD", fill_color=(232, 238, 247))


class _Paper(FPDF):
    """A4 with the margins of the decree, and the seal of the numbers at the foot of each page."""

    def __init__(self, seal: tuple[str, ...], made_at: datetime) -> None:
        super().__init__("P", "mm", "A4")
        self._seal = seal
        for style, (weight, slant) in _STYLES.items():
            self.add_font(FAMILY, style, str(fontpkg.path("Be Vietnam Pro", weight=weight, style=slant)))
        self.set_margins(_LEFT, _TOP, _RIGHT)
        self.set_auto_page_break(True, _BOTTOM)
        self.set_creation_date(made_at)
        self.set_lang("vi-VN")
        self.set_creator("Bảng Tin")

    def footer(self) -> None:
        self.set_xy(_LEFT, -15)
        self.set_font(FAMILY, "", 6.5)
        self.set_text_color(90)
        for line in self._seal:
            self.cell(0, 3, line, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.cell(0, 3, f"Trang {self.page_no()}/{{nb}}", align=Align.R)
        self.set_text_color(0)

    def say(self, text: str, style: str = "", size: float = 11, align: Align = Align.L, gap: float = 1.5) -> None:
        """A paragraph over the whole width."""
        self.set_font(FAMILY, style, size)
        self.multi_cell(0, size * 0.5, text, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(gap)


def pdf_of_report(content: Content, sha256: str, signature: str) -> bytes:
    """The report ready to be signed by hand; the digest and signature of the frozen numbers stand at the foot."""
    paper = _Paper((f"SHA-256 {sha256}", f"Ed25519 {signature}"), content.made_at)
    paper.set_title(f"{content.area.name} – {title(content)}")
    paper.add_page()
    _letterhead(paper, content)
    _heading(paper, content)
    _body(paper, content)
    _signatures(paper, content)
    return bytes(paper.output())


def _letterhead(paper: _Paper, content: Content) -> None:
    """Who writes, on the left; the country's name and motto, on the right; each motto with its line."""
    width = paper.epw
    left, right, top = width * 0.42, width * 0.58, paper.get_y()
    paper.set_font(FAMILY, "B", 10)
    paper.multi_cell(left, 5, content.area.name.upper(), align=Align.C, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _rule(paper, _LEFT + left / 2, 22)
    paper.ln(2)
    paper.set_font(FAMILY, "", 9.5)
    paper.cell(left, 5, "Số: ……/BC-……", align=Align.C)
    after_left = paper.get_y() + 5
    paper.set_xy(_LEFT + left, top)
    paper.set_font(FAMILY, "B", 9.5)
    paper.cell(right, 5, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", align=Align.C, new_x=XPos.LEFT, new_y=YPos.NEXT)
    paper.set_font(FAMILY, "B", 10)
    paper.cell(right, 5, "Độc lập – Tự do – Hạnh phúc", align=Align.C, new_x=XPos.LEFT, new_y=YPos.NEXT)
    _rule(paper, _LEFT + left + right / 2, 44)
    paper.ln(2)
    paper.set_x(_LEFT + left)
    paper.set_font(FAMILY, "I", 9.5)
    local = content.closes_at.astimezone(HERE)
    paper.cell(right, 5, f"…………, ngày {local.day:02d} tháng {local.month:02d} năm {local.year}", align=Align.C)
    paper.set_y(max(paper.get_y() + 5, after_left) + 6)


def _rule(paper: _Paper, centre: float, length: float) -> None:
    y = paper.get_y() + 0.8
    paper.line(centre - length / 2, y, centre + length / 2, y)
    paper.ln(1.2)


def _heading(paper: _Paper, content: Content) -> None:
    paper.say("BÁO CÁO", "B", 14, Align.C, gap=0.5)
    paper.say(
        title(content).removeprefix("Báo cáo tổng hợp ").removeprefix("Báo cáo ").capitalize(),
        "B",
        11,
        Align.C,
        gap=0.5,
    )
    paper.say(scope(content), "I", 9.5, Align.C, gap=4)


def _body(paper: _Paper, content: Content) -> None:
    first, *rest = tables(content)
    _section(paper, "I", "Kết quả trong kỳ")
    _table(paper, first)
    _draw(paper, content)
    _section(paper, "II", "Kết quả cài đặt ứng dụng")
    paper.say(installs_text(content.installs))
    _people(paper, content)
    _section(paper, "III", "Mức độ đầy đủ của số liệu")
    paper.say(completeness_text(content))
    _punctuality(paper, content)
    for table in rest:
        paper.say(table.title, "BI", 10.5, gap=0.5)
        _table(paper, table)
    _section(paper, "IV", "Nhận xét, kiến nghị")
    for remark in _remarks(content):
        paper.say(remark)


def _draw(paper: _Paper, content: Content) -> None:
    """The pictures, each kept on one page with its title."""
    for title_, svg in drawings(content):
        made = io.BytesIO(plain(svg).encode())
        wide = paper.epw * 0.8
        box = [float(each) for each in svg.split('viewBox="', 1)[1].split('"', 1)[0].split()]
        tall = wide * box[3] / box[2]
        if paper.get_y() + tall + 12 > paper.h - _BOTTOM:
            paper.add_page()
        paper.say(title_, "BI", 10.5, gap=0.5)
        paper.image(made, x=_LEFT + paper.epw * 0.1, w=wide)
        paper.ln(2)


def _section(paper: _Paper, numeral: str, text: str) -> None:
    if paper.get_y() > paper.h - _BOTTOM - 25:  # no heading stands alone at the foot of a page
        paper.add_page()
    paper.ln(1.5)
    paper.say(f"{numeral}. {text}", "B", 11.5, gap=0.5)


def _people(paper: _Paper, content: Content) -> None:
    words = {
        "scan:token": "quét mã hoặc mở đường dẫn",
        "splash:device": "qua wifi công cộng (theo thiết bị)",
        "splash:session": "qua wifi công cộng (theo phiên)",
    }
    for each in content.people:
        what = words.get(each.kind, each.kind)
        paper.say(f"Ước tính {number(each.estimate)} ± {number(each.plus_minus)} người khác nhau {what} trong ngày.")


def _punctuality(paper: _Paper, content: Content) -> None:
    if isinstance(content, AggregateContent):
        late = ", ".join(content.late) if content.late else "không có"
        paper.say(f"Đơn vị chậm báo cáo: {late}.")
        if content.not_made:
            paper.say(f"Đơn vị không có số liệu: {', '.join(content.not_made)}.")
    if content.made_at - content.closes_at > timedelta(minutes=1):
        made = content.made_at.astimezone(HERE)
        paper.say(f"Báo cáo được lập lúc {made:%H:%M %d/%m/%Y} do hệ thống gián đoạn vào giờ chốt.", "I")


def _remarks(content: Content) -> list[str]:
    if isinstance(content, UnitContent):
        return [content.note.remark if content.note and content.note.remark else "Không có."]
    said = [f"{each.area.name}: {each.note.remark}" for each in content.units if each.note and each.note.remark]
    return said or ["Không có."]


def _table(paper: _Paper, table: Table) -> None:
    many = len(table.columns) > 4
    paper.set_font(FAMILY, "", 8 if many else 9.5)
    first = 2.2 if many else 3
    widths = (first, *([1] * (len(table.columns) - 1)))
    aligns = tuple(Align.R if _is_number(table, index) else Align.L for index in range(len(table.columns)))
    with paper.table(
        col_widths=widths,
        text_align=aligns,
        align=Align.L,
        headings_style=_HEAD,
        borders_layout=TableBordersLayout.ALL,
        line_height=4.6 if many else 5.2,
        padding=0.8,
    ) as grid:
        for row in (table.columns, *table.rows):
            grid.row([_cell(each) for each in row])
    paper.ln(2)


def _is_number(table: Table, column: int) -> bool:
    return any(isinstance(row[column], (int, float)) for row in table.rows)


def _cell(value: Value) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else number(value)


def _signatures(paper: _Paper, content: Content) -> None:
    """Who receives it, on the left; who signs, on the right. Kept together on a page."""
    if paper.get_y() > paper.h - _BOTTOM - 45:
        paper.add_page()
    paper.ln(5)
    top, half = paper.get_y(), paper.epw / 2
    paper.set_font(FAMILY, "BI", 9.5)
    paper.cell(half, 5, "Nơi nhận:", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.set_font(FAMILY, "", 9)
    paper.cell(half, 4.5, "– Như trên;", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    paper.cell(half, 4.5, "– Lưu: VT.")
    paper.set_xy(_LEFT + half, top)
    paper.set_font(FAMILY, "B", 10.5)
    paper.cell(half, 5, "THỦ TRƯỞNG ĐƠN VỊ", align=Align.C, new_x=XPos.LEFT, new_y=YPos.NEXT)
    paper.set_font(FAMILY, "I", 9)
    paper.cell(half, 5, "(Ký, ghi rõ họ tên, đóng dấu)", align=Align.C)
