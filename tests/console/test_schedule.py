"""The week of a campaign, why a screen shows what it shows, and the way back to what was published."""

import re
from datetime import timedelta

import pytest

from core.services import Services
from media import actions as media
from media.wishes import CreativeWish
from people.roles import SYSTEM
from playlists import actions, queries
from playlists.models import Campaign
from signage import actions as signage
from tests.console.conftest import Operator, People

STORES = {"android_url": "https://play.google.com/store/apps/details?id=vn.example"}


class Desk:
    """Two campaigns on one screen: one that plays and is important, and a draft."""

    def __init__(self, services: Services) -> None:
        self.services, self.now = services, services.clock.now()
        self.creative = services.db.write(lambda s: self._creative(s).id)
        self.screen = services.db.write(lambda s: self._screen(s).id)
        self.storm = self.campaign("Bão", "important", [{"from": "08:00", "to": "09:00"}])
        self.draft = self.campaign("Bluezone", "normal", [])
        for verb in (actions.submit, actions.approve):
            services.db.write(lambda s, verb=verb: verb(s, self.storm, by=SYSTEM, now=self.now))  # type: ignore[misc]

    def _creative(self, s: object) -> object:
        wish = CreativeWish(name="Poster", texts={"vi": {"headline": "Cài Bluezone"}})
        return media.create_creative(s, wish, owner_path="/93/", by="test", now=self.now)  # type: ignore[arg-type]

    def _screen(self, s: object) -> object:
        return signage.create(
            s,
            location="BENXE",
            name="Cửa chính",
            width=1080,
            height=1920,
            by=SYSTEM,
            now=self.now,  # type: ignore[arg-type]
        )

    def campaign(self, name: str, priority: str, parts: list[dict[str, str]]) -> str:
        ends = self.now + timedelta(days=30)
        facts = {"name": name, "starts_at": self.now, "ends_at": ends, "destination": STORES, "owner_area": "93"}

        def make(s: object) -> str:
            made = actions.create_campaign(s, **facts, by=SYSTEM, now=self.now)  # type: ignore[arg-type]
            targets = {"areas": ["93"], "media": ["screen"]}
            actions.add_placement(
                s,  # type: ignore[arg-type]
                made.id,
                creatives=[self.creative],
                targets=targets,
                dayparts=parts,
                priority=priority,
                by=SYSTEM,
                now=self.now,
            )
            return made.id

        return self.services.db.write(make)

    def read(self, campaign_id: str) -> Campaign:
        with self.services.db.read() as s:
            found = queries.campaign(s, campaign_id)
        assert found is not None
        return found


@pytest.fixture
def desk(services: Services, areas: None) -> Desk:
    return Desk(services)


def window(desk: Desk, **changes: object) -> dict[str, object]:
    placement = desk.read(desk.draft).placements[0].id
    return {"placement": placement, "days": ["mon", "tue"], "from": "07:00", "to": "09:00"} | changes


def test_it_works(editor: Operator, desk: Desk) -> None:
    page = editor.follow(f"/schedule/{desk.draft}?week=2026-11-23", window(desk)).text
    assert desk.read(desk.draft).placements[0].dayparts == [{"days": ["mon", "tue"], "from": "07:00", "to": "09:00"}]
    assert "Mon, Tue 07:00–09:00" in page
    assert "Bluezone is silent" in page
    assert "Bão has this time (screens: 1)." in page


def test_campaigns_are_listed(viewer: Operator, desk: Desk) -> None:
    page = viewer.get("/schedule").text
    assert "Bluezone" in page
    assert "Bão" in page


def test_hours_that_overlap_are_refused_beside_their_field(editor: Operator, desk: Desk) -> None:
    editor.post(f"/schedule/{desk.draft}", window(desk))
    answer = editor.post(f"/schedule/{desk.draft}", window(desk, **{"from": "08:00"}))
    assert answer.status_code == 422
    assert "overlaps" in answer.text
    assert len(desk.read(desk.draft).placements[0].dayparts) == 1


def test_hours_without_anything_to_play_are_named(editor: Operator, desk: Desk) -> None:
    editor.post(f"/schedule/{desk.draft}?week=2026-11-23", window(desk, days=[]))
    page = editor.get(f"/schedule/{desk.draft}?week=2026-11-23").text
    assert "Nothing is placed: 00:00–07:00, every day of this week. The fallback shows (screens: 1)." in page
    assert 'class="week-mark is-empty"' in page


def test_the_plan_tells_every_campaign_that_shares_the_screens(editor: Operator, desk: Desk) -> None:
    editor.post(f"/schedule/{desk.draft}?week=2026-11-23", window(desk, **{"from": "08:30", "to": "10:00"}))
    page = editor.get(f"/schedule/{desk.draft}?week=2026-11-23").text
    rows = re.findall(r'<tr><th scope="row".*?</tr>', page, re.S)
    told = [re.sub(r"<[^>]*>", " ", row).split() for row in rows]
    # Monday: 08:00-09:00 is the other's, 09:00-10:00 is left to this one, the fallback has 22 hours
    assert [row[:3] for row in told] == [
        ["Bluezone", "360", "4.2"],
        ["Bão", "360", "4.2"],
        ["Fallback", "7,920", "91.7"],
    ]


def test_hours_can_be_removed(editor: Operator, desk: Desk) -> None:
    placement = str(window(desk)["placement"])
    editor.post(f"/schedule/{desk.draft}", window(desk))
    editor.post(f"/schedule/{desk.draft}/remove", {"placement": placement, "number": "0"})
    assert desk.read(desk.draft).placements[0].dayparts == []
    assert editor.post(f"/schedule/{desk.draft}/remove", {"placement": placement, "number": "0"}).status_code == 404


def test_a_viewer_looks_and_cannot_draw(viewer: Operator, desk: Desk) -> None:
    assert "window-form" not in viewer.get(f"/schedule/{desk.draft}").text
    assert viewer.post(f"/schedule/{desk.draft}", window(desk)).status_code == 403


def test_another_province_s_week_is_not_there(people: People, desk: Desk) -> None:
    stranger = people("editor", "/12/")
    assert stranger.get(f"/schedule/{desk.draft}").status_code == 404
    assert stranger.get(f"/screens/{desk.screen}/why").status_code == 404


def test_why_a_screen_shows_what_it_shows(viewer: Operator, desk: Desk) -> None:
    page = viewer.get(f"/screens/{desk.screen}/why?at=2026-11-28T08:30").text
    assert "Plays now: Bão" in page
    assert "Not approved: it is a draft." in page


def test_a_draft_can_be_looked_at_as_if_it_were_approved(viewer: Operator, desk: Desk) -> None:
    page = viewer.get(f"/screens/{desk.screen}/why?at=2026-11-28T23:59&draft={desk.draft}").text
    assert "Plays now: Bluezone" in page
    assert "Outside its hours: 08:00–09:00." in page


def test_the_past_is_told_as_it_was_published(viewer: Operator, desk: Desk) -> None:
    page = viewer.get(f"/screens/{desk.screen}/why?at=2026-11-22T08:30").text
    assert "as it was published then" in page
    assert "Plays now" not in page


def test_a_publish_can_be_undone(approver: Operator, desk: Desk) -> None:
    first = desk.read(desk.storm).published_seq
    approver.post(f"/campaigns/{desk.storm}/pause")
    assert desk.read(desk.storm).standing == "paused"
    assert "Go back to here" in approver.get("/publications").text
    assert "Back to what was published then" in approver.follow(f"/publications/{first}/restore").text
    assert desk.read(desk.storm).standing == "live"


def test_an_editor_cannot_undo(editor: Operator, desk: Desk) -> None:
    assert editor.post(f"/publications/{desk.read(desk.storm).published_seq}/restore").status_code == 403


def test_an_unknown_publication_is_not_there(approver: Operator, desk: Desk) -> None:
    assert approver.post("/publications/999/restore").status_code == 404


def test_holidays_are_kept_in_a_calendar(approver: Operator, viewer: Operator, desk: Desk) -> None:
    tet = {"name": "Tết", "first": "2027-02-05", "last": "2027-02-11", "area": "93"}
    assert "Tết" in approver.follow("/calendar", tet).text
    with desk.services.db.read() as s:
        (line,) = [one for one in queries.published(s) if one.kind == "holiday"]
    assert viewer.post(f"/calendar/{line.ref}/remove").status_code == 403
    approver.post(f"/calendar/{line.ref}/remove")
    assert "No holidays yet" in approver.get("/calendar").text


def test_holidays_that_cannot_be_are_refused(approver: Operator, desk: Desk) -> None:
    answer = approver.post("/calendar", {"name": "Tết", "first": "2027-02-05", "last": "2027-02-01", "area": "93"})
    assert answer.status_code == 422
    assert "must not be before the first day" in answer.text


def test_a_fallback_is_set_and_given_back(approver: Operator, desk: Desk) -> None:
    approver.post("/calendar/fallback", {"place": "location:BENXE", "creative": desk.creative})
    assert "Bến xe Vị Thanh" in approver.get("/calendar").text
    approver.post("/calendar/fallback", {"place": "location:BENXE", "creative": ""})
    assert "No fallback of your own" in approver.get("/calendar").text


def test_a_fallback_elsewhere_is_refused(approver: Operator, desk: Desk) -> None:
    assert approver.post("/calendar/fallback", {"place": "area:12", "creative": desk.creative}).status_code == 403
