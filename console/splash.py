"""The splash and the terms of a hotspot as a picture of themselves: drawn by the portal, counted by nobody."""

from flask import Response, g

from core.services import services
from portal import pages
from portal.faces import splash_page, terms_page
from portal.house import desk, stand_of

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'self'"


def preview(code: str, language: str, *, terms: bool = False) -> Response:
    """What a traveller of this language is shown at this moment; its buttons do nothing."""
    stand, spoken = stand_of(code), g.get("language")
    if terms:
        page = terms_page(stand, language)
    else:
        prompt = desk().prompts.prompt(stand.spot, language, "preview", services().clock.now())
        page = splash_page(stand, language, prompt)
    response = pages.answer(page)
    g.language = spoken
    response.headers["Content-Security-Policy"] = POLICY
    return response
