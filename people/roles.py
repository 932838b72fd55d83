"""Roles over areas, and who is asking. Pure; areas are opaque paths here.

viewer < editor < approver < admin. An auditor reads everything, with the audit log; so does an admin.
Each grant holds for an area and for what lies below it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from core.paths import ROOT, widest, within

RANKS = {"viewer": 0, "editor": 1, "approver": 2, "admin": 3}
ROLES = (*RANKS, "auditor")


@dataclass(frozen=True)
class Grant:
    """A role over an area and all below it."""

    role: str
    area_path: str


def satisfies(held: str, wanted: str) -> bool:
    """Does one who holds the role `held` have what `wanted` asks for?"""
    if wanted == "auditor":
        return held in ("auditor", "admin")
    if held == "auditor":
        return wanted == "viewer"
    return RANKS[held] >= RANKS[wanted]


@dataclass(frozen=True)
class Principal:
    """Who acts: a user, a key, or the system itself; `kind` is "user", "key" or "system"."""

    kind: str
    id: str
    name: str
    grants: tuple[Grant, ...]

    def allows(self, role: str, area_path: str) -> bool:
        """May this principal act as `role` in this area?"""
        return any(satisfies(each.role, role) and within(area_path, each.area_path) for each in self.grants)

    def scope(self, role: str) -> tuple[str, ...]:
        """The paths in which this principal may act as `role`; none lies within another."""
        return widest(each.area_path for each in self.grants if satisfies(each.role, role))

    def covers(self, role: str, grants: Iterable[Grant]) -> bool:
        """Does this principal hold `role` wherever these grants reach? Keeps one from raising oneself."""
        return all(self.allows(role, each.area_path) for each in grants)


SYSTEM = Principal("system", "system", "Bảng Tin", (Grant("admin", ROOT),))
