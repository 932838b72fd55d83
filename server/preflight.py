"""What must be right before anything is started; what is not says so in one line."""

import errno
import fcntl
import resource
import socket
import tempfile
from typing import IO

from core.settings import Settings


class CannotStart(Exception):
    """One line for the person who typed `make run`."""


def claim_folder(settings: Settings) -> IO[str]:
    """The data folder, writable and this process's own until the file returned is closed. Raises CannotStart."""
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        lock = (folder / "run.lock").open("w")
    except OSError as error:
        raise CannotStart(f"BANGTIN_DATA_DIR: cannot write to {folder}: {error.strerror}") from None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise CannotStart(f"BANGTIN_DATA_DIR: another `make run` is using {folder}") from None
    return lock


def listen(bind: str) -> socket.socket:
    """An open socket on HOST:PORT, held so that clients wait in line while the web server restarts."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, int(port)))
        listener.listen(2048)
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotStart(_why_not(bind, error)) from None
    return listener


def raise_file_limit() -> None:
    """As many open files as this user may have: each waiting phone is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _why_not(bind: str, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return (
            f"BANGTIN_BIND: port {bind.rpartition(':')[2]} is taken; stop what uses it, or set BANGTIN_BIND=HOST:PORT"
        )
    if number == errno.EACCES:
        return f"BANGTIN_BIND: {bind} is not allowed to this user; ports below 1024 need root"
    return f"BANGTIN_BIND: cannot listen on {bind}: {getattr(error, 'strerror', error) or error}"
