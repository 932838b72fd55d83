"""The API described: as an OpenAPI document for programs, as a page for people. Both are for everybody."""

from functools import cache
from typing import Any

from flask import Response, render_template

from api.kit import OPERATIONS, PREFIX, blueprint, reply
from api.openapi import REFUSALS, Doc, document
from core.http import Cache, door
from core.services import services

VERSION = "1"


@blueprint.get("/openapi.json")
@door("public", guard=None, cache=Cache.REVALIDATE)
def openapi() -> Response:
    """The OpenAPI 3.1 document."""
    return reply(described(services().settings.public_url), 200)


@blueprint.get("/docs")
@door("public", guard=None, cache=Cache.REVALIDATE)
def read() -> str:
    """The same, to read."""
    doc = described(services().settings.public_url)
    return render_template("api/docs.html", doc=doc, chapters=chapters(doc), refusals=REFUSALS, prefix=PREFIX)


@cache
def described(public_url: str) -> Doc:
    """The document, made once: calls do not change while the server runs."""
    return document(OPERATIONS, public_url=public_url, version=VERSION)


def chapters(doc: Doc) -> dict[str, list[dict[str, Any]]]:
    """The calls by tag, each with its method and path."""
    found: dict[str, list[dict[str, Any]]] = {tag["name"]: [] for tag in doc["tags"]}
    for path, methods in doc["paths"].items():
        for method, call in methods.items():
            found[call["tags"][0]].append({"method": method.upper(), "path": path, **call})
    return found
