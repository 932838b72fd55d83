"""Any gateway that lets a phone on line when it opens one address: the address is a template.

`link` is a path and query below `grant_base`; `{name}` stands for what the query brought under that name and
`{online_url}` for our online page, both escaped. Without a `grant_base` the network is open already, and the
splash leads straight to the online page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from portal.gateways.base import Arrival, Confidence, Dialect, Gateway, Grant, Link, Open, Refused, Setting
from portal.gateways.wire import fields

DEFAULT_LINK = "/grant?continue={online_url}"
_NAME = re.compile(r"\{([A-Za-z0-9_.-]{1,64})\}")


def wanted(gateway: Gateway) -> list[str]:
    """The names of the query that the template uses."""
    return [name for name in _NAME.findall(gateway.text("link", DEFAULT_LINK)) if name != "online_url"]


def parse(query: str, gateway: Gateway) -> Arrival:
    """Keep what the template needs and nothing else."""
    sent = fields(query)
    facts = {name: sent[name] for name in wanted(gateway) if sent.get(name)}
    session = sent.get(gateway.text("session_field"), "") if gateway.text("session_field") else ""
    return Arrival("captive", facts, session=session, target=sent.get(gateway.text("target_field"), ""))


def grant(facts: Mapping[str, str], gateway: Gateway, online_url: str) -> Grant:
    """Fill the template."""
    if not gateway.grant_base:
        return Open()
    missing = [name for name in wanted(gateway) if name not in facts]
    if missing:
        return Refused("the gateway did not send " + ", ".join(missing))
    values = dict(facts) | {"online_url": online_url}
    path = _NAME.sub(lambda found: quote(values[found.group(1)], safe=""), gateway.text("link", DEFAULT_LINK))
    return Link(gateway.grant_base.rstrip("/") + "/" + path.lstrip("/"))


DIALECT = Dialect(
    name="generic",
    title="Generic (a link template)",
    parse=parse,
    grant=grant,
    confidence=Confidence.RUN,
    settings=(
        Setting("link", "Path and query, such as /login?token={token}&url={online_url}", default=DEFAULT_LINK),
        Setting("session_field", "Name in the query that identifies the stay"),
        Setting("target_field", "Name in the query that holds the gateway's address"),
    ),
    needs_grant_base=False,
    source="this project",
)
