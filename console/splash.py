"""The splash of a hotspot as a picture of itself: drawn by the portal, counted by nobody."""

from flask import Response, g

from core.services import services
from portal import pages
from portal.faces import splash_page
from portal.house import desk, stand_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


def preview(code: str, language: str) -> Response:
    """What a traveller of this language is shown at this moment; its buttons do nothing."""
    stand, spoken = stand_of(code), g.get("language")
    prompt = desk().prompts.prompt(stand.spot, language, "preview", services().clock.now())
    response = pages.answer(splash_page(stand, language, prompt))
    g.language = spoken
    response.headers["Content-Security-Policy"] = POLICY
    return response
