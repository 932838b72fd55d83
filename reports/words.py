"""How reports speak: Vietnamese, as the orders ask for them."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

from measure.channels import MEASURES
from reports.content import AggregateContent, Content, Figures, InstallLine, NoteLine, UnitContent

HERE = timezone(timedelta(hours=7))

FIGURES: tuple[tuple[str, str], ...] = (
    ("plays", "Lượt phát trên màn hình"),
    ("impressions", "Lượt tiếp cận ước tính (lượt phát × hệ số)"),
    ("scans", "Lượt quét mã QR, mở đường dẫn"),
    ("scan_stores", "– trong đó vào thẳng kho ứng dụng"),
    ("landings", "Lượt xem trang giới thiệu"),
    ("landing_stores", "Lượt chọn kho ứng dụng trên trang giới thiệu"),
    ("splash_views", "Lượt xem trang chào wifi"),
    ("grants", "Lượt được vào mạng"),
    ("splash_stores", "Lượt chọn kho ứng dụng từ trang chào wifi"),
    ("shared_scans", "Lượt mở đường dẫn được chia sẻ lại (tính riêng)"),
    ("machines", "Lượt máy tự động (để riêng, không tính)"),
    ("floods", "Lượt dồn dập bất thường (để riêng, không tính)"),
)


def number(n: float) -> str:
    """`55.289`; one decimal where there is a fraction."""
    text = f"{n:,.0f}" if float(n).is_integer() else f"{n:,.1f}"
    return text.replace(",", " ").replace(".", ",").replace(" ", ".")


def percent(share: float | None) -> str:
    """`7,54 %`; a dash where there is none."""
    return "–" if share is None else f"{100 * share:.2f} %".replace(".", ",")


def day(value: date | None) -> str:
    """`22/11/2026`."""
    return f"{value:%d/%m/%Y}" if value else "–"


def clock(at: datetime | None) -> str:
    """`14:52 ngày 22/11/2026`, in Vietnam."""
    return f"{at.astimezone(HERE):%H:%M ngày %d/%m/%Y}" if at else "chưa từng"


def figure(figures: Figures, name: str) -> float:
    """A metric's number, or the estimate of impressions."""
    return figures.impressions if name == "impressions" else figures.n(name)


def title(content: Content) -> str:
    """What the report is about."""
    what = "Báo cáo tổng hợp" if isinstance(content, AggregateContent) else "Báo cáo"
    return f"{what} kết quả tuyên truyền, vận động cài đặt ứng dụng ngày {day(content.day)}"


def completeness_text(content: Content) -> str:
    """`97 % màn hình đã báo đủ đến 14:52 …`"""
    if isinstance(content, AggregateContent):
        screens, heard, missing = content.screens, content.heard, content.missing_plays
        upto, lost = "", ""
    else:
        state = content.completeness
        screens, heard, missing = state.screens, state.heard, state.missing_plays
        upto = f" đến {clock(state.complete_to)}"
        lost = f" Máy phát tự khai mất {number(state.lost_plays)} lượt." if state.lost_plays else ""
    if screens == 0:
        return "Không có màn hình nào phải báo số liệu."
    share = f"{100 * heard / screens:.0f} % màn hình ({number(heard)}/{number(screens)}) đã báo đủ số liệu{upto}."
    quiet = (
        f" {number(screens - heard)} màn hình chưa báo đủ, ước còn thiếu {number(missing)} lượt phát."
        if heard < screens
        else ""
    )
    return share + quiet + lost


def installs_text(line: InstallLine | None) -> str:
    """`55.289/733.017 người đã cài đặt, đạt 7,54 % dân số …`"""
    if line is None:
        return "Chưa có số liệu cài đặt."
    text = f"{number(line.total)} người đã cài đặt (số liệu ngày {day(line.day)}, nguồn: {line.source})"
    if line.population and line.share is not None:
        text += f", đạt {percent(line.share)} của {number(line.population)} dân"
    if line.share_of_smartphones is not None:
        text += f", {percent(line.share_of_smartphones)} số người dùng điện thoại thông minh"
    return text + "." + _target_text(line) + _officials_text(line)


def _target_text(line: InstallLine) -> str:
    if line.target_share is None or line.missing is None:
        return ""
    goal = f" Chỉ tiêu {percent(line.target_share)}"
    goal += f" đến {day(line.target_by)}" if line.target_by else ""
    if line.missing == 0:
        return f"{goal}: đã đạt."
    pace = f", cần {number(line.per_day)} người mỗi ngày" if line.per_day else ""
    return f"{goal}: còn thiếu {number(line.missing)} người{pace}."


def _officials_text(line: InstallLine) -> str:
    if line.officials_total is None:
        return ""
    whole = f"/{number(line.officials)}" if line.officials else ""
    return f" Cán bộ, công chức, viên chức đã cài đặt: {number(line.officials_total)}{whole}."


def note_state(note: NoteLine | None) -> str:
    """Whether, and when, the unit added what it had to add."""
    if note is None:
        return "chưa gửi"
    return "đúng hạn" if note.on_time else f"muộn, {note.at.astimezone(HERE):%H:%M}"


def measure_name(key: str) -> str:
    """A measure of the order by its number."""
    return f"Biện pháp {key}: {MEASURES[int(key)][0]}"


def mail_subject(content: Content) -> str:
    """The subject of the mail that carries a report."""
    return f"{content.area.name}: báo cáo ngày {day(content.day)}"


def mail_text(content: Content, public_url: str, report_id: str) -> str:
    """The mail in plain text; the PDF and the table are attached."""
    lines = [title(content), content.area.name, "", completeness_text(content), installs_text(content.installs), ""]
    lines += [f"{name}: {number(figure(content.period, key))}" for key, name in FIGURES]
    if isinstance(content, AggregateContent) and content.late:
        lines += ["", "Đơn vị chậm báo cáo: " + ", ".join(content.late)]
    return "\n".join([*lines, "", f"{public_url}/console/reports/{report_id}", ""])


def reminder_text(name: str, closes_at: datetime, public_url: str) -> tuple[str, str]:
    """Subject and text of the reminder before the closing."""
    at = f"{closes_at.astimezone(HERE):%H:%M}"
    subject = f"{name}: báo cáo sẽ chốt lúc {at}"
    text = f"Đơn vị chưa gửi nhận xét và kết quả làm trực tiếp của hôm nay. Báo cáo chốt lúc {at}.\n\n"
    return subject, f"{text}{public_url}/console/reports\n"


def scope(content: Content) -> str:
    """The span that the numbers are of."""
    if isinstance(content, UnitContent):
        return f"Từ {clock(content.period_from)} đến {clock(content.period_until)}"
    return f"Tổng hợp {number(len(content.units))} đơn vị, chốt lúc {clock(content.closes_at)}"
