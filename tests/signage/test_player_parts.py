"""The player's parts, each alone, in a real Chromium: clock, programme, hash, log."""

import hashlib
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.signage.kiosk import STATIC
from tests.support.needs import needs

PARTS = ("clock", "sha256", "vault", "programme", "plays")

pytestmark = [pytest.mark.browser, needs("chromium"), pytest.mark.xdist_group("player_parts")]


@pytest.fixture
def page(blank: Page) -> Page:
    blank.goto("http://localhost/")
    for part in PARTS:
        blank.add_script_tag(path=STATIC / f"{part}.js")
    blank.evaluate("indexedDB.deleteDatabase('bangtin'); localStorage.clear()")
    return blank


# ---- the clock ----

CLOCK = """(steps) => {
  let mono = 0, wall = 1e12;
  const clock = new BangTin.Clock(() => mono, () => wall);
  return steps.map(([what, ...args]) => {
    if (what === 'mono') mono = args[0];
    if (what === 'wall') wall = args[0];
    if (what === 'heard') clock.heard(...args);
    if (what === 'recall') clock.recall(...args);
    return clock.now();
  });
}"""


def test_the_clock_takes_the_servers_word(page: Page) -> None:
    server = 1_800_000_000_000
    assert abs(page.evaluate(CLOCK, [["mono", 100], ["heard", server, 60, 100]])[-1] - server) <= 540


def test_a_step_of_the_wall_clock_changes_nothing(page: Page) -> None:
    steps = [["mono", 100], ["heard", 1_800_000_000_000, 60, 100], ["wall", 5]]
    told = page.evaluate(CLOCK, steps)
    assert told[2] == told[1]
    assert page.evaluate(CLOCK, [["mono", 7], ["wall", 5]]) == [1e12 + 7, 1e12 + 7]


def test_many_answers_are_more_exact_than_one(page: Page) -> None:
    """The server's second begins at another point of each round trip; together they leave little room."""
    steps: list[list[Any]] = []
    for n in range(40):
        mono = 1_000 + n * 3_170
        true = 1_800_000_000_000 + mono
        steps += [["mono", mono + 20], ["heard", true // 1000 * 1000, mono - 20, mono + 20]]
    error = page.evaluate(CLOCK, steps)[-1] - (1_800_000_000_000 + steps[-2][1])
    assert abs(error) < 60


def test_a_server_that_was_set_right_is_followed(page: Page) -> None:
    steps = [["mono", 100], ["heard", 1_800_000_000_000, 60, 100], ["heard", 1_900_000_000_000, 60, 100]]
    assert page.evaluate(CLOCK, steps)[-1] > 1_899_999_000_000


def test_put_right_by_a_little_it_waits_and_never_goes_back(page: Page) -> None:
    """Else what a boundary has ended would be on the glass again for a moment."""
    server = 1_800_000_000_000
    steps: list[list[Any]] = [["heard", server, 0, 0], ["mono", 990], ["heard", server, 990, 990], ["mono", 1_300]]
    told = page.evaluate(CLOCK, [*steps, ["mono", 2_000]])
    assert [round(each - server) for each in told] == [500, 1_490, 1_490, 1_490, 2_005]


def test_without_a_server_the_known_error_of_the_wall_clock_is_used(page: Page) -> None:
    assert page.evaluate(CLOCK, [["recall", 5_000, 0]]) == [1e12 + 5_000]


def test_time_never_falls_behind_what_has_certainly_passed(page: Page) -> None:
    assert page.evaluate(CLOCK, [["wall", 0], ["recall", 0, 1e12]])[-1] == 1e12


# ---- the programme ----

MANIFEST = {
    "screen": {"id": "scr_1"},
    "programme": [
        {"from": "2026-11-22T00:00:00.000Z", "until": "2026-11-22T01:00:00.000Z", "loop": ["a", "b"]},
        {"from": "2026-11-22T01:00:00.000Z", "until": "2026-11-22T02:00:00.000Z", "loop": ["b"]},
    ],
    "entries": {"a": {}, "b": {}, "f": {}, "t": {}},
    "takeover": {"id": "tko", "entry": "t", "from": "2026-11-22T00:30:00.000Z", "until": "2026-11-22T01:30:00.000Z"},
    "fallback": "f",
}
AT = """([manifest, moment]) => {
  const it = BangTin.Programme.at(BangTin.Programme.read(JSON.stringify(manifest)), Date.parse(moment));
  return [it.kind, it.list, it.until === Infinity ? null : new Date(it.until).toISOString()];
}"""


@pytest.mark.parametrize(
    ("moment", "seen"),
    [
        ("2026-11-21T23:59:59.999Z", ["fallback", ["f"], "2026-11-22T00:00:00.000Z"]),
        ("2026-11-22T00:00:00.000Z", ["loop", ["a", "b"], "2026-11-22T00:30:00.000Z"]),
        ("2026-11-22T00:30:00.000Z", ["takeover", ["t"], "2026-11-22T01:30:00.000Z"]),
        ("2026-11-22T01:30:00.000Z", ["loop", ["b"], "2026-11-22T02:00:00.000Z"]),
        ("2026-11-22T02:00:00.000Z", ["fallback", ["f"], None]),
    ],
)
def test_the_programme_at_a_moment(page: Page, moment: str, seen: list[Any]) -> None:
    assert page.evaluate(AT, [MANIFEST, moment]) == seen


@pytest.mark.parametrize(
    "text",
    ["", "<html>", "null", "{}", '{"screen":{},"entries":{},"programme":[],"fallback":"f"}'],
)
def test_what_is_not_a_manifest_is_refused(page: Page, text: str) -> None:
    script = "(text) => { try { BangTin.Programme.read(text); return 'taken'; } catch (e) { return 'refused'; } }"
    assert page.evaluate(script, text) == "refused"


# ---- the hash ----


@pytest.mark.parametrize("length", [0, 1, 55, 56, 63, 64, 65, 119, 1_000, 700_001])
def test_the_hash_is_sha_256(page: Page, length: int) -> None:
    body = bytes(n * 31 % 256 for n in range(length))
    script = """(length) => new Promise(done => {
      const bytes = new Uint8Array(length);
      for (let i = 0; i < length; i++) bytes[i] = i * 31 % 256;
      BangTin.sha256(bytes, done, 65536);
    })"""
    assert page.evaluate(script, length) == hashlib.sha256(body).hexdigest()


# ---- the log ----

LOG = """async (script) => {
  const box = window.box = window.box || new BangTin.Vaults.Shoebox();
  const open = () => new Promise(done => {
    const log = new BangTin.PlayLog(new BangTin.Vaults.Local(box, 'memory'), 'boot' + Math.random());
    log.load(() => done(log));
  });
  const entry = {creative: 'crv', placement: 'plc', sha256: '0', duration_ms: 1000};
  const play = (log) => { const row = log.begin('e', entry, 'rev'); log.end(row, 'complete'); };
  const copy = () => ({map: Object.assign({}, box.map), length: box.length});
  const body = 'return (async () => {' + script + '})()';
  return await (new Function('open', 'entry', 'play', 'copy', body))(open, entry, play, copy);
}"""


def run(page: Page, script: str) -> Any:
    page.evaluate("window.box = null; localStorage.clear()")
    return page.evaluate(LOG, script)


def test_plays_are_numbered_without_holes_across_reloads(page: Page) -> None:
    script = """
      let log = await open(); play(log); play(log);
      const epoch = log.epoch;
      log = await open(); log.acknowledged(0); play(log);
      return [log.epoch === epoch, log.batch().plays.map(p => p.seq)];
    """
    assert run(page, script) == [True, [1, 2, 3]]


def test_the_first_batch_of_a_boot_only_asks(page: Page) -> None:
    script = "let log = await open(); play(log); const b = log.batch(); return [b.plays.length, b.first];"
    assert run(page, script) == [0, 1]


def test_a_play_that_was_cut_off_by_a_crash_is_closed_as_cut(page: Page) -> None:
    script = """
      let log = await open(); log.begin('e', entry, 'rev'); log.pulse();
      log = await open(); log.acknowledged(0);
      return log.batch().plays.map(p => [p.seq, p.end, typeof p.duration_ms]);
    """
    assert run(page, script) == [[1, "cut", "number"]]


def test_a_play_that_is_still_on_is_not_sent(page: Page) -> None:
    script = "let log = await open(); log.acknowledged(0); log.begin('e', entry, 'r'); return log.batch().plays.length;"
    assert run(page, script) == 0


def test_what_is_acknowledged_is_forgotten_for_good(page: Page) -> None:
    script = """
      let log = await open(); log.acknowledged(0); play(log); play(log); play(log); log.acknowledged(2);
      const kept = log.batch().plays.map(p => p.seq);
      log = await open(); log.acknowledged(2);
      return [kept, log.batch().plays.map(p => p.seq), log.batch().first];
    """
    assert run(page, script) == [[3], [3], 3]


def test_a_store_that_went_back_in_time_starts_a_new_epoch(page: Page) -> None:
    """A power cut undid plays 3 and 4, which the server has: what is played now must not be taken for them."""
    script = """
      let log = await open(); log.acknowledged(0); play(log); play(log);
      const before = copy();
      play(log); play(log);
      window.box.map = before.map; window.box.length = before.length; localStorage.clear();
      const epoch = log.epoch;
      log = await open(); play(log);
      log.acknowledged(4);
      return [log.epoch === epoch, log.batch().plays.map(p => p.seq), log.batch().first];
    """
    assert run(page, script) == [False, [1], 1]


def test_a_play_whose_writing_was_cut_off_by_a_reload_is_not_lost(page: Page) -> None:
    """The store has neither the end of the first nor the beginning of the second; both were noted."""
    script = """
      let log = await open(); log.acknowledged(0);
      const first = log.begin('e', entry, 'rev');
      const before = copy();
      log.end(first, 'complete'); log.begin('e', entry, 'rev');
      window.box.map = before.map; window.box.length = before.length;
      log = await open(); log.acknowledged(0);
      return log.batch().plays.map(p => [p.seq, p.end]);
    """
    assert run(page, script) == [[1, "complete"], [2, "cut"]]


def test_a_play_that_was_acknowledged_does_not_come_back_from_the_note(page: Page) -> None:
    script = """
      let log = await open(); log.acknowledged(0); play(log); play(log); log.acknowledged(2);
      log = await open(); log.acknowledged(2);
      return [log.rows.length, log.next];
    """
    assert run(page, script) == [0, 3]


def test_a_wiped_store_is_another_epoch(page: Page) -> None:
    script = """
      let log = await open(); play(log); const epoch = log.epoch;
      window.box.map = {}; window.box.length = 0;
      log = await open();
      return [log.epoch === epoch, log.rows.length, /^[0-9a-f]{12}$/.test(log.epoch)];
    """
    assert run(page, script) == [False, 0, True]


def test_a_damaged_row_is_declared_lost_and_not_sent_around(page: Page) -> None:
    script = """
      let log = await open(); for (let i = 0; i < 5; i++) play(log);
      window.box.map['bangtin/plays/3'] = '{broken';
      log = await open(); log.acknowledged(0);
      return [log.batch().first, log.batch().plays.map(p => p.seq)];
    """
    assert run(page, script) == [4, [4, 5]]


def test_the_log_is_bounded_and_says_what_it_dropped(page: Page) -> None:
    script = """
      let log = await open(); log.acknowledged(0);
      for (let i = 0; i < 20050; i++) { const row = log.begin('e', entry, 'rev'); row.end = 'complete'; }
      const b = log.batch(); return [b.first, b.plays.length, b.plays[0].seq, log.rows.length];
    """
    assert run(page, script) == [51, 500, 51, 20_000]
