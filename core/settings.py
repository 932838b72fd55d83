"""Settings from environment variables; a wrong one stops the start and is named."""

import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

T = TypeVar("T")
_BIND = re.compile(r"^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$")


class SettingsError(Exception):
    """Names every variable that cannot be right, one to a line."""


@dataclass(frozen=True)
class Settings:
    """The whole configuration; URLs carry no trailing slash."""

    bind: str
    public_url: str
    portal_url: str
    data_dir: Path
    database_url: str
    media_url: str
    secret_key: str
    demo: bool
    trusted_proxies: int
    workers: int
    smtp_url: str = ""
    mail_from: str = "bangtin@localhost"
    accel: str = ""


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Reads ``BANGTIN_*``. Raises SettingsError with all faults at once."""
    reader = _Reader(os.environ if environ is None else environ)
    bind = reader.read("BANGTIN_BIND", "127.0.0.1:8000", _bind)
    public_url = reader.read("BANGTIN_PUBLIC_URL", f"http://{_reachable(bind)}", _base_url)
    data_dir = reader.read("BANGTIN_DATA_DIR", "./var", _folder)
    found = {
        "portal_url": reader.read("BANGTIN_PORTAL_URL", public_url or "", _base_url),
        "database_url": reader.read("BANGTIN_DATABASE_URL", f"sqlite:///{data_dir}/bangtin.db", _database),
        "media_url": reader.read("BANGTIN_MEDIA_URL", f"{data_dir}/media", _media),
        "secret_key": reader.read("BANGTIN_SECRET_KEY", "", _secret),
        "demo": reader.read("BANGTIN_DEMO", "1", _switch),
        "trusted_proxies": reader.read("BANGTIN_TRUSTED_PROXIES", "0", _count(0, 8)),
        "workers": reader.read("BANGTIN_WORKERS", "1", _count(1, 64)),
        "smtp_url": reader.read("BANGTIN_SMTP_URL", "", _smtp),
        "mail_from": reader.read("BANGTIN_MAIL_FROM", "bangtin@localhost", _mail_address),
    }
    found["accel"] = reader.read("BANGTIN_ACCEL", "", _accel)
    if found["accel"] and str(found["media_url"]).startswith("s3://"):
        reader.refuse("BANGTIN_ACCEL: needs BANGTIN_MEDIA_URL to be a folder that the front server can read")
    reader.stop_if_wrong()
    key = found.pop("secret_key") or kept_secret(data_dir)
    return Settings(bind=bind, public_url=public_url, data_dir=data_dir, secret_key=key, **found)  # type: ignore[arg-type]


def kept_secret(data_dir: Path) -> str:
    """The key kept in the data folder, made (mode 0600) on the first start."""
    file = data_dir / "secret.key"
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(48))
    except FileExistsError:
        if file.is_file() and file.stat().st_mode & 0o077:
            raise SettingsError(f"{file} can be read by others; run: chmod 600 {file}") from None
    except OSError as error:
        raise SettingsError(f"BANGTIN_DATA_DIR: cannot write to {data_dir}: {error.strerror}") from None
    return _read_key(file)


def _read_key(file: Path) -> str:
    try:
        return _secret(file.read_text().strip()) or _fail("is empty")
    except (OSError, ValueError) as error:
        raise SettingsError(f"BANGTIN_DATA_DIR: the key in {file} cannot be used: {error}") from None


def _fail(message: str) -> str:
    raise ValueError(message)


class _Reader:
    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self._faults: list[str] = []

    def read(self, name: str, default: str, parse: Callable[[str], T]) -> T:
        text = self._environ.get(name, "").strip() or default
        try:
            return parse(text)
        except ValueError as error:
            self._faults.append(f"{name}: {error} (it is {text!r})")
            return parse(default) if text != default else None  # type: ignore[return-value]

    def refuse(self, fault: str) -> None:
        self._faults.append(fault)

    def stop_if_wrong(self) -> None:
        if self._faults:
            raise SettingsError("\n".join(self._faults))


def _bind(text: str) -> str:
    match = _BIND.match(text)
    if not match or not 0 <= int(match[2]) <= 65535:
        raise ValueError("must be HOST:PORT, such as 127.0.0.1:8000")
    return text


def _reachable(bind: str) -> str:
    """What a local browser can open for an address that listens on every interface."""
    return bind.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:")


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        whole = bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        whole = False
    if parts.scheme not in ("http", "https") or not whole or parts.username is not None:
        raise ValueError("must be an address such as https://bangtin.example.vn")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError("must end after the host and port; a path is not supported")
    return f"{parts.scheme}://{parts.netloc}"


def _folder(text: str) -> Path:
    path = Path(text).expanduser().resolve()
    if path.exists() and not path.is_dir():
        raise ValueError("must be a folder")
    return path


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql://", "postgresql+psycopg://")):
        raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
    return text


def _media(text: str) -> str:
    if "://" in text and not text.startswith(("s3://", "file://")):
        raise ValueError("must be a folder or s3://bucket?endpoint=…")
    return text.removeprefix("file://")


def _accel(text: str) -> str:
    if text and not re.fullmatch(r"/([A-Za-z0-9._-]+/)+", text):
        raise ValueError("must be the path of the front server's internal location, such as /shelf/")
    return text


def _smtp(text: str) -> str:
    if text and (urlsplit(text).scheme not in ("smtp", "smtps") or not urlsplit(text).hostname):
        raise ValueError("must be smtp://[user:password@]host[:port] or smtps://…")
    return text


def _mail_address(text: str) -> str:
    if text.count("@") != 1 or any(each.isspace() for each in text):
        raise ValueError("must be a mail address such as bangtin@example.vn")
    return text


def _secret(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("must be at least 32 characters, random")
    return text


def _switch(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError("must be 1 or 0")
    return text == "1"


def _count(low: int, high: int) -> Callable[[str], int]:
    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
            raise ValueError(f"must be a number from {low} to {high}")
        return int(text)

    return parse
