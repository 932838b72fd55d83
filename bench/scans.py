"""What the redirect of a scan can bear, its record committed before the answer, beside a constant Flask redirect.

    python -m bench.scans [--rounds 5] [--seconds 3]

The server runs on one core and the load on another. The load opens the codes of two hundred locations in turn, as
people before many posters would: one code opened again and again is a flood, which is another path.
"""

import argparse
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from bench.rig import LOAD_CORE, Options, house, in_turns, serving, verdict

AT_ONCE = (32, 128)  # phones that wait for an answer: what comes together is committed together
PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A047F) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36"
IN_TURN = """
local codes, number = {{ {codes} }}, 0
request = function()
  number = number + 1
  return wrk.format("GET", "{door}" .. codes[number % #codes + 1])
end
"""


def redirect(options: Options) -> None:
    """The verdict, and how many of the answers stand in the ledger: all of them."""
    with (
        house(options) as filled,
        serving(filled.folder) as ours,
        serving(filled.folder, "bench.constant:app") as floor,
    ):
        with closing(sqlite3.connect(filled.folder / "bangtin.db")) as db:
            codes = [row[0] for row in db.execute("SELECT code FROM link WHERE channel = 'screen'")]
        asked: list[int] = []
        pairs = {}
        for phones in AT_ONCE:
            wrk = ["wrk", "-t1", f"-c{phones}", f"-d{options.seconds:g}s"]
            pairs[phones] = in_turns(
                options,
                lambda wrk=wrk: opened(wrk, ours.url, "/Q/", codes, filled.folder, asked),
                lambda wrk=wrk: opened(wrk, floor.url, "/to/", codes, filled.folder, []),
            )
        with closing(sqlite3.connect(filled.folder / "bangtin.db")) as db:
            stored = db.execute("SELECT count(*) FROM scan WHERE stage = 'resolved'").fetchone()[0]
    for phones, pair in pairs.items():
        row = f"redirect of a scan, durable, beside Flask's constant redirect, {phones} phones at once"
        verdict(row, *pair, 0.7, "requests/s")
    print(f"  {len(codes):,} codes; {sum(asked):,} answers, {stored:,} scans in the ledger", flush=True)


def opened(wrk: list[str], url: str, door: str, codes: list[str], folder: Path, asked: list[int]) -> float:
    """Openings a second, a new connection each."""
    script = folder / "codes.lua"
    script.write_text(IN_TURN.format(codes=", ".join(f'"{code}"' for code in codes), door=door))
    headers = ["-H", "Connection: close", "-H", f"User-Agent: {PHONE}", "-H", "Accept-Language: vi"]
    headers += ["-H", "Accept: text/html"]
    command = ["taskset", "-c", str(LOAD_CORE), *wrk, "-s", str(script), *headers, url]
    text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    if "Non-2xx or 3xx" in text:
        raise AssertionError(text)
    lines = text.splitlines()
    asked.append(int(next(line.split()[0] for line in lines if " requests in " in line)))
    return float(next(line.split()[1] for line in lines if line.startswith("Requests/sec")))


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rounds", type=int, default=5)
    words.add_argument("--seconds", type=float, default=3)
    told = words.parse_args()
    redirect(Options(told.rounds, told.seconds, screens=2_000))


if __name__ == "__main__":
    main()
