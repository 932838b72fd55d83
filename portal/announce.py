"""Announcing the captive portal API (RFC 8908) to phones: the lines for DHCP and router advertisements (RFC 8910).

Pure text. Phones heed an https address alone, so there are none for an http one. Sources: RFC 8910, section 2 (DHCPv4
option 114, DHCPv6 option 103, RA option 37); dnsmasq(8); Kea's and ISC's lists of standard options; RouterOS manual,
"DHCP server, options"; odhcpd since November 2025 (captive_portal_uri); radvd since 2.20 (AdvCaptivePortalAPI).
"""

from __future__ import annotations

from portal.sheet import Sheet


def announcements(code: str, portal_url: str) -> list[Sheet]:
    """One sheet for each program that hands out addresses; none where the portal's address is http."""
    if not portal_url.startswith("https://"):
        return []
    api = f"{portal_url}/wifi/{code}/api"
    return [Sheet(f"DHCP 114/103, RA 37: {name}", make(api)) for name, make in _MAKERS.items()]


def _dnsmasq(api: str) -> str:
    own = f"dhcp-option-force=114,{api}\ndhcp-option-force=option6:103,{api}\n"
    return own + "# RA 37: dnsmasq has no such line; radvd has\n"


def _kea(api: str) -> str:
    return (
        f'// Dhcp4, in "option-data"\n{{"name": "v4-captive-portal", "data": "{api}"}}\n'
        f'// Dhcp6, in "option-data"\n{{"name": "v6-captive-portal", "data": "{api}"}}\n'
    )


def _isc(api: str) -> str:
    return (
        f'# dhcpd.conf\noption captive-portal code 114 = text;\noption captive-portal "{api}";\n'
        f'# dhcpd6.conf\noption dhcp6.captive-portal code 103 = text;\noption dhcp6.captive-portal "{api}";\n'
    )


def _routeros(api: str) -> str:
    return (
        f"/ip dhcp-server option add code=114 name=captive-portal value=\"'{api}'\"\n"
        "/ip dhcp-server network set [find] dhcp-option=captive-portal\n"
        f"/ipv6 dhcp-server option add code=103 name=captive-portal6 value=\"'{api}'\"\n"
        "/ipv6 dhcp-server set [find] dhcp-option=captive-portal6\n"
    )


def _openwrt(api: str) -> str:
    return (
        f"uci add_list dhcp.lan.dhcp_option='114,{api}'\n"
        f"uci set dhcp.lan.captive_portal_uri='{api}'\n"
        "uci commit dhcp\nservice dnsmasq restart\nservice odhcpd restart\n"
    )


def _radvd(api: str) -> str:
    return f'interface br-guest {{\n    AdvSendAdvert on;\n    AdvCaptivePortalAPI "{api}";\n}};\n'


_MAKERS = {
    "dnsmasq": _dnsmasq,
    "Kea": _kea,
    "ISC dhcpd": _isc,
    "RouterOS": _routeros,
    "OpenWrt": _openwrt,
    "radvd": _radvd,
}
