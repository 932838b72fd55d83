"""Taking a file in: what it is, whether it is whole, and the master made of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import TooLarge, WrongType
from media import sandbox
from media.sandbox import Refused
from media.shelf import Draft, put_file
from media.sniff import ACCEPTED, HEAD, Format, NotAccepted, end_of, is_polyglot, judge
from media.store import Store

MOST_BYTES = {"image": 100_000_000}
_TAIL = 1 << 16


@dataclass(frozen=True, slots=True)
class Facts:
    """What was found out about a file; its master lies on the public shelf."""

    kind: str
    mime: str
    width: int
    height: int
    master_sha256: str | None
    master_mime: str | None
    duration_ms: int | None = None
    pages: int | None = None


def examine(draft: Draft, store: Store) -> Facts:
    """Judges the file by its bytes and makes its master. Raises WrongType, TooLarge or Refused; a refused file
    leaves nothing on the shelf."""
    draft.close()
    form = judged(draft.path)
    check_size(form, draft.bytes)
    check_whole(form, draft.path, draft.bytes)
    return _image(form, draft, store)


def judged(path: Path) -> Format:
    with path.open("rb") as file:
        head = file.read(HEAD)
    try:
        return judge(head)
    except NotAccepted as why:
        raise WrongType(f"{why}. Accepted are {ACCEPTED}.") from None


def check_size(form: Format, size: int) -> None:
    most = MOST_BYTES[form.kind]
    if size > most:
        raise TooLarge(f"The {form.kind} has {size / 1e6:.0f} MB; at most {most / 1e6:.0f} MB are accepted")


def check_whole(form: Format, path: Path, size: int) -> None:
    """A picture must end where its format says, and what follows may not be a second file."""
    with path.open("rb") as file:
        end = end_of(form, file, size)
        if end is None:
            raise Refused([("file", "The picture is cut short: its end is missing")])
        file.seek(end)
        if is_polyglot(file.read(_TAIL)):
            raise Refused([("file", "Behind the picture there is a second file; save the picture anew and try again")])


def _image(form: Format, draft: Draft, store: Store) -> Facts:
    master = draft.path.with_suffix(".master")
    try:
        facts = sandbox.run("image", {"source": str(draft.path), "pillow": form.pillow, "master": str(master)})
        stored = put_file(store.public, master, store.drafts)
    finally:
        with suppress(OSError):
            master.unlink(missing_ok=True)
    return Facts(form.kind, form.mime, facts["width"], facts["height"], stored.sha256, facts["master_mime"])
