"""Which variant of an experiment a spot or a visit is given: drawn by stable ids, never by chance."""

from hashlib import sha256

from playlists.programme import Placement


def assign(placement: Placement, key: str) -> int:
    """The arm of an experiment for one spot or visit: stable, in proportion to the arms' shares."""
    total = sum(arm.share for arm in placement.arms)
    ticket = stable(placement.id, key) % total
    for number, arm in enumerate(placement.arms):
        ticket -= arm.share
        if ticket < 0:
            return number
    raise AssertionError("shares add up to their total")


def stable(*parts: str) -> int:
    """A number of 64 bits that depends on the parts alone, on every machine."""
    return int.from_bytes(sha256("\0".join(parts).encode()).digest()[:8])
