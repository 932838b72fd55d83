"""A hotspot as its pages need it, in memory."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.log import log
from core.security import BadSeal, Sealer
from core.settings import Settings
from places.models import Location
from playlists.programme import Spot
from portal.actions import secrets_of
from portal.gateways import DIALECTS
from portal.gateways.base import Dialect, Gateway
from portal.models import Hotspot, HotspotLogo
from portal.online import Network, networks_of
from portal.pages import logo_address
from portal.prompts import Prompt, spot_of

PageKey = tuple[Hashable, ...]  # which page, and all that it depends on


class ShownLogo(NamedTuple):
    """A host's logo as a page holds it: its picture as an address, its size there, and which version it is."""

    src: str
    width: int
    height: int
    version: int


@dataclass(frozen=True, slots=True, eq=False)
class Stand:
    """A hotspot with all that its pages need, secrets in the clear."""

    code: str
    name: str
    location: Location
    spot: Spot
    dialect: Dialect
    gateway: Gateway
    networks: tuple[Network, ...]
    terms: Mapping[str, str]
    terms_version: int
    logo: ShownLogo | None

    def page_key(self, language: str, prompt: Prompt) -> PageKey:
        """What its splash depends on."""
        logo = self.logo.version if self.logo else 0
        return self.code, self.name, self.terms_version, logo, language, prompt


def stand_at(
    hotspot: Hotspot, place: Location, logo: HotspotLogo | None, settings: Settings, sealer: Sealer
) -> Stand | None:
    """A hotspot at its location; None, and a line in the log, where its secrets cannot be opened."""
    try:
        secrets = secrets_of(hotspot, sealer)
    except BadSeal:
        log.error("a hotspot's secrets were sealed with another key", hotspot=hotspot.code)
        return None
    dialect = DIALECTS[hotspot.dialect]
    gateway = Gateway(
        hotspot.grant_base or dialect.default_base,
        {**hotspot.settings, **secrets},
        hotspot.session_minutes,
        f"{settings.portal_url}/wifi/{hotspot.code}",
    )
    return Stand(
        hotspot.code,
        hotspot.name,
        place,
        spot_of(hotspot.code, place),
        dialect,
        gateway,
        networks_of(hotspot.networks),
        hotspot.terms,
        hotspot.terms_version,
        _shown(logo),
    )


def _shown(logo: HotspotLogo | None) -> ShownLogo | None:
    """It has two pixels or more for one of the page's."""
    if logo is None or not (logo.width and logo.height):
        return None
    return ShownLogo(logo_address(logo), max(1, logo.width // 2), max(1, logo.height // 2), logo.version)
