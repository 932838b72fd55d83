"""The OpenAPI 3.1 document, made from the calls themselves. Pure.

Its schemas are msgspec's of the very types that read requests and write answers, so it cannot say
anything else than what is done.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from api.kit import PREFIX, TAGS, Operation

Doc = dict[str, Any]
SCHEMAS = "#/components/schemas/{name}"
_PART = re.compile(r"<(?:\w+:)?(\w+)>")

REFUSALS = {
    400: "The body is not JSON in UTF-8.",
    401: "The key is missing, unknown or revoked.",
    403: "The key's role does not allow this.",
    404: "There is nothing of this name within the key's reach.",
    409: "This does not fit the present state, or the name is taken.",
    410: "Its time is over.",
    412: "Another version of the protocol, or none; see Tus-Version.",
    413: "The body is larger than allowed.",
    415: "The body is not of a type that is taken.",
    422: "Fields are at fault; `errors` names each.",
    460: "The piece differs from its checksum; nothing of it has been kept.",
    429: "Too many tries; see Retry-After.",
    503: "Too busy at this moment; see Retry-After.",
    507: "The server's disk is full.",
}


class FieldError(Struct):
    """A field at fault, as a path, and what to do about it."""

    field: str
    message: str


class Problem(Struct, kw_only=True):
    """A refusal, as RFC 9457 writes it. Nothing of a refused request has been stored."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = []


def document(operations: Sequence[Operation], *, public_url: str, version: str) -> Doc:
    """The whole document."""
    operations = sorted(operations, key=lambda each: TAGS.index(each.tag))
    types = [t for each in operations for t in (each.body, each.answer) if t is not None and not _is_file(t)]
    queries = [each.query for each in operations if each.query is not None]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=SCHEMAS)
    _, query_parts = msgspec.json.schema_components(queries, ref_template=SCHEMAS)
    schema_of = {id(t): schema for t, schema in zip(types, schemas, strict=False)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Bảng Tin",
            "version": version,
            "description": "Campaigns, places, screens, wifi and what came of them. See docs/api.md for a first walk.",
        },
        "servers": [{"url": f"{public_url}{PREFIX}"}],
        "security": [{"key": []}],
        "tags": [{"name": tag} for tag in dict.fromkeys(each.tag for each in operations)],
        "paths": _paths(operations, schema_of, query_parts),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": "An API key, bt_…"}},
            "schemas": components,
            "responses": {f"Refusal{status}": _refusal(said) for status, said in REFUSALS.items()},
        },
    }


def _paths(operations: Iterable[Operation], schema_of: dict[int, Doc], query_parts: Doc) -> Doc:
    paths: Doc = {}
    for each in operations:
        path = _PART.sub(r"{\1}", each.path)
        paths.setdefault(path, {})[each.method.lower()] = _operation(each, schema_of, query_parts)
    return paths


def _operation(each: Operation, schema_of: dict[int, Doc], query_parts: Doc) -> Doc:
    made: Doc = {
        "operationId": each.name,
        "tags": [each.tag],
        "summary": each.summary,
        "description": f"{each.description}\n\nNeeds the role {each.role}.".strip(),
        "parameters": [*_path_parameters(each), *_query_parameters(each, query_parts), *_header_parameters(each)],
        "responses": _responses(each, schema_of),
        "x-role": each.role,
    }
    if each.body is not None:
        made["requestBody"] = _content("application/json", schema_of[id(each.body)], required=True)
    if each.upload is not None:
        made["requestBody"] = _content("multipart/form-data", each.upload, required=True)
    if each.bytes_as is not None:
        made["requestBody"] = _content(each.bytes_as, {"type": "string", "format": "binary"}, required=False)
    return made


def _path_parameters(each: Operation) -> list[Doc]:
    names = _PART.findall(each.path)
    return [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]


def _query_parameters(each: Operation, query_parts: Doc) -> list[Doc]:
    if each.query is None:
        return []
    shape = query_parts[each.query.__name__]
    required = shape.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in required, "schema": schema}
        for name, schema in shape["properties"].items()
    ]


def _header_parameters(each: Operation) -> list[Doc]:
    text = {"type": "string"}
    return [
        {"name": one.name, "in": "header", "required": one.needed, "description": one.means, "schema": text}
        for one in each.headers
    ]


def _responses(each: Operation, schema_of: dict[int, Doc]) -> Doc:
    made: Doc = {str(each.status): _answer(each, schema_of)}
    if each.method == "GET":
        made["304"] = {"description": "Unchanged since the ETag that was sent in If-None-Match."}
    for status in sorted({*_usual(each), *each.refusals}):
        made[str(status)] = {"$ref": f"#/components/responses/Refusal{status}"}
    if each.also is not None:
        made[str(each.also)] = made[str(each.status)]
    return made


def _answer(each: Operation, schema_of: dict[int, Doc]) -> Doc:
    if each.answer is None:
        return {"description": "Done."}
    if _is_file(each.answer):
        return {"description": "The file.", "content": {mime: {} for mime in each.answer}}
    return {"description": "As asked.", **_content("application/json", schema_of[id(each.answer)])}


def _is_file(answer: Any) -> bool:
    """Some calls answer with a file, and name the media types that it may have."""
    return isinstance(answer, tuple)


def _usual(each: Operation) -> set[int]:
    """The refusals that belong to every call of its kind."""
    reading = {400, 413, 415, 422} if each.body is not None or each.upload is not None else set()
    asking = {422} if each.query is not None else set()
    writing = {503, 507} if each.method != "GET" else set()
    return {401, 403} | reading | asking | writing


def _content(mimetype: str, schema: Doc, *, required: bool | None = None) -> Doc:
    content: Doc = {"content": {mimetype: {"schema": schema}}}
    return content if required is None else {"required": required, **content}


def _refusal(said: str) -> Doc:
    return {"description": said, **_content("application/problem+json", {"$ref": SCHEMAS.format(name="Problem")})}
