"""A backup is taken while the server works, and another machine starts from it."""

import tarfile
from pathlib import Path

import pytest
from flask import Flask

from core.services import Services, make_services
from core.settings import load_settings
from media.shelf import FolderShelf, put_bytes
from people.actions import create_user
from people.queries import users
from people.roles import SYSTEM, Grant

sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def back_up(app: Flask, file: Path) -> str:
    return app.test_cli_runner().invoke(args=["backup", str(file)]).output


@sqlite
def test_it_works(app: Flask, services: Services, tmp_path: Path) -> None:
    now, folder = services.clock.now(), services.settings.data_dir
    services.db.write(
        lambda s: create_user(s, email="a@x.vn", name="An", grants=[Grant("admin", "/")], by=SYSTEM, now=now)
    )
    kept = put_bytes(FolderShelf(folder / "media" / "public"), b"a picture", folder / "media" / "drafts")

    assert "MB" in back_up(app, tmp_path / "all.tar")

    with tarfile.open(tmp_path / "all.tar") as tar:
        tar.extractall(tmp_path / "other", filter="data")
    settings = load_settings(
        {
            "BANGTIN_PUBLIC_URL": "http://localhost:8000",
            "BANGTIN_DATA_DIR": str(tmp_path / "other"),
            "BANGTIN_DEMO": "0",
        }
    )
    other = make_services(settings, services.clock)
    with other.db.read() as s:
        assert [user.email for user in users(s)] == ["a@x.vn"]
    other.db.close()
    with FolderShelf(tmp_path / "other" / "media" / "public").open(kept.sha256) as file:
        assert file.read() == b"a picture"


@sqlite
def test_nobody_else_may_read_it(app: Flask, tmp_path: Path) -> None:
    back_up(app, tmp_path / "all.tar")
    assert (tmp_path / "all.tar").stat().st_mode & 0o077 == 0


@sqlite
def test_a_folder_that_is_not_there_is_one_line_and_nothing_is_left(app: Flask, tmp_path: Path) -> None:
    assert back_up(app, tmp_path / "none" / "all.tar").startswith("Error: ")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_has_its_own_way(app: Flask, tmp_path: Path) -> None:
    assert "pg_dump" in back_up(app, tmp_path / "all.tar")
    assert not (tmp_path / "all.tar").exists()
