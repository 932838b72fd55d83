"""The screens as buyers' tools know them: OpenRTB 2.6 objects, to be read only. Nothing is sold here."""

from flask import Response
from msgspec import Struct

from api.kit import Listing, Page, call
from core.http import page_args, page_of
from core.services import services
from people.guards import principal
from places.models import Location
from places.venues import VENUES
from signage import queries
from signage.queries import FleetRow

OPENOOH_1_1 = 5  # AdCOM 1.0, list of DOOH venue taxonomies
BY_THE_PUBLISHER, UNKNOWN = 2, 0  # AdCOM 1.0, list of DOOH multiplier measurement source types
OOH = 8  # AdCOM 1.0, list of device types
COUNTRY = "VNM"
GPS = 1  # AdCOM 1.0, list of location types: given, not guessed
PICTURES, FILMS = ["image/jpeg"], ["video/mp4"]


class Dooh(Struct, kw_only=True):
    """OpenRTB 2.6, DOOH: the place. `venuetype` is empty where the taxonomy (OpenOOH 1.1) has no word for it."""

    id: str
    name: str
    venuetype: list[str]
    venuetypetax: int
    keywords: str


class Geo(Struct, kw_only=True, omit_defaults=True):
    """OpenRTB 2.6, Geo."""

    country: str
    lat: float | None = None
    lon: float | None = None
    type: int | None = None


class Device(Struct, kw_only=True):
    """OpenRTB 2.6, Device: the panel, in pixels as it hangs."""

    devicetype: int
    w: int
    h: int
    geo: Geo


class Quantity(Struct, kw_only=True):
    """OpenRTB 2.6, Qty: how many people a play is counted for. `sourcetype` is 2 where the operator says whence the
    number is, and 0 where nobody does."""

    multiplier: float
    sourcetype: int


class Format(Struct, kw_only=True):
    """OpenRTB 2.6, Banner or Video: what may be shown."""

    mimes: list[str]
    w: int
    h: int


class Imp(Struct, kw_only=True):
    """OpenRTB 2.6, Imp: one play on this screen."""

    id: str
    qty: Quantity
    banner: Format
    video: Format


class Spot(Struct, kw_only=True):
    """A screen, as a bid request would speak of it; `test` is 1 for one in test mode, whose plays are not counted."""

    id: str
    test: int
    dooh: Dooh
    device: Device
    imp: list[Imp]


@call("GET", "/openrtb/spots", tag="Screens", role="viewer", query=Listing, answers=Page[Spot])
def list_spots(query: Listing) -> Response:
    """List the screens of your areas as OpenRTB 2.6 speaks of them: place, venue type, panel, multiplier.

    The multiplier is an estimate of who could see a play, no count of who did."""
    args = page_args()
    with services().db.read() as s:
        rows = queries.fleet(s, principal().scope("viewer"), after=args.after, limit=args.limit + 1)
    return page_of(rows, args, lambda row: row.screen.id, spot_out)


def spot_out(row: FleetRow) -> Spot:
    """As it is shown."""
    screen, place = row.screen, row.location
    size = {"w": screen.width, "h": screen.height}
    shown = Imp(
        id="1",
        qty=Quantity(
            multiplier=place.audience_multiplier, sourcetype=BY_THE_PUBLISHER if place.audience_source else UNKNOWN
        ),
        banner=Format(mimes=PICTURES, **size),
        video=Format(mimes=FILMS, **size),
    )
    device = Device(devicetype=OOH, geo=_geo(place), **size)
    return Spot(id=screen.id, test=int(screen.testing), dooh=_dooh(row), device=device, imp=[shown])


def _dooh(row: FleetRow) -> Dooh:
    place = row.location
    known = VENUES.get(place.venue_kind)
    types = [str(known.openooh_1_1)] if known and known.openooh_1_1 else []
    words = ",".join([place.venue_kind, *place.tags])
    name = f"{place.name}: {row.screen.name}"
    return Dooh(id=row.screen.id, name=name, venuetype=types, venuetypetax=OPENOOH_1_1, keywords=words)


def _geo(place: Location) -> Geo:
    if place.latitude is None or place.longitude is None:
        return Geo(country=COUNTRY)
    return Geo(country=COUNTRY, lat=place.latitude, lon=place.longitude, type=GPS)
