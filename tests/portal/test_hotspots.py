"""Hotspots are made, changed and closed; their days are counted. On both engines."""

from datetime import date

import pytest
from sqlalchemy import select

from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.services import Services
from measure.ledger import VisitFact
from measure.models import Link, VisitEvent
from people.models import AuditEntry
from people.roles import SYSTEM, Grant, Principal
from portal import actions, queries
from portal.desk import Desk
from portal.models import Hotspot, TermsVersion
from portal.seen import Seen, Tallied
from tests.portal.station import BASE, KEY, make_campaign, make_hotspot, make_place

EDITOR = Principal("user", "usr_1", "An", (Grant("editor", "/93/"),))
STRANGER = Principal("user", "usr_2", "Binh", (Grant("admin", "/79/"),))


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def change(services: Services, **more: object) -> Hotspot:
    wanted = {"dialect": "opennds", "grant_base": BASE, "settings": {"level": 1}, "by": SYSTEM} | more
    return services.db.write(
        lambda s: actions.update_hotspot(s, "ST01", now=services.clock.now(), sealer=services.sealer, **wanted)  # type: ignore[arg-type]
    )


def test_it_works(services: Services) -> None:
    made = make_hotspot(services)
    assert (made.code, made.name, made.grant_base) == ("ST01", "Bến xe Vị Thanh", BASE)
    with services.db.read() as s:
        [(found, place)] = queries.hotspots(s)
        assert (found.code, place.area_path) == ("ST01", "/93/93-1/")
        assert s.scalars(select(AuditEntry.action)).all()[-1] == "hotspot.create"


def test_its_key_is_sealed(services: Services) -> None:
    made = make_hotspot(services)
    assert made.settings == {"level": 1}
    assert made.secrets is not None
    assert KEY not in made.secrets
    assert actions.secrets_of(made, services.sealer) == {"faskey": KEY}


def test_its_location_gets_tracked_links(services: Services) -> None:
    services.db.write(lambda s: make_place(s, services))
    make_campaign(services)
    make_hotspot(services)
    with services.db.read() as s:
        assert "splash" in s.scalars(select(Link.channel).where(Link.location == "ST01")).all()


def test_a_secret_that_is_not_given_anew_stays(services: Services) -> None:
    make_hotspot(services)
    assert actions.secrets_of(change(services, session_minutes=60), services.sealer) == {"faskey": KEY}
    changed = change(services, settings={"level": 2, "faskey": "another"})
    assert actions.secrets_of(changed, services.sealer) == {"faskey": "another"}


def test_other_terms_are_a_new_version(services: Services) -> None:
    make_hotspot(services, terms="Xin giữ trật tự")
    assert change(services, terms="Xin giữ trật tự").terms_version == 1
    assert change(services, terms={"vi": "Xin giữ yên lặng", "en": "Please be quiet"}).terms_version == 2
    with services.db.read() as s:
        assert [row.version for row in s.scalars(select(TermsVersion).order_by(TermsVersion.version))] == [1, 2]


def test_a_closed_hotspot_has_no_splash_and_no_secrets(services: Services) -> None:
    make_hotspot(services)
    desk = Desk(services)
    assert desk.stand("ST01") is not None
    services.db.write(lambda s: actions.close_hotspot(s, "ST01", by=SYSTEM, now=services.clock.now()))
    services.clock.advance(seconds=3)  # type: ignore[attr-defined]
    assert desk.stand("ST01") is None
    with services.db.read() as s:
        found = queries.hotspot(s, "ST01")
        assert found is not None
        assert found.secrets is None


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("gateway.dialect", {"dialect": "telepathy"}),
        ("gateway.grant_base", {"grant_base": None}),
        ("gateway.grant_base", {"grant_base": "http://10.77.0.1:2050/path"}),
        ("gateway.level", {"settings": {"level": 7}}),
        ("gateway.level", {"settings": {}}),
        ("gateway.colour", {"settings": {"level": 1, "colour": "red"}}),
        ("gateway.faskey", {"settings": {"level": 1, "faskey": 5}}),
        ("location", {"location": "NOWHERE"}),
        ("code", {"code": "a/b"}),
        ("session_minutes", {"session_minutes": 0}),
        ("networks", {"networks": ["10.77.0.0/99"]}),
        ("terms", {"terms": {"xx": "?"}}),
    ],
)
def test_a_wrong_field_is_named(services: Services, field: str, wrong: dict[str, object]) -> None:
    services.db.write(lambda s: make_place(s, services))
    wanted = {"code": "ST01", "location": "ST01", "dialect": "opennds", "grant_base": BASE, "settings": {"level": 1}}
    with pytest.raises(Invalid) as refused:
        services.db.write(
            lambda s: actions.create_hotspot(
                s,
                by=SYSTEM,
                now=services.clock.now(),
                sealer=services.sealer,
                **(wanted | wrong),  # type: ignore[arg-type]
            )
        )
    assert field in [name for name, _ in refused.value.errors]
    with services.db.read() as s:
        assert queries.hotspots(s) == []


def test_a_polling_gateway_needs_no_address(services: Services) -> None:
    assert make_hotspot(services, grant_base=None, settings={"level": 3, "faskey": KEY}).grant_base is None


def test_the_same_code_twice_is_a_conflict(services: Services) -> None:
    make_hotspot(services)
    with pytest.raises(Conflict):
        make_hotspot(services)


def test_it_takes_an_admin_of_the_area(services: Services) -> None:
    make_hotspot(services)
    with pytest.raises(Forbidden):
        change(services, by=EDITOR)
    with pytest.raises(NotFound):
        change(services, by=STRANGER)


def test_facts_are_counted_once_and_days_add_up(services: Services) -> None:
    make_hotspot(services)
    desk = Desk(services)
    stand = desk.stand("ST01")
    assert stand is not None
    now = services.clock.now()
    fact = VisitFact("grant", "vis_1", "ST01", "/93/93-1/", "Asia/Ho_Chi_Minh", "ST01", "", "", "ko")
    for item in (Seen(fact, now), Seen(fact, now), Tallied(stand, "polls", now), Tallied(stand, "polls", now)):
        desk.outbox.put(item)
    assert desk.outbox.flush()
    desk.tally(stand, "polls")
    assert desk.outbox.flush()
    with services.db.read() as s:
        assert s.scalars(select(VisitEvent.kind)).all() == ["grant"]
        day = queries.day(s, "ST01", date(2026, 11, 22))
        assert day is not None
        assert (day.polls, day.refused_targets, day.last_seen_at) == (3, 0, now)


def test_networks_that_are_not_named_stay(services: Services) -> None:
    make_hotspot(services, networks=["10.77.0.0/24"])
    assert change(services, name="Bến xe mới").networks == ["10.77.0.0/24"]
    assert change(services, networks=[]).networks == []
