"""The table of dialects: one line for each make of gateway."""

from __future__ import annotations

from portal.gateways import chilli, cisco, controllers, forms, generic, meraki, mikrotik, nodogsplash, opennds, wifidog
from portal.gateways.base import Dialect

DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect
    for dialect in (
        opennds.DIALECT,
        generic.DIALECT,
        chilli.DIALECT,
        wifidog.DIALECT,
        mikrotik.DIALECT,
        meraki.DIALECT,
        cisco.DIALECT,
        controllers.UNIFI,
        controllers.OMADA,
        nodogsplash.DIALECT,
        wifidog.RUIJIE,
        forms.ARUBA,
        forms.RUCKUS,
        forms.FORTIGATE,
        forms.CAMBIUM,
    )
}
