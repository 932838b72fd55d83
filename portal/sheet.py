"""What an installer is given: text to copy, sentences to follow, findings to mend. Values alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SECRET = "<the secret that you entered here>"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in English, to be put into other languages; `params` go into its %(name)s."""

    text: str
    params: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params if self.params else self.text


@dataclass(frozen=True, slots=True)
class Finding(Said):
    """Something wrong, or worth knowing; `grave` where travellers would not get on line, or anybody could."""

    grave: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A piece of configuration: where it goes, and its text; or the steps, where a make is set up by hand."""

    title: str
    text: str = ""
    steps: tuple[Said, ...] = ()


def host_of(portal_url: str) -> str:
    """The host that phones must reach."""
    return urlsplit(portal_url).hostname or ""


def port_of(portal_url: str) -> int:
    """Its port."""
    parts = urlsplit(portal_url)
    return parts.port or (443 if parts.scheme == "https" else 80)


def garden(portal_url: str) -> list[str]:
    """The walled garden: the one host and port that a phone must reach before it is let through."""
    return [f"{host_of(portal_url)}:{port_of(portal_url)}"]
