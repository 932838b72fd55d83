"""What a creative says to somebody who holds the phone, and what an installer is asked."""

import pytest

from core.i18n import messages
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect, Gateway, Refused
from portal.https import costs, recipes
from portal.lint import CHECKS, common
from portal.prompts import on_a_phone
from portal.sheets import sheets


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


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=list(DIALECTS))
def test_an_installer_is_told_everything_in_vietnamese_too(dialect: Dialect) -> None:
    """Steps, findings (whether they hold or not), and what an address costs."""
    vietnamese, gateway = messages("vi"), Gateway("http://10.0.0.1", {"level": 3})
    steps = [step.text for sheet in sheets("A", dialect, gateway, "https://a.example") for step in sheet.steps]
    check = CHECKS.get(dialect.name)
    found = [*common("", "http://a.example"), *(check("", "A", gateway, "http://a.example") if check else ())]
    told = [*steps, *(said for _, _, said in found)]
    told += [one.text for url in ("http://a.example", "https://a.example") for one in costs(gateway, url, url)]
    told += [one.text for one in costs(Gateway(None, {"level": 1}), "https://a.example", "https://a.example")]
    told += [sheet.title for sheet in recipes("https://a.example", "127.0.0.1:8000") if "(" in sheet.title]
    refused = dialect.grant({}, Gateway(None), "http://x/online")
    told += [refused.why] if isinstance(refused, Refused) and dialect.name != "generic" else []
    assert told
    assert [one for one in told if one not in vietnamese] == []
