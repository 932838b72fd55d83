"""Libraries that are loaded when they are first used."""

import subprocess
import sys

import pytest

from core.later import later

HEAVY = {"numpy", "fontTools", "openpyxl", "xlsxwriter", "alembic", "apscheduler", "obstore", "av", "pypdfium2"}


def test_it_works() -> None:
    assert later("math").floor(1.5) == 1


def test_a_part_of_a_package() -> None:
    assert later("os.path").join("a", "b") == "a/b"


def test_what_is_not_there_is_missed_at_its_use() -> None:
    missing = later("no_such_library")
    with pytest.raises(ModuleNotFoundError):
        missing.anything()


def test_a_web_worker_comes_up_without_what_it_rarely_needs() -> None:
    """Each of these takes between 3 and 17 MB of every worker."""
    code = "import sys; from server import app; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert not HEAVY & set(told.split())
