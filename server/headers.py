"""The headers that every answer carries, unless its view said something stricter or knows better."""

from urllib.parse import urlsplit

from flask import Flask, Response

from core.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
ONE_YEAR_S = 31_536_000


def always(settings: Settings) -> dict[str, str]:
    """What every answer carries on these settings."""
    if settings.public_url.startswith("https://") and not _gateways_ask_by_http(settings):
        return HEADERS | {"Strict-Transport-Security": f"max-age={ONE_YEAR_S}"}
    return dict(HEADERS)


def _gateways_ask_by_http(settings: Settings) -> bool:
    """Whether phones are sent to this very host by http, as openNDS levels 0–2 do: HSTS would lock them out."""
    public, portal = urlsplit(settings.public_url), urlsplit(settings.portal_url)
    return portal.scheme == "http" and portal.hostname == public.hostname


def install(app: Flask, settings: Settings) -> None:
    """Adds them after every request."""
    carried = always(settings)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in carried.items():
            response.headers.setdefault(name, value)
        return response
