"""Loads the demo into an empty database: a province, places, a campaign that plays, a hotspot, an account."""

import csv
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from core.services import Services
from measure.links import LinkWant, ensure_links
from measure.stores import Destination
from media.actions import create_creative, receive_upload
from media.shelf import Draft
from media.store import store_of
from media.wishes import CreativeWish
from people import actions as people
from people import queries as people_found
from people.passwords import hash_password
from people.roles import SYSTEM, Grant
from places import actions as places
from places import queries as places_found
from playlists import actions as playlists
from playlists.models import Campaign
from portal.actions import create_hotspot
from server.demo import art, world

NUMBERS = ("latitude", "longitude", "viewing_distance_m", "audience_multiplier")  # columns of locations.csv
TRACE = timedelta(days=60)


@dataclass(frozen=True)
class Loaded:
    """The account that was made; its password is kept nowhere else."""

    email: str
    password: str


def load(services: Services) -> Loaded | None:
    """Loads everything in one transaction, or nothing; None where there is something already."""
    with services.db.read() as s:
        if not is_empty(s):
            return None
    pictures = {motif.drawing: _upload(services, motif) for motif in world.MOTIFS}
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password)
    services.db.write(lambda s: build(s, services, pictures, hashed))
    return Loaded(world.EMAIL, password)


def is_empty(s: Session) -> bool:
    """Whether nobody has made an account or an area yet."""
    return not places_found.areas(s) and not people_found.users(s, limit=1)


def build(s: Session, services: Services, pictures: dict[str, str], password_hash: str) -> None:
    """All of the demo, in the caller's transaction. `pictures` maps drawings to asset ids."""
    now = services.clock.now()
    grant = Grant("admin", "/")
    people.create_user(
        s, email=world.EMAIL, name="Bảng Tin", grants=[grant], by=SYSTEM, now=now, password_hash=password_hash
    )
    _areas(s, now)
    _locations(s, now)
    campaign = _campaign(s, pictures, now)
    _links(s, campaign, now)
    create_hotspot(
        s, code=world.HOTSPOT, location=world.HOTSPOT, dialect="generic", by=SYSTEM, now=now, sealer=services.sealer
    )


def _upload(services: Services, motif: world.Motif) -> str:
    draft = Draft(store_of(services.settings).drafts)
    draft.write(art.png(motif.drawing))
    asset, _ = receive_upload(services, draft, name=motif.name, owner_path=f"/{world.PROVINCE}/", by=SYSTEM.id)
    return asset.id


def _areas(s: Session, now: datetime) -> None:
    places.create_area(
        s,
        code=world.PROVINCE,
        name=world.PROVINCE_NAME,
        kind="province",
        population=world.POPULATION,
        population_source=world.POPULATION_SOURCE,
        population_as_of=world.POPULATION_AS_OF,
        target_population_pct=world.TARGET_POPULATION_PCT,
        target_by=(now + TRACE).date(),
        now=now,
    )
    for row in rows("communes.csv"):
        kind = "ward" if row["name"].startswith("Phường ") else "commune"
        places.create_area(s, code=row["code"], name=row["name"], kind=kind, parent=world.PROVINCE, now=now)


def _locations(s: Session, now: datetime) -> None:
    for row in rows("locations.csv"):
        numbers = {name: float(row[name]) for name in NUMBERS}
        places.create_location(
            s,
            code=row["code"],
            name=row["name"],
            area=row["commune"],
            venue_kind=row["venue_kind"],
            audience_source="Demo",
            tags=row["tags"].split(),
            now=now,
            **numbers,
        )


def rows(name: str) -> list[dict[str, str]]:
    """A table of this folder."""
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _campaign(s: Session, pictures: dict[str, str], now: datetime) -> Campaign:
    owner = f"/{world.PROVINCE}/"
    creatives = [_creative(s, motif, pictures[motif.drawing], owner, now) for motif in world.MOTIFS]
    made = playlists.create_campaign(
        s,
        name=world.CAMPAIGN,
        starts_at=now - timedelta(hours=1),
        ends_at=now + TRACE,
        destination=world.DESTINATION,
        owner_area=world.PROVINCE,
        by=SYSTEM,
        now=now,
    )
    playlists.add_placement(
        s, made.id, creatives=creatives, targets={"areas": [world.PROVINCE]}, weight=10, by=SYSTEM, now=now
    )
    playlists.submit(s, made.id, by=SYSTEM, now=now)
    playlists.approve(s, made.id, by=SYSTEM, now=now)
    return made


def _creative(s: Session, motif: world.Motif, asset: str, owner: str, now: datetime) -> str:
    wish = CreativeWish(motif.name, motif.texts, asset, motif.duration_ms, background=motif.background)
    return create_creative(s, wish, owner_path=owner, by=SYSTEM.id, now=now).id


def _links(s: Session, campaign: Campaign, now: datetime) -> None:
    """A link for each of the other channels, at no location in particular."""
    destination = Destination(**world.DESTINATION)
    wants = [
        LinkWant("", "", f"/{world.PROVINCE}/", campaign.id, campaign.name, None, None, channel, measure, destination)
        for channel, measure in world.CHANNELS
    ]
    ensure_links(s, wants, now)
