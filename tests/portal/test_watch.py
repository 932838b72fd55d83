"""Whoever an area names for alerts hears of a hotspot that fares badly, once a day."""

import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.jobs import Job
from core.services import Services
from core.signing import PLAYERS, Signer, is_signed
from places.queries import area
from portal import queries
from portal.watch import KIND, mail_of, tell, watch
from tests.portal.station import make_hotspot
from tests.support.clock import FrozenClock


@pytest.fixture
def received() -> Iterator[tuple[str, list[tuple[bytes, str]]]]:
    """A receiver of webhooks: its address, and what came with its signature."""
    came: list[tuple[bytes, str]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((body, self.headers["Alert-Signature"]))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/", came
    server.shutdown()
    thread.join(5)
    server.server_close()


def ill(services: Services, settings: dict[str, Any], grants: int = 2) -> None:
    """A station whose phones all went on line for a week, and today hardly any."""
    make_hotspot(services)
    now = services.clock.now()
    today = now.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()

    def work(s: Session) -> None:
        province = area(s, "93")
        assert province
        province.settings = settings
        for n in range(1, 8):
            queries.add_to_day(s, "ST01", today - timedelta(days=n), {"splashes": 50, "grants": 50}, now)
        queries.add_to_day(s, "ST01", today, {"splashes": 40, "grants": grants}, now)

    services.db.write(work)


def waiting(services: Services) -> list[dict[str, Any]]:
    with services.db.read() as s:
        return [job.payload for job in s.scalars(select(Job).where(Job.kind == KIND))]


def test_it_works(services: Services, received: tuple[str, list[tuple[bytes, str]]]) -> None:
    address, came = received
    ill(services, {"alert_webhook": address})
    watch(services)
    for payload in waiting(services):
        tell(services, payload)
    [(body, signature)] = came
    assert is_signed(body, signature, Signer(services.sealer, PLAYERS).public)
    told = json.loads(body)
    assert (told["kind"], told["hotspot"], told["splashes"], told["grants"]) == ("hotspot_fallen", "ST01", 40, 2)
    assert told["url"].endswith("/console/wifi/ST01")


def test_it_is_told_once_a_day(services: Services, clock: FrozenClock) -> None:
    ill(services, {"alert_mail": ["a@example.vn", "b@example.vn"]})
    watch(services)
    watch(services)
    assert [one["target"] for one in waiting(services)] == ["a@example.vn", "b@example.vn"]


def test_a_hotspot_that_fares_well_is_no_news(services: Services) -> None:
    ill(services, {"alert_mail": "a@example.vn"}, grants=39)
    watch(services)
    assert waiting(services) == []


def test_where_nobody_wants_to_be_told_nobody_is(services: Services) -> None:
    ill(services, {})
    watch(services)
    assert waiting(services) == []


def test_a_receiver_that_is_away_fails_the_job_so_that_it_is_tried_again(services: Services) -> None:
    ill(services, {"alert_webhook": "http://127.0.0.1:9/"})
    watch(services)
    [payload] = waiting(services)
    with pytest.raises(OSError, match="refused"):
        tell(services, payload)


def test_a_mail_says_it_in_vietnamese_first(services: Services) -> None:
    ill(services, {"alert_mail": "a@example.vn"})
    watch(services)
    [payload] = waiting(services)
    subject, text = mail_of(payload["content"])
    assert subject == "Wifi Bến xe Vị Thanh: ít người vào mạng hơn hẳn thường lệ"
    assert text.index("ít người") < text.index("far fewer")
