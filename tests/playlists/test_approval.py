"""The way to the screen, and back."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.snapshot import Generation
from measure.links import codes_for
from media.models import Creative
from media.wishes import CreativeWish
from places.actions import create_location, update_area
from places.queries import location
from playlists import actions
from tests.playlists.office import ALICE, BOB, CHI, SPOT, Office, person
from tests.playlists.worlds import spot
from tests.support.clock import MORNING


def test_it_works(office: Office) -> None:
    made = office.campaign(by=BOB)
    office.placement(made, by=BOB)
    assert office.shown() == {"builtin"}
    office.do(actions.submit, made.id, by=BOB)
    assert (office.read(made.id).state(MORNING), office.shown()) == ("submitted", {"builtin"})
    done = office.do(actions.approve, made.id, by=CHI)
    assert (office.read(made.id).state(MORNING), office.shown()) == ("live", {"crv_a"})
    assert done.reach.concerns(SPOT)
    assert not done.reach.concerns(spot(area_path="/79/"))


def test_publishing_makes_the_links_and_tells_everyone(office: Office) -> None:
    made = office.live()
    with office.db.read() as s:
        codes = codes_for(s, "ben-xe")
        assert set(codes) == {("ben-xe", made.id, "crv_a"), ("ben-xe", made.id, "splash")}
        assert codes_for(s, "mall") == {}
        assert Generation().current(s, "programme") == 1


def test_publishing_again_keeps_the_codes(office: Office) -> None:
    made = office.live()
    with office.db.read() as s:
        before = codes_for(s, "ben-xe")
    office.do(actions.update_campaign, made.id, {"name": "Mới"})
    office.do(actions.submit, made.id)
    office.do(actions.approve, made.id)
    with office.db.read() as s:
        assert codes_for(s, "ben-xe") == before


def test_a_location_that_comes_up_later_gets_its_links(office: Office) -> None:
    made = office.live()

    def open_one(s: Session) -> None:
        create_location(s, code="cho", name="Chợ", area="93-2", venue_kind="market", now=MORNING)
        place = location(s, "cho")
        assert place is not None
        actions.ensure_links_for_location(s, place, MORNING)

    office.db.write(open_one)
    with office.db.read() as s:
        assert ("cho", made.id, "crv_a") in codes_for(s, "cho")


def test_an_edit_asks_for_approval_again_while_what_was_published_plays_on(office: Office) -> None:
    made = office.live()
    office.do(actions.update_placement, made.placements[0].id, {"creatives": ["crv_b"]})
    assert (office.read(made.id).status, office.shown()) == ("draft", {"crv_a"})
    office.do(actions.submit, made.id)
    assert office.shown() == {"crv_a"}
    office.do(actions.approve, made.id)
    assert office.shown() == {"crv_b"}


def test_a_draft_cannot_be_approved(office: Office) -> None:
    made = office.campaign()
    with pytest.raises(Conflict):
        office.do(actions.approve, made.id)


def test_what_was_submitted_cannot_be_submitted_again(office: Office) -> None:
    made = office.campaign()
    office.placement(made)
    office.do(actions.submit, made.id)
    with pytest.raises(Conflict):
        office.do(actions.submit, made.id)


def test_an_editor_cannot_approve(office: Office) -> None:
    made = office.campaign(by=BOB)
    office.placement(made, by=BOB)
    office.do(actions.submit, made.id, by=BOB)
    with pytest.raises(Forbidden):
        office.do(actions.approve, made.id, by=BOB)


def test_an_approver_of_another_area_cannot_approve(office: Office) -> None:
    made = office.campaign(by=BOB)
    office.placement(made, by=BOB)
    office.do(actions.submit, made.id, by=BOB)
    with pytest.raises(Forbidden):
        office.do(actions.approve, made.id, by=person("em", "approver", "/79/"))


def test_a_campaign_without_placements_cannot_be_submitted(office: Office) -> None:
    made = office.campaign()
    with pytest.raises(Invalid) as refusal:
        office.do(actions.submit, made.id)
    assert refusal.value.errors[0][0] == "placements"


def test_a_campaign_that_is_over_cannot_be_submitted(office: Office) -> None:
    made = office.campaign()
    office.placement(made)
    office.later(days=31)
    with pytest.raises(Invalid) as refusal:
        office.do(actions.submit, made.id)
    assert refusal.value.errors[0][0] == "ends_at"


def test_four_eyes_are_asked_for_where_the_area_wants_them(office: Office) -> None:
    office.db.write(lambda s: update_area(s, "93", {"settings": {"four_eyes": True}}, now=MORNING))
    made = office.campaign(owner_area="93-1", by=ALICE)
    office.placement(made, by=ALICE, targets={"areas": ["93-1"]})
    office.do(actions.submit, made.id, by=ALICE)
    with pytest.raises(Forbidden):
        office.do(actions.approve, made.id, by=ALICE)
    office.do(actions.approve, made.id, by=CHI)
    assert office.shown() == {"crv_a"}


def test_four_eyes_look_at_all_authors_and_not_at_the_last_one_alone(office: Office) -> None:
    office.db.write(lambda s: update_area(s, "93", {"settings": {"four_eyes": True}}, now=MORNING))
    made = office.campaign(owner_area="93-1", by=ALICE)
    office.placement(made, by=ALICE, targets={"areas": ["93-1"]})
    office.do(actions.update_campaign, made.id, {"name": "Bluezone 2"}, by=BOB)
    office.do(actions.submit, made.id, by=BOB)
    with pytest.raises(Forbidden):
        office.do(actions.approve, made.id, by=ALICE)
    office.do(actions.send_back, made.id, "Sai tên", by=CHI)
    office.do(actions.submit, made.id, by=BOB)
    office.do(actions.approve, made.id, by=CHI)  # to send back is no authorship
    office.do(actions.update_campaign, made.id, {"name": "Bluezone 3"}, by=BOB)
    office.do(actions.submit, made.id, by=BOB)
    office.do(actions.approve, made.id, by=ALICE)  # nothing of hers is new


def test_it_can_be_sent_back(office: Office) -> None:
    made = office.campaign()
    office.placement(made)
    office.do(actions.submit, made.id)
    office.do(actions.send_back, made.id, "Sai ngày")
    assert office.read(made.id).status == "draft"


def test_pausing_and_resuming(office: Office) -> None:
    made = office.live()
    office.do(actions.pause, made.id, by=BOB if made.owner_path == "/93/" else ALICE)
    assert (office.read(made.id).state(MORNING), office.shown()) == ("paused", {"builtin"})
    with pytest.raises(Conflict):
        office.do(actions.pause, made.id)
    office.do(actions.resume, made.id)
    assert (office.read(made.id).state(MORNING), office.shown()) == ("live", {"crv_a"})


def test_resuming_brings_back_what_was_published_not_the_draft(office: Office) -> None:
    made = office.live()
    office.do(actions.pause, made.id)
    office.do(actions.update_placement, made.placements[0].id, {"creatives": ["crv_b"]})
    office.do(actions.resume, made.id)
    assert office.shown() == {"crv_a"}


def test_an_ended_campaign_stays_ended(office: Office) -> None:
    made = office.live()
    office.do(actions.end, made.id)
    assert (office.read(made.id).state(MORNING), office.shown()) == ("ended", {"builtin"})
    with pytest.raises(Conflict):
        office.do(actions.update_campaign, made.id, {"name": "x"})


def test_a_publish_can_be_undone(office: Office) -> None:
    first = office.live()
    office.later(minutes=5)
    office.do(actions.update_placement, first.placements[0].id, {"creatives": ["crv_b"]})
    office.do(actions.submit, first.id)
    office.do(actions.approve, first.id)
    assert office.shown() == {"crv_b"}
    office.later(minutes=5)
    done = office.do(actions.restore, first.published_seq)
    assert [one.reach.concerns(SPOT) for one in done] == [True]
    assert office.shown() == {"crv_a"}
    office.do(actions.restore, done[0].seq - 1)
    assert office.shown() == {"crv_b"}


def test_going_back_before_everything_takes_everything_off(office: Office) -> None:
    made = office.live()
    office.do(actions.restore, 0)
    assert office.shown() == {"builtin"}
    assert office.read(made.id).state(MORNING) == "draft"


def test_going_back_leaves_other_areas_alone(office: Office) -> None:
    office.live(targets={"areas": ["93"]})
    assert office.do(actions.restore, 0, by=CHI) == []
    assert office.shown() == {"crv_a"}


def test_an_unknown_publication_cannot_be_gone_back_to(office: Office) -> None:
    with pytest.raises(NotFound):
        office.do(actions.restore, 99)


def test_the_world_of_any_past_moment_can_be_read(office: Office) -> None:
    made = office.live()
    noon = office.later(hours=3)
    office.do(actions.end, made.id)
    assert [one.id for one in office.world(noon - timedelta(seconds=1)).campaigns] == [made.id]
    assert office.world(noon).campaigns == ()
    assert office.world(MORNING - timedelta(seconds=1)).campaigns == ()


def test_what_was_published_comes_out_as_it_went_in(office: Office) -> None:
    parts = [{"days": ["fri"], "from": "22:00", "to": "02:00", "first_date": "2026-12-01", "last_date": "2026-12-31"}]
    targets = {"areas": ["93"], "any": [{"tags": ["x"]}, {"media": ["screen"]}], "not": {"locations": ["mall"]}}
    made = office.live(dayparts=parts, targets=targets, weight=12, max_plays_per_hour=4, on_holidays="skip")
    row = office.world().campaigns[0].placements[0]
    assert (row.id, row.weight, row.max_plays_per_hour) == (made.placements[0].id, 12, 4)
    assert (row.hours.dayparts[0].start, row.hours.dayparts[0].end) == (22 * 60, 2 * 60)
    assert row.target.not_ is not None
    assert row.target.not_.locations == ("mall",)


def wish(headline: str) -> CreativeWish:
    return CreativeWish(name="crv_a", texts={"vi": {"headline": headline}})


def test_a_creative_changed_after_approval_asks_again(office: Office) -> None:
    """What was approved plays on; the change plays once somebody has approved it."""
    live = office.live()
    changed = office.do(actions.change_creative, "crv_a", wish("Khác"))
    assert changed.id != "crv_a"
    assert office.read(live.id).status == "draft"
    assert office.shown() == {"crv_a"}
    with office.db.read() as s:
        assert s.get_one(Creative, "crv_a").texts == {"vi": {"headline": "Xin chào"}}
    office.do(actions.submit, live.id)
    office.do(actions.approve, live.id)
    assert office.shown() == {changed.id}


def test_a_creative_that_nobody_has_approved_is_changed_as_it_is(office: Office) -> None:
    office.placement(office.campaign())
    changed = office.do(actions.change_creative, "crv_a", wish("Khác"))
    assert (changed.id, changed.texts) == ("crv_a", {"vi": {"headline": "Khác"}})


def test_variants_go_along_with_a_changed_creative(office: Office) -> None:
    arms = [{"name": "A", "creatives": ["crv_a"]}, {"name": "B", "creatives": ["crv_b"]}]
    live = office.live(creatives=["crv_a", "crv_b"], variants=arms)
    changed = office.do(actions.change_creative, "crv_b", wish("Khác"))
    (row,) = office.read(live.id).placements
    assert row.creatives == ["crv_a", changed.id]
    assert [arm["creatives"] for arm in row.variants] == [["crv_a"], [changed.id]]


def test_a_creative_of_a_takeover_stays_as_it_was_approved(office: Office) -> None:
    targets = {"areas": ["93"]}
    office.do(
        actions.takeover, creative="crv_b", targets=targets, ends_at=office.now + timedelta(hours=1), reason="Bão"
    )
    assert office.do(actions.change_creative, "crv_b", wish("Khác")).id != "crv_b"


def test_another_area_s_creative_cannot_be_changed(office: Office) -> None:
    with pytest.raises(Forbidden):
        office.do(actions.change_creative, "crv_79", wish("Khác"), by=BOB)


def test_a_campaign_elsewhere_keeps_what_it_has(office: Office) -> None:
    """An author of one district changes its creative: the province's campaign is not his to edit."""
    live = office.live(creatives=["crv_93"])
    changed = office.do(actions.change_creative, "crv_93", wish("Khác"), by=BOB)
    assert changed.owner_path == "/93/"
    assert office.read(live.id).status == "approved"
    assert office.shown() == {"crv_93"}
