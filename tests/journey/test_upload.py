"""A film over a bad link: its upload is cut off twice, by a server that dies and by a page that is closed, and goes on
each time where it stood. Server, browser and film are real."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import CDPSession, Page, expect

from tests.journey.operator import EMAIL, PASSWORD, Operator
from tests.media.films import noisy_film
from tests.support.browser import chromium, desk, picture
from tests.support.live import LiveServer
from tests.support.needs import needs

pytestmark = [needs("chromium"), pytest.mark.browser, pytest.mark.timeout(900)]
MB = 1_000_000
PATIENCE_S = 120


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer(tmp_path_factory.mktemp("upload") / "data") as made:
        made.flask("user", "create", EMAIL, "--role", "admin", stdin=f"{PASSWORD}\n")
        yield made


@pytest.fixture
def page() -> Iterator[Page]:
    with chromium() as browser:
        yield desk(browser).new_page()


def slowed(page: Page, bytes_a_second: int) -> CDPSession:
    """The link of a district's office: what the browser sends takes its time."""
    link = page.context.new_cdp_session(page)
    link.send("Network.enable")
    speed = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": bytes_a_second}
    link.send("Network.emulateNetworkConditions", speed)
    return link


class Arriving:
    """What of an upload is on the server's disk."""

    def __init__(self, data: Path) -> None:
        self.folder = data / "media" / "uploads"

    def name(self) -> str:
        (file,) = self.folder.glob("upl_*")
        return file.name

    def bytes(self) -> int:
        return sum(file.stat().st_size for file in self.folder.glob("upl_*"))

    def wait_for(self, size: int) -> None:
        give_up = time.monotonic() + PATIENCE_S
        while self.bytes() < size:
            assert time.monotonic() < give_up, f"{self.bytes()} of {size} bytes came"
            time.sleep(0.02)


@pytest.mark.parametrize("megabytes", [30, pytest.param(300, marks=pytest.mark.full)])
def test_a_film_whose_upload_is_cut_twice_becomes_an_asset(
    megabytes: int, server: LiveServer, page: Page, tmp_path: Path
) -> None:
    film = noisy_film(tmp_path / "phóng sự.mp4", megabytes * MB)
    size, arriving = film.stat().st_size, Arriving(server.data_dir)
    operator = Operator(page, server.url)
    operator.sign_in()
    page.on("dialog", lambda asked: asked.accept())
    operator.open("/library")
    slowed(page, size // 8)
    page.set_input_files("#file", film)

    arriving.wait_for(size // 4)
    first = arriving.name()
    server.kill()
    killed_at = stood = arriving.bytes()
    expect(page.get_by_text("Mất kết nối; sẽ tự tải tiếp")).to_be_visible()
    page.screenshot(path=picture("upload-cut-vi"))
    server.start()
    arriving.wait_for(stood + 1)
    assert arriving.name() == first, "it was begun anew"

    arriving.wait_for(size // 2)
    page.reload()
    closed_at = stood = arriving.bytes()
    assert 0 < stood < size
    expect(page.get_by_role("heading", name="Đang tải dở")).to_be_visible()
    page.screenshot(path=picture("upload-unfinished-vi"))
    page.set_input_files("#file", film)
    arriving.wait_for(stood + 1)
    assert arriving.name() == first, "it was begun anew"

    expect(page.get_by_role("link", name="Tạo nội dung")).to_be_visible(timeout=PATIENCE_S * 1000)
    page.screenshot(path=picture("upload-done-vi"))
    assert arriving.bytes() == 0
    operator.open("/library?show=files")
    page.get_by_role("link", name="phóng sự.mp4").click()
    digest = hashlib.sha256(film.read_bytes()).hexdigest()
    expect(page.get_by_text(digest)).to_be_visible()
    kept = server.data_dir / "media" / "originals" / digest[:2] / digest
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == digest
    cuts = f"cut by a killed server at {killed_at / MB:.1f} MB and by a closed page at {closed_at / MB:.1f} MB"
    print(f"\n{size / MB:.1f} MB: {cuts}, went on at both, and is whole by its hash")


def test_an_upload_is_put_off_taken_up_again_and_given_up(server: LiveServer, page: Page, tmp_path: Path) -> None:
    film, arriving = noisy_film(tmp_path / "phim.mp4", 12 * MB), Arriving(server.data_dir)
    operator = Operator(page, server.url)
    operator.sign_in()
    operator.open("/library")
    slowed(page, 2 * MB)
    page.set_input_files("#file", film)
    arriving.wait_for(MB)
    page.get_by_role("button", name="Tạm dừng").click()
    state = page.get_by_role("listitem").get_by_role("status")
    expect(state).to_have_text("Tạm dừng")
    page.get_by_role("button", name="Tiếp tục").click()
    expect(state).to_have_text("Đang tải lên")
    arriving.wait_for(arriving.bytes() + 1)
    page.get_by_role("button", name="Bỏ").click()
    expect(page.locator("#uploads li")).to_have_count(0)
    give_up = time.monotonic() + PATIENCE_S
    while arriving.bytes():
        assert time.monotonic() < give_up, "the server still keeps it"
        time.sleep(0.05)
