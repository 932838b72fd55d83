"""/healthz says that the process lives, /readyz that what it needs is there, /metrics what it measured."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from flask import Blueprint, Response

from core.errors import Problem
from core.http import Cache, answer, door
from core.services import Services, services
from server import metrics, queries
from server.guards import this_machine_or_key

blueprint = Blueprint("health", __name__)
JOBS = "jobs"
BEAT_EVERY_S = 5
STALE = timedelta(seconds=6 * BEAT_EVERY_S)


@blueprint.get("/healthz")
@door("ops", guard=None, cache=Cache.NO_STORE)
def healthz() -> Response:
    """The process answers."""
    return answer({"status": "ok"})


@blueprint.get("/readyz")
@door("ops", guard=None, cache=Cache.NO_STORE)
def readyz() -> Response:
    """200 when the database answers, media can be written and the job process lives; else 503, with what is not."""
    found = {name: _state(check, services()) for name, check in CHECKS.items()}
    ready = all(state == "ok" for state in found.values())
    return answer({"status": "ok" if ready else "not ready", **found}, 200 if ready else 503)


@blueprint.get("/metrics")
@door("ops", guard=this_machine_or_key, cache=Cache.NO_STORE)
def prometheus() -> Response:
    """Counters and gauges in Prometheus's text format, for this machine or an auditor's API key."""
    return metrics.page(services())


def _state(check: Callable[[Services], None], s: Services) -> str:
    try:
        check(s)
    except Problem as error:
        return error.detail or error.title
    except Exception as error:  # noqa: BLE001 - whatever is wrong, the answer is "not ready", with its kind
        return type(error).__name__
    return "ok"


def _database(s: Services) -> None:
    with s.db.read() as session:
        queries.last_beat(session, JOBS)


def _media(s: Services) -> None:
    if s.settings.media_url.startswith("s3://"):
        return  # a store's trouble stops uploads, not what screens and phones are shown
    probe = Path(s.settings.media_url) / f".probe-{uuid.uuid4().hex}"
    probe.parent.mkdir(parents=True, exist_ok=True)
    probe.touch()
    probe.unlink()


def _jobs(s: Services) -> None:
    with s.db.read() as session:
        beat = queries.last_beat(session, JOBS)
    if beat is None or s.clock.now() - beat > STALE:
        raise Problem("the job process has not been heard of" if beat is None else f"last heard of at {beat:%H:%M:%S}Z")


CHECKS: dict[str, Callable[[Services], None]] = {"database": _database, "media": _media, "jobs": _jobs}
