"""The table of dialects: one line for each make of gateway."""

from __future__ import annotations

from portal.gateways import generic, opennds
from portal.gateways.base import Dialect

DIALECTS: dict[str, Dialect] = {d.name: d for d in (opennds.DIALECT, generic.DIALECT)}
