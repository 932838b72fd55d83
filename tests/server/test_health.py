from datetime import timedelta

from flask.testing import FlaskClient

from core.services import Services
from server.actions import beat
from server.health import JOBS, STALE
from tests.support.clock import FrozenClock


def test_it_works(client: FlaskClient, services: Services) -> None:
    services.db.write(lambda s: beat(s, JOBS, services.clock.now()))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "ok", "database": "ok", "media": "ok", "jobs": "ok"}
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_living_process_is_healthy_even_before_it_is_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503


def test_a_job_process_that_fell_silent_is_named(client: FlaskClient, services: Services, clock: FrozenClock) -> None:
    services.db.write(lambda s: beat(s, JOBS, clock.now()))
    clock.advance(seconds=(STALE + timedelta(seconds=1)).total_seconds())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["jobs"].startswith("last heard of at 02:00:00Z")
    assert answer.json["database"] == "ok"


def test_a_second_beat_replaces_the_first(services: Services, clock: FrozenClock, client: FlaskClient) -> None:
    services.db.write(lambda s: beat(s, JOBS, clock.now()))
    clock.advance(minutes=10)
    services.db.write(lambda s: beat(s, JOBS, clock.now()))
    assert client.get("/readyz").status_code == 200


def test_media_that_cannot_be_written_is_named(client: FlaskClient, services: Services) -> None:
    folder = services.settings.data_dir / "media"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file where a folder should be")
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["media"] == "FileExistsError"


def test_load_balancers_may_ask_by_number(client: FlaskClient) -> None:
    assert client.get("/healthz", base_url="http://10.1.2.3:8000").status_code == 200


def test_metrics_count_requests_by_route(client: FlaskClient) -> None:
    client.get("/healthz")
    text = client.get("/metrics").text
    assert 'bangtin_requests_total{method="GET",route="/healthz",status="2xx"}' in text
    assert "bangtin_jobs_waiting 0.0" in text


def test_metrics_are_refused_to_other_machines(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.7"}).status_code == 401


def test_metrics_are_refused_through_a_proxy_on_this_machine(client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 401
