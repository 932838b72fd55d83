"""The operator at a desk: what a person does in the console, step by step, in Vietnamese."""

import base64
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

EMAIL, PASSWORD = "can.bo@haugiang.example.vn", "mot-mat-khau-that-dai"
ANDROID_STORE = "https://play.google.com/store/apps/details?id=com.mic.bluezone"
IPHONE_STORE = "https://apps.apple.com/vn/app/bluezone/id1508062685"
HEADLINES = ("Bluezone bảo vệ bạn và gia đình", "Nghi nhiễm? Hãy biết sớm")

DROP = """([selector, name, data]) => {
    const bytes = Uint8Array.from(atob(data), c => c.charCodeAt(0));
    const held = new DataTransfer();
    held.items.add(new File([bytes], name, {type: "image/jpeg"}));
    const area = document.querySelector(selector);
    for (const kind of ["dragenter", "dragover", "drop"]) {
        area.dispatchEvent(new DragEvent(kind, {dataTransfer: held, bubbles: true, cancelable: true}));
    }
}"""


class Operator:
    """One signed-in person in one window."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self.url = page, url

    def open(self, path: str) -> None:
        self.page.goto(f"{self.url}/console{path}")

    def save(self) -> None:
        """Presses the form's main button; returns on the next page."""
        self.press("main .form-acts button.btn-primary, .gate-form button.btn-primary")

    def press(self, button: str) -> None:
        """Presses a button, and 'yes' if a dialog asks; returns on the next page."""
        with self.page.expect_navigation():
            self.page.locator(button).first.click()
            sure = self.page.locator("#ask[open] #ask-do")
            if sure.count():
                sure.click()
        mistakes = self.page.locator("main .note-bad[data-focus]")
        assert not mistakes.count(), mistakes.first.inner_text()

    def sign_in(self) -> None:
        self.open("/")
        self.page.fill("[name=email]", EMAIL)
        self.page.fill("[name=password]", PASSWORD)
        self.save()
        expect(self.page.get_by_role("heading", name="Tổng quan")).to_be_visible()

    def make_area(self, code: str, name: str, population: int) -> None:
        self.open("/places/areas/new")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=code]", code)
        self.page.fill("[name=population]", str(population))
        self.save()

    def make_location(self, code: str, name: str, area: str, venue_kind: str) -> None:
        self.open("/places/locations/new")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=code]", code)
        self.page.select_option("[name=area]", area)
        self.page.select_option("[name=venue_kind]", venue_kind)
        self.save()

    def drop_photo(self, photo: Path) -> None:
        """Drags a photo onto the library and waits until it is there."""
        self.open("/library")
        data = base64.b64encode(photo.read_bytes()).decode()
        self.page.evaluate(DROP, ["[data-upload]", photo.name, data])
        self._uploaded(photo.name)

    def choose_photo(self, photo: Path) -> None:
        """The same by the file picker."""
        self.open("/library")
        self.page.set_input_files("#file", photo)
        self._uploaded(photo.name)

    def _uploaded(self, name: str) -> None:
        line = self.page.locator("#uploads > *", has_text=name)
        expect(line.locator("a").first).to_be_visible(timeout=30_000)

    def make_creative(self, name: str, photo: str, headline: str, english: str) -> str:
        """A creative in two languages from an uploaded photo; its id, once every shape is drawn."""
        self.open("/library/creatives/new")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=headline_vi]", headline)
        self.page.fill("[name=action_vi]", "Cài ứng dụng ngay hôm nay")
        self.page.fill("[name=headline_en]", english)
        self.page.fill("[name=action_en]", "Install the app today")
        self.page.locator("label.pick-one", has_text=photo).click()
        self.page.fill("[name=duration_s]", "5")
        self.save()
        return self.page.url.rstrip("/").split("/")[-1]

    def make_campaign(self, name: str) -> str:
        self.open("/campaigns/new")
        self.page.fill("[name=name]", name)
        today = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
        self.page.fill("[name=starts_at]", (today - timedelta(days=1)).strftime("%Y-%m-%dT00:00"))
        self.page.fill("[name=ends_at]", (today + timedelta(days=30)).strftime("%Y-%m-%dT00:00"))
        self.page.fill("[name=android_url]", ANDROID_STORE)
        self.page.fill("[name=ios_url]", IPHONE_STORE)
        self.save()
        return self.page.url.rstrip("/").split("/")[-1]

    def place(self, campaign: str, creatives: list[str], area: str) -> None:
        """Both screens and splashes of one area."""
        self.open(f"/campaigns/{campaign}/placements/new")
        for creative in creatives:
            self.page.check(f"[name=creatives][value={creative}]", force=True)
        self.page.check(f"[name=areas][value='{area}']")
        self.save()

    def publish(self, campaign: str) -> None:
        """Submits and approves."""
        self.open(f"/campaigns/{campaign}")
        self.press("form[action$='/submit'] button")
        self.press("form[action$='/approve'] button")
        expect(self.page.locator(".page-head .state-ok")).to_be_visible()

    def add_hotspot(self, code: str, location: str, dialect: str, **fields: str) -> None:
        self.open(f"/wifi/new?dialect={dialect}&location={location}")
        self.page.fill("[name=code]", code)
        self.page.select_option("select[name=location]", location)
        for name, value in fields.items():
            kind = self.page.locator(f"[name={name}]").evaluate("e => e.tagName")
            (self.page.select_option if kind == "SELECT" else self.page.fill)(f"[name={name}]", value)
        self.save()

    def claim(self, verification_uri: str, location: str, name: str) -> None:
        """Opens what the QR on the waiting screen holds, and says where it hangs."""
        self.page.goto(verification_uri)
        self.page.select_option("select[name=location]", location)
        self.page.fill("[name=name]", name)
        self.save()

    def take_over(self, area: str, name: str, headline: str) -> None:
        """A text notice of two minutes, on every screen of an area for ten."""
        self.open("/library/creatives/new")
        self.page.fill("[name=name]", name)
        self.page.fill("[name=headline_vi]", headline)
        self.page.fill("[name=duration_s]", "120")
        self.save()
        creative = self.page.url.rstrip("/").split("/")[-1]
        self.open("/takeovers/new")
        self.page.select_option("[name=creative]", creative)
        self.page.check(f"[name=areas][value='{area}']")
        self.page.fill("[name=reason]", name)
        until = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")) + timedelta(minutes=10)
        self.page.fill("[name=ends_at]", until.strftime("%Y-%m-%dT%H:%M"))
        self.press("main .form-acts button.btn-danger")
