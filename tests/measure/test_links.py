"""Every location, campaign and creative or channel has one code, and it stays."""

from __future__ import annotations

from datetime import timedelta

from core.db import Database
from core.ids import parse_code
from measure.links import codes_for, ensure_links, retire
from measure.models import CampaignDestination, Link, Name
from measure.stores import Destination
from tests.measure.counts import rows
from tests.measure.world import BLUEZONE, want
from tests.support.clock import MORNING


def ensure(db: Database, *wants):  # type: ignore[no-untyped-def]
    return db.write(lambda s: ensure_links(s, wants, MORNING))


def test_it_works(db: Database) -> None:
    codes = ensure(db, want(), want(creative_id=None, channel="splash", measure=5))
    assert set(codes) == {("ben-xe", "cmp_1", "crv_1"), ("ben-xe", "cmp_1", "splash")}
    assert all(parse_code(code) == code for code in codes.values())
    assert len(set(codes.values())) == 2


def test_asked_again_the_codes_are_the_same(db: Database) -> None:
    first = ensure(db, want())
    assert ensure(db, want(), want(location_id="cho")) | first == ensure(db, want(), want(location_id="cho"))
    assert len(rows(db, Link)) == 2


def test_the_same_want_twice_is_one_link(db: Database) -> None:
    ensure(db, want(), want())
    assert len(rows(db, Link)) == 1


def test_campaigns_do_not_share_codes(db: Database) -> None:
    codes = ensure(db, want(), want(campaign_id="cmp_2"))
    assert len(set(codes.values())) == 2


def test_many_links_are_made_at_once(db: Database) -> None:
    codes = ensure(db, *(want(location_id=f"l{n}") for n in range(1200)))
    assert len(set(codes.values())) == 1200


def test_a_new_destination_leads_all_links_of_the_campaign(db: Database) -> None:
    ensure(db, want())
    elsewhere = Destination("https://play.google.com/store/apps/details?id=other", "", "")
    ensure(db, want(location_id="cho", destination=elsewhere))
    (destination,) = rows(db, CampaignDestination)
    assert (destination.android_url, destination.ios_url) == (elsewhere.android_url, "")


def test_a_location_that_moves_takes_its_links_along(db: Database) -> None:
    before = ensure(db, want())
    assert ensure(db, want(area_path="/94/")) == before
    assert [link.area_path for link in rows(db, Link)] == ["/94/"]


def test_codes_of_a_location(db: Database) -> None:
    made = ensure(db, want(), want(creative_id=None, channel="splash", measure=5), want(location_id="cho"))
    with db.read() as s:
        codes = codes_for(s, "ben-xe")
    assert codes == {key: code for key, code in made.items() if key[0] == "ben-xe"}


def test_the_screens_code_of_a_creative_goes_before_another_channels(db: Database) -> None:
    ensure(db, want(), want(channel="poster"))
    with db.read() as s:
        (code,) = codes_for(s, "ben-xe").values()
    assert [link.channel for link in rows(db, Link) if link.code == code] == ["screen"]


def test_a_retired_code_is_no_longer_given_out(db: Database) -> None:
    (code,) = ensure(db, want()).values()
    db.write(lambda s: retire(s, [code], MORNING + timedelta(days=1)))
    with db.read() as s:
        assert codes_for(s, "ben-xe") == {}


def test_names_are_kept(db: Database) -> None:
    ensure(db, want(destination=BLUEZONE))
    assert {(name.kind, name.name) for name in rows(db, Name)} == {
        ("location", "Bến xe Vị Thanh"),
        ("campaign", "Bluezone"),
        ("creative", "Khẩu trang"),
    }
