"""Reports of the day: which have closed, what each says, what a unit adds, and the same as PDF, workbook and CSV."""

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import Response, abort, g, request, send_file
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from console import ui
from console.asked import asked_span
from console.forms import Form
from console.pages import again, can, done, must, page, see, show
from core.errors import NotFound
from core.i18n import current_language
from core.i18n import gettext as _
from core.later import later
from core.services import services
from measure.channels import MEASURES
from people.actions import audit
from places import queries as places
from places.models import Area
from reports import queries
from reports.actions import add_note, import_installs
from reports.content import Content, decode
from reports.evidence import proof_pack
from reports.exports import csv_of_report, xlsx_of_report
from reports.models import DayReport
from reports.reading import MOST_BYTES, install_facts, table_rows
from reports.signing import Signer
from reports.tables import tables
from reports.words import completeness_text, installs_text, scope, title

if TYPE_CHECKING:
    from reports import pdf
else:
    pdf = later("reports.pdf")  # its typefaces and matrices take 30 MB

TYPES = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


def today() -> date:
    return services().clock.now().astimezone(ZoneInfo(ui.ZONE)).date()


@page("/reports")
def day_reports() -> ResponseReturnValue:
    """A day's reports below the areas that this person sees, and who has not added anything yet."""
    try:
        day = date.fromisoformat(request.args.get("day", ""))
    except ValueError:
        day = today()
    with services().db.read() as db:
        found = queries.reports(db, g.principal.scope("viewer"), day=day, limit=2000)
        areas = {each.code: each for each in places.areas(db, g.principal.scope("viewer"), closed=True)}
        notes = queries.notes(db, day)
        mine = [each for each in areas.values() if each.closed_at is None and can("editor", each.path)]
    return show(
        "day_reports.html",
        day=day,
        today=today(),
        reports=found,
        areas=areas,
        notes=notes,
        mine=mine,
        step=timedelta(1),
    )


@page("/reports/<report_id>")
def day_report(report_id: str) -> ResponseReturnValue:
    """One report as it was frozen."""
    report, content = _report(report_id)
    words = {"title": title(content), "scope": scope(content), "installs": installs_text(content.installs)}
    return show(
        "day_report.html",
        report=report,
        content=content,
        words=words,
        complete=completeness_text(content),
        tables=tables(content),
        public=Signer(services().sealer).public,
    )


@page("/reports/<report_id>.<any(pdf, xlsx, csv):kind>")
def day_report_file(report_id: str, kind: str) -> ResponseReturnValue:
    """The same as a file."""
    report, content = _report(report_id)
    if kind == "pdf":
        body = pdf.pdf_of_report(content, report.sha256, report.signature)
    else:
        body = xlsx_of_report(content) if kind == "xlsx" else csv_of_report(content)
    name = f"{report.area}-{report.day}-{report.kind}.{kind}"
    return Response(body, content_type=TYPES[kind], headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report(report_id: str) -> tuple[DayReport, Content]:
    with services().db.read() as db:
        report = db.get(DayReport, report_id)
    if report is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    see(report.area_path)
    return report, decode(report.content)


@page("/reports/notes/<code>", "editor")
def unit_note(code: str) -> ResponseReturnValue:
    """What a unit adds to today's report."""
    place = _area(code)
    with services().db.read() as db:
        found = queries.note(db, code, today())
    hand = {f"m{key}": n for key, n in (found.by_hand if found else {}).items()}
    return show("unit_note.html", form=Form({"remark": found.remark if found else "", **hand}), **_note_page(place))


@page("/reports/notes/<code>", "editor", methods=["POST"])
def save_unit_note(code: str) -> ResponseReturnValue:
    place = _area(code)
    form = Form.sent()
    told = {str(number): form.whole(f"m{number}") for number in MEASURES}
    by_hand = {key: n for key, n in told.items() if n is not None}
    now, day, by, remark = services().clock.now(), today(), g.principal, form.text("remark")

    def work(db: Session) -> None:
        add_note(db, code, day, remark=remark, by_hand=by_hand, by=by.id, now=now)
        audit(db, by, "tell", "unit_note", code, place.path, {"day": day.isoformat()}, now=now)

    if form.attempt(lambda: (services().db.write(work), True)) is None:
        return again("unit_note.html", form, **_note_page(place))
    return done(_("It will stand in today's report."), "day_reports")


def _note_page(place: Area) -> dict[str, object]:
    language = 0 if current_language() == "vi" else 1
    return {"area": place, "day": today(), "measures": [(n, names[language]) for n, names in MEASURES.items()]}


def _area(code: str) -> Area:
    with services().db.read() as db:
        place = places.area(db, code)
    if place is None:
        raise NotFound(_("It does not exist, or it lies outside your area."))
    must("editor", place.path)
    return place


@page("/reports/installs", "editor")
def installs() -> ResponseReturnValue:
    """Where numbers of installs are told."""
    return show("installs.html", form=Form({}))


@page("/reports/installs", "editor", methods=["POST"])
def save_installs() -> ResponseReturnValue:
    form = Form.sent()
    form.require("source")
    taken = form.attempt(partial(_import, form))
    if taken is None:
        return again("installs.html", form)
    return done(_("%(n)s numbers were taken over.", n=taken), "day_reports")


def _import(form: Form) -> int:
    facts = install_facts(table_rows(_table(form)))
    now, day, by, source = services().clock.now(), today(), g.principal, form.text("source")
    under = by.scope("editor")

    def work(db: Session) -> int:
        taken = import_installs(db, facts, source=source, by=by.id, under=under, today=day, now=now)
        audit(db, by, "import", "installs", "installs", detail={"rows": taken, "source": source}, now=now)
        return taken

    return services().db.write(work)


def _table(form: Form) -> bytes:
    """The file that was chosen, else the lines that were pasted."""
    sent = request.files.get("file")
    return (sent.read(MOST_BYTES + 1) if sent else b"") or form.secret("rows").encode()


@page("/reports/proof.zip", "viewer")
def proof() -> ResponseReturnValue:
    """The proof pack of the days asked for (`?from=&to=&campaign=`)."""
    span, under = asked_span(1), list(g.principal.scope("viewer"))
    if not under:
        abort(404)
    with services().db.read() as db:
        file = proof_pack(
            db,
            span.first,
            span.last,
            campaign=request.args.get("campaign") or None,
            under=under,
            signer=Signer(services().sealer),
            now=services().clock.now(),
        )
    return send_file(
        file,
        "application/zip",
        as_attachment=True,
        download_name=f"proof-{span.first}-{span.last}.zip",
    )
