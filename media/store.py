"""The shelves of this installation, from its settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.settings import Settings
from media.s3_shelf import S3Shelf, connect
from media.shelf import FolderShelf, Shelf


@dataclass(frozen=True, slots=True)
class Store:
    """`public` is served by hash; `originals` never are; `drafts` and `uploads` hold what is still on its way."""

    public: Shelf
    originals: Shelf
    drafts: Path

    @property
    def uploads(self) -> Path:
        """Files that come in pieces; on the same file system as `drafts`."""
        return self.drafts.parent / "uploads"


def store_of(settings: Settings) -> Store:
    """The store that BANGTIN_MEDIA_URL names."""
    return _store(settings.media_url, settings.data_dir)


@lru_cache(maxsize=16)
def _store(url: str, data_dir: Path) -> Store:
    if url.startswith("s3://"):
        work = data_dir / "media-work"
        return Store(
            S3Shelf(connect(url, "public"), work / "public"),
            S3Shelf(connect(url, "originals"), work / "originals"),
            work / "drafts",
        )
    root = Path(url)
    return Store(FolderShelf(root / "public", 0o644), FolderShelf(root / "originals"), root / "drafts")
