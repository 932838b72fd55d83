"""The door that players fetch pictures and films at, without Flask: the whole of a file, or one range of it."""

import re
from io import FileIO
from os import fstat
from typing import IO, BinaryIO, cast

from werkzeug.wsgi import wrap_file

from core.quick import Knock
from core.reply import Reply
from core.services import services_of
from media import ranges
from media.shelf import MIMES, FolderShelf, Part
from media.store import store_of
from media.views import BLOCK, dress

_NAME = re.compile(r"([0-9a-f]{64})\.([a-z0-9]+)")
_CONDITIONS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_RANGE")


def send(knock: Knock) -> Reply | None:
    """GET /media/SHA256.EXTENSION; what is missing, conditional, or not in a folder here is the view's affair."""
    name, settings = _NAME.fullmatch(knock.rest), services_of(knock.app).settings
    if name is None or name[2] not in MIMES or settings.accel or any(map(knock.header, _CONDITIONS)):
        return None
    shelf = store_of(settings).public
    return _sent(knock, shelf, name[1], name[2]) if isinstance(shelf, FolderShelf) else None


def _sent(knock: Knock, shelf: FolderShelf, sha256: str, extension: str) -> Reply | None:
    try:
        file = FileIO(shelf.path(sha256))
    except FileNotFoundError:
        return None
    try:
        span = ranges.asked(knock.header("HTTP_RANGE") or None, size := fstat(file.fileno()).st_size)
    except ranges.Unsatisfiable:
        file.close()
        return None
    part = span or ranges.Span(0, size, size)
    file.seek(part.start)
    headers = {**dress(sha256, extension), "Content-Length": str(part.length)}
    if span is not None:
        headers["Content-Range"] = span.content_range
    stream = wrap_file(knock.environ, cast(IO[bytes], Part(cast(BinaryIO, file), part.length)), BLOCK)
    return Reply(206 if span else 200, tuple(headers.items()), stream=stream)


QUICK = {"media.file": send}
