"""Taking a file in: what it is, whether it is whole, and the master made of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.errors import TooLarge, WrongType
from core.ids import new_id
from media import sandbox
from media.sandbox import Limits, Refused
from media.shelf import Draft, put_file
from media.sniff import ACCEPTED, GIF, HEAD, Format, NotAccepted, end_of, is_polyglot, judge
from media.store import Store

MOST_BYTES = {"image": 100_000_000, "document": 100_000_000, "video": 2_000_000_000}
MOST_UPLOAD = max(MOST_BYTES.values())
_TAIL = 1 << 16
FILM_LIMITS = Limits(memory=3 << 29, cpu_s=60, wall_s=60)


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
    return {"image": _image, "document": _document, "video": _film}[form.kind](form, draft, store)


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
            raise Refused([("file", "The file is cut short: its end is missing")])
        file.seek(end)
        if is_polyglot(file.read(_TAIL)):
            raise Refused([("file", "Behind its end there is a second file; save it anew and try again")])


def _image(form: Format, draft: Draft, store: Store) -> Facts:
    if form is GIF and sandbox.run("frames", {"source": str(draft.path), "pillow": form.pillow})["frames"] > 1:
        return _film(form, draft, store)  # an animation plays
    facts, sha256 = _mastered("image", draft.path, store, pillow=form.pillow)
    return Facts(form.kind, form.mime, facts["width"], facts["height"], sha256, facts["master_mime"])


def _document(form: Format, draft: Draft, store: Store) -> Facts:
    pages = sandbox.run("document", {"source": str(draft.path)})["pages"]
    return Facts(form.kind, form.mime, 0, 0, None, None, pages=pages)


def _film(form: Format, draft: Draft, store: Store) -> Facts:
    facts, sha256 = _mastered("film", draft.path, store, FILM_LIMITS, demuxer=form.demuxer)
    size = (facts["width"], facts["height"])
    return Facts("video", form.mime, *size, sha256, facts["master_mime"], duration_ms=facts["duration_ms"])


def examine_page(original: Path, page: int, store: Store) -> Facts:
    """A page of a document (counted from 1) as a picture. Raises Refused."""
    facts, sha256 = _mastered("page", original, store, page=page)
    return Facts("image", "application/pdf", facts["width"], facts["height"], sha256, facts["master_mime"])


def _mastered(
    task: str, source: Path, store: Store, limits: Limits | None = None, **arguments: object
) -> tuple[dict[str, Any], str]:
    """What the child found out, and the hash of the master that it made, now on the public shelf."""
    store.drafts.mkdir(parents=True, exist_ok=True)
    master = store.drafts / f"master-{new_id('mst')}"
    try:
        facts = sandbox.run(task, {"source": str(source), "master": str(master), **arguments}, limits)
        return facts, put_file(store.public, master, store.drafts).sha256
    finally:
        with suppress(OSError):
            master.unlink(missing_ok=True)
