"""What a creative says to somebody who holds the phone, and what an installer is asked."""

import pytest

from core.i18n import messages
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect
from portal.prompts import on_a_phone


def test_it_works() -> None:
    words = {"headline": "Cài Bluezone", "call_to_action": "Quét mã để cài", "on_phone": "Chạm để cài"}
    assert on_a_phone(words) == "Chạm để cài"


@pytest.mark.parametrize(
    "call",
    ["Quét mã để cài", "QUÉT MÃ", "Scan to install", "Mã QR ở góc", "扫码安装", "スキャンして", "코드를 읽으세요",
     "Сканируйте код", "Escanea el código", "Scannez le code", "QR-Code scannen", "สแกนเพื่อติดตั้ง"],
)  # fmt: skip
def test_nobody_is_asked_to_scan_with_the_phone_that_shows_it(call: str) -> None:
    assert on_a_phone({"call_to_action": call}) == ""


@pytest.mark.parametrize("call", ["Miễn phí", "Install today", "Free, and no personal data", "Landscape", ""])
def test_any_other_call_stands(call: str) -> None:
    assert on_a_phone({"call_to_action": call}) == call


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_a_gateway_s_settings_are_asked_for_in_vietnamese_too(dialect: Dialect) -> None:
    """What stands in the gateway's own configuration keeps the name that it has there."""
    vietnamese = messages("vi")
    theirs = {one.name for one in dialect.settings} | {"fas_secure_enabled"}
    assert [one.label for one in dialect.settings if one.label not in theirs | vietnamese.keys()] == []
