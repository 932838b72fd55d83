"""Layouts: the picture to the pixel, the code over it, and a number that means the same bytes for ever."""

from xml.etree import ElementTree

import pytest
from msgspec.structs import replace

from signage.dialects.programme import Code, Entry
from signage.dialects.xlf import layout_of, number_of_entry

SIZE = (1080, 1920)
CODE = Code("7K3M9XQ2", "HTTPS://A.VN/Q/7K3M9XQ2", "/media/qr/7K3M9XQ2/290.png", 700, 1500, 290)
ENTRY = Entry("crv_a", "cmp_a", "plc_a", "/media/ab.jpg", "ab", 1000, "image/jpeg", 8000, CODE)
FILM = replace(ENTRY, media_url="/media/cd.mp4", mime="video/mp4", duration_ms=12_400)


def test_it_works() -> None:
    made = layout_of(ENTRY, 7, SIZE)
    assert number_of_entry(made.number) == 7
    picture, code = ElementTree.fromstring(made.xml).findall("region")
    assert (picture.get("width"), picture.get("height")) == ("1080", "1920")
    assert [code.get(side) for side in ("left", "top", "width", "height")] == ["700", "1500", "290", "290"]
    assert int(picture.get("zindex", "")) < int(code.get("zindex", ""))
    for region, part in zip((picture, code), made.parts, strict=True):
        media = region.find("media")
        assert media is not None
        assert media.get("fileId") == str(part.id)
        assert (media.get("type"), media.get("duration")) == ("image", "8")
        assert media.findtext("options/uri") == part.file
        assert media.get("enableStat") == "0"
    assert [part.url for part in made.parts] == ["/media/ab.jpg", "/media/qr/7K3M9XQ2/290.png"]


def test_a_film_has_its_code_too_and_its_own_length() -> None:
    made = layout_of(FILM, 7, SIZE)
    film = ElementTree.fromstring(made.xml).find("region/media")
    assert film is not None
    assert (film.get("type"), film.get("duration"), film.findtext("options/mute")) == ("video", "12", "1")
    assert len(made.parts) == 2
    assert made.parts[0].file.endswith(".mp4")


def test_a_film_keeps_the_sound_that_it_may_have() -> None:
    assert "<mute>0</mute>" in layout_of(replace(FILM, sound=True), 7, SIZE).xml


def test_where_no_code_goes_there_is_one_region() -> None:
    made = layout_of(replace(ENTRY, qr=None), 7, SIZE)
    assert len(made.parts) == 1
    assert made.xml.count("<region") == 1


@pytest.mark.parametrize(
    "change",
    [
        {"sha256": "ef"},
        {"duration_ms": 9000},
        {"qr": None},
        {"qr": replace(CODE, code="8K3M9XQ2")},
        {"sound": True},
    ],
)
def test_what_shows_something_else_has_another_number(change: dict[str, object]) -> None:
    assert layout_of(replace(ENTRY, **change), 7, SIZE).number != layout_of(ENTRY, 7, SIZE).number


def test_the_same_is_the_same() -> None:
    assert layout_of(ENTRY, 7, SIZE) == layout_of(ENTRY, 7, SIZE)


def test_numbers_fit_players_that_count_to_two_thousand_million() -> None:
    assert max(part.id for part in layout_of(ENTRY, 262_143, SIZE).parts) < 2**31


def test_a_play_lasts_a_second_at_least() -> None:
    assert layout_of(replace(ENTRY, duration_ms=200), 7, SIZE).seconds == 1
