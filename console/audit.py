"""The audit log as people read it: who did what, to what, where, when."""

from flask import g, request
from flask.typing import ResponseReturnValue

from console.pages import page, show
from core.services import services
from people import actions, queries

PER_PAGE = 50


@page("/audit", "auditor")
def audit_log() -> ResponseReturnValue:
    """``?before=`` is a line's number; ``kind`` and ``ref`` narrow to one thing, ``actor`` to one person or key."""
    before = request.args.get("before", "")
    wanted = {name: request.args.get(name) or None for name in ("kind", "ref", "actor")}
    with services().db.read() as db:
        entries = queries.audit_entries(
            db,
            g.principal.scope("auditor"),
            before=int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None,
            limit=PER_PAGE + 1,
            kind=wanted["kind"],
            ref=wanted["ref"],
            actor_id=wanted["actor"],
        )
        broken = actions.broken_at(db) if "check" in request.args else None
    shown = entries[:PER_PAGE]
    older = shown[-1].seq if len(entries) > PER_PAGE else None
    return show("audit.html", entries=shown, older=older, wanted=wanted, checked="check" in request.args, broken=broken)
