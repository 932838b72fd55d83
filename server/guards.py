"""Who may see the server's own figures."""

from flask import request

from core.errors import Unauthorized

LOOPBACK = ("127.0.0.1", "::1")


def this_machine_or_key() -> None:
    """Lets in what runs on this machine and was not passed on by a proxy."""
    passed_on = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "Via"))
    if request.remote_addr not in LOOPBACK or passed_on:
        raise Unauthorized("Metrics are for this machine")
