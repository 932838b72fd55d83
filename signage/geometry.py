"""How large a screen's pixels look from where people stand."""

from media.distance import Geometry
from places.models import Location
from signage.models import Screen


def geometry_of(screen: Screen, place: Location) -> Geometry | None:
    """The screen's pitch and its location's viewing distance, for the scan gate; None while either is unknown."""
    if not screen.pixel_pitch_mm or not place.viewing_distance_m:
        return None
    return Geometry(screen.pixel_pitch_mm, place.viewing_distance_m)
