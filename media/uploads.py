"""Uploads that may be cut off: begun, continued from where they stand, taken in, or given up.

What a room above must do: judge who may, and hand an upload only to the person who began it.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

from sqlalchemy.orm import Session

from core.errors import Conflict, Gone, NotFound, Problem, StorageFull, TooLarge
from core.ids import new_id
from core.services import Services
from media import growing, queries
from media.actions import receive_upload
from media.intake import MOST_UPLOAD, check_size, judged
from media.models import Asset, Upload
from media.shelf import Arrived
from media.sniff import HEAD
from media.store import store_of
from media.tus import Checksum, Wish
from media.upkeep import Quota, check_quotas
from media.wishes import NAME_MOST

KEPT = timedelta(days=3)  # after the last piece
MOST_AT_ONCE = 100
SPARE_BYTES = 200_000_000  # of the disk, for the database and for what else is going on
_THE_FILE_IS_TO_BLAME = (413, 415, 422)


def begin(services: Services, wish: Wish, *, owner_path: str, by: str, quotas: Sequence[Quota] = ()) -> Upload:
    """An upload to which pieces can be sent. Raises TooLarge, Conflict where a quota or the number of unfinished
    uploads is used up, or StorageFull."""
    if wish.length > MOST_UPLOAD:
        raise TooLarge(f"A file may have up to {MOST_UPLOAD // 1_000_000} MB; this is {wish.length // 1_000_000} MB")
    _check_disk(services, wish.length)
    now = services.clock.now()
    made = Upload(
        id=new_id("upl"),
        owner_path=owner_path,
        name=wish.name[:NAME_MOST],
        length=wish.length,
        told=wish.told,
        created_by=by,
        created_at=now,
        expires_at=now + KEPT,
    )
    services.db.write(lambda s: _enter(s, made, quotas))
    return made


def _enter(s: Session, made: Upload, quotas: Sequence[Quota]) -> None:
    if len(queries.uploads_of(s, made.created_by)) >= MOST_AT_ONCE:
        raise Conflict(f"You have {MOST_AT_ONCE} unfinished uploads; finish or remove some of them first")
    check_quotas(s, quotas, made.length)
    s.add(made)
    s.flush()


def _check_disk(services: Services, more: int) -> None:
    folder = store_of(services.settings).uploads
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < more + SPARE_BYTES:
        raise StorageFull("The server's disk has no room for a file of this size")


def the_upload(services: Services, upload_id: str, by: str) -> Upload:
    """The upload of this id that `by` has begun. Raises NotFound, or Gone once its time is over."""
    with services.db.read() as s:
        found = queries.upload(s, upload_id)
    if found is None or found.created_by != by:
        raise NotFound("There is no such upload; it was finished, removed or has expired")
    if found.expires_at <= services.clock.now():
        raise Gone("This upload has expired; begin it anew")
    return found


def offset(services: Services, upload: Upload) -> int:
    """How many of its bytes are here."""
    return upload.length if upload.asset_id else growing.size(file_of(services, upload))


def file_of(services: Services, upload: Upload) -> Path:
    return store_of(services.settings).uploads / upload.id


def append(
    services: Services, upload: Upload, stream: IO[bytes], at: int, length: int | None, checksum: Checksum | None
) -> int:
    """Takes a piece of `length` bytes (None: until it ends) from the offset `at` on; returns the new offset, durable.

    As soon as its head is here, a file that will not be accepted is refused and removed. Raises Conflict where the
    upload stands elsewhere, TooLarge, WrongType, Mismatch, BadRequest where the connection is cut, or StorageFull.
    """
    there = offset(services, upload)
    if at != there:
        raise Conflict(f"The upload stands at {there}, not at {at}", offset=there)
    if length is not None and at + length > upload.length:
        raise TooLarge(f"This is more than the {upload.length} bytes that were announced")
    file = file_of(services, upload)
    try:
        if checksum is None:
            at = growing.append(file, stream, at, upload.length, looked_at=lambda *step: _judge(file, upload, *step))
        else:
            before, at = at, growing.append_checked(file, stream, at, upload.length, checksum)
            _judge(file, upload, before, at)
    except Problem as refusal:
        _drop_if_to_blame(services, upload, refusal, before=there)
        raise
    services.db.write(lambda s: _touch(s, upload.id, services.clock.now()))
    return at


def _judge(file: Path, upload: Upload, before: int, at: int) -> None:
    """Once, when enough has come to tell what it is."""
    enough = min(HEAD, upload.length)
    if before < enough <= at:
        check_size(judged(file), upload.length)


def _drop_if_to_blame(services: Services, upload: Upload, refusal: Problem, *, before: int) -> None:
    """Only a piece that holds the head can show that the file is none of ours; a later one may merely be too long."""
    if refusal.status in _THE_FILE_IS_TO_BLAME and before < HEAD:
        remove(services, upload)


def _touch(s: Session, upload_id: str, now: datetime) -> None:
    if (found := queries.upload(s, upload_id)) is not None:
        found.expires_at = now + KEPT


def remove(services: Services, upload: Upload) -> None:
    """Gives an upload up; what came of it is gone."""
    services.db.write(lambda s: _forget(s, upload.id))
    file_of(services, upload).unlink(missing_ok=True)


def _forget(s: Session, upload_id: str) -> None:
    if (found := queries.upload(s, upload_id)) is not None:
        s.delete(found)


def take_in(services: Services, upload: Upload) -> tuple[Asset, bool]:
    """The asset made of an upload that is whole, and whether it is new; asked again, the same asset.

    Raises Conflict while bytes are missing, and whatever `receive_upload` raises; where the file is to blame, the
    upload is gone.
    """
    if upload.asset_id is not None:
        return _taken(services, upload.asset_id), False
    file = file_of(services, upload)
    here = growing.size(file)
    if here < upload.length:
        raise Conflict(f"{here} of {upload.length} bytes are here; send the rest first", offset=here)
    try:
        made, is_new = receive_upload(
            services,
            Arrived(file, store_of(services.settings).drafts),
            name=upload.name,
            owner_path=upload.owner_path,
            by=upload.created_by,
        )
    except Problem as refusal:
        if refusal.status in _THE_FILE_IS_TO_BLAME:
            remove(services, upload)
        raise
    services.db.write(lambda s: _note(s, upload.id, made.id))
    file.unlink(missing_ok=True)
    return made, is_new


def _note(s: Session, upload_id: str, asset_id: str) -> None:
    if (found := queries.upload(s, upload_id)) is not None:
        found.asset_id = asset_id


def _taken(services: Services, asset_id: str) -> Asset:
    with services.db.read() as s:
        found = queries.asset(s, asset_id)
    if found is None:
        raise NotFound("What was made of this upload has been removed since")
    return found


def sweep_uploads(services: Services) -> None:
    """Removes uploads that nobody has continued for KEPT, and files that belong to none."""
    now = services.clock.now()
    with services.db.read() as s:
        past = queries.uploads_past(s, now)
    for upload in past:
        remove(services, upload)
    files = list(store_of(services.settings).uploads.glob("upl_*"))  # first: a row is there before its file
    with services.db.read() as s:
        known = queries.upload_ids(s)
    for file in files:
        if file.name.partition(".")[0] not in known:
            file.unlink(missing_ok=True)
