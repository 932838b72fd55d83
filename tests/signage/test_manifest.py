"""The manifest: what one screen plays, as bytes that change only when there is a reason."""

import dataclasses
import itertools
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from playlists.programme import (
    Campaign,
    CreativeFacts,
    LoopEntry,
    Placement,
    Programme,
    Segment,
    Spot,
    Takeover,
    TakeoverSlot,
    World,
)
from playlists.resolve import resolve
from playlists.targets import Target
from signage.manifest import (
    Manifest,
    Picture,
    Plan,
    ScreenFacts,
    build,
    cut_before,
    entry_id,
    fill,
    language_of,
    lay_out,
    window,
)
from tests.support.clock import MORNING

SCREEN = ScreenFacts("scr_1", "Thang máy A", "vt-01", 1080, 1920, "Asia/Ho_Chi_Minh")
SPOT = Spot("scr_1", "vt-01", "/93/", "office_elevator", (), "screen", 1080, 1920, "Asia/Ho_Chi_Minh", ("vi", "en"))
PICTURES = {
    ("crv_a", "vi"): Picture("a" * 64, 1000, "image/jpeg", (40, 60, 290)),
    ("crv_a", "en"): Picture("b" * 64, 1100, "image/jpeg", (40, 60, 290)),
    ("crv_b", "vi"): Picture("c" * 64, 1200, "image/jpeg"),
    ("builtin", "vi"): Picture("d" * 64, 900, "image/png"),
}
CODES = {("cmp_1", "crv_a"): "7K3M9Q2T", ("cmp_1", "crv_b"): "00000000"}


def world(*takeovers: Takeover, creatives: tuple[str, ...] = ("crv_a", "crv_b")) -> World:
    placement = Placement("plc_1", creatives, Target(locations=("vt-01",)))
    campaign = Campaign(
        "cmp_1", "Bluezone", MORNING - timedelta(days=9), MORNING + timedelta(days=30), "/93/", (placement,)
    )
    facts = {
        "crv_a": CreativeFacts("crv_a", 8_000, ("vi", "en")),
        "crv_b": CreativeFacts("crv_b", 12_000, ("vi",)),
    }
    return World(campaigns=(campaign,), takeovers=takeovers, creatives=facts)


def plan(at: datetime = MORNING, what: World | None = None, **changes: Any) -> Plan:
    arguments: dict[str, Any] = {"pictures": PICTURES, "codes": CODES, "size": (1080, 1920)} | changes
    programme = resolve(what or world(), SPOT, *window(at))
    url = "http://bangtin.example:8000"
    return fill(lay_out(programme, arguments["size"], arguments["pictures"], url, at), arguments["codes"])


def made(at: datetime = MORNING, what: World | None = None, screen: ScreenFacts = SCREEN, **changes: Any) -> Manifest:
    return build(screen, plan(at, what, **changes))


def document(manifest: Manifest) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(manifest.body)
    return read


def test_it_works() -> None:
    told = document(made())
    assert told["screen"] == {
        "id": "scr_1",
        "name": "Thang máy A",
        "location": "vt-01",
        "width": 1080,
        "height": 1920,
        "timezone": "Asia/Ho_Chi_Minh",
    }
    assert told["takeover"] is None
    assert told["fallback"] in told["entries"]
    loop = told["programme"][0]["loop"]
    assert {told["entries"][entry]["creative"] for entry in loop} == {"crv_a", "crv_b"}


def test_an_entry_names_its_media_by_hash_and_its_code_by_place() -> None:
    told = document(made())
    entry = next(e for e in told["entries"].values() if e["sha256"] == "a" * 64)
    assert entry == {
        "creative": "crv_a",
        "campaign": "cmp_1",
        "placement": "plc_1",
        "media_url": f"/media/{'a' * 64}.jpg",
        "sha256": "a" * 64,
        "bytes": 1000,
        "mime": "image/jpeg",
        "duration_ms": 8_000,
        "fit": "cover",
        "qr": {
            "code": "7K3M9Q2T",
            "url": "HTTP://BANGTIN.EXAMPLE:8000/Q/7K3M9Q2T",
            "image_url": "/media/qr/7K3M9Q2T/290.png",
            "x": 40,
            "y": 60,
            "width": 290,
        },
    }


def test_a_creative_without_a_place_for_a_code_has_none() -> None:
    entry = next(e for e in document(made())["entries"].values() if e["creative"] == "crv_b")
    assert entry["qr"] is None


def test_the_programme_has_no_holes_and_reaches_48_hours_ahead_at_any_moment() -> None:
    for hours in range(24):
        at = MORNING + timedelta(hours=hours)
        segments = document(made(at))["programme"]
        assert moment(segments[0]["from"]) <= at
        assert moment(segments[-1]["until"]) >= at + timedelta(hours=48)
        assert all(a["until"] == b["from"] for a, b in itertools.pairwise(segments))
        assert all(segment["loop"] for segment in segments)


def test_whoever_asks_between_two_cuts_is_given_the_same_bytes() -> None:
    cut = cut_before(MORNING)
    assert made(cut).body == made(cut + timedelta(hours=23, minutes=59)).body


def test_cutting_anew_changes_the_etag_and_not_the_revision() -> None:
    before, after = made(MORNING), made(MORNING + timedelta(days=1))
    assert before.etag != after.etag
    assert document(before)["revision"] == document(after)["revision"]


def test_it_stops_being_true_at_the_next_cut() -> None:
    assert plan().until == cut_before(MORNING) + timedelta(days=1)


@pytest.mark.parametrize(
    "changed",
    [
        {"codes": {**CODES, ("cmp_1", "crv_a"): "11111111"}},
        {"pictures": {**PICTURES, ("crv_b", "vi"): Picture("e" * 64, 1, "image/jpeg")}},
        {"what": world(creatives=("crv_a",))},
        {
            "what": world(
                Takeover("tko_1", "crv_b", Target(locations=("vt-01",)), MORNING, MORNING + timedelta(hours=1))
            )
        },
    ],
    ids=["another code", "another picture", "another loop", "a takeover"],
)
def test_what_changes_the_picture_changes_the_revision(changed: dict[str, Any]) -> None:
    assert plan(**changed).revision != plan().revision


def test_a_new_name_changes_the_etag_and_not_the_revision() -> None:
    renamed = made(screen=dataclasses.replace(SCREEN, name="Thang máy B"))
    assert renamed.etag != made().etag
    assert document(renamed)["revision"] == plan().revision


def test_a_creative_whose_picture_is_not_ready_is_left_out_and_said_to_be_missing() -> None:
    pictures = {key: value for key, value in PICTURES.items() if key[0] != "crv_b"}
    assert not plan(pictures=pictures).complete
    assert plan().complete
    assert "crv_b" not in {e["creative"] for e in document(made(pictures=pictures))["entries"].values()}


def test_with_no_picture_of_the_loop_ready_the_fallback_plays() -> None:
    told = document(made(pictures={("builtin", "vi"): PICTURES["builtin", "vi"]}))
    assert {entry for segment in told["programme"] for entry in segment["loop"]} == {told["fallback"]}


def test_without_any_picture_there_is_no_manifest() -> None:
    with pytest.raises(KeyError):
        made(pictures={})


def test_a_takeover_is_told_with_its_times() -> None:
    taken = Takeover("tko_1", "crv_b", Target(locations=("vt-01",)), MORNING, MORNING + timedelta(hours=1))
    told = document(made(what=world(taken)))
    assert told["takeover"]["id"] == "tko_1"
    assert (told["takeover"]["from"], told["takeover"]["until"]) == (
        "2026-11-22T02:00:00.000Z",
        "2026-11-22T03:00:00.000Z",
    )
    assert told["entries"][told["takeover"]["entry"]]["creative"] == "crv_b"


def test_a_takeover_is_told_no_longer_once_it_has_ended() -> None:
    taken = Takeover("tko_1", "crv_b", Target(locations=("vt-01",)), MORNING, MORNING + timedelta(hours=1))
    during = plan(what=world(taken))
    assert during.until == MORNING + timedelta(hours=1)
    after = document(made(during.until, what=world(taken)))
    assert (after["takeover"], after["revision"]) == (None, during.revision)


def test_an_entry_id_tells_its_language() -> None:
    assert language_of(entry_id(LoopEntry("plc_1", "cmp_1", "crv_a", "zh-Hans", 1))) == "zh-Hans"
    assert language_of("made elsewhere") == ""


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def test_segments_and_slots_of_a_programme_are_taken_as_they_are() -> None:
    """A programme made by hand: what the resolver decides is not decided again."""
    entry = LoopEntry("plc_1", "cmp_1", "crv_b", "vi", 5_000)
    fallback = LoopEntry("fallback:builtin", None, "builtin", "vi", 10_000)
    start, until = window(MORNING)
    noon = MORNING + timedelta(hours=3)
    segments = (Segment(start, noon, (entry, entry)), Segment(noon, until, (fallback,)))
    slot = TakeoverSlot("tko_9", entry, noon, until)
    programme = Programme(segments, "rev", noon, (slot,), fallback)
    told = json.loads(build(SCREEN, fill(lay_out(programme, (1080, 1920), PICTURES, "http://x", MORNING), {})).body)
    assert [len(segment["loop"]) for segment in told["programme"]] == [2, 1]
    assert told["takeover"]["id"] == "tko_9"
    assert told["entries"][told["fallback"]]["campaign"] is None


def test_a_film_that_is_to_be_heard_says_so() -> None:
    film = Picture("f" * 64, 5_000_000, "video/mp4", has_sound=True)
    entries = document(made(pictures={**PICTURES, ("crv_b", "vi"): film}))["entries"].values()
    assert {entry["creative"]: entry.get("sound") for entry in entries} == {
        "crv_a": None,
        "crv_b": True,
        "builtin": None,
    }
