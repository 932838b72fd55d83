"""Who is on line, as far as this process can know: in memory only, by keyed digests, for a day at most."""

from __future__ import annotations

import hashlib
import ipaddress
from collections.abc import Callable, Sequence

from portal.memory import Shelf

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNLIMITED_S = 3600.0  # how long "on line" is believed where no session time is set
MOST = 100_000


def mark(kind: str, value: str, salt: bytes) -> str:
    """A digest of a MAC or an address that means nothing without today's salt: BLAKE2b with a key (RFC 7693)."""
    return hashlib.blake2b(f"{kind}\0{value}".encode(), key=salt, digest_size=12).hexdigest()


def networks_of(texts: Sequence[str]) -> tuple[Network, ...]:
    """Networks such as 10.77.0.0/24. Raises ValueError."""
    return tuple(ipaddress.ip_network(text.strip()) for text in texts)


def within(address: str, networks: Sequence[Network]) -> bool:
    """Whether a phone of these networks asks."""
    try:
        asked = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(asked.version == network.version and asked in network for network in networks)


def tells_phones_apart(address: str, networks: Sequence[Network]) -> bool:
    """Whether the address is one phone's own: not where a network of one address stands for a whole station (NAT)."""
    return within(address, [network for network in networks if network.num_addresses > 1])


class Online:
    """Digest of a phone → until when it is on line, on the monotonic clock."""

    def __init__(self, mono: Callable[[], float]) -> None:
        self._mono = mono
        self._until: Shelf[tuple[str, str], float] = Shelf(MOST)

    def add(self, hotspot: str, marks: Sequence[str], seconds: float | None) -> None:
        """The gateway has let this phone through."""
        until = self._mono() + min(seconds or UNLIMITED_S, 86_400.0)
        for each in marks:
            self._until.keep((hotspot, each), until)

    def knows(self, hotspot: str, each: str) -> bool:
        """Whether this phone has been let through since the process began."""
        return self._until.get((hotspot, each)) is not None

    def remaining(self, hotspot: str, marks: Sequence[str]) -> int | None:
        """Seconds of being on line that are left; None where it is not known to be on line."""
        left = [until - self._mono() for each in marks if (until := self._until.get((hotspot, each))) is not None]
        return int(max(left)) if left and max(left) > 0 else None
