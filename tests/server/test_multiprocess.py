import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from core.settings import Settings, load_settings
from server import multiprocess


@pytest.fixture
def several(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv(multiprocess.FOLDER, "")  # what a test sets is forgotten after it
    monkeypatch.setattr(multiprocess, "MEMORY", tmp_path / "memory")
    multiprocess.MEMORY.mkdir()
    return load_settings({"BANGTIN_DATA_DIR": str(tmp_path / "data"), "BANGTIN_WORKERS": "2"})


def folder() -> Path:
    return Path(os.environ[multiprocess.FOLDER])


def test_counters_are_kept_in_memory_not_on_the_disk_that_may_fill_up(several: Settings) -> None:
    multiprocess.prepare(several)
    assert folder().parent == multiprocess.MEMORY
    assert stat.S_IMODE(folder().stat().st_mode) == 0o700


def test_two_servers_of_one_machine_have_folders_of_their_own(several: Settings, tmp_path: Path) -> None:
    multiprocess.prepare(several)
    first = folder()
    multiprocess.prepare(replace(several, data_dir=tmp_path / "other"))
    assert folder() != first


def test_a_new_start_forgets_what_the_last_one_counted(several: Settings) -> None:
    multiprocess.prepare(several)
    (folder() / "counter_1.db").write_bytes(b"old")
    multiprocess.prepare(several)
    assert list(folder().iterdir()) == []


def test_an_end_leaves_nothing_behind(several: Settings) -> None:
    multiprocess.prepare(several)
    multiprocess.clear()
    assert list(multiprocess.MEMORY.iterdir()) == []


def test_where_memory_has_no_place_the_data_folder_has(several: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(multiprocess, "MEMORY", Path("/there/is/no/such/place"))
    multiprocess.prepare(several)
    assert folder() == several.data_dir / "metrics"


def test_one_worker_has_nothing_to_share(several: Settings) -> None:
    multiprocess.prepare(replace(several, workers=1))
    assert os.environ[multiprocess.FOLDER] == ""
