"""What `make run` starts: gunicorn and the job process, kept alive until told to stop.

Run as ``python -m server.supervise``. It opens the listening socket itself and hands it down, so that a web server
that has to be started again finds its visitors waiting in line rather than turned away.
"""

import json
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass

from core.clock import Clock
from core.settings import Settings, SettingsError, load_settings
from server.child import HOUSE, Child
from server.preflight import CannotStart, claim_folder, listen, raise_file_limit

CANNOT_START, WRONG_SETTING = 1, 2
LOOK_EVERY_S = 0.2
PATIENCE_S = 25.0
GUNICORN = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "wsgi:app"]
FLASK = [sys.executable, "-m", "flask", "--app", "wsgi"]


def main() -> int:
    """The exit status: 0 after a clean stop, 1 or 2 where a start was not possible."""
    try:
        return serve(load_settings())
    except SettingsError as error:
        say(str(error))
        return WRONG_SETTING
    except CannotStart as error:
        say(str(error))
        return CANNOT_START


def serve(settings: Settings) -> int:
    """Prepares the data, starts both processes, and keeps them until SIGTERM or SIGINT."""
    stop = stop_event()
    with claim_folder(settings), listen(settings.bind) as listener:
        raise_file_limit()
        shown = prepare()
        clock, fd = Clock(), listener.fileno()
        children = [
            Child("web server", GUNICORN, clock.mono, {"BANGTIN_LISTEN": f"fd://{fd}"}, [fd]),
            Child("job process", [*FLASK, "jobs"], clock.mono),
        ]
        Announcer(settings, shown).start()
        keep_until(stop, children)
        end(children, clock.mono() + PATIENCE_S, clock)
    return 0


def stop_event() -> threading.Event:
    """Set by SIGTERM and SIGINT."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def prepare() -> "Shown":
    """Brings the database up to date and loads the demo into an empty one, in a process of its own.

    Raises CannotStart; the process itself has then said why.
    """
    done = subprocess.run([*FLASK, "prepare"], cwd=HOUSE, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise CannotStart("The database could not be prepared; the reason stands above")
    return Shown(**json.loads(done.stdout.splitlines()[-1]))


@dataclass(frozen=True)
class Shown:
    """What the start tells a person; `password` only on the start that made it."""

    splash: str | None = None
    email: str | None = None
    password: str | None = None


def keep_until(stop: threading.Event, children: Sequence[Child]) -> None:
    """Starts and restarts the children until told to stop."""
    while not stop.is_set():
        for child in children:
            if line := child.keep():
                say(line)
        stop.wait(LOOK_EVERY_S)


def end(children: Sequence[Child], deadline: float, clock: Clock) -> None:
    """Asks all to stop, and ends those that have not by the deadline."""
    for child in children:
        child.ask_to_stop()
    for child in children:
        child.wait(deadline - clock.mono())


class Announcer(threading.Thread):
    """Prints the addresses once the server is ready."""

    def __init__(self, settings: Settings, shown: Shown) -> None:
        super().__init__(daemon=True)
        self._settings, self._shown = settings, shown

    def run(self) -> None:
        """Asks /readyz until it says yes."""
        while not ready(self._settings.bind):
            threading.Event().wait(LOOK_EVERY_S)
        say(greeting(self._settings, self._shown))


def ready(bind: str) -> bool:
    """Whether the server at HOST:PORT says that it is ready."""
    address = bind.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:")
    try:
        with urllib.request.urlopen(f"http://{address}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def greeting(settings: Settings, shown: Shown) -> str:
    """The addresses, and the demo account on the start that made it."""
    url = settings.public_url
    lines = ["", "Bảng Tin is running.", f"  Console   {url}/console", f"  A screen  {url}/screen"]
    if shown.splash:
        lines.append(f"  A splash  {settings.portal_url}{shown.splash}")
    if shown.password:
        lines += ["", "  The demo's account, shown this once:", f"    {shown.email}", f"    {shown.password}"]
    return "\n".join([*lines, "", "Data is kept in " + str(settings.data_dir) + ". Stop with Ctrl-C.", ""])


def say(text: str) -> None:
    """To the terminal, at once."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
