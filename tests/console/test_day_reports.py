"""Reports of the day at the console: who sees them, what they say, what a unit adds, how installs are told."""

import io
from datetime import UTC, date, datetime, timedelta

import openpyxl
import pytest

from core.services import Services
from reports.jobs import close_due
from reports.models import DayReport, Installs, UnitNote
from reports.proof import verify_pack
from tests.console.conftest import Operator, People
from tests.measure.counts import rows
from tests.support.clock import FrozenClock

pytestmark = pytest.mark.usefixtures("areas")


def close(services: Services, clock: FrozenClock) -> dict[str, str]:
    """Closes the day; area and kind -> id of the report."""
    clock.step_to(datetime(2026, 11, 22, 17, tzinfo=UTC) - timedelta(hours=7))
    close_due(services)
    return {f"{each.area} {each.kind}": each.id for each in rows(services.db, DayReport)}


def test_nothing_has_closed_yet(admin: Operator) -> None:
    assert "Nothing has closed on this day" in admin.get("/reports").text


def test_it_works(people: People, services: Services, clock: FrozenClock) -> None:
    made = close(services, clock)
    admin = people("admin")
    listed = admin.get("/reports").text
    assert all(each in listed for each in made.values())
    shown = admin.get(f"/reports/{next(iter(made.values()))}").text
    assert "Lượt phát trên màn hình" in shown
    assert "Ed25519" in shown


@pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", "\ufeffChỉ số".encode())])
def test_a_report_as_a_file(people: People, services: Services, clock: FrozenClock, kind: str, begins: bytes) -> None:
    made = close(services, clock)
    answer = people("admin").get(f"/reports/{next(iter(made.values()))}.{kind}")
    assert answer.data.startswith(begins)
    assert "attachment" in answer.headers["Content-Disposition"]


def test_an_unknown_report_is_not_there(admin: Operator) -> None:
    assert admin.get("/reports/rep_nothing").status_code == 404


def test_another_province_s_report_is_not_there(people: People, services: Services, clock: FrozenClock) -> None:
    made = close(services, clock)
    stranger = people("viewer", "/12/", "Stranger")
    assert stranger.get(f"/reports/{made['93 unit']}").status_code == 404
    assert stranger.get(f"/reports/{made['93 unit']}.pdf").status_code == 404
    assert made["93 unit"] not in stranger.get("/reports").text


def test_a_viewer_adds_nothing(viewer: Operator, services: Services) -> None:
    assert viewer.post("/reports/notes/93", {"remark": "x"}).status_code == 403
    assert viewer.post("/reports/installs", {"source": "x", "rows": "93,2026-11-22,1"}).status_code == 403
    assert rows(services.db, UnitNote) == rows(services.db, Installs) == []


def test_an_editor_tells_nothing_of_another_province(editor: Operator, services: Services) -> None:
    assert editor.post("/reports/notes/12", {"remark": "x"}).status_code == 404
    assert editor.post("/reports/installs", {"source": "x", "rows": "12,2026-11-22,1"}).status_code == 422
    assert rows(services.db, UnitNote) == rows(services.db, Installs) == []


def test_a_unit_adds_to_its_report(admin: Operator, services: Services) -> None:
    page = admin.follow("/reports/notes/93", {"remark": "Đã phát tờ rơi", "m2": "1.200"})
    assert page.status_code == 200
    (note,) = rows(services.db, UnitNote)
    assert (note.remark, note.by_hand) == ("Đã phát tờ rơi", {"2": 1200})


def test_a_number_that_is_none_is_refused(admin: Operator, services: Services) -> None:
    assert admin.post("/reports/notes/93", {"remark": "", "m2": "nhiều"}).status_code == 422
    assert rows(services.db, UnitNote) == []


def test_installs_are_told_as_lines(admin: Operator, services: Services) -> None:
    lines = "mã,ngày,số\n93,2026-11-22,55289\n"
    assert admin.follow("/reports/installs", {"source": "Sở TTTT", "rows": lines}).status_code == 200
    assert [(each.area, each.total) for each in rows(services.db, Installs)] == [("93", 55_289)]


def test_a_number_of_installs_leads_to_what_was_told(people: People) -> None:
    admin = people("admin")
    admin.follow("/reports/installs", {"source": "Sở TTTT", "rows": "93,2026-11-21,48289\n93,2026-11-22,55289\n"})
    assert 'href="/console/installs/93">55,289</a>' in admin.get("/installs").text
    told = admin.get("/installs/93").text
    assert "48,289" in told
    assert "Sở TTTT" in told
    assert people("viewer", "/12/", "Stranger").get("/installs/93").status_code == 404
    assert admin.get("/installs/nowhere").status_code == 404


def test_installs_are_told_as_a_workbook(admin: Operator, services: Services) -> None:
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["93", date(2026, 11, 21), 40_000])
    book.save(out)
    out.seek(0)
    sent = {"source": "Sở TTTT", "rows": "", "file": (out, "so-lieu.xlsx")}
    assert admin.post("/reports/installs", sent, content_type="multipart/form-data").status_code == 303
    assert rows(services.db, Installs)[0].total == 40_000


@pytest.mark.parametrize(
    "sent",
    [
        {"source": "", "rows": "93,2026-11-22,1"},
        {"source": "x", "rows": "99,2026-11-22,1"},
        {"source": "x", "rows": ""},
        {"source": "x", "rows": "93,hôm qua,1"},
    ],
)
def test_a_wrong_table_is_refused_whole(admin: Operator, services: Services, sent: dict[str, str]) -> None:
    assert admin.post("/reports/installs", sent).status_code == 422
    assert rows(services.db, Installs) == []


def test_what_is_no_workbook_is_refused(admin: Operator, services: Services) -> None:
    sent = {"source": "x", "rows": "", "file": (io.BytesIO(b"PK\x03\x04 broken"), "a.xlsx")}
    assert admin.post("/reports/installs", sent, content_type="multipart/form-data").status_code == 422


def test_a_proof_pack_can_be_taken_along(admin: Operator) -> None:
    answer = admin.get("/reports/proof.zip?from=2026-11-22&to=2026-11-22")
    assert answer.mimetype == "application/zip"
    assert verify_pack(io.BytesIO(answer.data))[1] == []
