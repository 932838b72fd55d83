"""The table of dialects in the documents is the one that the code and its tests make."""

from pathlib import Path

from portal.gateways import DIALECTS
from portal.gateways.base import Gateway
from portal.gateways.opennds import queue_of
from tests.portal.station import BASE, HID
from tests.portal.test_dialects import ONLINE, SAMPLES, arrived, granted

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "wifi.md"
BEGIN, END = "<!-- dialects: begin -->", "<!-- dialects: end -->"
WAYS = {
    "Link": "the phone opens a link",
    "Form": "the phone posts a form",
    "Poll": "the gateway fetches it",
    "ServerCall": "we call the controller",
    "Open": "none is needed",
}


def way(name: str) -> str:
    """How a dialect grants, found out by granting."""
    if name == "opennds":
        clear = DIALECTS[name].grant({"hid": HID, "dir": "a"}, Gateway(BASE, {"level": 1}), ONLINE)
        polled = DIALECTS[name].grant({"hid": HID, "dir": "a", "queue": queue_of("a")}, Gateway(None), ONLINE)
        return f"{WAYS[type(clear).__name__]} (levels 0–2), {WAYS[type(polled).__name__]} (3, 4)"
    if name == "generic":
        return WAYS["Link"]
    return WAYS[type(granted(name)).__name__]


def signature(name: str) -> str:
    if name == "opennds":
        return "verified (levels 2, 3)"
    return "verified" if name in SAMPLES and arrived(name).signature == "good" else "none is offered"


def table() -> str:
    rows = ["| make | dialect | grant | signature | how sure | from |", "|---|---|---|---|---|---|"]
    rows += [
        f"| {one.title} | `{name}` | {way(name)} | {signature(name)} | {one.confidence} | {one.source} |"
        for name, one in DIALECTS.items()
    ]
    return "\n".join(rows)


def test_it_works() -> None:
    made, kept = table(), DOCUMENT.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0].strip()
    print(made)
    assert kept == made, "copy the table above into docs/wifi.md"


def test_every_dialect_has_a_sample_that_is_walked() -> None:
    assert set(DIALECTS) - set(SAMPLES) == {"opennds", "generic"}  # these have files of tests of their own
