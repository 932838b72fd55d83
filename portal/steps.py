"""The steps for makes that are set up by hand, in a page of their own. Sentences; each dialect's file names its source.

Menus move from version to version: a step names what to look for as much as where.
"""

from __future__ import annotations

from portal.gateways.base import Gateway
from portal.sheet import Said, Sheet, garden, host_of, port_of

_GARDEN = "Let phones reach this before login (walled garden, pre-authentication access): %(garden)s."
_GUEST = "Make a local guest user, %(guest)s, with the password that you entered here; many phones use it at once."
_STEPS: dict[str, tuple[str, ...]] = {
    "meraki": (
        "Wireless → Access control → the network's name → Splash page: Click-through.",
        "On the same page: Captive portal strength: Block all access until sign-on is complete.",
        _GARDEN,
        "Wireless → Splash page → Custom splash URL: %(url)s",
        "On the same page, where users go after the splash: the URL they were trying to fetch.",
    ),
    "unifi": (
        "Settings → WiFi → the network: Hotspot Portal on; authentication: External Portal Server, %(host)s.",
        "The controller sends phones to /guest/s/SITE/ there, on port 80; the server leads them on by the site's name.",
        _GARDEN,
        "Make a local operator who may authorise guests (or an API key, for the integration API), and enter it here.",
        "This server must be able to reach the controller at %(controller)s.",
    ),
    "omada": (
        "Settings → Authentication → Portal: a new portal on the network's name; type: External Portal Server.",
        "Custom portal URL: %(url)s",
        _GARDEN,
        "Hotspot Manager → Operators: make an operator; its name and password are those that you entered here.",
        "This server must be able to reach the controller at %(controller)s.",
    ),
    "cisco": (
        "WLC: Security → Web Auth → Web Login Page: External (redirect to external server), %(url)s",
        "9800: Configuration → Security → Web Auth → parameter map, type consent; redirect for log-in: %(url)s",
        "The WLAN → Security → Layer 3: Web Policy, Passthrough.",
        _GARDEN,
        "Grants go to the controller's virtual interface: %(grant)s",
    ),
    "aruba": (
        "The network: primary usage Guest; splash page type External.",
        "Captive portal profile: RADIUS Authentication, server %(host)s, URL %(path)s, port %(port)s; no redirect URL.",
        "Authentication server: the internal server.",
        _GUEST,
        _GARDEN,
    ),
    "ruckus": (
        "Hotspot Services → a new one; login page: redirect unauthenticated users to %(url)s",
        "After login: redirect to the URL that the user intended to visit.",
        "Authentication server: Local Database.",
        _GUEST,
        _GARDEN,
    ),
    "fortigate": (
        "The SSID or interface: security mode Captive Portal; authentication portal: External, %(url)s",
        "User groups: a local group with the guest user in it.",
        _GUEST,
        "Exempt destinations: an address object for the splash's host.",
        _GARDEN,
    ),
    "cambium": (
        "The WLAN → Guest Access: on; portal mode: External Hotspot; access policy: local guest account.",
        "External page URL: %(url)s; in the query: client and access point, HTTP.",
        _GUEST,
        _GARDEN,
    ),
    "ruijie": (
        "Or: Web authentication → template WiFiDog; server %(host)s, port %(port)s, path /wifidog/%(code)s/.",
        _GARDEN,
    ),
    "generic": (
        "Send phones that are not on line yet to %(url)s, with the names in the query that the link template uses.",
        _GARDEN,
        "A phone is led back to %(grant)s; once it is through, lead it to the address in continue.",
    ),
}


def steps(code: str, dialect: str, gateway: Gateway, portal_url: str) -> list[Sheet]:
    """What to do by hand for this make."""
    known = {
        "code": code,
        "url": f"{portal_url}/wifi/{code}",
        "path": f"/wifi/{code}",
        "host": host_of(portal_url),
        "port": str(port_of(portal_url)),
        "garden": ", ".join(garden(portal_url)),
        "guest": gateway.text("username"),
        "controller": gateway.text("controller"),
        "grant": gateway.grant_base or "",
    }
    wanted = [text for text in _STEPS[dialect] if gateway.grant_base or "%(grant)s" not in text]
    told = tuple(Said(text, {n: v for n, v in known.items() if f"%({n})s" in text}) for text in wanted)
    return [Sheet("By hand, in its own pages", steps=told)]
