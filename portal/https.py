"""With a certificate or without: a recipe for this deployment, and what its addresses cost. Pure text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from portal.gateways.base import Gateway
from portal.gateways.opennds import POLLED
from portal.sheet import Finding, Sheet, host_of

_AT_HOME = ("localhost", "127.0.0.1", "::1")


def costs(gateway: Gateway, portal_url: str, public_url: str) -> list[Finding]:
    """What the addresses of the splash and of the server, http or https, cost at this hotspot."""
    return list(_costs(gateway.number("level", 1) in POLLED, urlsplit(portal_url).scheme == "https", public_url))


def _costs(polled: bool, https: bool, public_url: str) -> Iterator[Finding]:
    if not https:
        yield Finding(
            "Phones ask the captive portal API (RFC 8908) over https alone: they do not show how long they stay on "
            "line, nor offer the page of the app after login."
        )
    if not https and polled:
        yield Finding("This gateway's level needs https: no phone would come on line.", grave=True)
    if https and not polled:
        yield Finding(
            "Most gateways send phones to http, and are granted over http: the front server must answer http too, "
            "without leading it on to https and without HSTS. A browser may warn at that last step."
        )
    public = urlsplit(public_url)
    if public.scheme != "https" and public.hostname not in _AT_HOME:
        yield Finding(
            "The web player keeps its page for a start without a network only over https (or from its own machine): "
            "a screen that is switched on while the network is down stays dark."
        )


def recipes(portal_url: str, bind: str) -> list[Sheet]:
    """A front server with a certificate, answering http and https on the splash's host; and its settings."""
    host, port = host_of(portal_url), bind.rpartition(":")[2]
    if not re.search(r"\.[a-z]", host):  # an address has no certificate
        host = "wifi.example.vn"
    return [
        Sheet("Caddy (gets its certificate by itself)", _caddy(host, port)),
        Sheet("nginx (certificate from certbot)", _nginx(host, port)),
        Sheet(
            "Settings", f"BANGTIN_PORTAL_URL=https://{host}\nBANGTIN_TRUSTED_PROXIES=1\nBANGTIN_BIND=127.0.0.1:{port}\n"
        ),
    ]


def _caddy(host: str, port: str) -> str:
    return "".join(f"{name} {{\n    reverse_proxy 127.0.0.1:{port}\n}}\n" for name in (host, f"http://{host}"))


def _nginx(host: str, port: str) -> str:
    return f"""server {{
    listen 80;
    listen 443 ssl;
    server_name {host};
    ssl_certificate /etc/letsencrypt/live/{host}/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/{host}/privkey.pem;
    ssl_session_cache shared:tls:10m;
    client_max_body_size 2100m;
    location / {{
        proxy_pass http://127.0.0.1:{port};
        proxy_set_header Host $host;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Forwarded-Proto $scheme;
        proxy_set_header X-Forwarded-Host $http_host;
        proxy_request_buffering off;
    }}
}}
"""
