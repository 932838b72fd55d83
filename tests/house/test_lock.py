"""The locks hold names, versions and hashes: they tie nobody to a server."""

import re
import sys
from importlib.metadata import packages_distributions

import pytest

from tests.house.floors import FLOOR, HOUSE, imports, sources

LOCKS = ["requirements.txt", "requirements-dev.txt"]


def names(text: str) -> set[str]:
    return {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)", text, re.MULTILINE)}


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_stands_in_a_lock(lock: str) -> None:
    assert not re.search(r"https?:|file:|index-url|find-links", (HOUSE / lock).read_text())


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    pins = re.split(r"\n(?=\S)", (HOUSE / lock).read_text())
    assert not [pin.split()[0] for pin in pins if not pin.startswith("#") and "--hash=sha256:" not in pin]


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_asked_for_is_pinned(lock: str) -> None:
    asked = re.sub(r"^[#-].*$|#.*$", "", (HOUSE / lock.replace(".txt", ".in")).read_text(), flags=re.MULTILINE)
    assert names(asked) <= names((HOUSE / lock).read_text())


def test_tests_run_on_the_versions_that_are_served() -> None:
    run = set(re.findall(r"^(\S+==\S+)", (HOUSE / LOCKS[0]).read_text(), re.MULTILINE))
    dev = set(re.findall(r"^(\S+==\S+)", (HOUSE / LOCKS[1]).read_text(), re.MULTILINE))
    assert run <= dev


def test_everything_that_is_imported_is_pinned_for_running() -> None:
    """A library that only the tests' environment happens to have would be missing where the house is run."""
    pinned = names((HOUSE / LOCKS[0]).read_text())
    packages = packages_distributions()
    missing = {
        str(found)
        for file in (*sources(), HOUSE / "gunicorn.conf.py")
        for found in imports(file)
        if found.top not in FLOOR and found.top not in sys.stdlib_module_names
        if not names("\n".join(packages.get(found.top, [found.top]))) & pinned
    }
    assert not missing
