"""What the landing page says about a link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from measure.links import share_code
from measure.models import Link
from measure.names import latest_names
from measure.scans import LinkFound
from measure.stores import ANDROID, IOS, OTHER

# The smallest GIF: one transparent pixel.
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")


@dataclass(frozen=True, slots=True)
class LandingPage:
    """The campaign's name, the steps that can be taken (paths on this host), and the link to pass on."""

    campaign: str
    location: str
    code: str
    android: bool
    ios: bool
    other: bool
    share_url: str
    qr_path: str


def landing_page(s: Session, link: LinkFound, public_url: str, now: datetime) -> LandingPage:
    """Gathers the page, and makes the code that is passed on if this link has none yet."""
    names = latest_names(s, [("campaign", link.campaign), ("location", link.location)])
    passed_on = share_code(s, s.get_one(Link, link.code), now)
    return LandingPage(
        campaign=names.get(("campaign", link.campaign), ""),
        location=names.get(("location", link.location), ""),
        code=link.code,
        android=bool(link.destination.of(ANDROID)),
        ios=bool(link.destination.of(IOS)),
        other=bool(link.destination.of(OTHER)),
        share_url=f"{public_url}/q/{passed_on}",
        qr_path=f"/media/qr/{passed_on}/400.png",
    )
