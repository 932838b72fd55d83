"""And, or, not over what a spot is."""

import pytest

from playlists.languages import rotation
from playlists.programme import Spot
from playlists.reach import reach_of, reach_of_area, spots_at
from playlists.targets import Target, first_mismatch, matches
from tests.playlists import fleet
from tests.playlists.worlds import campaign, placement, spot

HERE = spot(tags=("vip", "old"), languages=("vi", "en"))


@pytest.mark.parametrize(
    "target",
    [
        Target(areas=("93",)),
        Target(areas=("79", "93-1")),
        Target(locations=("ben-xe",)),
        Target(areas=("93",), venue_kinds=("mall", "bus_station"), media=("screen",)),
        Target(tags=("old", "new")),
        Target(shapes=("landscape",)),
        Target(languages=("en",)),
        Target(any_of=(Target(areas=("79",)), Target(tags=("vip",)))),
        Target(areas=("93",), not_=Target(areas=("93-2",))),
        Target(areas=("93",), not_=Target(areas=("93-1",), tags=("new",))),
    ],
)
def test_it_matches(target: Target) -> None:
    assert matches(target, HERE)
    assert first_mismatch(target, HERE) is None


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        (Target(areas=("9",)), "areas"),
        (Target(areas=("93",), locations=("mall",)), "locations"),
        (Target(venue_kinds=("mall",)), "venue_kinds"),
        (Target(tags=("new",)), "tags"),
        (Target(media=("splash",)), "media"),
        (Target(shapes=("portrait", "square")), "shapes"),
        (Target(languages=("ko",)), "languages"),
        (Target(any_of=(Target(areas=("79",)), Target(tags=("new",)))), "any_of"),
        (Target(areas=("93",), not_=Target(tags=("vip",))), "not"),
    ],
)
def test_what_keeps_a_spot_out_is_named(target: Target, kind: str) -> None:
    assert first_mismatch(target, HERE) == kind
    assert not matches(target, HERE)


def test_a_target_that_names_nothing_is_empty() -> None:
    assert Target().is_empty
    assert Target(not_=Target(areas=("93",))).is_empty
    assert not Target(any_of=(Target(areas=("93",)),)).is_empty


@pytest.mark.parametrize(("size", "shape"), [((2, 1), "landscape"), ((1, 2), "portrait"), ((1, 1), "square")])
def test_a_spot_has_a_shape(size: tuple[int, int], shape: str) -> None:
    assert spot(width=size[0], height=size[1]).shape == shape


def test_a_publication_concerns_what_it_reached_before_and_reaches_now() -> None:
    before = campaign("c", placement("p", target=Target(areas=("93",))))
    after = campaign("c", placement("p", target=Target(areas=("79",))), owner_path="/79/")
    reach = reach_of(before, after)
    assert [reach.concerns(spot(area_path=path)) for path in ("/93/93-1/", "/79/", "/1/")] == [True, True, False]


def test_an_area_concerns_all_below_it() -> None:
    assert reach_of_area("93").concerns(HERE)
    assert reach_of_area("").concerns(HERE)
    assert not reach_of_area("93-2").concerns(HERE)


class Kiosk:
    code, area_path, venue_kind, timezone = "x", "/93/", "mall", "Asia/Ho_Chi_Minh"
    tags = ["vip"]
    languages = {"vi": 2, "en": 1}


def test_a_location_has_spots_of_every_medium_and_shape() -> None:
    spots: tuple[Spot, ...] = spots_at(Kiosk())
    assert {(one.medium, one.shape) for one in spots} == {
        ("screen", "landscape"),
        ("screen", "portrait"),
        ("screen", "square"),
        ("splash", "portrait"),
    }
    assert spots[0].languages == ("vi", "en", "vi")


@pytest.mark.parametrize(
    ("mix", "turns"),
    [
        ({"vi": 100}, ("vi",)),
        ({"vi": 60, "en": 40}, ("vi", "en", "vi", "en", "vi")),
        ({"vi": 1, "en": 1, "zh": 1, "ko": 1}, ("en", "ko", "vi", "zh")),
        ({"vi": 5, "en": 0}, ("vi",)),
        ({}, ()),
    ],
)
def test_languages_take_turns_in_proportion(mix: dict[str, int], turns: tuple[str, ...]) -> None:
    assert rotation(mix) == turns


def test_a_crooked_mix_is_rounded_but_loses_no_language() -> None:
    turns = rotation({"vi": 97, "en": 2, "ko": 1})
    assert set(turns) == {"vi", "en", "ko"}
    assert len(turns) <= 15


def test_many_spots_are_asked_as_each_of_them_would_be() -> None:
    world, spots = fleet.world(60), fleet.spots(300)
    for one in world.campaigns:
        reach = reach_of(one)
        assert reach.among(spots) == [each for each in spots if reach.concerns(each)]
    assert reach_of(*world.campaigns).among(spots)
