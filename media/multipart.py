"""Reading a multipart upload straight onto the disk: the file never passes through memory."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser
from werkzeug.http import parse_options_header
from werkzeug.wsgi import get_content_length, get_input_stream

from core.errors import BadRequest, Invalid, TooLarge, WrongType
from media.shelf import Draft

_FORM_OVERHEAD = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came in a form: discard the draft, or hand it to receive_upload, which does."""

    draft: Draft
    name: str
    fields: Mapping[str, str]


def read_upload(environ: dict[str, Any], folder: Path, *, most_bytes: int, field: str = "file") -> Upload:
    """The one file of a multipart form, as a draft in `folder`, and the form's other fields.

    Raises WrongType, BadRequest, TooLarge or Invalid; then nothing is left behind.
    """
    if not environ.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data"):
        raise WrongType("Send multipart/form-data with the file in the field 'file'")
    _check_length(environ, most_bytes)
    with ExitStack() as leftovers:
        upload = _parsed(environ, folder, most_bytes, field, leftovers)
        leftovers.pop_all()
    return upload


def _check_length(environ: dict[str, Any], most_bytes: int) -> None:
    length = get_content_length(environ)
    if length is not None and length > most_bytes + _FORM_OVERHEAD:
        raise TooLarge(f"A file may have up to {most_bytes // 1_000_000} MB; this is {length // 1_000_000} MB")


def _parsed(environ: dict[str, Any], folder: Path, most_bytes: int, field: str, leftovers: ExitStack) -> Upload:
    drafts: list[Draft] = []

    def open_draft(*_: object, **__: object) -> IO[bytes]:
        if drafts:
            raise BadRequest("Send one file at a time")
        drafts.append(Draft(folder, most_bytes))
        leftovers.callback(drafts[0].discard)
        return cast(IO[bytes], drafts[0])

    # The limit on a form's fields is also one on what is read at a time, of files too: 64 KiB and what is left over.
    parser = FormDataParser(
        stream_factory=open_draft, max_form_memory_size=_FORM_OVERHEAD, max_form_parts=32, silent=False
    )
    stream = get_input_stream(environ, max_content_length=most_bytes + _FORM_OVERHEAD)
    try:
        _, form, files = parser.parse(stream, "multipart/form-data", get_content_length(environ), _options(environ))
    except RequestEntityTooLarge:
        raise TooLarge(f"A file may have up to {most_bytes // 1_000_000} MB") from None
    except ValueError:
        raise BadRequest("The form is broken or was cut off") from None
    file = files.get(field)
    if file is None or not drafts:
        raise Invalid([(field, "choose a file")])
    return Upload(drafts[0], file.filename or "", form.to_dict())


def _options(environ: dict[str, Any]) -> dict[str, str]:
    return parse_options_header(environ["CONTENT_TYPE"])[1]
