"""The headers that every answer carries, unless its view said something stricter or knows better."""

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
    if settings.public_url.startswith("https://"):
        return HEADERS | {"Strict-Transport-Security": f"max-age={ONE_YEAR_S}"}
    return dict(HEADERS)


def install(app: Flask, settings: Settings) -> None:
    """Adds them after every request."""
    carried = always(settings)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in carried.items():
            response.headers.setdefault(name, value)
        return response
