"""What is measured of the server itself. No label holds anything of a person: routes, methods, classes of status."""

import os
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


def install(app: Flask, _: Settings) -> None:
    """Counts and times every request."""

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE") else "other"
        REQUESTS.labels(route, method, f"{response.status_code // 100}xx").inc()
        if "started" in g:
            SECONDS.labels(route).observe(perf_counter() - g.started)
        return response


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
