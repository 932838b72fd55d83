"""What a door says in the tus protocol: for the rooms above, which know who is asking and may use these as views.

Each function reads the present request and answers it; `speaking_tus` goes round a door's guard.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, after_this_request, request
from werkzeug.wsgi import get_input_stream

from core.services import services
from media import tus, uploads
from media.intake import MOST_UPLOAD
from media.models import Upload
from media.tus import Wish

HEADER = "Tus-Resumable"
OVERRIDE = "X-HTTP-Method-Override"


@dataclass(frozen=True)
class speaking_tus:
    """Says in which version we speak, also beside a refusal, and refuses any other. Raises OtherVersion."""

    guard: Callable[[], None]

    def __call__(self) -> None:
        after_this_request(_versioned)
        self.guard()
        if request.method != "GET":
            tus.check_version(request.headers.get(HEADER))


def _versioned(response: Response) -> Response:
    response.headers[HEADER] = tus.VERSION
    if response.status_code == tus.OtherVersion.status:
        response.headers["Tus-Version"] = tus.VERSION
    return response


def abilities() -> Response:
    """Answers OPTIONS."""
    return Response(status=204, headers=tus.abilities(MOST_UPLOAD))


def wish() -> Wish:
    """What the request wishes to upload. Raises BadRequest or Invalid."""
    return tus.wish(request.headers.get("Upload-Length"), request.headers.get("Upload-Metadata"))


def begun(upload: Upload, address: str) -> Response:
    """201, and where the pieces go."""
    response = Response(status=201, headers=_state(upload))
    response.headers["Location"] = address
    response.autocorrect_location_header = False
    return response


def where(upload: Upload) -> Response:
    """Answers HEAD: how much is here."""
    return Response(status=200, headers={**_state(upload), "Cache-Control": "no-store"})


def piece(upload: Upload) -> Response:
    """Takes the request's body; 204 with the new offset. Raises what `uploads.append` raises, and WrongType."""
    tus.check_type(request.mimetype)
    at = tus.number(request.headers.get("Upload-Offset"), "Upload-Offset")
    checksum = tus.checksum(request.headers.get("Upload-Checksum"))
    body = get_input_stream(request.environ)
    uploads.append(services(), upload, body, at, request.content_length, checksum)
    upload = uploads.the_upload(services(), upload.id, upload.created_by)
    return Response(status=204, headers=_state(upload))


def removed(upload: Upload) -> Response:
    """Answers DELETE."""
    uploads.remove(services(), upload)
    return Response(status=204)


def overridden(upload: Upload) -> Response:
    """A POST that stands for another method, where a proxy lets only POST through. Raises OtherVersion for none."""
    meant = {"PATCH": piece, "DELETE": removed, "HEAD": where}.get(request.headers.get(OVERRIDE, ""))
    if meant is None:
        raise tus.OtherVersion(f"Say in {OVERRIDE} whether this is a PATCH, a DELETE or a HEAD")
    return meant(upload)


def _state(upload: Upload) -> dict[str, str]:
    offset = uploads.offset(services(), upload)
    return tus.state(offset=offset, length=upload.length, told=upload.told, expires_at=upload.expires_at)
