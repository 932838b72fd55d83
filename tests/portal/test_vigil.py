"""Views that a crash loses appear as a gap."""

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from core.services import Services
from portal import jobs, queries
from portal.house import desk
from portal.vigil import Vigil
from tests.portal.station import fas, make_hotspot
from tests.portal.test_splash import AGENT, visits
from tests.support.live import ROOT

LIFE = """
import os, signal
from datetime import datetime
from pathlib import Path
from portal.vigil import Vigil
vigil = Vigil(Path({folder!r}))
{work}
os.kill(os.getpid(), signal.SIGKILL)
"""
MOMENT = datetime(2026, 8, 10, 5, 0, 0, 250_000, UTC)


def ended(folder: Path, *, holding: bool) -> None:
    """A process that made its mark and was killed."""
    work = f"vigil.hold(datetime.fromisoformat({MOMENT.isoformat()!r}))" + ("" if holding else "; vigil.rest()")
    code = LIFE.format(folder=str(folder), work=work)
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == -signal.SIGKILL


def test_it_works(tmp_path: Path) -> None:
    ended(tmp_path / "vigil", holding=True)
    vigil = Vigil(tmp_path / "vigil")
    assert vigil.left_behind() == [MOMENT]
    assert vigil.left_behind() == []


def test_who_ended_with_everything_written_has_lost_nothing(tmp_path: Path) -> None:
    ended(tmp_path / "vigil", holding=False)
    assert Vigil(tmp_path / "vigil").left_behind() == []


def test_who_lives_is_not_told_of(tmp_path: Path) -> None:
    living = Vigil(tmp_path / "vigil")
    living.hold(MOMENT)
    assert Vigil(tmp_path / "vigil").left_behind() == []


def test_a_folder_that_cannot_be_written_costs_the_mark_alone(tmp_path: Path) -> None:
    (tmp_path / "vigil").write_text("a file stands in its place")
    vigil = Vigil(tmp_path / "vigil")
    vigil.hold(MOMENT)
    assert vigil.left_behind() == []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_the_next_process_puts_the_gap_down(client: FlaskClient, services: Services) -> None:
    ended(services.settings.data_dir / "vigil", holding=True)
    make_hotspot(services)
    client.get(f"/wifi/ST01?{fas()}", headers=AGENT)
    visits(client, services)
    with services.db.read() as s:
        [gap] = queries.gaps(s, MOMENT - timedelta(days=1))
        assert queries.gaps(s, services.clock.now() + timedelta(seconds=1)) == []
    assert (gap.since, gap.until) == (MOMENT, services.clock.now())
    jobs.forget_gaps(services)
    with services.db.read() as s:
        assert [one.id for one in queries.gaps(s, MOMENT)] == [gap.id]
    services.db.write(lambda s: queries.forget_gaps(s, services.clock.now() + timedelta(days=1)))
    with services.db.read() as s:
        assert queries.gaps(s, MOMENT) == []


def test_while_a_view_waits_it_is_marked(client: FlaskClient, services: Services) -> None:
    make_hotspot(services)
    client.get(f"/wifi/ST01?{fas()}", headers=AGENT)
    folder = services.settings.data_dir / "vigil"

    def mark() -> str:
        return "".join(file.read_text().strip() for file in folder.iterdir())

    assert mark() in (str(int(services.clock.now().timestamp() * 1000)), "-")
    visits(client, services)
    until = time.monotonic() + 30
    while mark() != "-":
        assert time.monotonic() < until
        time.sleep(0.01)
    with client.application.app_context():
        assert len(desk().outbox) == 0
