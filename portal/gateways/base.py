"""The words that all gateway dialects share. Pure: nothing here reads a clock, a database or a network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from portal.gateways.wire import fields

Signature = Literal["none", "good", "bad"]


class Confidence(StrEnum):
    """How sure we are of a dialect."""

    RUN = "run"  # walked through the real program in our own tests
    DOCUMENTED = "documented"  # written from the vendor's documents or source
    REPORTED = "reported"  # written from what others report; check before you rely on it


@dataclass(frozen=True, slots=True)
class Gateway:
    """A hotspot's gateway as its dialect sees it; `settings` holds the dialect's own, secrets in the clear."""

    grant_base: str | None
    settings: Mapping[str, str | int] = field(default_factory=dict)
    session_minutes: int | None = None
    splash_url: str = ""  # where the gateway was told to send phones

    def text(self, name: str, default: str = "") -> str:
        """A setting as text."""
        return str(self.settings.get(name, default))

    def number(self, name: str, default: int = 0) -> int:
        """A setting as a number; the default where it is absent or not a number."""
        try:
            return int(self.settings.get(name, default))
        except (TypeError, ValueError):
            return default


@dataclass(frozen=True, slots=True)
class Arrival:
    """What a gateway told us about a phone that it sent here.

    `facts` is all that `grant` will need; it travels sealed in the visit and nowhere else. `session` is the
    gateway's own name for this phone's stay, so that a reload is not a second visit. `target` is where the
    query wants the grant to go: it is compared with the hotspot's own and never used itself.
    """

    state: Literal["captive", "online", "unknown"]
    facts: dict[str, str] = field(default_factory=dict)
    session: str = ""
    target: str = ""
    signature: Signature = "none"
    note: str = ""  # for the installer, in English: what was odd
    visit: str = ""  # a visit of ours that the gateway handed back
    clock: datetime | None = None  # what time it was for the gateway
    who: str = ""  # how the gateway tells this phone from others (a MAC, mostly); never kept as it is


UNKNOWN = Arrival("unknown", note="the query holds nothing that this dialect knows")


@dataclass(frozen=True, slots=True)
class Link:
    """The phone itself opens an address of the gateway."""

    url: str


@dataclass(frozen=True, slots=True)
class Form:
    """The phone itself posts a form to the gateway."""

    url: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Poll:
    """The gateway fetches the grant from us: `queue` names the gateway, `key` the client, `record` the answer."""

    queue: str
    key: str
    record: str


@dataclass(frozen=True, slots=True)
class ServerCall:
    """We call the controller: the steps are made by `portal.controllers`."""

    kind: str
    facts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Open:
    """Nothing stands between the phone and the net: straight to the online page."""


@dataclass(frozen=True, slots=True)
class Refused:
    """No grant can be made of this visit; `why` is for the installer."""

    why: str


Grant = Link | Form | Poll | ServerCall | Open | Refused


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a dialect: what the form and the API ask for."""

    name: str
    label: str
    kind: Literal["text", "secret", "number", "url"] = "text"
    required: bool = False
    default: str | int | None = None
    choices: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Dialect:
    """One make of gateway. `parse` and `grant` are pure and never raise, whatever a query holds."""

    name: str
    title: str
    parse: Callable[[str, Gateway], Arrival]
    grant: Callable[[Mapping[str, str], Gateway, str], Grant]
    confidence: Confidence
    settings: tuple[Setting, ...] = ()
    needs_grant_base: bool = True
    default_base: str | None = None  # where the vendor's cloud grants, and not a gateway of the station's
    base_free: Callable[[Mapping[str, str | int]], bool] = lambda settings: False
    read: Callable[[str, Gateway], Mapping[str, str]] = lambda query, gateway: fields(query)  # as it was sent
    source: str = ""  # the document or program that it was written from
    note: str = ""

    def asks_for_base(self, settings: Mapping[str, str | int]) -> bool:
        """Whether a hotspot with these settings must name its gateway's address."""
        return self.needs_grant_base and self.default_base is None and not self.base_free(settings)
