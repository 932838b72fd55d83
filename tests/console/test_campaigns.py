"""From a draft to the screen, and who may do which step."""

import re

import pytest
from sqlalchemy.orm import Session

from console.placement_forms import exceptions
from core.services import Services
from media import actions as media
from media.wishes import CreativeWish
from people.roles import SYSTEM
from places.actions import create_location
from playlists import actions as playlists
from playlists import queries
from playlists.models import Campaign
from signage import actions as screens
from tests.console.conftest import Operator, People
from tests.playlists.office import refuse_code

CAMPAIGN = {
    "name": "Bluezone",
    "starts_at": "2026-11-22T08:00",
    "ends_at": "2026-12-22T08:00",
    "android_url": "https://play.google.com/store/apps/details?id=com.mic.bluezone",
    "owner_area": "93",
}


@pytest.fixture
def creative(services: Services) -> str:
    now = services.clock.now()
    wish = CreativeWish(name="Poster", texts={"vi": {"headline": "Cài Bluezone"}})
    made = services.db.write(lambda s: media.create_creative(s, wish, owner_path="/93/", by="test", now=now))
    return made.id


@pytest.fixture
def draft(editor: Operator, creative: str) -> str:
    """The path of a campaign with a placement."""
    path = editor.post("/campaigns/new", CAMPAIGN).location.removeprefix("/console")
    editor.post(f"{path}/placements/new", placement(creative))
    return path


def placement(creative: str, **more: object) -> dict[str, object]:
    return {"creatives": creative, "areas": "93", "media": ["screen", "splash"], "weight": "10", **more}


def the(services: Services) -> Campaign:
    with services.db.read() as s:
        found = queries.campaigns(s)[0]
        assert found.placements is not None
        return found


def test_it_works(editor: Operator, approver: Operator, draft: str, services: Services) -> None:
    assert editor.post(f"{draft}/submit").status_code == 303
    assert "waits for your approval" in approver.get("/").text
    assert approver.post(f"{draft}/approve").status_code == 303
    assert the(services).state(services.clock.now()) == "live"
    page = editor.get(draft).text
    assert "Live" in page
    assert "Editor" in page
    assert "Approver" in page


def test_dates_are_vietnamese_local_time(editor: Operator, draft: str, services: Services) -> None:
    assert the(services).starts_at.isoformat() == "2026-11-22T01:00:00+00:00"
    assert 'value="2026-11-22T08:00"' in editor.get(f"{draft}/edit").text


def test_bad_fields_are_named_and_nothing_is_stored(editor: Operator, services: Services) -> None:
    bad = {**CAMPAIGN, "name": "", "ends_at": "2026-11-01T08:00", "android_url": "javascript:alert(1)"}
    response = editor.post("/campaigns/new", bad)
    assert response.status_code == 422
    assert set(re.findall(r'id="([a-z_]+)-error"', response.text)) == {"name", "ends_at", "android_url"}
    with services.db.read() as s:
        assert not queries.campaigns(s)


def test_a_campaign_needs_a_destination(editor: Operator) -> None:
    response = editor.post("/campaigns/new", {**CAMPAIGN, "android_url": ""})
    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_hours_and_days_are_kept(editor: Operator, draft: str, creative: str, services: Services) -> None:
    hours = {"days-0": ["mon", "tue"], "from-0": "07:00", "to-0": "09:00", "from-1": "22:00", "to-1": "00:00"}
    editor.post(f"{draft}/placements/new", placement(creative, **hours))
    parts = next(row.dayparts for row in the(services).placements if row.dayparts)
    assert [(part["from"], part["to"]) for part in parts] == [("07:00", "09:00"), ("22:00", "24:00")]
    assert "Mon, Tue 07:00–09:00; 22:00–24:00" in editor.get(draft).text


def test_dates_shapes_and_what_is_left_out_are_kept(
    editor: Operator, draft: str, creative: str, services: Services
) -> None:
    row = the(services).placements[0].id
    wanted = {
        "from-0": "07:00", "to-0": "09:00", "first_date-0": "2026-12-01", "last_date-0": "2026-12-05",
        "shapes": ["portrait"], "languages": "vi", "not_areas": "93", "not_locations": "BENXE",
    }  # fmt: skip
    refused = editor.post(f"{draft}/placements/{row}", placement(creative, **wanted))
    assert refused.status_code == 422, "nothing would be left"
    kept = wanted | {"not_areas": "", "not_locations": ""}
    assert editor.post(f"{draft}/placements/{row}", placement(creative, **kept)).status_code == 303
    again = {"first_date-0": "2026-12-01", "last_date-0": "2026-12-05"}
    form = editor.get(f"{draft}/placements/{row}").text
    assert all(re.search(rf'name="{name}" value="{value}"', form) for name, value in again.items())
    (placed,) = the(services).placements
    assert placed.dayparts[0]["last_date"] == "2026-12-05"
    assert (placed.targets["shapes"], placed.targets["languages"]) == (["portrait"], ["vi"])
    page = editor.get(draft).text
    assert "07:00–09:00 (01/12/2026 – 05/12/2026)" in page
    assert "Portrait" in page


def test_what_a_script_left_out_is_shown_and_not_lost(
    editor: Operator, draft: str, creative: str, services: Services
) -> None:
    row = the(services).placements[0].id
    both = {"any": [{"areas": ["93-VT"]}, {"locations": ["BENXE"]}]}
    facts = {"name": "Bến xe khách", "area": "93-VT", "venue_kind": "bus_station"}
    services.db.write(lambda s: create_location(s, code="BENXE-2", **facts, now=services.clock.now()))
    change = {"targets": {"areas": ["93"], "not": {"locations": ["BENXE-2"]}}}
    services.db.write(lambda s: playlists.update_placement(s, row, change, by=SYSTEM, now=services.clock.now()))
    assert re.search(r'name="not_locations" value="BENXE-2" checked', editor.get(f"{draft}/placements/{row}").text)
    editor.post(f"{draft}/placements/{row}", placement(creative, not_locations="BENXE-2"))
    assert the(services).placements[0].targets["not"] == {"locations": ["BENXE-2"]}
    assert exceptions(both) == {"areas": ["93-VT"], "locations": ["BENXE"]}
    assert exceptions({"areas": ["93"], "tags": ["vip"]}) is None


def test_a_placement_that_aims_at_nothing_is_refused(editor: Operator, draft: str, creative: str) -> None:
    response = editor.post(f"{draft}/placements/new", {"creatives": creative, "weight": "10"})
    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_a_placement_without_creatives_says_so(editor: Operator, draft: str) -> None:
    response = editor.post(f"{draft}/placements/new", placement(""))
    assert response.status_code == 422
    assert 'id="creatives-error"' in response.text


def test_a_placement_is_changed_and_removed(editor: Operator, draft: str, creative: str, services: Services) -> None:
    row = the(services).placements[0].id
    assert 'value="10"' in editor.get(f"{draft}/placements/{row}").text
    assert editor.post(f"{draft}/placements/{row}", placement(creative, weight="40")).status_code == 303
    assert the(services).placements[0].weight == 40
    assert editor.post(f"{draft}/placements/{row}/remove").status_code == 303
    assert not the(services).placements


def test_creatives_are_compared(editor: Operator, draft: str, creative: str, services: Services) -> None:
    wish = CreativeWish(name="Video", texts={"vi": {"headline": "Cài ngay"}})
    now = services.clock.now()
    other = services.db.write(lambda s: media.create_creative(s, wish, owner_path="/93/", by="test", now=now)).id
    both = {**placement(creative), "creatives": [creative, other], "compare": "1", "on_holidays": "skip"}
    editor.post(f"{draft}/placements/new", both)
    row = next(one for one in the(services).placements if one.variants)
    assert [arm["creatives"] for arm in row.variants] == [[creative], [other]]
    assert row.on_holidays == "skip"
    page = editor.get(f"{draft}/placements/{row.id}/experiment")
    assert page.status_code == 200
    assert "A: Poster" in page.text
    assert "There is nothing to compare yet" in page.text
    assert "compare" in editor.get(f"{draft}/placements/{row.id}").text
    editor.post(f"{draft}/placements/{row.id}", {**both, "compare": ""})
    assert not any(one.variants for one in the(services).placements)


def test_one_creative_alone_cannot_be_compared(editor: Operator, draft: str, creative: str, services: Services) -> None:
    response = editor.post(f"{draft}/placements/new", {**placement(creative), "compare": "1"})
    assert response.status_code == 422
    assert "compare-error" in response.text
    assert len(the(services).placements) == 1


def test_a_placement_without_variants_compares_nothing(editor: Operator, draft: str, services: Services) -> None:
    assert editor.get(f"{draft}/placements/{the(services).placements[0].id}/experiment").status_code == 404


def test_a_creative_that_the_gate_refused_says_so(
    editor: Operator, draft: str, creative: str, services: Services
) -> None:
    services.db.write(lambda s: refuse_code(s, creative))
    response = editor.post(f"{draft}/placements/new", placement(creative))
    assert response.status_code == 422
    assert "creatives-error" in response.text
    assert "was refused by the scan gate: phones cannot read its code" in response.text


def test_an_editor_does_not_approve(editor: Operator, draft: str, services: Services) -> None:
    editor.post(f"{draft}/submit")
    assert editor.post(f"{draft}/approve").status_code == 403
    assert the(services).status == "submitted"


def test_a_step_out_of_turn_says_why(approver: Operator, draft: str) -> None:
    response = approver.post(f"{draft}/approve")
    assert response.status_code == 422
    assert "only what was submitted" in response.text.lower()


def test_what_is_sent_back_needs_a_reason(editor: Operator, approver: Operator, draft: str, services: Services) -> None:
    editor.post(f"{draft}/submit")
    assert approver.post(f"{draft}/send-back", {"reason": ""}).status_code == 422
    assert approver.post(f"{draft}/send-back", {"reason": "the date is wrong"}).status_code == 303
    assert the(services).status == "draft"
    assert "the date is wrong" in editor.get(draft).text


def test_an_edit_after_approval_asks_again(
    editor: Operator, approver: Operator, draft: str, services: Services
) -> None:
    editor.post(f"{draft}/submit")
    approver.post(f"{draft}/approve")
    editor.post(f"{draft}/edit", {**CAMPAIGN, "name": "Bluezone 2"})
    assert (the(services).status, the(services).standing) == ("draft", "live")
    assert "not approved yet" in editor.get(draft).text


def test_a_creative_changed_after_approval_asks_again(
    editor: Operator, approver: Operator, draft: str, creative: str, services: Services
) -> None:
    editor.post(f"{draft}/submit")
    approver.post(f"{draft}/approve")
    wish = {"name": "Poster", "headline_vi": "Khác", "duration_s": "10", "fit": "cover", "background": "#0D47A1"}
    page = editor.follow(f"/library/creatives/{creative}/edit", wish).text
    assert "Saved as a new creative." in page
    assert the(services).status == "draft"
    assert the(services).standing == "live"
    assert the(services).placements[0].creatives != [creative]


def test_it_is_paused_resumed_and_ended(approver: Operator, editor: Operator, draft: str, services: Services) -> None:
    editor.post(f"{draft}/submit")
    for verb, standing in (("approve", "live"), ("pause", "paused"), ("resume", "live"), ("end", "ended")):
        assert approver.post(f"{draft}/{verb}").status_code == 303
        assert the(services).standing == standing


def test_a_draft_is_deleted(editor: Operator, draft: str, services: Services) -> None:
    assert editor.post(f"{draft}/delete").location == "/console/campaigns"
    with services.db.read() as s:
        assert not queries.campaigns(s)


def test_campaigns_of_others_are_out_of_sight(people: People, draft: str) -> None:
    far = people("admin", "/12/", "Far")
    assert "Bluezone" not in far.get("/campaigns").text
    assert far.get(draft).status_code == 404
    assert far.post(f"{draft}/submit").status_code == 404


def test_a_viewer_changes_nothing(viewer: Operator, draft: str) -> None:
    assert viewer.get(draft).status_code == 200
    assert "/submit" not in viewer.get(draft).text
    assert viewer.post(f"{draft}/submit").status_code == 403


def test_names_are_shown_as_text(editor: Operator) -> None:
    path = editor.post("/campaigns/new", {**CAMPAIGN, "name": "<script>alert(1)</script>"}).location
    page = editor.client.get(path).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


TAKEOVER = {"ends_at": "2026-11-22T11:00", "reason": "storm warning", "areas": "93", "owner_area": "93"}


def test_an_approver_takes_over_and_ends_it(approver: Operator, creative: str, services: Services) -> None:
    shown = approver.follow("/takeovers/new", {**TAKEOVER, "creative": creative}).text
    assert "Running: Poster" in shown
    with services.db.read() as s:
        made = queries.takeovers(s)[0]
    assert approver.post(f"/takeovers/{made.id}/end").status_code == 303
    assert "Running" not in approver.get("/takeovers").text


def test_who_has_confirmed_a_takeover_is_shown(approver: Operator, creative: str, services: Services) -> None:
    now = services.clock.now()

    def hang(s: Session) -> str:
        made = [
            screens.create(s, location="BENXE", name=name, width=1920, height=1080, by=SYSTEM, now=now)
            for name in ("Cổng A", "Cổng B")
        ]
        return made[1].id

    shows = services.db.write(hang)
    approver.post("/takeovers/new", {**TAKEOVER, "creative": creative})
    with services.db.read() as s:
        made = queries.takeovers(s)[0]
    assert "Shown on 0 of 2 screens" in approver.get("/takeovers").text
    services.db.write(lambda s: screens.confirm_takeover(s, shows, made.id, now))
    assert "Shown on 1 of 2 screens" in approver.get(f"/takeovers/{made.id}/confirmed?short=1").text
    page = approver.get(f"/takeovers/{made.id}").text
    assert page.index("Cổng A") < page.index("not yet") < page.index("Cổng B")
    assert 'hx-trigger="every 5s"' in page


def test_a_takeover_elsewhere_is_not_there(
    people: People, approver: Operator, creative: str, services: Services
) -> None:
    approver.post("/takeovers/new", {**TAKEOVER, "creative": creative})
    with services.db.read() as s:
        made = queries.takeovers(s)[0]
    stranger = people("approver", "/12/", "Hoa")
    assert stranger.get(f"/takeovers/{made.id}").status_code == 404
    assert stranger.get(f"/takeovers/{made.id}/confirmed").status_code == 404


def test_a_takeover_needs_a_reason_and_an_end(approver: Operator, creative: str) -> None:
    response = approver.post("/takeovers/new", {"creative": creative, "areas": "93", "owner_area": "93"})
    assert response.status_code == 422
    assert {"reason", "ends_at"} <= set(re.findall(r'id="([a-z_]+)-error"', response.text))


def test_an_editor_takes_nothing_over(editor: Operator, creative: str) -> None:
    assert editor.post("/takeovers/new", {**TAKEOVER, "creative": creative}).status_code == 403
