"""The audit log: who did what, when. It is only ever added to."""

from datetime import datetime
from typing import Any

from flask import Response
from msgspec import Struct

from api.kit import Listing, Page, call
from core.errors import Invalid
from core.http import PageArgs, page_args, page_of
from core.paths import ROOT
from core.services import services
from people import actions, queries
from people.guards import principal, require
from people.models import AuditEntry


class AuditOut(Struct, kw_only=True):
    """One line. `hash` covers the line and the hash before it."""

    seq: int
    at: datetime
    actor_kind: str
    actor_id: str
    actor_name: str
    action: str
    kind: str
    ref: str
    area_path: str
    detail: dict[str, Any]
    previous: str
    hash: str


class Lines(Listing, kw_only=True, forbid_unknown_fields=True):
    """Which lines: about one thing, or by one actor."""

    kind: str | None = None
    ref: str | None = None
    actor: str | None = None


class Chain(Struct):
    """Whether every line continues the one before; `broken_at` is the first that does not."""

    whole: bool
    broken_at: int | None


@call("GET", "/audit", tag="People", role="auditor", query=Lines, answers=Page[AuditOut])
def list_audit(query: Lines) -> Response:
    """Read the audit log of your areas, the latest first."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.audit_entries(
            s,
            principal().scope("auditor"),
            before=_before(args),
            limit=args.limit + 1,
            kind=query.kind,
            ref=query.ref,
            actor_id=query.actor,
        )
    return page_of(rows, args, lambda row: str(row.seq), audit_out)


@call("GET", "/audit/chain", tag="People", role="auditor", answers=Chain)
def check_audit() -> Chain:
    """Check that nobody has changed the log.

    Reads the whole log, so it is for auditors of everything."""
    require("auditor", ROOT)
    with services().db.read() as s:
        broken = actions.broken_at(s)
    return Chain(broken is None, broken)


def audit_out(row: AuditEntry) -> AuditOut:
    """As it is shown."""
    return AuditOut(**{name: getattr(row, name) for name in AuditOut.__struct_fields__})


def _before(args: PageArgs) -> int | None:
    if args.after is None:
        return None
    if not args.after.isascii() or not args.after.isdigit():
        raise Invalid([("cursor", "must be the 'next' of an earlier answer")])
    return int(args.after)
