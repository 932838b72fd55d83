"""The walk of docs/api.md, run as it is written there, against the whole product."""

import re
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.support.live import ROOT, LiveServer
from tests.support.needs import needs

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@needs("curl")
@pytest.mark.timeout(300)
def test_an_integrator_gets_from_an_area_to_a_playing_screen(tmp_path: Path) -> None:
    script = "\n".join(["set -euo pipefail", *BLOCK.findall((ROOT / "docs/api.md").read_text(encoding="utf-8"))])
    Image.linear_gradient("L").resize((1280, 720)).convert("RGB").save(tmp_path / "poster.jpg")
    with LiveServer(tmp_path / "data") as server:
        key = server.flask("api-key", "create", "walk", "--role", "admin")
        assert re.fullmatch(r"bt_\w+_\S+\n", key), "the key alone stands on standard output"
        environ = {"BASE": f"{server.url}/api/v1", "KEY": key.strip(), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
        done = subprocess.run(
            ["bash", "-c", script], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=240
        )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert re.search(r"^plays crv_\w+ with a code that leads to HTTP://", done.stdout, re.MULTILINE)
