"""For the installer on the ladder: the gateway's configuration ready to copy, and what is wrong with a pasted one.

Pure text; the sources of each dialect are named in its file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from portal.gateways.base import Arrival, Dialect, Gateway, Link, Refused
from portal.gateways.opennds import DEFAULT_KEY, POLLED
from portal.gateways.targets import same_gateway

SECRET = "<the secret that you entered here>"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A piece of configuration: where it goes, and its text."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong, or worth knowing; `grave` where travellers would not get on line, or anybody could."""

    grave: bool
    text: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


def garden(portal_url: str) -> list[str]:
    """The walled garden: the one host and port that a phone must reach before it is let through."""
    parts = urlsplit(portal_url)
    return [f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"]


def sheets(code: str, dialect: Dialect, gateway: Gateway, portal_url: str) -> list[Sheet]:
    """All that has to be set for this hotspot's gateway."""
    made = _MAKERS.get(dialect.name, _steps)(code, gateway, portal_url)
    return [*made, *announcements(code, portal_url)]


def announcements(code: str, portal_url: str) -> list[Sheet]:
    """RFC 8910: the address of the RFC 8908 API by DHCP and by router advertisement. Phones heed https alone."""
    if not portal_url.startswith("https://"):
        return []
    api = f"{portal_url}/wifi/{code}/api"
    octets = api.encode().hex(":")
    return [
        Sheet("DHCP option 114, dnsmasq", f"dhcp-option-force=114,{api}\ndhcp-option-force=option6:103,{api}\n"),
        Sheet("DHCP option 114, Kea", f'{{"name": "v4-captive-portal", "data": "{api}"}}\n'),
        Sheet(
            "DHCP option 114, ISC dhcpd", f'option captive-portal code 114 = text;\noption captive-portal "{api}";\n'
        ),
        Sheet(
            "DHCP option 114, RouterOS",
            f"/ip dhcp-server option add code=114 name=captive-portal value=\"'{api}'\"\n"
            "/ip dhcp-server network set [find] dhcp-option=captive-portal\n",
        ),
        Sheet("DHCP option 114, OpenWrt", f"uci add_list dhcp.lan.dhcp_option='114,{api}'\nuci commit dhcp\n"),
        Sheet("Router advertisement option 37, radvd", f"# AdvRaw, or captive-portal where known\n# {octets}\n"),
    ]


def _opennds(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    level, parts = gateway.number("level", 1), urlsplit(portal_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    wanted = {
        "fasport": str(port),
        "faspath": f"/wifi/{code}",
        "fas_secure_enabled": str(level),
        "faskey": SECRET,
        "sessiontimeout": str(gateway.session_minutes or 1440),
    }
    host = parts.hostname or ""
    if re.fullmatch(r"[\d.]+", host):
        wanted["fasremoteip"] = host
    else:
        wanted |= {"fasremotefqdn": host, "fasremoteip": "<the address of " + host + ">"}
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


def _chilli(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    host = urlsplit(portal_url).hostname
    conf = (
        f"HS_UAMHOMEPAGE={portal_url}/wifi/{code}\nHS_UAMFORMAT={portal_url}/wifi/{code}\nHS_UAMSERVER={host}\n"
        f"HS_UAMSECRET={SECRET}\nHS_UAMALLOW={host}\nHS_LOCALUSERS=/etc/chilli/localusers\n"
    )
    user = f"{gateway.text('username')}:{SECRET}:{(gateway.session_minutes or 1440) * 60}\n"
    return [Sheet("CoovaChilli: /etc/chilli/config", conf), Sheet("/etc/chilli/localusers", user)]


def _wifidog(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    parts = urlsplit(portal_url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    conf = (
        f"AuthServer {{\n    Hostname {parts.hostname}\n"
        f"    SSLAvailable {'yes' if parts.scheme == 'https' else 'no'}\n"
        f"    {'SSLPort' if parts.scheme == 'https' else 'HTTPPort'} {port}\n    Path /wifidog/{code}/\n}}\n"
        f"GatewayID {code}\nCheckInterval 60\n"
    )
    return [Sheet("WiFiDog: /etc/wifidog.conf", conf)]


def _mikrotik(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    host = urlsplit(portal_url).hostname
    names = ("mac", "link-login-only", "identity", "error", "chap-id", "chap-challenge")
    query = "&".join(f"{name}=$({name}-esc)" if name == "link-login-only" else f"{name}=$({name})" for name in names)
    splash = f"{portal_url}/wifi/{code}?{query}"
    refresh = f'<meta http-equiv="refresh" content="0;url={splash}">'
    page = f'<!doctype html><title>Wifi</title>{refresh}\n<a href="{splash}">Wifi</a>\n'
    script = (
        f"/ip hotspot walled-garden ip add action=accept dst-host={host}\n"
        "/ip hotspot profile set [find] login-by=trial,http-pap trial-uptime-limit="
        f"{gateway.session_minutes or 1440}m\n"
    )
    return [Sheet("RouterOS: hotspot/login.html", page), Sheet("RouterOS: script", script)]


def _steps(code: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    """Makes that are set up by hand in a page of their own."""
    return [
        Sheet(
            "Settings",
            f"Splash (external portal) URL: {portal_url}/wifi/{code}\n"
            f"Walled garden (allowed before login): {', '.join(garden(portal_url))}\n"
            f"Grants lead to: {gateway.grant_base or gateway.text('controller') or '-'}\n",
        )
    ]


_MAKERS = {
    "opennds": _opennds,
    "chilli": _chilli,
    "wifidog": _wifidog,
    "ruijie": _wifidog,
    "mikrotik": _mikrotik,
}


def lint(text: str, code: str, dialect: Dialect, gateway: Gateway, portal_url: str) -> list[Finding]:
    """What is wrong with a configuration that was pasted; nothing of it is kept."""
    found = list(_common(text, portal_url))
    if dialect.name == "opennds":
        found += _lint_opennds(_settings(text), code, gateway, portal_url)
    return found


def _common(text: str, portal_url: str) -> list[Finding]:
    found = []
    if re.search(r"114[,\s=\"']+.*http://", text):
        found.append(Finding(False, "Option 114 is an http address: phones ignore it, they need https."))
    if (host := urlsplit(portal_url).hostname or "") and host not in text:
        text = "The splash's host %(host)s stands nowhere: phones could not reach the splash."
        found.append(Finding(True, text, {"host": host}))
    return found


def _settings(text: str) -> dict[str, str]:
    """`name value`, `option name 'value'` and `uci set …name='value'` alike."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = re.match(r"\s*(?:option\s+|uci set opennds\.@opennds\[0\]\.)?([A-Za-z_]+)[\s=]+(.+?)\s*$", line)
        if match and not line.lstrip().startswith("#"):
            found[match[1].lower()] = match[2].strip("'\"")
    return found


def _lint_opennds(sent: Mapping[str, str], code: str, gateway: Gateway, portal_url: str) -> list[Finding]:
    level, found = gateway.number("level", 1), []
    checks = [
        (sent.get("faskey") == DEFAULT_KEY, True, "The FAS key is the default that everybody knows."),
        (
            "faskey" not in sent and level > 0,
            True,
            "No FAS key is set: 9.10 takes the default that everybody knows.",
        ),
        (
            sent.get("faskey") not in (None, SECRET, DEFAULT_KEY, gateway.text("faskey")),
            True,
            "The FAS key differs from the one that was entered here.",
        ),
        (sent.get("faspath") != f"/wifi/{code}", True, "faspath must be /wifi/%(code)s."),
        (sent.get("fas_secure_enabled", "1") != str(level), True, "fas_secure_enabled must be %(level)s."),
        (
            "'" in sent.get("gatewayname", "") or '"' in sent.get("gatewayname", ""),
            False,
            "The name has a quote in it.",
        ),
        (
            level in (3, 4) and not portal_url.startswith("https://"),
            True,
            "Levels 3 and 4 need https, and BANGTIN_PORTAL_URL is http.",
        ),
        (
            level < 3 and portal_url.startswith("https://"),
            False,
            "Levels 0–2 send phones to http; the splash's address is https: a front server must answer both.",
        ),
        (
            "nat_traversal_poll_interval" in sent and level < 3,
            True,
            "nat_traversal_poll_interval keeps the 9.10 daemon from starting.",
        ),
        (bool(sent.get("login_option_enabled", "0").strip("0")), True, "login_option_enabled overrides the splash."),
    ]
    known = {"code": code, "level": str(level)}
    found += [Finding(grave, text, known if "%(" in text else {}) for wrong, grave, text in checks if wrong]
    return found


@dataclass(frozen=True, slots=True)
class SelfTest:
    """What a pasted redirect of the gateway tells."""

    arrival: Arrival
    target_fits: bool
    grant: str  # in words: what would be done, or why nothing can be


def self_test(query: str, dialect: Dialect, gateway: Gateway, online_url: str) -> SelfTest:
    """Reads a redirect as the splash would, and says whether the grant would work. Nothing is counted or kept."""
    arrival = dialect.parse(query.partition("?")[2] if "?" in query.partition("&")[0] else query, gateway)
    fits = not arrival.target or same_gateway(arrival.target, gateway.grant_base or "")
    grant = dialect.grant(arrival.facts, gateway, online_url)
    if isinstance(grant, Refused):
        return SelfTest(arrival, fits, grant.why)
    lead = grant.url.partition("?")[0] if isinstance(grant, Link) else type(grant).__name__
    return SelfTest(arrival, fits, lead)
