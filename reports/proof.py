"""The proof pack: every play of a campaign or a day with a hash chain over the rows, signed, checkable anywhere.

A row's `chain` is SHA-256 over the chain before it and the row's other cells; so no row can be changed, left out or
put elsewhere without all that follow giving it away. `manifest.json` names each file's digest, its rows and the
chain's end; `manifest.sig` is an Ed25519 signature of the manifest.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

import msgspec

from core.threads import give_way
from reports.exports import CHUNK_ROWS, harmless
from reports.signing import Signer, is_signed
from reports.tables import Value

MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
VERSION = 1
GENESIS = "0" * 64

PLAY_COLUMNS = (
    "screen",
    "epoch",
    "seq",
    "started_at_utc",
    "started_at_local",
    "duration_ms",
    "expected_ms",
    "end",
    "display",
    "time_is_sure",
    "received_at_utc",
    "campaign",
    "campaign_name",
    "creative",
    "creative_name",
    "creative_sha256",
    "language",
    "placement",
    "plan_revision",
    "location",
    "location_name",
    "area",
    "latitude",
    "longitude",
    "venue_kind",
    "openooh_id",
    "impression_multiplier",
)
GAP_COLUMNS = ("screen", "epoch", "from_seq", "to_seq", "after_utc", "before_utc", "location")
REFUSED_COLUMNS = ("screen", "epoch", "seq", "reason", "received_at_utc")
HOUR_COLUMNS = ("hour_utc", "metric", "location", "campaign", "creative", "language", "count", "late")


class FileLine(msgspec.Struct, frozen=True):
    """A file of the pack: its digest, how many rows it has below its heading, and where their chain ends."""

    name: str
    sha256: str
    rows: int
    chain: str


class Manifest(msgspec.Struct, frozen=True):
    """What the pack is about, what is in it, and by whose key it is signed (Ed25519, base64)."""

    version: int
    about: dict[str, Any]
    made_at: datetime
    files: list[FileLine]
    public_key: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file to be: its columns, and its rows as they come."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def link(chain: str, cells: Sequence[str]) -> str:
    """The chain after a row: over the chain before it and its cells, each with its length, so that none can shift."""
    digest = hashlib.sha256(bytes.fromhex(chain))
    for cell in cells:
        raw = cell.encode()
        digest.update(len(raw).to_bytes(4, "big") + raw)
    return digest.hexdigest()


def write_pack(
    out: IO[bytes], about: dict[str, Any], sheets: Iterable[Sheet], plan: dict[str, Any], signer: Signer, now: datetime
) -> Manifest:
    """Writes the pack row by row: memory stays the same however many plays there are."""
    files = []
    with ZipFile(out, "w", ZIP_DEFLATED) as pack:
        for sheet in sheets:
            with pack.open(sheet.name, "w", force_zip64=True) as file:
                files.append(_write_sheet(file, sheet))
        planned = msgspec.json.format(msgspec.json.encode(plan, order="deterministic"), indent=1)
        pack.writestr("plan.json", planned)
        files.append(FileLine("plan.json", hashlib.sha256(planned).hexdigest(), 0, GENESIS))
        manifest = Manifest(VERSION, about, now, files, signer.public)
        written = msgspec.json.encode(manifest, order="deterministic")
        pack.writestr(MANIFEST, written)
        pack.writestr(SIGNATURE, signer.sign(written))
        pack.writestr("README.txt", README)
    return manifest


def _write_sheet(file: IO[bytes], sheet: Sheet) -> FileLine:
    digest, chain, count = hashlib.sha256(), GENESIS, 0
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([*sheet.columns, "chain"])
    for row in sheet.rows:
        cells = [_cell(each) for each in row]
        chain = link(chain, cells)
        writer.writerow([*cells, chain])
        count += 1
        if count % CHUNK_ROWS == 0:
            _flush(buffer, file, digest)
            give_way()
    _flush(buffer, file, digest)
    return FileLine(sheet.name, digest.hexdigest(), count, chain)


def _cell(value: Value) -> str:
    kept = harmless(value)
    return "" if kept is None else str(kept)


def _flush(buffer: io.StringIO, file: IO[bytes], digest: Any) -> None:
    raw = buffer.getvalue().encode()
    digest.update(raw)
    file.write(raw)
    buffer.seek(0)
    buffer.truncate()


def verify_pack(file: IO[bytes], trusted_key: str | None = None) -> tuple[Manifest | None, list[str]]:
    """Checks a pack by itself: its manifest, and what is wrong with it (nothing, if nothing is).

    With `trusted_key` the pack has to be signed by exactly that key; without, by the one that it names.
    """
    try:
        with ZipFile(file) as pack:
            return _verify(pack, trusted_key)
    except (BadZipFile, OSError, EOFError) as error:
        return None, [f"the file cannot be read as a ZIP: {error}"]


def _verify(pack: ZipFile, trusted_key: str | None) -> tuple[Manifest | None, list[str]]:
    names = set(pack.namelist())
    if not {MANIFEST, SIGNATURE} <= names:
        return None, [f"{MANIFEST} or {SIGNATURE} is missing"]
    written, signature = pack.read(MANIFEST), pack.read(SIGNATURE).decode(errors="replace")
    try:
        manifest = msgspec.json.decode(written, type=Manifest)
    except msgspec.MsgspecError as error:
        return None, [f"{MANIFEST} cannot be read: {error}"]
    wrong = []
    if trusted_key is not None and manifest.public_key != trusted_key:
        wrong.append("it is signed by another key than the one that is trusted")
    if not is_signed(written, signature, manifest.public_key):
        wrong.append(f"the signature does not fit {MANIFEST}")
    strangers = names - {each.name for each in manifest.files} - {MANIFEST, SIGNATURE, "README.txt"}
    wrong += [f"{name} is in the pack and not in its manifest" for name in sorted(strangers)]
    for line in manifest.files:
        wrong += _verify_file(pack, line) if line.name in names else [f"{line.name} is missing"]
    return manifest, wrong


def _verify_file(pack: ZipFile, line: FileLine) -> Iterator[str]:
    try:
        with pack.open(line.name) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]
        if digest != line.sha256:
            yield f"{line.name} is not the file that was signed"
        if line.name.endswith(".csv"):
            with pack.open(line.name) as file:
                yield from _verify_rows(file, line)
    except (BadZipFile, OSError, EOFError, ValueError) as error:
        yield f"{line.name} cannot be read: {error}"


def _verify_rows(file: IO[bytes], line: FileLine) -> Iterator[str]:
    rows = csv.reader(io.TextIOWrapper(file, "utf-8", newline=""))
    next(rows, None)
    chain, count = GENESIS, 0
    for count, (*cells, told) in enumerate(rows, 1):
        chain = link(chain, cells)
        if chain != told:
            yield f"{line.name}: row {count} does not follow from the rows before it"
            return
    if (count, chain) != (line.rows, line.chain):
        yield f"{line.name} ends after {count} rows; {line.rows} were signed"


def fingerprint(public_key: str) -> str:
    """A key in a form that can be compared by reading it aloud."""
    digest = hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:32]
    return " ".join(digest[at : at + 4] for at in range(0, 32, 4))


README = """Bang Tin: proof of play / bang chung phat

plays.csv     one row a play: screen, log (epoch) and number (seq), when, how long, what, where
hours.csv     the hourly counts made of the plays
gaps.csv      numbers that a player declared lost
refused.csv   rows that could not be read, with the reason
plan.json     what was planned
manifest.json the digest of each file; manifest.sig: its Ed25519 signature (base64)

Check it, on any machine with the program and without its database:
    flask --app wsgi verify FILE
"""
