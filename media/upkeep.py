"""Keeping the shelf tidy: retiring what is not wanted, and sweeping away files that nothing refers to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ClassVar

from sqlalchemy.orm import Session

from core.errors import Conflict, NotFound
from core.log import log
from core.services import Services
from media import queries
from media.models import Asset
from media.shelf import Shelf
from media.store import Store, store_of

# A player may hold a manifest of 72 hours that still names a picture which has been drawn anew since.
GRACE = timedelta(days=7)
RETIRED_KEPT = timedelta(days=30)
PRINTS_KEPT = timedelta(days=30)
DRAFTS_KEPT = timedelta(days=7)


def retire_asset(s: Session, asset_id: str, *, now: datetime) -> Asset:
    """Takes an asset out of the library; for RETIRED_KEPT it can be restored. Raises NotFound, or Conflict while a
    creative that was not withdrawn shows it."""
    asset = _asset(s, asset_id)
    users = queries.live_users(s, asset_id)
    if users:
        raise Conflict(f"It is shown by: {', '.join(users[:5])}. Withdraw or change these first")
    asset.state, asset.retired_at = "retired", asset.retired_at or now
    return asset


def restore_asset(s: Session, asset_id: str, *, quotas: Iterable[Quota] = ()) -> Asset:
    """Puts a retired asset back into the library. Raises NotFound, or Conflict where it is not retired or a quota has
    no room for it any longer."""
    asset = _asset(s, asset_id)
    if asset.retired_at is None:
        raise Conflict("It has not been retired")
    check_quotas(s, quotas, asset.bytes if asset.page == 0 else 0)
    asset.state, asset.retired_at = "ready", None
    return asset


def _asset(s: Session, asset_id: str) -> Asset:
    asset = queries.asset(s, asset_id)
    if asset is None:
        raise NotFound("There is no such asset")
    return asset


@dataclass(frozen=True, slots=True)
class Quota:
    """How many bytes the originals of an area and what lies below it may take."""

    SETTING: ClassVar[str] = "media_quota_mb"  # of an area

    area_path: str
    most_bytes: int

    @classmethod
    def of(cls, area_path: str, megabytes: int) -> Quota:
        return cls(area_path, megabytes * 1_000_000)


def check_quotas(s: Session, quotas: Iterable[Quota], more_bytes: int) -> None:
    """Raises Conflict where another `more_bytes` would be more than one of the quotas allows."""
    for quota in quotas:
        used = queries.bytes_used(s, quota.area_path)
        if used + more_bytes > quota.most_bytes:
            raise Conflict(
                f"The area may keep {quota.most_bytes / 1e6:.0f} MB and has used {used / 1e6:.0f}; "
                "retire what is no longer needed",
                used=used,
                allowed=quota.most_bytes,
            )


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep has done: files removed, and files that nothing refers to but that wait for their GRACE."""

    at: datetime
    removed: int
    waiting: int


def last_sweep(services: Services) -> Swept | None:
    """The last one on this data folder; None before the first."""
    with suppress(FileNotFoundError):
        told = json.loads(_memory(services).read_text())
        return Swept(datetime.fromtimestamp(told["at"], UTC), told["removed"], told["waiting"])
    return None


def _memory(services: Services) -> Path:
    return store_of(services.settings).drafts.parent / "swept.json"


def sweep(services: Services) -> None:
    """Forgets old prints and assets that were retired long ago, then removes files that nothing has referred to for
    GRACE."""
    now, store = services.clock.now(), store_of(services.settings)
    services.db.write(lambda s: queries.forget_retired(s, now - RETIRED_KEPT))
    services.db.write(lambda s: queries.forget_prints(s, now - PRINTS_KEPT))
    with services.db.read() as s:
        needed = queries.needed_files(s)
    removed = waiting = 0
    for name, shelf in (("public", store.public), ("originals", store.originals)):
        gone, orphans = _sweep(shelf, needed, store.drafts.parent / f"orphans-{name}.json", now)
        log.info("shelf swept", shelf=name, removed=gone)
        removed, waiting = removed + gone, waiting + orphans
    _memory(services).write_text(json.dumps({"at": now.timestamp(), "removed": removed, "waiting": waiting}))
    for draft in _old(store, now):
        draft.unlink(missing_ok=True)


def _sweep(shelf: Shelf, needed: set[str], memory: Path, now: datetime) -> tuple[int, int]:
    """Removes orphans that were orphans GRACE ago already; `memory` keeps since when each has been one. How many were
    removed, how many wait."""
    known = json.loads(memory.read_text()) if memory.exists() else {}
    orphans = {sha: known.get(sha, now.timestamp()) for sha in shelf.hashes() if sha not in needed}
    doomed = [sha for sha, since in orphans.items() if now.timestamp() - since >= GRACE.total_seconds()]
    for sha in doomed:
        shelf.remove(sha)
        del orphans[sha]
    memory.parent.mkdir(parents=True, exist_ok=True)
    memory.write_text(json.dumps(orphans))
    return len(doomed), len(orphans)


def _old(store: Store, now: datetime) -> Iterator[Path]:
    """Files of uploads that nobody came back to."""
    for file in store.drafts.glob("*"):
        if now.timestamp() - file.stat().st_mtime >= DRAFTS_KEPT.total_seconds():
            yield file
