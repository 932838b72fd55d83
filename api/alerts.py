"""Alerts: screens of an area that fell silent, show something else than they should, or lack plays without a reason."""

from datetime import datetime

from flask import Response
from msgspec import Struct

from api.kit import Listing, Page, call, in_order, newest
from core.services import services
from people.guards import principal
from places.models import Area
from signage import queries
from signage.models import FleetAlert
from signage.signing import Signer


class AlertOut(Struct, kw_only=True):
    """An alert. `subject` is `silent`, `differs` (a photograph shows something else) or `unexplained` (plays are
    missing without a reason); `screens` are those with which it still is so, `told_count` how many were told of."""

    id: str
    area: str
    subject: str
    opened_at: datetime
    screens: list[str]
    told_at: datetime | None
    told_count: int
    recovered_at: datetime | None


class AlertKey(Struct):
    """The Ed25519 key, raw in base64, that checks `Alert-Signature` over the body of a webhook."""

    public_key: str


@call("GET", "/alerts", tag="Screens", role="viewer", query=Listing, answers=Page[AlertOut])
def list_alerts(query: Listing) -> Response:
    """List the alerts of your areas, the latest first."""
    with services().db.read() as s:
        rows = queries.alerts(s, principal().scope("viewer"), limit=1000)
    return in_order(rows, lambda row: newest(row[0].opened_at, row[0].id), lambda row: alert_out(*row))


@call("GET", "/alerts/key", tag="Screens", role="viewer", answers=AlertKey)
def get_alert_key() -> AlertKey:
    """Read the key that checks the signature of webhooks."""
    return AlertKey(Signer(services().sealer).public)


def alert_out(row: FleetAlert, area: Area) -> AlertOut:
    """As it is shown."""
    own = {name: getattr(row, name) for name in ("id", "subject", "opened_at", "told_at", "told_count", "recovered_at")}
    return AlertOut(area=area.code, screens=row.members, **own)
