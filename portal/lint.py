"""What is wrong with a gateway's configuration that was pasted. Pure; nothing of it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from portal.gateways.base import Dialect, Gateway
from portal.gateways.opennds import DEFAULT_KEY
from portal.gateways.wire import digits_of
from portal.sheet import SECRET, Finding, host_of, port_of

SAMPLE_UAMSECRET = "ht2eb8ej6s4et3rg1ulp"  # of chilli's own sample of a login page
Check = tuple[bool, bool, str]  # (whether it is so, whether that is grave, what is said)


def lint(text: str, code: str, dialect: Dialect, gateway: Gateway, portal_url: str) -> list[Finding]:
    """What is wrong with a configuration that was pasted."""
    known = {"code": code, "level": str(gateway.number("level", 1)), "port": str(port_of(portal_url))}
    known |= {"host": host_of(portal_url), "url": f"{portal_url}/wifi/{code}"}
    checks = [*common(text, portal_url)]
    if dialect.name in CHECKS:
        checks += CHECKS[dialect.name](text, code, gateway, portal_url)
    return [
        Finding(said, {name: value for name, value in known.items() if f"%({name})s" in said}, grave)
        for wrong, grave, said in checks
        if wrong
    ]


def common(text: str, portal_url: str) -> Iterator[Check]:
    """What holds for every make."""
    http = re.search(r"(114|103|captive-?portal)[^\n]*http://", text, re.IGNORECASE) is not None
    yield http, False, "Option 114 is an http address: phones ignore it, they need https."
    nowhere = host_of(portal_url) not in text
    yield nowhere, True, "The splash's host %(host)s stands nowhere: phones could not reach the splash."


def _settings(text: str) -> dict[str, str]:
    """`name value`, `name=value`, `option name 'value'` and `uci set …name='value'` alike, names in lower case."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        match = re.match(r"\s*(?:option\s+|uci set opennds\.@opennds\[0\]\.)?([A-Za-z_]+)[\s=]+(.+?)\s*$", line)
        if match and not line.lstrip().startswith("#"):
            found[match[1].lower()] = match[2].strip("'\"")
    return found


def _opennds(text: str, code: str, gateway: Gateway, portal_url: str) -> Iterator[Check]:
    sent, level, https = _settings(text), gateway.number("level", 1), portal_url.startswith("https://")
    key, name = sent.get("faskey"), sent.get("gatewayname", "")
    yield key == DEFAULT_KEY, True, "The FAS key is the default that everybody knows."
    yield key is None and level > 0, True, "No FAS key is set: 9.10 takes the default that everybody knows."
    other = key not in (None, SECRET, DEFAULT_KEY, gateway.text("faskey"))
    yield other, True, "The FAS key differs from the one that was entered here."
    yield sent.get("faspath") != f"/wifi/{code}", True, "faspath must be /wifi/%(code)s."
    yield sent.get("fasport", "80") != str(port_of(portal_url)), True, "fasport must be %(port)s."
    yield sent.get("fas_secure_enabled", "1") != str(level), True, "fas_secure_enabled must be %(level)s."
    yield "'" in name or '"' in name, False, "The name has a quote in it."
    polled = level in (3, 4)
    yield polled and not https, True, "Levels 3 and 4 need https, and BANGTIN_PORTAL_URL is http."
    both = "Levels 0–2 send phones to http; the splash's address is https: a front server must answer both."
    yield not polled and https, False, both
    unstartable = "nat_traversal_poll_interval" in sent and level < 3
    yield unstartable, True, "nat_traversal_poll_interval keeps the 9.10 daemon from starting."
    yield bool(sent.get("login_option_enabled", "0").strip("0")), True, "login_option_enabled overrides the splash."


def _chilli(text: str, code: str, gateway: Gateway, portal_url: str) -> Iterator[Check]:
    sent = {name.removeprefix("hs_"): value for name, value in _settings(text).items()}
    secret, splash = sent.get("uamsecret"), f"{portal_url}/wifi/{code}"
    yield secret == SAMPLE_UAMSECRET, True, "The UAM secret is the one of the sample, which everybody knows."
    yield secret is None, True, "No UAM secret is set: anybody could forge what chilli sends."
    other = secret not in (None, SECRET, SAMPLE_UAMSECRET, gateway.text("uamsecret"))
    yield other, True, "The UAM secret differs from the one that was entered here."
    yield sent.get("uamformat", sent.get("uamserver")) != splash, True, "HS_UAMFORMAT must be %(url)s, to the letter."
    allowed = host_of(portal_url) in sent.get("uamallow", sent.get("uamallowed", ""))
    yield not allowed, True, "HS_UAMALLOW must name %(host)s."


def _wifidog(text: str, code: str, gateway: Gateway, portal_url: str) -> Iterator[Check]:
    sent, https = _settings(text), portal_url.startswith("https://")
    yield sent.get("path", "").rstrip("/") != f"/wifidog/{code}", True, "Path must be /wifidog/%(code)s/."
    port = sent.get("sslport", "443") if https else sent.get("httpport", "80")
    yield port != str(port_of(portal_url)), True, "The port must be %(port)s."
    tls = sent.get("sslavailable", "no").lower() in ("yes", "1")
    yield tls != https, True, "SSLAvailable does not fit the splash's address %(url)s."
    named = re.fullmatch(r"[A-Za-z0-9._:-]{1,64}", sent.get("gatewayid", "default")) is not None
    yield not named, True, "GatewayID may hold letters, digits and . _ : - alone."
    rare = (digits_of(sent.get("checkinterval", "")) or 0) > 300
    yield rare, False, "CheckInterval is long: minutes and quota are looked at only that often."


def _mikrotik(text: str, code: str, gateway: Gateway, portal_url: str) -> Iterator[Check]:
    login = re.search(r"login-by=(\S+)", text)
    ways, guest, page = set(login[1].split(",") if login else ()), bool(gateway.text("username")), "<" in text
    untried = bool(ways) and not guest and "trial" not in ways
    yield untried, True, "login-by lacks trial: phones could not be let through."
    unknown = bool(ways) and guest and not {"http-chap", "http-pap"} & ways
    yield unknown, True, "login-by lacks http-chap: the guest user could not log in."
    forwarded = "$(mac" in text and "$(link-login-only" in text
    yield page and not forwarded, True, "login.html must forward $(mac) and $(link-login-only)."
    yield page and f"/wifi/{code}" not in text, True, "login.html must lead to %(url)s."
    yield not page and "walled-garden" not in text, True, "The walled garden lacks %(host)s."


def _nodogsplash(text: str, code: str, gateway: Gateway, portal_url: str) -> Iterator[Check]:
    page, forwarded = "<" in text, "$authaction" in text and "$tok" in text
    yield page and not forwarded, True, "splash.html must forward $authaction and $tok."
    yield page and f"/wifi/{code}" not in text, True, "splash.html must lead to %(url)s."


CHECKS: dict[str, Callable[[str, str, Gateway, str], Iterator[Check]]] = {
    "opennds": _opennds,
    "chilli": _chilli,
    "wifidog": _wifidog,
    "ruijie": _wifidog,
    "mikrotik": _mikrotik,
    "nodogsplash": _nodogsplash,
}
