"""How large a screen's pixels look from where people stand."""

from typing import Protocol

from media.distance import Geometry


class Panel(Protocol):
    """What knows the distance between its pixels."""

    @property
    def pixel_pitch_mm(self) -> float | None: ...


class Place(Protocol):
    """What knows from how far it is looked at."""

    @property
    def viewing_distance_m(self) -> float | None: ...


def geometry_of(screen: Panel, place: Place) -> Geometry | None:
    """The screen's pitch and its location's viewing distance, for the scan gate; None while either is unknown."""
    if not screen.pixel_pitch_mm or not place.viewing_distance_m:
        return None
    return Geometry(screen.pixel_pitch_mm, place.viewing_distance_m)
