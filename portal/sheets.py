"""Each gateway's configuration ready to copy. Pure text; the sources of each dialect are named in its file."""

from __future__ import annotations

import re
from collections.abc import Callable

from portal.announce import announcements
from portal.gateways.base import Dialect, Gateway
from portal.gateways.opennds import POLLED
from portal.sheet import SECRET, Sheet, host_of, port_of
from portal.steps import steps

A_DAY = 24 * 60  # minutes on line where the hotspot names none


def sheets(code: str, dialect: Dialect, gateway: Gateway, portal_url: str) -> list[Sheet]:
    """All that has to be set for this hotspot's gateway, and for whatever hands out its addresses."""
    make = _MAKERS.get(dialect.name)
    made = make(code, gateway, portal_url) if make else steps(code, dialect.name, gateway, portal_url)
    return [*made, *announcements(code, portal_url)]


def _minutes(gateway: Gateway) -> int:
    return gateway.session_minutes or A_DAY


def _opennds(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    level, host = gateway.number("level", 1), host_of(portal_url)
    wanted = {
        "fasport": str(port_of(portal_url)),
        "faspath": f"/wifi/{code}",
        "fas_secure_enabled": str(level),
        "faskey": SECRET,
        "sessiontimeout": str(_minutes(gateway)),
    }
    if re.fullmatch(r"[\d.]+", host):
        wanted["fasremoteip"] = host
    else:
        wanted |= {"fasremotefqdn": host, "fasremoteip": f"<the address of {host}>"}
    conf = "".join(f"{name} {value}\n" for name, value in wanted.items())
    uci = "".join(f"uci set opennds.@opennds[0].{name}='{value}'\n" for name, value in wanted.items())
    made = [
        Sheet("openNDS 9: /etc/opennds/opennds.conf", conf),
        Sheet("openNDS 10: UCI", uci + "uci commit opennds\nservice opennds restart\n"),
    ]
    if level in POLLED:
        note = "# 9.10: for authmon.sh alone; the daemon (-c FILE) does not start on it\n"
        made.append(Sheet("Level 3 and 4: how often the gateway asks", note + "nat_traversal_poll_interval 2\n"))
    return made


def _nodogsplash(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    """Its splash page is a file on the router, which it fills in and which leads on to us."""
    splash = f"{portal_url}/wifi/{code}"
    page = (
        '<!doctype html><html lang="vi"><meta charset="utf-8"><title>Wifi</title>\n'
        f'<meta http-equiv="refresh" content="0;url={splash}?authaction=$authaction&amp;tok=$tok">\n'
        f'<form method="get" action="{splash}">\n<input type="hidden" name="authaction" value="$authaction">\n'
        '<input type="hidden" name="tok" value="$tok">\n<button type="submit">Wifi</button>\n</form></html>\n'
    )
    host, port = host_of(portal_url), port_of(portal_url)
    address = host if re.fullmatch(r"[\d.]+", host) else f"<the address of {host}>"
    conf = (
        f"SessionTimeout {_minutes(gateway)}\nFirewallRuleSet preauthenticated-users {{\n"
        "    FirewallRule allow tcp port 53\n    FirewallRule allow udp port 53\n"
        f"    FirewallRule allow tcp port {port} to {address}\n}}\n"
    )
    return [
        Sheet("nodogsplash: /etc/nodogsplash/htdocs/splash.html", page),
        Sheet("nodogsplash: /etc/nodogsplash/nodogsplash.conf", conf),
    ]


def _chilli(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    host, splash = host_of(portal_url), f"{portal_url}/wifi/{code}"
    conf = (
        f"HS_UAMHOMEPAGE={splash}\nHS_UAMFORMAT={splash}\nHS_UAMSERVER={host}\n"
        f"HS_UAMSECRET={SECRET}\nHS_UAMALLOW={host}\nHS_LOCALUSERS=/etc/chilli/localusers\n"
    )
    user = f"{gateway.text('username')}:{SECRET}:{_minutes(gateway) * 60}\n"
    made = [Sheet("CoovaChilli: /etc/chilli/config", conf), Sheet("/etc/chilli/localusers", user)]
    if portal_url.startswith("https://"):  # each phone gets an address of its own, so the API knows who asks
        own = f"captiveportalapi_uri {splash}/api?who=%{{m}}\ncaptiveportalvenue_info_url {splash}/install\n"
        made.append(Sheet("CoovaChilli 1.8 and later: /etc/chilli/local.conf (RFC 8908)", own))
    return made


def _wifidog(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    tls = portal_url.startswith("https://")
    conf = (
        f"AuthServer {{\n    Hostname {host_of(portal_url)}\n    SSLAvailable {'yes' if tls else 'no'}\n"
        f"    {'SSLPort' if tls else 'HTTPPort'} {port_of(portal_url)}\n    Path /wifidog/{code}/\n}}\n"
        f"GatewayID {code}\nCheckInterval 60\n"
    )
    return [Sheet("WiFiDog: /etc/wifidog.conf", conf)]


def _ruijie(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    return [*_wifidog(code, gateway, portal_url), *steps(code, "ruijie", gateway, portal_url)]


def _mikrotik(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    host, guest = host_of(portal_url), gateway.text("username")
    names = ("mac", "link-login-only", "identity", "error")
    query = "&amp;".join([f"{name}=$({name}-esc)" for name in names])
    if guest:
        query += "&amp;chap-id=$(chap-id)&amp;chap-challenge=$(chap-challenge)"
    splash = f"{portal_url}/wifi/{code}?{query}"
    refresh = f'<meta http-equiv="refresh" content="0;url={splash}">'
    head = f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>Wifi</title>{refresh}\n'
    page = f'{head}<a href="{splash}">Wifi</a></html>\n'
    script = f"/ip hotspot walled-garden ip add action=accept dst-host={host}\n"
    if guest:
        script += (
            f'/ip hotspot user add name={guest} password="{SECRET}"\n'
            f"/ip hotspot user profile set [find default=yes] session-timeout={_minutes(gateway)}m "
            "shared-users=unlimited\n"
            "/ip hotspot profile set [find] login-by=http-chap\n"
        )
    else:
        script += f"/ip hotspot profile set [find] login-by=trial trial-uptime-limit={_minutes(gateway)}m\n"
    return [Sheet("RouterOS: hotspot/login.html", page), Sheet("RouterOS: script", script)]


_MAKERS: dict[str, Callable[[str, Gateway, str], list[Sheet]]] = {
    "opennds": _opennds,
    "nodogsplash": _nodogsplash,
    "chilli": _chilli,
    "wifidog": _wifidog,
    "ruijie": _ruijie,
    "mikrotik": _mikrotik,
}
