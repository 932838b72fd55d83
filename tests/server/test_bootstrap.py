"""The environment is made on a machine that has Python and make only, without network for the first step."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.live import ROOT


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A checkout whose locks ask for nothing, on a machine without ensurepip."""
    shutil.copytree(ROOT / "tools", tmp_path / "house" / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    for lock in ("requirements.txt", "requirements-dev.txt"):
        (tmp_path / "house" / lock).write_text("# nothing\n")
    (tmp_path / "masked" / "ensurepip").mkdir(parents=True)
    (tmp_path / "masked" / "ensurepip" / "__init__.py").write_text("raise ImportError('ensurepip is not available')\n")
    return tmp_path / "house"


def bootstrap(house: Path, kind: str = "run", **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "tools/bootstrap.py", kind],
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house.parent / "masked"), "PIP_NO_INDEX": "1"} | environ,
        capture_output=True,
        text=True,
    )


def test_it_works(house: Path) -> None:
    done = bootstrap(house)
    assert done.returncode == 0, done.stderr
    pip = subprocess.run([house / ".venv/bin/python", "-m", "pip", "--version"], capture_output=True, text=True)
    assert pip.returncode == 0
    assert str(house / ".venv") in pip.stdout
    assert bootstrap(house).stdout == "", "a second call does nothing"
    (house / "requirements.txt").write_text("# still nothing\n")
    assert "Installing what requirements.txt names" in bootstrap(house).stdout, "a changed lock is installed"


def test_who_has_what_tests_need_has_what_serving_needs(house: Path) -> None:
    bootstrap(house, "dev")
    assert bootstrap(house, "run").stdout == ""


def test_an_environment_that_broke_is_made_anew(house: Path) -> None:
    bootstrap(house)
    shutil.rmtree(house / ".venv" / "bin")
    (house / "requirements.txt").write_text("# changed\n")
    assert bootstrap(house).returncode == 0
    assert (house / ".venv" / "bin" / "python").exists()


def test_another_pip_than_the_vendored_one_is_refused(house: Path) -> None:
    wheel = next((house / "tools" / "vendor").glob("pip-*.whl"))
    wheel.write_bytes(wheel.read_bytes() + b"!")
    done = bootstrap(house)
    assert done.returncode == 1
    assert "SHA-256 differs" in done.stderr


def test_a_library_without_its_hash_is_refused(house: Path) -> None:
    (house / "requirements.txt").write_text("flask==3.1.3\n")
    done = bootstrap(house)
    assert done.returncode == 1
    assert "Installing failed" in done.stderr
    assert not (house / ".venv" / ".installed-run").exists()
