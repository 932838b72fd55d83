"""What Xibo's players are given, made of the manifest that all players get, and remembered as far as polls need it."""

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec

from core.errors import NotFound
from core.settings import Settings
from core.threads import offload
from media import qr
from media.store import store_of
from signage.desk import Desk
from signage.dialects import xmds
from signage.dialects.doors import etag_of, manifest_of
from signage.dialects.programme import Manifest
from signage.dialects.xlf import Layout, Part, layout_of
from signage.dialects.xmds import File

MOST_PRINTS = 50_000
LARGEST_PIECE = 2_000_000
_READ = 1 << 20


class Papers(NamedTuple):
    """A screen's manifest, and the layout of each entry."""

    manifest: Manifest
    layouts: Mapping[str, Layout]

    @property
    def schedule(self) -> str:
        """What plays when."""
        return xmds.schedule(self.manifest, self.layouts)

    def layout(self, number: int) -> Layout:
        """Raises NotFound where no entry has this layout, or has it no longer."""
        found = next((one for one in self.layouts.values() if one.number == number), None)
        if found is None:
            raise NotFound("No layout of this screen has this number now")
        return found

    def part(self, number: int) -> Part:
        """Raises NotFound."""
        found = next((one for layout in self.layouts.values() for one in layout.parts if one.id == number), None)
        if found is None:
            raise NotFound("No file of this screen has this number now")
        return found


class Marks(NamedTuple):
    """What a poll compares; ``manifest`` is without its programme and entries, of which there are too many to hold."""

    etag: str
    manifest: Manifest
    check_schedule: str
    check_files: str


class Print(NamedTuple):
    """What a player checks of a file."""

    md5: str
    size: int


class PaperDesk:
    """Makes papers, and remembers each screen's marks and each file's print."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._marks: dict[str, Marks] = {}
        self._prints: OrderedDict[str, Print] = OrderedDict()

    @property
    def settings(self) -> Settings:
        """The server's."""
        return self._desk.services.settings

    def papers(self, screen_id: str, now: datetime) -> Papers:
        """What the screen is to play. Raises Busy while its pictures are being made."""
        manifest = manifest_of(self._desk, screen_id, now)
        given = self._desk.given.give(manifest)
        size = manifest.screen.width, manifest.screen.height
        layouts = {name: layout_of(one, given[name].number, size) for name, one in manifest.entries.items()}
        return Papers(manifest, layouts)

    def marks(self, screen_id: str, now: datetime) -> Marks:
        """The checksums of what the screen is to play; as long as nothing changed this costs two looks into memory.

        Raises Busy.
        """
        etag = etag_of(self._desk, screen_id, now)
        held = self._marks.get(screen_id)
        if held is None or held.etag != etag:
            papers = self.papers(screen_id, now)
            checks = xmds.checksum(papers.schedule), xmds.checksum(repr(list(papers.layouts.values())))
            bare = msgspec.structs.replace(papers.manifest, programme=(), entries={})
            held = self._marks[screen_id] = Marks(etag, bare, *checks)
        return held

    def files(self, papers: Papers, key: str) -> Iterator[File]:
        """All files of the papers, for the player that holds this key."""
        root = self.settings.public_url
        for layout in papers.layouts.values():
            for part in layout.parts:
                mark = self._print(part)
                yield File("media", part.id, mark.size, mark.md5, root + part.url, part.file)
        for layout in papers.layouts.values():
            xml = layout.xml.encode()
            url = f"{root}/play/{key}/{layout.number}.xlf"
            yield File("layout", layout.number, len(xml), _md5(xml), url, f"{layout.number}.xlf")

    def piece(self, part: Part, start: int, length: int) -> bytes:
        """Bytes of a file from ``start``, at most LARGEST_PIECE of them."""
        length = min(length, LARGEST_PIECE)
        if part.code is not None:
            return self._code(part)[start : start + length]
        with store_of(self.settings).public.open(part.sha256, start) as file:
            return file.read(length)

    def _print(self, part: Part) -> Print:
        name = part.sha256 or part.url
        held = self._prints.get(name)
        if held is None:
            held = self._prints[name] = self._taken(part)
            if len(self._prints) > MOST_PRINTS:
                self._prints.popitem(last=False)
        return held

    def _taken(self, part: Part) -> Print:
        if part.code is not None:
            code = self._code(part)
            return Print(_md5(code), len(code))
        return offload(_print_of, self.settings, part.sha256)

    def _code(self, part: Part) -> bytes:
        assert part.code is not None
        return qr.png(qr.payload(self.settings.public_url, part.code.code), part.code.width)


def _md5(content: bytes) -> str:
    """As the protocol wants it; nothing is kept safe by it."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def _print_of(settings: Settings, sha256: str) -> Print:
    digest, size = hashlib.md5(usedforsecurity=False), 0
    with store_of(settings).public.open(sha256) as file:
        while piece := file.read(_READ):
            digest.update(piece)
            size += len(piece)
    return Print(digest.hexdigest(), size)
