"""The dialects that players speak, and what each of them can do. Pure.

What is true of a make stands here once: the doors, the console, the API and the documents read it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

OWN, SMIL, XIBO, MPV, PAGE = "own", "smil", "xibo", "mpv", "page"
ALL_COMMANDS = ("reload", "refresh", "screenshot", "identify", "clear_cache", "reboot")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way of talking to a player.

    ``address`` is what is typed into it, below the public address, with ``{key}`` for the screen's key; empty where a
    player shows a code to be claimed, ``/`` where the server's address stands alone and the key in a field of its own.
    ``poll_s``: how long a change, a takeover too, may take to be heard of.
    ``overlays``: it lays the QR code on the picture; others get pictures with the code in them, and films without.
    """

    name: str
    title: str
    address: str
    poll_s: int
    commands: tuple[str, ...] = ()
    overlays: bool = True
    days_off_line: bool = True
    reports_plays: bool = True
    tells_display: bool = False
    confirms_takeovers: bool = False
    checks_signature: bool = False

    def address_for(self, public_url: str, key: str) -> str:
        """What is typed into a player that has this key; empty where it shows a code instead."""
        typed = "" if self.key_apart else self.address.format(key=key)
        return public_url + typed if self.address else ""

    @property
    def key_apart(self) -> bool:
        """Whether the key is typed into a field of its own."""
        return self.address == "/"


DIALECTS: Mapping[str, Dialect] = {
    one.name: one
    for one in (
        Dialect(
            OWN,
            "Bảng Tin",
            "",
            33,
            ALL_COMMANDS,
            tells_display=True,
            confirms_takeovers=True,
            checks_signature=True,
        ),
        Dialect(SMIL, "SMIL (IAdea, QBiC, garlic-player)", "/play/{key}/index.smil", 60, ("reboot",), overlays=False),
        Dialect(XIBO, "Xibo", "/", 75, ("screenshot",), confirms_takeovers=True),
        Dialect(MPV, "mpv / VLC", "/play/{key}/player.py", 33, ("refresh",), overlays=False, confirms_takeovers=True),
        Dialect(
            PAGE,
            "Anthias, piSignage, Yodeck, Samsung, LG",
            "/play/{key}/",
            33,
            ALL_COMMANDS[:-1],
            tells_display=True,
            confirms_takeovers=True,
            checks_signature=True,
        ),
    )
}


def dialect_of(name: str) -> Dialect:
    """The dialect of this name; our own for a name that is known no longer."""
    return DIALECTS.get(name, DIALECTS[OWN])
