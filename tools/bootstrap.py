"""Make `.venv` hold what requirements.txt (or requirements-dev.txt) says, and nothing less.

    python3 tools/bootstrap.py run | dev

Needs Python 3.11 and nothing else: neither pip nor the venv/ensurepip packages that some
distributions split off. pip itself is the wheel in tools/vendor, so that the first step
needs no network; pip then takes everything else from wherever its own configuration
(PIP_INDEX_URL, PIP_FIND_LINKS, pip.conf …) says. A stamp per lock file makes the second
call instant.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
VENV = HOUSE / ".venv"
PIP_WHEEL = HOUSE / "tools" / "vendor" / "pip-26.3-py3-none-any.whl"
PIP_SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
LOCKS = {"run": "requirements.txt", "dev": "requirements-dev.txt"}
OLDEST = (3, 11)


def main():
    kind = sys.argv[1] if len(sys.argv) > 1 else "run"
    if kind not in LOCKS:
        stop(f"bootstrap: say 'run' or 'dev', not {kind!r}")
    if sys.version_info < OLDEST:
        restart_with_newer_python()
    lock = HOUSE / LOCKS[kind]
    wanted = digest(lock)
    if any(stamp(k).is_file() and stamp(k).read_text() == digest(HOUSE / LOCKS[k]) for k in {kind, "dev"}):
        return
    make_venv()
    print(f"Installing what {lock.name} names …", flush=True)
    pip("install", "-qq", "--no-compile", "--require-hashes", "--only-binary=:all:", "-r", str(lock))
    stamp(kind).write_text(wanted)


def restart_with_newer_python():
    """Go on in the newest Python on PATH that is new enough, or say what is missing."""
    for minor in range(20, OLDEST[1] - 1, -1):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], capture_output=True).returncode == 0:
            os.execv(found, [found, *sys.argv])
    stop(
        "Python 3.11 or later is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=/path/to/python3.11 …"
    )


def make_venv():
    """An environment with pip in it. Kept when it works, made anew when it does not."""
    if works():
        return
    if VENV.is_symlink():
        stop(f"{VENV} points at an environment that does not work; remove the link")
    shutil.rmtree(VENV, ignore_errors=True)
    print(f"Making {VENV.name} with Python {sys.version.split()[0]} …", flush=True)
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(VENV)], check=True)
    if digest(PIP_WHEEL) != PIP_SHA256:
        stop(f"{PIP_WHEEL.name} is not the file that was vendored (its SHA-256 differs)")
    pip("install", "--quiet", "--no-compile", "--no-index", str(PIP_WHEEL), program=PIP_WHEEL / "pip")


def works():
    python = VENV / "bin" / "python"
    return (
        python.exists() and subprocess.run([str(python), "-m", "pip", "--version"], capture_output=True).returncode == 0
    )


def pip(*arguments, program=None):
    start = [str(program)] if program else ["-m", "pip"]
    call = [str(VENV / "bin" / "python"), *start, "--disable-pip-version-check", *arguments]
    if subprocess.run(call, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"}).returncode:
        stop("Installing failed; pip says why above. It looks where PIP_INDEX_URL or pip.conf tells it to.")


def stamp(kind):
    return VENV / f".installed-{kind}"


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def stop(message):
    sys.exit(message)


if __name__ == "__main__":
    main()
