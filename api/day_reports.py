"""Reports of the day: read them and their files, add to them, tell installs, and take the proof along."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from flask import Response, request, send_file
from msgspec import Meta, Struct, field
from sqlalchemy.orm import Session

from api import refs
from api.kit import Listing, Page, call, change
from api.results import MOST_DAYS, span_faults, today
from core.errors import Invalid
from core.http import page_args, page_of
from core.later import later
from core.services import services
from people.actions import audit
from people.guards import principal
from people.roles import Principal
from reports import queries
from reports.actions import POPULATION, InstallFact, add_note, import_installs
from reports.content import decode
from reports.evidence import proof_pack
from reports.exports import csv_of_report, xlsx_of_report
from reports.models import DayReport, UnitNote
from reports.reading import MOST_BYTES, MOST_ROWS, install_facts, table_rows
from reports.signing import Signer

if TYPE_CHECKING:
    from reports import pdf
else:
    pdf = later("reports.pdf")  # its typefaces and matrices take 30 MB

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FILES = {"pdf": "application/pdf", "xlsx": XLSX, "csv": "text/csv"}


class DayReportOut(Struct, kw_only=True):
    """A frozen report. `kind` is unit or aggregate; `on_time`: made within a minute of its closing.

    `content` is what was frozen, `sha256` the digest of its bytes as they are signed (Ed25519, base64).
    """

    id: str
    area: str
    day: date
    kind: str
    closes_at: datetime
    made_at: datetime
    on_time: bool
    sha256: str
    signature: str
    content: dict[str, Any] | None = None


class DayReports(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which reports: of one day."""

    day: date | None = None


@call("GET", "/day-reports", tag="Reports", role="viewer", query=DayReports, answers=Page[DayReportOut])
def list_day_reports(query: DayReports) -> Response:
    """List the reports of the day of your areas, the newest day first."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.reports_after(
            s, principal().scope("viewer"), day=query.day, after=args.after, limit=args.limit + 1
        )
    return page_of(rows, args, queries.report_key, report_out)


def report_out(row: DayReport) -> DayReportOut:
    """As it is listed: without its content."""
    kept = {name: getattr(row, name) for name in DayReportOut.__struct_fields__ if name != "content"}
    return DayReportOut(**kept)


@call("GET", "/day-reports/<ref>", tag="Reports", role="viewer", answers=DayReportOut, refuses=(404,))
def get_day_report(ref: str) -> DayReportOut:
    """Read a report of the day."""
    row = _report(ref)
    made = report_out(row)
    made.content = decode_plain(row.content)
    return made


def decode_plain(content: str) -> dict[str, Any]:
    """The frozen content as plain values, exactly as it was signed."""
    found: dict[str, Any] = msgspec.json.decode(content)
    return found


class FileQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """`as` is pdf, xlsx or csv."""

    kind: str = field(name="as", default="pdf")


_FILE = "/day-reports/<ref>/file"


@call("GET", _FILE, tag="Reports", role="viewer", query=FileQuery, answers=tuple(FILES.values()), refuses=(404,))
def get_day_report_file(ref: str, query: FileQuery) -> Response:
    """Take a report of the day as a file: PDF to be signed by hand, workbook or CSV."""
    if query.kind not in FILES:
        raise Invalid([("as", "must be pdf, xlsx or csv")])
    row = _report(ref)
    content = decode(row.content)
    if query.kind == "pdf":
        body = pdf.pdf_of_report(content, row.sha256, row.signature)
    else:
        body = xlsx_of_report(content) if query.kind == "xlsx" else csv_of_report(content)
    name = f"{row.area}-{row.day}-{row.kind}.{query.kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, content_type=FILES[query.kind], headers=headers)


def _report(ref: str) -> DayReport:
    with services().db.read() as s:
        found = s.get(DayReport, ref)
    if found is None:
        raise refs.missing("report", ref)
    refs.reach(principal(), "viewer", found.area_path, "report", ref)
    return found


_Count = Annotated[int, Meta(ge=0, le=10**9)]


class NoteIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """What a unit adds to today's report: a remark, and what it did by hand, by measure (1-10)."""

    remark: Annotated[str, Meta(max_length=4000)] = ""
    by_hand: dict[str, _Count] = {}


class NoteOut(Struct, kw_only=True):
    """What a unit has added to its report of a day, and since when something was there."""

    area: str
    day: date
    remark: str
    by_hand: dict[str, int]
    at: datetime
    first_at: datetime


@call("PUT", "/unit-notes/<ref>", tag="Reports", role="editor", body=NoteIn, answers=NoteOut, refuses=(404,))
def put_unit_note(ref: str, body: NoteIn) -> NoteOut:
    """Add to a unit's report of today; again changes the words, not since when they count."""

    day = today()

    def work(s: Session, who: Principal, now: datetime) -> UnitNote:
        area = refs.area(s, who, "editor", ref)
        made = add_note(s, area.code, day, remark=body.remark, by_hand=body.by_hand, by=who.id, now=now)
        audit(s, who, "tell", "unit_note", area.code, area.path, {"day": day.isoformat()}, now=now)
        return made

    return _note_out(change(work))


@call("GET", "/unit-notes/<ref>", tag="Reports", role="viewer", answers=NoteOut, refuses=(404,))
def get_unit_note(ref: str) -> NoteOut:
    """Read what a unit has added to its report of today."""
    with services().db.read() as s:
        area = refs.area(s, principal(), "viewer", ref)
        found = queries.note(s, area.code, today())
    if found is None:
        raise refs.missing("area", ref)
    return _note_out(found)


def _note_out(row: UnitNote) -> NoteOut:
    return NoteOut(**{name: getattr(row, name) for name in NoteOut.__struct_fields__})


class InstallIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """How many had installed in an area by the end of a day; `who` is population or officials."""

    area: str
    day: date
    total: _Count
    who: str = POPULATION


class InstallsIn(Struct, kw_only=True, forbid_unknown_fields=True):
    """Numbers of one source, all or none of which are taken."""

    source: Annotated[str, Meta(min_length=1, max_length=200)]
    rows: Annotated[list[InstallIn], Meta(min_length=1, max_length=MOST_ROWS)]


class Taken(Struct):
    """How many numbers were taken over."""

    taken: int


@call("POST", "/installs", tag="Reports", role="editor", body=InstallsIn, answers=Taken)
def tell_installs(body: InstallsIn) -> Taken:
    """Tell how many have installed, by area and day.

    A later number for the same area and day replaces the earlier."""
    facts = [
        InstallFact(number, row.area, row.day.isoformat(), str(row.total), row.who)
        for number, row in enumerate(body.rows, 1)
    ]
    return _take(facts, body.source)


INSTALLS_FORM = {
    "type": "object",
    "required": ["source", "file"],
    "properties": {
        "source": {"type": "string", "maxLength": 200},
        "file": {"type": "string", "contentMediaType": "application/octet-stream"},
    },
}


@call("POST", "/installs/file", tag="Reports", role="editor", answers=Taken, upload=INSTALLS_FORM)
def tell_installs_file() -> Taken:
    """Tell installs by a CSV file or a workbook: area, day, number and, if you like, who."""
    sent = request.files.get("file")
    if sent is None:
        raise Invalid([("file", "must be sent, as multipart/form-data")])
    return _take(install_facts(table_rows(sent.read(MOST_BYTES + 1))), request.form.get("source", "")[:200])


def _take(facts: list[InstallFact], source: str) -> Taken:
    day = today()

    def work(s: Session, who: Principal, now: datetime) -> int:
        under = who.scope("editor")
        taken = import_installs(s, facts, source=source, by=who.id, under=under, today=day, now=now)
        audit(s, who, "import", "installs", "installs", detail={"rows": taken, "source": source}, now=now)
        return taken

    return Taken(change(work))


class ProofQuery(Struct, kw_only=True, forbid_unknown_fields=True):
    """From the first to the last local day, both included; of one campaign or all."""

    first: date = field(name="from")
    last: date = field(name="to")
    campaign: str | None = None


@call("GET", "/proof", tag="Reports", role="viewer", query=ProofQuery, answers=("application/zip",))
def get_proof(query: ProofQuery) -> Response:
    """Take the proof pack: every play, count and gap with the plan, chained and signed.

    `flask --app wsgi verify FILE` checks it on any machine, without the database."""
    if faults := span_faults(query.first, query.last, MOST_DAYS):
        raise Invalid(faults)
    under, signer = list(principal().scope("viewer")), Signer(services().sealer)
    with services().db.read() as s:
        file = proof_pack(
            s, query.first, query.last, campaign=query.campaign, under=under, signer=signer, now=services().clock.now()
        )
    name = f"proof-{query.first}-{query.last}.zip"
    return send_file(file, "application/zip", as_attachment=True, download_name=name)
