"""What the redirect of a scan can bear, in a short form; the long one is ``python -m bench.scans``. Prints."""

import pytest

from bench.rig import Options
from bench.scans import redirect

pytestmark = [pytest.mark.bench, pytest.mark.filterwarnings("default")]


def test_the_redirect_of_a_scan() -> None:
    print()
    redirect(Options(rounds=5, seconds=2, screens=2_000))
