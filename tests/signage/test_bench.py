"""What the player doors can bear, in a short form; the long one is ``python -m bench.signage``. Prints."""

import pytest

from bench.rig import Options
from bench.signage import ROWS

pytestmark = [pytest.mark.bench, pytest.mark.filterwarnings("default")]


@pytest.mark.parametrize("row", ROWS)
def test_the_player_doors(row: str) -> None:
    print()
    ROWS[row](Options(rounds=5, seconds=2, screens=2_000))
