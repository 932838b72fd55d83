"""Why this screen shows this, and why not the rest."""

from datetime import date, timedelta

import pytest

from playlists.dayparts import Daypart, Holiday, Hours
from playlists.explain import Finding, explain
from playlists.programme import Arm, Takeover
from playlists.sentences import headline, sentence
from playlists.targets import Target
from tests.playlists.worlds import EVERYWHERE, MONDAY, NOON, campaign, creative, placement, spot, world

MORNING = Hours((Daypart(7 * 60, 9 * 60, ("mon", "tue")),))


def only(*rows: object, **more: object) -> Finding:
    (found,) = explain(world(*rows, **more), spot(), NOON).findings  # type: ignore[arg-type]
    return found


def test_it_works() -> None:
    told = explain(world(campaign("c", placement("p"), title="Bluezone")), spot(), NOON)
    assert told.findings == (Finding("p", "c", "Bluezone", "plays", 1.0, 1.0, 360.0, {"short": "", "arm": ""}),)
    assert headline(told, "en") == "Plays now: Bluezone"
    assert sentence(told.findings[0], "en", "UTC") == "Plays: 100 % of the loop, about 360 times an hour."
    assert sentence(told.findings[0], "vi", "UTC") == "Đang phát: 100 % vòng phát, khoảng 360 lượt mỗi giờ."


@pytest.mark.parametrize(
    ("status", "words"),
    [("draft", "Not approved: it is a draft."), ("submitted", "Not approved yet: it waits for an approver.")],
)
def test_what_was_never_approved_is_told(status: str, words: str) -> None:
    draft = campaign("c", placement("p"), status=status)
    (found,) = explain(world(drafts=(draft,)), spot(), NOON).findings
    assert sentence(found, "en", "UTC") == words


def test_what_has_ended_is_told_on_the_spot_s_clock() -> None:
    over = campaign("c", placement("p"), ends_at=NOON - timedelta(hours=1))
    assert sentence(only(over), "vi", "Asia/Ho_Chi_Minh") == "Đã kết thúc lúc 11:00 23/11/2026."


def test_what_has_not_begun_is_told() -> None:
    assert only(campaign("c", placement("p"), starts_at=NOON + timedelta(hours=1))).reason == "not_started"


def test_its_hours_are_told_with_the_next_ones() -> None:
    found = only(campaign("c", placement("p", hours=MORNING)))
    assert sentence(found, "en", "Asia/Ho_Chi_Minh") == (
        "Outside its hours: Mon Tue 07:00–09:00. Plays again from 07:00 on 24 Nov 2026."
    )
    assert sentence(found, "vi", "Asia/Ho_Chi_Minh").startswith("Ngoài khung giờ: T2 T3 07:00–09:00.")


def test_a_holiday_is_told_by_name() -> None:
    today = Holiday("Tết", date(2026, 11, 23), date(2026, 11, 23))
    found = only(campaign("c", placement("p", hours=Hours(on_holidays="skip"))), holidays=(today,))
    assert sentence(found, "en", "Asia/Ho_Chi_Minh") == (
        "Silent on holidays: today is Tết. Plays again from 00:00 on 24 Nov 2026."
    )


def test_another_target_is_told() -> None:
    found = only(campaign("c", placement("p", target=Target(venue_kinds=("mall",)))))
    assert sentence(found, "en", "UTC") == "Not aimed at this kind of venue."


def test_an_area_that_does_not_reach_here_is_told() -> None:
    assert only(campaign("c", placement("p"), owner_path="/79/")).reason == "outside"


def test_a_withdrawn_creative_is_told() -> None:
    gone = creative("p", withdrawn_at=MONDAY)
    assert only(campaign("c", placement("p")), creatives=(gone,)).reason == "withdrawn"


def test_a_takeover_is_told_with_who_and_why() -> None:
    taken = Takeover("t", "flood", EVERYWHERE, NOON, NOON + timedelta(minutes=10), reason="Lũ lụt", by="Chi")
    told = explain(world(campaign("c", placement("p")), takeovers=(taken,)), spot(), NOON)
    words = "Chi đang phát khẩn đến 12:10 23/11/2026: Lũ lụt"
    assert headline(told, "vi") == words
    assert sentence(told.findings[0], "vi", "Asia/Ho_Chi_Minh") == words


def test_a_higher_priority_is_told_by_name() -> None:
    rows = (campaign("a", placement("p", priority="important"), title="Bão"), campaign("b", placement("q")))
    found = explain(world(*rows), spot(), NOON).findings[1]
    assert sentence(found, "en", "UTC") == "Outranked: Bão has a higher priority now."


def test_a_small_share_is_told_as_a_number() -> None:
    rows = (campaign("a", placement("p", weight=97)), campaign("b", placement("q", weight=3)))
    found = explain(world(*rows), spot(), NOON).findings[1]
    assert sentence(found, "en", "UTC") == "Plays: 3 % of the loop, about 10.7 times an hour."


def test_a_cap_that_leaves_no_room_is_told() -> None:
    rows = (campaign("a", placement("p")), campaign("b", placement("q", max_plays_per_hour=1)))
    short = (creative("p", 3), creative("q", 3))
    found = explain(world(*rows, creatives=short), spot(), NOON).findings[1]
    assert sentence(found, "en", "UTC") == "The loop has no room for it within its cap of 1 an hour."


def test_the_arm_of_an_experiment_is_told() -> None:
    row = placement("p", "a", "b", arms=(Arm("Đỏ", ("a",)), Arm("Xanh", ("b",))))
    found = only(campaign("c", row))
    assert sentence(found, "en", "UTC").endswith(("variant Đỏ.", "variant Xanh."))


def test_where_nothing_is_placed_the_fallback_is_told() -> None:
    assert headline(explain(world(), spot(), NOON), "en") == "Nothing is placed here now: the fallback shows."
