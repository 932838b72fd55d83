"""Printing, as the job process does it: one plate for the order, a page for each place, a proof of every page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from sqlalchemy.orm import Session

from core.log import log
from core.services import Services
from media import colour, qr, queries
from media.fonts import CannotSet
from media.models import Asset, Creative, PrintOrder
from media.paper import picture_dpi, reach_m
from media.press import Copy, Plate, cut_fonts, make_plate, print_copies
from media.prints import PDF, ZIP, sheet_of
from media.proof import NotReadable, proven
from media.render import design_of, open_master
from media.shelf import Stored, put_file
from media.store import store_of

_TELL_EVERY = 5  # copies
Tell = Callable[[int], None]


def print_order(services: Services, payload: dict[str, Any]) -> None:
    """Prints an order that has not been printed yet. Run twice it finds nothing left to do."""
    with services.db.read() as s:
        order = queries.print_order(s, payload["order_id"])
        creative = queries.creative(s, order.creative_id) if order else None
        asset = queries.asset(s, creative.asset_id) if creative and creative.asset_id else None
    if order is None or creative is None or order.state in ("ready", "failed"):
        return
    try:
        plate = _plate(services, order, creative, asset)
        _tell(services, order, state="printing", **_facts(plate, asset, services))
        stored = _printed(services, order, creative, plate)
    except (CannotSet, NotReadable) as why:
        _tell(services, order, state="failed", problem=str(why)[:500])
        return
    mime = PDF if order.is_merged or len(order.copies) == 1 else ZIP
    done = {"sha256": stored.sha256, "bytes": stored.bytes, "mime": mime, "printed": len(order.copies)}
    _tell(services, order, state="ready", **done)
    log.info("printed", order=order.id, copies=len(order.copies), bytes=stored.bytes)


def _plate(services: Services, order: PrintOrder, creative: Creative, asset: Asset | None) -> Plate:
    master: Image.Image | None = None
    if asset and asset.master_sha256:
        ground = colour.parse(creative.background)
        master = open_master(store_of(services.settings).public, asset.master_sha256, ground)
    modules = qr.modules_across(services.settings.public_url)
    return make_plate(design_of(creative, order.language), sheet_of(order), master, modules)


def _facts(plate: Plate, asset: Asset | None, services: Services) -> dict[str, Any]:
    """What the operator should know of the sheet before it goes to the printer's."""
    place, modules = plate.layout.qr, qr.modules_across(services.settings.public_url)
    return {
        "reach_m": round(reach_m(place.width, modules), 2) if place else None,
        "picture_dpi": picture_dpi(plate.sheet, asset.width, asset.height) if asset else None,
        "cut": list(plate.words.cut),
    }


def _printed(services: Services, order: PrintOrder, creative: Creative, plate: Plate) -> Stored:
    store = store_of(services.settings)
    store.drafts.mkdir(parents=True, exist_ok=True)
    copies = [_copy(services.settings.public_url, each) for each in order.copies]
    file = store.drafts / f"print-{order.id}"
    try:
        with TemporaryDirectory() as folder:
            cut_fonts(plate, copies, Path(folder))
            press = _Run(plate, Path(folder), creative.name, lambda done: _tell(services, order, printed=done))
            if order.is_merged or len(copies) == 1:
                file.write_bytes(press.one_file(copies))
            else:
                press.many_files(copies, [f"{order.paper}-{each['location']}.pdf" for each in order.copies], file)
        return put_file(store.originals, file, store.drafts)
    finally:
        file.unlink(missing_ok=True)


def _copy(public_url: str, each: dict[str, str]) -> Copy:
    parts, code = urlsplit(public_url), each["code"]
    address = f"{parts.netloc}{parts.path.rstrip('/')}/q/{code}"
    return Copy(qr.payload(public_url, code), address, f"{each['name']} · {code}")


class _Run:
    """A run of the press for one order."""

    def __init__(self, plate: Plate, fonts: Path, title: str, tell: Tell) -> None:
        self.plate, self.fonts, self.title, self.tell = plate, fonts, title, tell

    def one_file(self, copies: list[Copy]) -> bytes:
        return proven(self._pdf(self._counted(copies), copies[0].name), self.plate, copies)

    def many_files(self, copies: list[Copy], names: list[str], target: Path) -> None:
        with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
            for copy, name in zip(self._counted(copies), names, strict=True):
                archive.writestr(name, proven(self._pdf([copy], copy.name), self.plate, [copy]))

    def _pdf(self, copies: Iterable[Copy], name: str) -> bytes:
        return print_copies(self.plate, copies, self.fonts, title=f"{self.title} – {name}")

    def _counted(self, copies: list[Copy]) -> Iterator[Copy]:
        for number, copy in enumerate(copies):
            if number % _TELL_EVERY == 0:
                self.tell(number)
            yield copy


def _tell(services: Services, order: PrintOrder, **facts: Any) -> None:
    def work(s: Session) -> None:
        row = s.get_one(PrintOrder, order.id)
        for name, value in facts.items():
            setattr(row, name, value)

    services.db.write(work)
