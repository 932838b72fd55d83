"""What the player puts on the glass and when, in a real Chromium, with time in the test's hand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.signage.kiosk import STATIC
from tests.support.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium"), pytest.mark.xdist_group("player_parts")]

START = datetime(2026, 11, 22, tzinfo=UTC)

# Pictures are at hand and soon decoded; the player is asked every ten milliseconds what is due.
PLAY = """([manifest, start, until]) => {
  let mono = 0;
  const begun = [], decoded = [], nothing = () => {};
  window.setTimeout = nothing;
  BangTin.mono = () => mono;
  const vault = {put: nothing, remove: nothing};
  const stage = {fit: nothing, show: nothing, drop: nothing, prepare: (entry, done) => decoded.push(done)};
  const media = {want: nothing, prune: nothing, ready: () => true};
  const log = {
    begin: id => { begun.push([id, mono]); return begun[begun.length - 1]; },
    end: (row, end) => row.push(end),
  };
  const player = new BangTin.Player(vault, {now: () => start + mono}, stage, media, log, nothing);
  player.recall({text: JSON.stringify(manifest)}, null);
  for (; mono <= until; mono += 10) { player.step(); decoded.splice(0).forEach(done => done({})); }
  return begun;
}"""


@pytest.fixture
def page(blank: Page) -> Page:
    blank.goto("http://localhost/")
    for part in ("clock", "programme", "player"):
        blank.add_script_tag(path=STATIC / f"{part}.js")
    return blank


def after(seconds: float) -> str:
    return (START + timedelta(seconds=seconds)).isoformat()


def manifest(edge: float) -> dict[str, Any]:
    """a and b take turns, ten seconds each, until the edge; then c."""
    return {
        "screen": {"id": "scr_1"},
        "programme": [
            {"from": after(0), "until": after(edge), "loop": ["a", "b"]},
            {"from": after(edge), "until": after(3600), "loop": ["c"]},
        ],
        "entries": {name: {"sha256": name, "duration_ms": 10_000} for name in "abcft"},
        "fallback": "f",
    }


def play(page: Page, programme: dict[str, Any], seconds: float) -> list[list[Any]]:
    """[entry, millisecond, how it ended] of each picture that appeared."""
    told: list[list[Any]] = page.evaluate(PLAY, [programme, START.timestamp() * 1000, seconds * 1000])
    return told


def test_it_works(page: Page) -> None:
    shown = play(page, manifest(60), 29)
    assert shown == [["a", 0, "complete"], ["b", 10_000, "complete"], ["a", 20_000]]


def test_a_boundary_cuts_over(page: Page) -> None:
    assert play(page, manifest(15), 20) == [["a", 0, "complete"], ["b", 10_000, "cut"], ["c", 15_000]]


@pytest.mark.parametrize("edge", [20.01, 20.02, 20.3, 20.99])
def test_what_ends_just_before_a_boundary_stays_until_it(page: Page, edge: float) -> None:
    """Another picture would only flash."""
    shown = play(page, manifest(edge), 25)
    assert shown == [["a", 0, "complete"], ["b", 10_000, "complete"], ["c", edge * 1000]]


def test_a_second_before_a_boundary_is_still_used(page: Page) -> None:
    shown = play(page, manifest(21), 25)
    assert shown == [["a", 0, "complete"], ["b", 10_000, "complete"], ["a", 20_000, "cut"], ["c", 21_000]]


def test_nothing_flashes_before_a_takeover_that_is_foreseen(page: Page) -> None:
    programme = manifest(60) | {"takeover": {"id": "tko", "entry": "t", "from": after(10.2), "until": after(20.4)}}
    assert play(page, programme, 25) == [["a", 0, "complete"], ["t", 10_200, "complete"], ["a", 20_400]]


def test_beyond_the_programme_the_fallback_plays(page: Page) -> None:
    """Off line for longer than it was planned for."""
    programme = manifest(10)
    programme["programme"].pop()
    assert play(page, programme, 25) == [["a", 0, "complete"], ["f", 10_000, "complete"], ["f", 20_000]]
