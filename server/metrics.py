"""What is measured of the server itself. No label holds anything of a person: routes, methods, classes of status."""

import os
from functools import cache
from time import perf_counter

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from core.jobs import waiting_and_failed
from core.services import Services
from core.settings import Settings
from server import queries

REQUESTS = Counter("bangtin_requests", "Requests answered", ("route", "method", "status"))
SECONDS = Histogram(
    "bangtin_request_seconds", "Time to an answer", ("route",), buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")


def install(app: Flask, _: Settings) -> None:
    """Counts and times every request."""

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in METHODS else "other"
        counted(route, method, response.status_code, perf_counter() - g.started if "started" in g else None)
        return response


def counted(route: str, method: str, status: int, seconds: float | None) -> None:
    """One more request; ``seconds`` where its time is known."""
    _requests(route, method, status // 100).inc()
    if seconds is not None:
        _seconds(route).observe(seconds)


@cache
def _requests(route: str, method: str, hundreds: int) -> Counter:
    return REQUESTS.labels(route, method, f"{hundreds}xx")


@cache
def _seconds(route: str) -> Histogram:
    return SECONDS.labels(route)


def page(services: Services) -> Response:
    """All figures: of every worker where there are several, and what the database knows."""
    registry: CollectorRegistry = REGISTRY
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    body = generate_latest(registry) + generate_latest(_of_the_database(services))
    return Response(body, content_type=CONTENT_TYPE_LATEST)


def _of_the_database(services: Services) -> CollectorRegistry:
    registry = CollectorRegistry()
    with services.db.read() as s:
        last = queries.last_beat(s, "jobs")
        waiting, failed = waiting_and_failed(s)
        figures = {
            "jobs_waiting": waiting,
            "jobs_failed": failed,
            "jobs_heartbeat_timestamp_seconds": last.timestamp() if last else 0,
        }
    for name, value in figures.items():
        Gauge(f"bangtin_{name}", name.replace("_", " "), registry=registry).set(value)
    return registry
