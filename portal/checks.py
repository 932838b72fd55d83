"""What a hotspot may look like. Pure; every fault is named by its field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from core.errors import FieldError, Invalid
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect, Setting
from portal.gateways.targets import is_base
from portal.languages import NAMES
from portal.online import networks_of

_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
RESERVED = frozenset({"api", "accept", "online", "store", "terms", ".", ".."})
MOST_TERMS = 20_000
MOST_TEXT = 500


def code_fault(code: str) -> list[FieldError]:
    """Letters, digits, dot, dash and underscore: the code stands in addresses that people type."""
    right = _CODE.fullmatch(code) is not None and code not in RESERVED
    return [] if right else [("code", "must be 1–64 letters, digits, '.', '_' or '-'")]


def gateway_faults(dialect: str, grant_base: str | None, settings: Mapping[str, Any]) -> list[FieldError]:
    """Everything that is wrong with a gateway's settings."""
    known = DIALECTS.get(dialect)
    if known is None:
        return [("gateway.dialect", "must be one of " + ", ".join(sorted(DIALECTS)))]
    return _base_faults(known, grant_base, settings) + _settings_faults(known, settings)


def _base_faults(dialect: Dialect, grant_base: str | None, settings: Mapping[str, Any]) -> list[FieldError]:
    if grant_base is not None and not is_base(grant_base):
        return [("gateway.grant_base", "must be scheme, host and port alone, such as http://10.77.0.1:2050")]
    if grant_base is None and dialect.asks_for_base(settings):
        return [("gateway.grant_base", "is needed: the gateway's own address, such as http://10.77.0.1:2050")]
    return []


def _settings_faults(dialect: Dialect, settings: Mapping[str, Any]) -> list[FieldError]:
    known = {setting.name: setting for setting in dialect.settings}
    faults = [(f"gateway.{name}", "is not a setting of this dialect") for name in settings if name not in known]
    faults += [
        (f"gateway.{name}", "is needed") for name, setting in known.items() if setting.required and name not in settings
    ]
    return faults + [
        (f"gateway.{name}", fault)
        for name, value in settings.items()
        if name in known and (fault := _setting_fault(known[name], value))
    ]


def _setting_fault(setting: Setting, value: object) -> str:
    if setting.kind == "number":
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            return "must be a whole number, 0 or more"
        if setting.choices and value not in setting.choices:
            return "must be one of " + ", ".join(map(str, setting.choices))
        return ""
    if not isinstance(value, str) or len(value) > MOST_TEXT or re.search(r"[\x00-\x1f]", value):
        return f"must be text of at most {MOST_TEXT} characters"
    if setting.kind == "url" and not is_base(value):
        return "must be an address without a path, such as https://controller.example:8443"
    return ""


def terms_of(terms: str | Mapping[str, str] | None) -> dict[str, str]:
    """Terms by language; a bare text is Vietnamese. Raises Invalid."""
    texts = {"vi": terms} if isinstance(terms, str) else dict(terms or {})
    faults = [("terms", f"'{code}' is not a language of the splash") for code in texts if code not in NAMES]
    faults += [
        (f"terms.{code}", f"at most {MOST_TERMS} characters") for code, t in texts.items() if len(t) > MOST_TERMS
    ]
    if faults:
        raise Invalid(faults)
    return {code: text.strip() for code, text in texts.items() if text.strip()}


def minutes_fault(minutes: int | None) -> list[FieldError]:
    """A session lasts from a minute to a month, or as long as the gateway likes."""
    right = minutes is None or 1 <= minutes <= 44_640
    return [] if right else [("session_minutes", "must be 1–44640, or absent")]


def network_faults(networks: Sequence[str]) -> list[FieldError]:
    """Networks in the notation 10.77.0.0/24."""
    try:
        networks_of(networks)
    except ValueError:
        return [("networks", "must be networks such as 10.77.0.0/24")]
    return []
