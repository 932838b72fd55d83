"""Results and reports of the day through the API: the numbers that the console shows, and who may see them."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime

import openpyxl
import pytest

from core.services import Services
from reports.jobs import close_due
from reports.proof import verify_pack
from tests.api.conftest import Script, World
from tests.measure.world import batch, row, send
from tests.support.clock import MORNING, FrozenClock

DAYS = "from=2026-11-22&to=2026-11-22"


@pytest.fixture
def busy(services: Services, admin: Script) -> None:
    """Forty plays at the bus station."""
    rows = [row(seq, ago_ms=(40 - seq) * 1000) for seq in range(1, 41)]
    where = {"screen_id": "scr_1", "location_id": "ga-vi-thanh", "area_path": "/93/93-31333/", "names": ()}
    send(services.db, batch(rows), at=MORNING, campaigns={"plc_1": "cmp_1"}, **where)


def table(answer) -> list[dict[str, str]]:  # type: ignore[no-untyped-def]
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"))))


@pytest.mark.usefixtures("busy")
class TestFunnel:
    def test_it_works(self, admin: Script) -> None:
        told = admin.get(f"/reports/funnel?{DAYS}&by=location&order=plays").json
        (line,) = told["items"]
        assert (line["key"], line["name"], line["plays"]) == ("ga-vi-thanh", "Bến xe Vị Thanh", 40)
        assert line["rates"]["scans_per_play"]["low"] == 0
        assert told["complete_to"]

    @pytest.mark.parametrize("wrong", ["by=shoe", "order=shoe", "from=1999-01-01", "to=2030-01-01", "campain=x"])
    def test_what_cannot_be_is_refused_by_name(self, admin: Script, wrong: str) -> None:
        kept = "&".join(part for part in DAYS.split("&") if part.split("=")[0] != wrong.split("=")[0])
        assert admin.get(f"/reports/funnel?{kept}&{wrong}").status_code == 422

    def test_another_province_sees_nothing(self, world: World) -> None:
        far = world.script("viewer", "/33/")
        assert far.get(f"/reports/funnel?{DAYS}").json["items"] == []
        assert far.get(f"/reports/funnel?{DAYS}&area=93").status_code == 404
        assert table(far.get(f"/reports/rows?{DAYS}")) == []
        assert table(far.get(f"/reports/plays?{DAYS}")) == []
        assert far.get(f"/reports/voice?{DAYS}").json["items"] == []

    def test_the_rows_behind(self, admin: Script) -> None:
        rows = table(admin.get(f"/reports/rows?{DAYS}&metric=plays&location=ga-vi-thanh"))
        assert sum(int(each["count"]) for each in rows) == 40
        assert admin.get(f"/reports/rows?{DAYS}&metric=shoes").status_code == 422

    def test_the_rows_behind_an_hour(self, admin: Script) -> None:
        hours = admin.get(f"/reports/funnel?{DAYS}&by=hour").json["items"]
        for each in hours:
            rows = table(admin.get(f"/reports/rows?{DAYS}&metric=plays&hour={int(each['key'])}"))
            assert sum(int(row["count"]) for row in rows) == each["plays"]
        assert sum(each["plays"] for each in hours) == 40
        assert admin.get(f"/reports/rows?{DAYS}&hour=24").status_code == 422

    def test_every_play(self, admin: Script) -> None:
        assert [each["seq"] for each in table(admin.get(f"/reports/plays?{DAYS}"))] == [str(n) for n in range(1, 41)]

    def test_the_proof(self, admin: Script) -> None:
        pack = io.BytesIO(admin.get(f"/proof?{DAYS}").data)
        manifest, wrong = verify_pack(pack)
        assert manifest is not None
        assert wrong == []
        assert len(zipfile.ZipFile(pack).read("plays.csv").splitlines()) == 41


def test_people_and_targets_have_their_shape(admin: Script) -> None:
    assert admin.get(f"/reports/people?{DAYS}").json == {"items": []}
    assert {each["area"] for each in admin.get("/reports/targets").json["items"]} >= {"93", "33"}
    assert {each["state"] for each in admin.get("/reports/late").json["items"]} == {"waiting"}


def installs(**more: object) -> dict[str, object]:
    return {"source": "Sở TTTT", "rows": [{"area": "93", "day": "2026-11-21", "total": 55_289}], **more}


def test_installs_are_told(admin: Script) -> None:
    assert admin.post("/installs", installs()).json == {"taken": 1}
    (line,) = [each for each in admin.get("/reports/targets").json["items"] if each["area"] == "93"]
    assert (line["total"], line["day"], line["source"]) == (55_289, "2026-11-21", "Sở TTTT")


def test_what_was_told_is_listed(admin: Script) -> None:
    admin.post("/installs", installs())
    (told,) = admin.get("/areas/93/installs").json["items"]
    assert (told["day"], told["who"], told["total"], told["source"]) == ("2026-11-21", "population", 55_289, "Sở TTTT")
    assert admin.get("/areas/33/installs").json == {"items": []}
    assert admin.get("/areas/nowhere/installs").status_code == 404


def test_what_others_told_is_not_there(world: World) -> None:
    assert world.script("viewer", "/33/").get("/areas/93/installs").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"rows": []},
        {"source": ""},
        {"rows": [{"area": "99", "day": "2026-11-21", "total": 1}]},
        {"rows": [{"area": "93", "day": "2027-11-21", "total": 1}]},
        {"rows": [{"area": "93", "day": "2026-11-21", "total": -1}]},
        {"rows": [{"area": "93", "day": "2026-11-21", "total": 1, "who": "cats"}]},
        {"colour": "red"},
    ],
)
def test_wrong_installs_are_refused_and_nothing_is_kept(admin: Script, wrong: dict[str, object]) -> None:
    assert admin.post("/installs", installs(**wrong)).status_code == 422
    assert all(each["total"] is None for each in admin.get("/reports/targets").json["items"])


def test_installs_of_others_are_refused(world: World) -> None:
    assert world.script("editor", "/33/").post("/installs", installs()).status_code == 422


def workbook() -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for line in (("Mã", "Ngày", "Số"), ("93", "21/11/2026", 55289)):
        book.active.append(line)
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("raw", ["Mã;Ngày;Số\n93;21/11/2026;55.289\n".encode(), workbook()])
def test_installs_by_a_file(admin: Script, raw: bytes) -> None:
    data = {"source": "Sở TTTT", "file": (io.BytesIO(raw), "x.csv")}
    assert admin.post("/installs/file", data=data).json == {"taken": 1}


@pytest.mark.parametrize("raw", [b"PK\x03\x04nonsense", b"", b"\x00\xff" * 50, b"PK"])
def test_a_file_that_is_no_table_is_refused(admin: Script, raw: bytes) -> None:
    data = {"source": "x", "file": (io.BytesIO(raw), "x.xlsx")}
    assert admin.post("/installs/file", data=data).status_code == 422
    assert admin.post("/installs/file", data={"source": "x"}).status_code == 422


def test_a_unit_adds_to_its_report(admin: Script) -> None:
    assert admin.get("/unit-notes/93-31333").status_code == 404
    said = {"remark": "Đã phát 200 tờ rơi", "by_hand": {"2": 200}}
    told = admin.send("PUT", "/unit-notes/93-31333", said).json
    assert (told["remark"], told["by_hand"], told["day"]) == ("Đã phát 200 tờ rơi", {"2": 200}, "2026-11-22")
    assert admin.get("/unit-notes/93-31333").json == told
    assert "93-31333" not in [each["area"] for each in admin.get("/reports/late").json["items"]]


@pytest.mark.parametrize("wrong", [{"by_hand": {"11": 1}}, {"by_hand": {"2": -1}}, {"remark": "x" * 4001}, {"x": 1}])
def test_a_wrong_note_is_refused(admin: Script, wrong: dict[str, object]) -> None:
    assert admin.send("PUT", "/unit-notes/93", wrong).status_code == 422
    assert admin.get("/unit-notes/93").status_code == 404


class TestDayReports:
    @pytest.fixture
    def closed(self, world: World, services: Services, clock: FrozenClock) -> Script:
        clock.step_to(datetime(2026, 11, 22, 10, 0, tzinfo=UTC))
        close_due(services)
        return world.script("viewer")

    def test_it_works(self, closed: Script) -> None:
        listed = closed.get("/day-reports?limit=3").json
        rest = closed.get(f"/day-reports?limit=100&cursor={listed['next']}").json
        every = [*listed["items"], *rest["items"]]
        assert len({each["id"] for each in every}) == len(every) == 6
        read = closed.get(f"/day-reports/{every[0]['id']}").json
        assert (read["content"]["kind"], read["content"]["area"]["code"]) == (every[0]["kind"], every[0]["area"])

    @pytest.mark.parametrize(("kind", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK"), ("csv", "\ufeffChỉ số".encode())])
    def test_as_a_file(self, closed: Script, kind: str, begins: bytes) -> None:
        report = closed.get("/day-reports").json["items"][0]["id"]
        assert closed.get(f"/day-reports/{report}/file?as={kind}").data.startswith(begins)

    def test_an_unknown_kind_of_file_is_refused(self, closed: Script) -> None:
        report = closed.get("/day-reports").json["items"][0]["id"]
        assert closed.get(f"/day-reports/{report}/file?as=doc").status_code == 422

    def test_another_province_sees_its_own(self, closed: Script, world: World) -> None:
        far = world.script("viewer", "/33/").get("/day-reports").json["items"]
        assert {each["area"] for each in far} == {"33", "33-11950"}
