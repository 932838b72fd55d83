"""LED boards are judged as what they are: round lamps on a dark ground, from where people stand."""

import numpy as np
import pytest
from PIL import Image

from media import leds
from media.distance import Geometry
from media.explain import sentence
from media.gate import is_of_leds, judge
from media.geometry import Shape
from tests.media.test_gate import covered, faint, inverted, see_through, without_border
from tests.media.test_promise import TEXT, screen

BOARD = Shape(192, 96)
P10 = 10.0


def test_it_works() -> None:
    """A board of lamps ten millimetres apart, from five metres: a module of two lamps is what that distance needs."""
    made = screen(BOARD, 3, 60)
    assert made is not None
    found = judge(*made, TEXT, Geometry(P10, 4.9))
    assert (found.verdict, found.module_px) == ("passed", 2)


def test_from_too_near_the_lamps_are_seen_and_a_wider_code_is_no_cure() -> None:
    made = screen(BOARD, 3, 60)
    assert made is not None
    found = judge(*made, TEXT, Geometry(P10, 0.8))
    said = {reason.code: reason.values for reason in found.reasons}
    assert found.verdict == "refused"
    assert said["lamps_show"] == {"distance_m": 3.7}
    assert found.width_pct is None
    assert "3.7 m" in sentence("lamps_show", said["lamps_show"])
    assert judge(*made, TEXT, Geometry(P10, 3.7)).verdict == "passed", "it is as it says"


def test_from_too_far_it_is_too_small_as_on_any_screen() -> None:
    made = screen(BOARD, 3, 60)
    assert made is not None
    codes = {reason.code for reason in judge(*made, TEXT, Geometry(P10, 12)).reasons}
    assert "too_small" in codes
    assert "lamps_show" not in codes


@pytest.mark.parametrize("spoil", [inverted, faint, covered, without_border, see_through])
def test_what_is_bad_is_refused_on_lamps_too(spoil) -> None:  # type: ignore[no-untyped-def]
    made = screen(BOARD, 3, 60)
    assert made is not None
    spoil(*made)
    assert judge(*made, TEXT, Geometry(P10, 4.9)).verdict == "refused"


@pytest.mark.parametrize(
    ("size", "geometry", "of_leds"),
    [
        ((192, 96), None, True),
        ((384, 192), None, False),
        ((384, 192), Geometry(5.0, 5), True),
        ((1920, 1080), Geometry(1.25, 5), True),
        ((1920, 1080), Geometry(0.63, 3), False),
        ((192, 96), Geometry(0.2, 0.5), False),
    ],
)
def test_its_pitch_tells_a_board_from_a_panel(size: tuple[int, int], geometry: Geometry | None, of_leds: bool) -> None:
    assert is_of_leds(size, geometry) is of_leds


@pytest.mark.parametrize("lamp", [0.4, 0.6, 0.8])
def test_lamps_are_round_on_a_dark_ground(lamp: float) -> None:
    light, _ = leds.lit(Image.new("L", (4, 4), 255), 48, lamp)
    cell = np.asarray(light)[48:96, 48:96]
    assert cell[24, 24] > 250
    assert cell[2, 2] < 20
    assert (cell > 128).mean() == pytest.approx(np.pi * lamp**2 / 4, abs=0.02)


@pytest.mark.parametrize("lamp", [0.4, 0.6, 0.8])
def test_from_afar_lamps_make_a_field_and_exposure_makes_it_white(lamp: float) -> None:
    light, exposure = leds.lit(Image.new("L", (64, 64), 255), 0.5, lamp)
    field = np.asarray(light)[4:-4, 4:-4] * exposure
    assert field.std() < 6
    assert field.mean() == pytest.approx(235, abs=8)
