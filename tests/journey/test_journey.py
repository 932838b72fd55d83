"""The whole product once through: operator, screen, scan, traveller, numbers.

Everything is real: the server as ``make run`` starts it, Chromium windows for the operator, the screen and the
phone, the code read from a screenshot, openNDS between the phone and the server. The test keeps counts of its own
and the reports must equal them. It leaves its pictures in ``tests/pictures/out``.
"""

import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tests.gateway.lab import wait_for
from tests.journey.ground import HOTSPOT, Ground, ground
from tests.journey.operator import ANDROID_STORE, EMAIL, HEADLINES, IPHONE_STORE, PASSWORD, Operator
from tests.journey.photo import DUSK, NOON, river
from tests.journey.windows import WITNESS, Windows, codes_on, windows, witnessed
from tests.support.browser import ANDROID, IPHONE, desk, phone, picture, screen
from tests.support.needs import needs

pytestmark = [needs("chromium"), pytest.mark.timeout(420), pytest.mark.xdist_group("gateway")]
AREA, PLACE = "93", "BX-VITHANH"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Ground]:
    with ground(tmp_path) as made:
        made.start()
        yield made


@pytest.fixture
def glass() -> Iterator[Windows]:
    with windows() as made:
        yield made


def test_the_whole_journey(world: Ground, glass: Windows, tmp_path: Path) -> None:
    truth: Counter[str] = Counter()
    world.flask("user", "create", EMAIL, "--role", "admin", stdin=f"{PASSWORD}\n")
    key = world.flask("api-key", "create", "journey", "--role", "admin")
    outside = glass.at(world.outside())

    operator = Operator(desk(outside).new_page(), world.url)
    screen_context = screen(outside)
    screen_page = prepare(operator, screen_context, world, tmp_path)
    shows_the_loop_without_a_blank(operator, screen_page)
    scan_what_the_screen_shows(world, glass, screen_page, truth)
    survives_a_kill_and_a_reload(world, screen_page)
    a_traveller_goes_on_line(world, glass, truth)
    quiet_screen(operator, screen_page)
    numbers_equal_what_happened(world, key, operator, screen_page, truth)
    nothing_of_a_person_is_kept(world)


# -- 1 the operator


def prepare(operator: Operator, screens: BrowserContext, world: Ground, folder: Path) -> Page:
    """From an empty house to a campaign that plays on a claimed screen."""
    operator.sign_in()
    operator.make_area(AREA, "Hậu Giang", 733_017)
    operator.make_location(PLACE, "Bến xe Vị Thanh", AREA, "bus_station")
    operator.make_location("CHO-NGABAY", "Chợ Ngã Bảy", AREA, "market")
    operator.add_hotspot(HOTSPOT, PLACE, world.dialect, **world.fields)
    operator.drop_photo(river(folder / "ben-xe.jpg", DUSK, 1))
    operator.choose_photo(river(folder / "cho-noi.jpg", NOON, 4))
    operator.page.screenshot(path=picture("console-library"), full_page=True)
    creatives = [
        operator.make_creative("Bến xe", "ben-xe.jpg", HEADLINES[0], "Bluezone protects you and your family"),
        operator.make_creative("Chợ nổi", "cho-noi.jpg", HEADLINES[1], "Exposed? Know it early"),
    ]
    campaign = operator.make_campaign("Bluezone Hậu Giang")
    operator.place(campaign, creatives, AREA)
    operator.publish(campaign)
    operator.page.screenshot(path=picture("console-campaign"), full_page=True)
    return claim(operator, screens, world)


def claim(operator: Operator, screens: BrowserContext, world: Ground) -> Page:
    """The screen shows a code; the operator follows its QR and says where it hangs; it begins to play."""
    screens.add_init_script(f"({WITNESS})()")
    page = screens.new_page()
    page.goto(f"{world.url}/screen")
    expect(page.locator("#code")).to_have_text(re.compile("[A-Z]{4}-[A-Z]{4}"), timeout=60_000)
    page.screenshot(path=picture("screen-code"))
    [address] = codes_on(page)
    operator.claim(address, PLACE, "Màn hình phòng vé")
    page.wait_for_selector("#stage .layer.up", timeout=60_000)
    return page


# -- 2 the screen


def shows_the_loop_without_a_blank(operator: Operator, page: Page) -> None:
    seen: set[str] = set()

    def both() -> bool:
        seen.update(codes_on(page))
        return len(seen) == 2

    wait_for("the codes of both creatives in turn", both, 60, 0.3)
    page.screenshot(path=picture("screen-playing"))
    assert witnessed(page, "blank") == 0
    operator.open("/screens")
    operator.page.screenshot(path=picture("console-screens"), full_page=True)


# -- 3 the scan


def scan_what_the_screen_shows(world: Ground, glass: Windows, page: Page, truth: Counter[str]) -> None:
    """Three phones read the glass: each is counted and sent where it belongs; a preview robot is not a person."""
    [address] = codes_on(page)
    assert address.startswith(f"{world.url.upper()}/Q/"), address
    outside = glass.at(world.outside())
    for agent, store in ((ANDROID, ANDROID_STORE), (IPHONE, IPHONE_STORE)):
        assert last_request(phone(outside, agent=agent).new_page(), address).startswith(store)
        truth["scans"] += 1
    laptop = outside.new_context(user_agent=LAPTOP, locale="vi-VN").new_page()
    laptop.goto(address)
    truth["scans"] += 1
    expect(laptop.get_by_role("heading").first).to_be_visible()
    assert laptop.locator("a.store").count() == 2
    laptop.screenshot(path=picture("landing-laptop"), full_page=True)
    robot = outside.new_context(user_agent="facebookexternalhit/1.1").new_page()
    robot.goto(address)


def last_request(page: Page, address: str) -> str:
    """Where a click ends; the stores themselves do not exist in here."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with suppress(Error):
        page.goto(address)
    return next(url for url in reversed(asked) if "favicon" not in url)


# -- the server dies, the page reloads


def survives_a_kill_and_a_reload(world: Ground, page: Page) -> None:
    before = witnessed(page)
    world.kill()
    wait_for("three more plays without a server", lambda: witnessed(page) >= before + 3, 60, 0.5)
    world.start()
    before = witnessed(page)
    page.reload()
    page.wait_for_selector("#stage .layer.up", timeout=30_000)
    wait_for("playing on after the reload", lambda: witnessed(page) >= before + 2, 60, 0.5)
    assert witnessed(page, "blank") == 0


# -- 4 the traveller


def a_traveller_goes_on_line(world: Ground, glass: Windows, truth: Counter[str]) -> None:
    probe = world.join()
    context = glass.at(world.inside()).new_context(
        viewport={"width": 360, "height": 640}, locale="vi-VN", user_agent=ANDROID, is_mobile=True, has_touch=True,
        device_scale_factor=2,
    )  # fmt: skip
    page = context.new_page()
    page.goto(probe)
    truth["splash_views"] += 1
    assert page.get_attribute("html", "lang") == "vi"
    assert HEADLINES[0] in page.inner_text("body") or HEADLINES[1] in page.inner_text("body")
    page.screenshot(path=picture("splash-phone"))
    page.get_by_role("button", name="Vào mạng").click()
    page.wait_for_url("**/online?*")
    truth["grants"] += 1
    assert world.on_line()
    page.screenshot(path=picture("online-phone"))
    page.reload()  # once is once
    link = page.get_by_role("link", name="Cài ứng dụng").first
    assert last_request(context.new_page(), str(link.evaluate("a => a.href"))).startswith(ANDROID_STORE)
    truth["store_clicks"] += 1


# -- 5 the numbers


def quiet_screen(operator: Operator, page: Page) -> None:
    """A takeover of a long creative: what played before is closed and reported, and nothing new ends meanwhile."""
    operator.take_over(AREA, "Diễn tập", "Thử thông báo khẩn")
    still_since = [witnessed(page), time.monotonic()]

    def quiet() -> bool:
        if witnessed(page) != still_since[0]:
            still_since[:] = [witnessed(page), time.monotonic()]
        return time.monotonic() - still_since[1] > 8  # the loop's own plays last 5 s

    wait_for("the takeover to hold the glass", quiet, 60, 0.5)
    page.screenshot(path=picture("screen-takeover"))
    assert codes_on(page), "the notice keeps a place for a code, so a code is there"


def numbers_equal_what_happened(world: Ground, key: str, operator: Operator, page: Page, truth: Counter[str]) -> None:
    truth["plays"] = witnessed(page) - 1  # the takeover still plays
    day = datetime.now(UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date()
    path = f"/api/v1/reports/locations?from={day}&to={day}"

    def told() -> dict[str, int]:
        items = {item["location"]: item for item in world.fetch(path, key)["items"]}
        return {name: items[PLACE][name] for name in truth} if PLACE in items else {}

    wait_for(f"the report to say {dict(truth)}; it says {told()}", lambda: told() == dict(truth), 90, 1.0)
    print(f"\n{'':14}{'happened':>10}{'reported':>10}")
    for name, count in told().items():
        print(f"{name:14}{truth[name]:>10}{count:>10}")
    operator.open(f"/places/locations/{PLACE}")
    operator.page.screenshot(path=picture("console-location"), full_page=True)
    figures = operator.page.locator("table.numbers tfoot").inner_text().split()
    for name in ("plays", "scans", "splash_views", "grants"):
        assert str(truth[name]) in figures, (name, figures)
    operator.open("/")
    operator.page.screenshot(path=picture("console-overview"), full_page=True)


def nothing_of_a_person_is_kept(world: Ground) -> None:
    held = [(file.name, file.read_bytes().lower()) for file in world.files() if file.is_file()]
    for secret in (*world.secrets(), ANDROID, IPHONE, LAPTOP, "captive.apple.com", "connectivitycheck"):
        assert not [name for name, data in held if secret.lower().encode() in data], secret
