"""Areas as a tree of any depth: codes, paths, and kinds. Pure."""

import re

from core.paths import ROOT, within, within_any

__all__ = ["AREA_KINDS", "ROOT", "ancestors", "child_path", "is_code", "within", "within_any"]

# kind -> (Vietnamese, English); since July 2025 a province is divided into communes directly
AREA_KINDS = {
    "country": ("Quốc gia", "Country"),
    "province": ("Tỉnh, thành phố", "Province or city"),
    "district": ("Quận, huyện", "District"),
    "commune": ("Xã", "Commune"),
    "ward": ("Phường", "Ward"),
    "special_zone": ("Đặc khu", "Special zone"),
    "unit": ("Đơn vị", "Unit"),
    "other": ("Khác", "Other"),
}

_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")


def is_code(text: str) -> bool:
    """May this be the code of an area, a location or a hotspot?"""
    return _CODE.fullmatch(text) is not None


def child_path(parent: str, code: str) -> str:
    """The path of `code` below `parent`: ("/79/", "79-26734") -> "/79/79-26734/"."""
    return f"{parent}{code}/"


def ancestors(path: str) -> tuple[str, ...]:
    """The path itself and everything above it, nearest first, the root last."""
    parts = path.strip("/").split("/") if path != ROOT else []
    above = ["/" + "/".join(parts[:n]) + "/" for n in range(len(parts), 0, -1)]
    return (*above, ROOT)
