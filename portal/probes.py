"""What phone systems ask to find out whether they are on line, and the exact bytes that mean "yes".

Sources: WBA "Captive Network Portal Behavior"; Android's and Microsoft's documentation; the rows of
NetworkManager's distributions as their packages configure them. A false "yes" would hide the splash, so a phone
that is not known to be on line is always sent to the splash.
"""

from __future__ import annotations

from dataclasses import dataclass

APPLE = b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"


@dataclass(frozen=True, slots=True)
class Online:
    """The vendor's answer when nothing stands in the way."""

    status: int
    body: bytes = b""
    mimetype: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()


NOTHING = Online(204)
_SUCCESS = Online(200, APPLE)


def _text(body: bytes) -> Online:
    return Online(200, body, "text/plain")


_GENERATE_204 = (
    "connectivitycheck.gstatic.com",
    "www.gstatic.com",
    "www.google.com",
    "google.com",
    "play.googleapis.com",
    "clients3.google.com",
    "clients1.google.com",
    "connectivitycheck.android.com",
    "www.google.cn",
    "google.cn",
    "g.cn",
    "connectivitycheck.platform.hicloud.com",
    "connectivitycheck.cbg-app.huawei.com",
    "connect.rom.miui.com",
    "d2uzsrnmmf6tds.cloudfront.net",
    "www.samsung.com",
    "fireoscaptiveportal.com",
    "gateway.zscalerthree.net",
)
_APPLE_HOSTS = (
    "captive.apple.com",
    "www.apple.com",
    "www.appleiphonecell.com",
    "www.airport.us",
    "www.ibook.info",
    "www.itools.info",
    "www.thinkdifferent.us",
)

TABLE: dict[tuple[str, str], Online] = (
    {(host, "/generate_204"): NOTHING for host in _GENERATE_204}
    | {(host, "/gen_204"): NOTHING for host in ("www.google.com", "google.com", "clients3.google.com")}
    | {
        (host, path): _SUCCESS
        for host in _APPLE_HOSTS
        for path in ("/hotspot-detect.html", "/library/test/success.html")
    }
    | {("captive.apple.com", "/"): _SUCCESS, ("edge.microsoft.com", "/captiveportal/generate_204"): NOTHING}
    | {
        ("www.msftconnecttest.com", "/connecttest.txt"): _text(b"Microsoft Connect Test"),
        ("ipv6.msftconnecttest.com", "/connecttest.txt"): _text(b"Microsoft Connect Test"),
        ("www.msftncsi.com", "/ncsi.txt"): _text(b"Microsoft NCSI"),
        ("detectportal.firefox.com", "/success.txt"): _text(b"success\n"),
        ("detectportal.firefox.com", "/canonical.html"): Online(
            200, b'<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>'
        ),
        ("nmcheck.gnome.org", "/check_network_status.txt"): _text(b"NetworkManager is online\n"),
        ("connectivity-check.ubuntu.com", "/"): Online(204, headers=(("X-NetworkManager-Status", "online"),)),
        ("network-test.debian.org", "/nm"): _text(b"NetworkManager is online\n"),
        ("fedoraproject.org", "/static/hotspot.txt"): _text(b"OK"),
        ("captive.roku.com", "/ok"): _text(b"ok"),
    }
)
# Asked for by a system when it opens its browser on the portal: never "on line", always the splash.
OPENERS = {("www.msftconnecttest.com", "/redirect"), ("www.msftncsi.com", "/redirect")}
HOSTS = frozenset(host for host, _ in TABLE) | frozenset(host for host, _ in OPENERS)
PATHS = frozenset(path for _, path in TABLE if path != "/")


def bare_host(host: str) -> str:
    """A Host header without its port, in lower case."""
    return host.partition(":")[0].strip().rstrip(".").lower()


def is_probe(host: str, path: str) -> bool:
    """Whether a phone's own system asks; `host` as `bare_host` gives it."""
    return host in HOSTS or path in PATHS


def online_answer(host: str, path: str) -> Online | None:
    """The vendor's own bytes, or None where we know none: then the phone is sent to the splash."""
    return TABLE.get((host, path))
