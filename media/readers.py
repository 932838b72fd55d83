"""Two decoders that have nothing in common: what one lets pass, the other may not."""

from __future__ import annotations

from functools import cache
from typing import Any

import zxingcpp
from PIL import Image

_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def zxing(image: Image.Image) -> list[str]:
    """What zxing-cpp reads off a grey picture."""
    return [found.text for found in zxingcpp.read_barcodes(image, formats=_QR)]


def zbar(image: Image.Image) -> list[str]:
    """What zbar reads off a grey picture; nothing where its library is not installed."""
    tools = _zbar()
    if tools is None:
        return []
    return [found.data.decode("utf-8", "replace") for found in tools.decode(image, [tools.ZBarSymbol.QRCODE])]


def has_zbar() -> bool:
    """Whether the system library libzbar0 is there."""
    return _zbar() is not None


@cache
def _zbar() -> Any:
    try:
        from pyzbar import pyzbar  # type: ignore[import-untyped]
    except ImportError:
        return None
    return pyzbar
