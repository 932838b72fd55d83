import stat
from pathlib import Path

import pytest

from core.settings import SettingsError, load_settings


def test_it_works(tmp_path: Path) -> None:
    s = load_settings(
        {
            "BANGTIN_DATA_DIR": str(tmp_path),
            "BANGTIN_PUBLIC_URL": "https://bangtin.example.vn/",
        }
    )
    assert s.public_url == s.portal_url == "https://bangtin.example.vn"
    assert s.database_url == f"sqlite:///{tmp_path}/bangtin.db"
    assert s.workers == 1


def test_a_secret_is_made_once_and_kept_for_the_owner_alone(tmp_path: Path) -> None:
    first, second = (load_settings({"BANGTIN_DATA_DIR": str(tmp_path)}).secret_key for _ in range(2))
    assert first == second
    assert len(first) >= 32
    assert stat.S_IMODE((tmp_path / "secret.key").stat().st_mode) == 0o600


def test_a_secret_that_others_can_read_is_refused(tmp_path: Path) -> None:
    load_settings({"BANGTIN_DATA_DIR": str(tmp_path)})
    (tmp_path / "secret.key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings({"BANGTIN_DATA_DIR": str(tmp_path)})


def test_every_wrong_variable_is_named_at_once(tmp_path: Path) -> None:
    wrong = {
        "BANGTIN_BIND": "nowhere",
        "BANGTIN_PUBLIC_URL": "bangtin.example.vn",
        "BANGTIN_PORTAL_URL": "http://user:pw@host",
        "BANGTIN_DATABASE_URL": "mysql://x",
        "BANGTIN_MEDIA_URL": "ftp://x",
        "BANGTIN_SECRET_KEY": "short",
        "BANGTIN_DEMO": "yes",
        "BANGTIN_TRUSTED_PROXIES": "-1",
        "BANGTIN_WORKERS": "0",
    }
    with pytest.raises(SettingsError) as caught:
        load_settings({"BANGTIN_DATA_DIR": str(tmp_path), **wrong})
    assert [line.split(":")[0] for line in str(caught.value).splitlines()] == list(wrong)


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SettingsError, match="BANGTIN_DATA_DIR"):
        load_settings({"BANGTIN_DATA_DIR": str(tmp_path / "file")})


@pytest.mark.parametrize("url", ["https://a.vn/path", "https://a.vn?x=1", "javascript:alert(1)", "https://"])
def test_links_need_a_plain_origin(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="BANGTIN_PUBLIC_URL"):
        load_settings({"BANGTIN_DATA_DIR": str(tmp_path), "BANGTIN_PUBLIC_URL": url})
