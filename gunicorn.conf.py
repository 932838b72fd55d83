"""gunicorn for Bảng Tin. `make run` starts it; by hand: `gunicorn -c gunicorn.conf.py wsgi:app`.

Why each line stands here is tested in tests/server/test_gunicorn_config.py.
"""

import gc
import os
import resource
from pathlib import Path

from core.settings import load_settings
from server import multiprocess

_settings = load_settings()
_limit = resource.getrlimit(resource.RLIMIT_NOFILE)
resource.setrlimit(resource.RLIMIT_NOFILE, (_limit[1], _limit[1]))

bind = os.environ.get("BANGTIN_LISTEN", _settings.bind)  # `make run` hands down a socket that is open already
workers = _settings.workers
backlog = 2048

# A greenlet for each connection: thousands of phones that trickle their headers cost memory, not workers.
worker_class = "server.worker.Worker"  # gevent
worker_connections = 10_000
keepalive = 15  # seconds between requests, and for the whole of a request's head
timeout = 60  # a worker that does not come round to its loop for so long is replaced
graceful_timeout = 20
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

# No file, socket or log that nobody asked for, and nothing of a person in what is written.
control_socket_disable = True
accesslog = None  # /metrics counts by route; a log of paths would hold keys, codes and queries
errorlog = "-"
loglevel = "warning"
logger_class = "server.gunicorn_log.Discreet"
proc_name = "bangtin"
forwarded_allow_ips = ""  # BANGTIN_TRUSTED_PROXIES decides, in the application


def on_starting(server):
    """Before the first worker: a folder for the counters that several workers share."""
    multiprocess.prepare(_settings)


def post_worker_init(worker):
    """What a worker is made of stays to its end: the collector need not walk all of it, some 0.2 s, every few seconds.

    Requests leave hardly a cycle behind, and a fleet's cards and posters have none: so it may look more rarely, too.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def worker_exit(server, worker):
    """What travellers did in the last moment is written before the worker is gone."""
    from portal.house import desk_of  # not before gevent has taken the worker's threads in hand

    app = getattr(worker, "wsgi", None)
    if app is not None and "portal" in app.extensions:
        desk_of(app).outbox.close()


def child_exit(server, worker):
    """A worker has ended: its gauges no longer count."""
    multiprocess.forget(worker.pid)


def on_exit(server):
    """The last worker has gone, and its counters with it."""
    multiprocess.clear()
