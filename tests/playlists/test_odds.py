"""What one visitor sees."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from playlists.odds import choose, odds_at
from playlists.programme import Takeover
from tests.playlists.worlds import EVERYWHERE, NOON, campaign, creative, placement, spot, world

SPLASH = spot(medium="splash")
TWO = (
    campaign("a", placement("pa", "ca", weight=3, target=EVERYWHERE)),
    campaign("b", placement("pb", "cb", weight=1, target=EVERYWHERE)),
)
CREATIVES = [creative(name, languages=("vi", "ko")) for name in ("ca", "cb")]
WORLD = world(*TWO, creatives=CREATIVES)


def test_it_works() -> None:
    """Weights share the visits: three in four, within what 2,000 draws allow."""
    odds = odds_at(WORLD, SPLASH, NOON)
    drawn = Counter(odds.draw(f"v{number}", ("ko",)).creative_id for number in range(2_000))
    assert 1_400 < drawn["ca"] < 1_600
    assert drawn["ca"] + drawn["cb"] == 2_000


def test_the_same_visit_sees_the_same_again() -> None:
    seen = {choose(WORLD, SPLASH, NOON + timedelta(minutes=n), "v1", ("vi",)) for n in range(10)}
    assert len(seen) == 1


def test_a_visitors_language_comes_first() -> None:
    assert choose(WORLD, SPLASH, NOON, "v1", ("ko", "en")).language == "ko"
    assert choose(WORLD, SPLASH, NOON, "v1", ("lo", "en")).language == "vi"


def test_they_hold_until_what_plays_changes() -> None:
    begins = NOON + timedelta(hours=1)
    taken = Takeover("t", "cb", EVERYWHERE, begins, begins + timedelta(hours=1))
    changing = replace(WORLD, takeovers=(taken,), worked_out={})
    odds = odds_at(changing, SPLASH, NOON)
    assert odds.hold(changing, SPLASH, begins - timedelta(milliseconds=1))
    assert not odds.hold(changing, SPLASH, begins)
    assert odds_at(changing, SPLASH, begins).draw("v1", ("vi",)).creative_id == "cb"


def test_they_hold_for_one_world_and_one_spot() -> None:
    odds = odds_at(WORLD, SPLASH, NOON)
    assert not odds.hold(replace(WORLD, worked_out={}), SPLASH, NOON)
    assert not odds.hold(WORLD, replace(SPLASH), NOON)
