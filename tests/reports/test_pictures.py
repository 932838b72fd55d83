"""Pictures as SVG: well formed, sound for a strict policy, true to the numbers."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from reports.pictures import Mark, Spot, bars, chart_map, convex_hull, funnel, heat

NS = "{http://www.w3.org/2000/svg}"
MARKS = [Mark("Lượt phát", 1000, "1.000"), Mark("Lượt quét", 250, "250", "25 %"), Mark("Kho", 0, "0", faint=True)]
SPOTS = [
    Spot(9.78, 105.47, "Vị Thanh", Mark("Bến xe", 10, "10")),
    Spot(9.80, 105.45, "Vị Thanh", Mark("Chợ", 5, "5")),
    Spot(9.76, 105.44, "Vị Thanh", Mark("Trạm", 5, "5")),
    Spot(9.90, 105.60, "Ngã Bảy", Mark("Viện", 0, "0")),
]
WEEK = {(day, hour): Mark("giờ", day * hour, str(day * hour)) for day in range(7) for hour in range(24)}
EVERY = [
    bars("A", MARKS),
    funnel("A", MARKS),
    heat("A", list("2345678"), WEEK),
    chart_map("A", SPOTS),
    bars("A", []),
    chart_map("A", []),
    heat("A", [], {}),
]


def widths(svg: str, fill: str = "#0b5cab") -> list[float]:
    return [float(each.attrib["width"]) for each in ET.fromstring(svg).iter(f"{NS}rect") if each.attrib["fill"] == fill]


@pytest.mark.parametrize("svg", EVERY)
def test_it_works(svg: str) -> None:
    root = ET.fromstring(svg)
    assert root.attrib["aria-label"] == "A"
    assert "style" not in svg
    assert "script" not in svg


def test_a_bar_is_as_long_as_its_share() -> None:
    assert widths(bars("A", MARKS, 640)) == [640, 160]


def test_a_step_of_the_funnel_is_as_wide_as_its_share() -> None:
    assert widths(funnel("A", MARKS, 640)) == [640, 160]


def test_what_rests_on_little_is_grey() -> None:
    assert len(widths(funnel("A", MARKS), "#b8c4d0")) == 1


def test_the_week_is_darkest_where_most_happened() -> None:
    shades = [
        float(each.attrib.get("fill-opacity", 1))
        for each in ET.fromstring(heat("A", list("2345678"), WEEK)).iter(f"{NS}rect")
        if each.attrib["fill"] == "#0b5cab"
    ]
    assert len(shades) == 6 * 23
    assert shades[-1] == max(shades) == 1
    assert min(shades) < 0.3


def test_north_is_up_and_east_is_right() -> None:
    dots = [
        each for each in ET.fromstring(chart_map("A", SPOTS)).iter(f"{NS}circle") if each.attrib["fill"] == "#0b5cab"
    ]
    (south, north), _ = sorted(dots[:2], key=lambda each: -float(each.attrib["cy"])), dots
    assert float(north.attrib["cx"]) < float(south.attrib["cx"])


def test_all_marks_lie_within_the_map() -> None:
    for each in ET.fromstring(chart_map("A", SPOTS, 480, 360)).iter(f"{NS}circle"):
        assert 0 <= float(each.attrib["cx"]) <= 480
        assert 0 <= float(each.attrib["cy"]) <= 360


def test_one_location_has_a_map_too() -> None:
    assert len(list(ET.fromstring(chart_map("A", SPOTS[:1])).iter(f"{NS}circle"))) == 2


def test_names_cannot_break_out() -> None:
    evil = Mark('<script>"&', 1, "1", href='"><script>')
    for svg in (bars("<", [evil]), funnel('"', [evil]), chart_map("&", [Spot(1, 1, "<b>", evil)])):
        ET.fromstring(svg)
        assert "<script" not in svg


def test_a_picture_with_links_is_no_image_to_a_screen_reader() -> None:
    assert ET.fromstring(bars("A", [Mark("x", 1, "1", href="/rows")])).attrib["role"] == "group"
    assert ET.fromstring(bars("A", MARKS)).attrib["role"] == "img"


def test_names_of_areas_do_not_lie_on_each_other() -> None:
    """Ten wards of a town in a far province: the busiest are named, the others told by pointing at them."""
    town = [Spot(10.03 + n / 1000, 105.78, f"Phường {n}", Mark(f"L{n}", n, str(n))) for n in range(10)]
    far = Spot(9.0, 105.0, "Xã Xa", Mark("Xa", 0, "0"))
    drawn = ET.fromstring(chart_map("A", [*town, far]))
    written = [str(each.text) for each in drawn.iter(f"{NS}text")]
    assert {"Phường 9", "Xã Xa"} <= set(written)
    assert len(written) < 11
    middles = [(float(each.attrib["x"]), float(each.attrib["y"])) for each in drawn.iter(f"{NS}text")]
    assert all(abs(a[1] - b[1]) > 12 for a in middles for b in middles if a is not b and abs(a[0] - b[0]) < 40)
    assert {f"Phường {n}" for n in range(10)} <= {each.text for each in drawn.iter(f"{NS}title")}


def test_a_hull_leaves_out_what_lies_within() -> None:
    square = [(0.0, 0.0), (0.0, 2.0), (2.0, 2.0), (2.0, 0.0)]
    assert set(convex_hull([*square, (1.0, 1.0), (0.0, 1.0)])) == set(square)
