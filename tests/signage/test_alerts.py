"""A district's link fails: one alert for the area, by mail and webhook, and one when its screens are back."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from core.services import Services
from places.actions import create_area, create_location, update_area
from signage.jobs import watch
from signage.models import AlertNotice, FleetAlert, Screen, ScreenSeen
from signage.signing import Signer
from signage.telling import tell_due
from tests.reports.post import mail_server, receiver
from tests.signage.world import on_sqlite
from tests.support.clock import FrozenClock

MANY = 40
MAIL = ["truc@example.vn"]


@pytest.fixture
def district(services: Services) -> Services:
    """Forty screens in a ward of a district that wants to be told; all have just spoken."""
    now = services.clock.now()

    def fill(s: Session) -> None:
        create_area(s, code="93", name="Hậu Giang", now=now)
        create_area(s, code="93-1", name="Phường I", parent="93", now=now)
        create_location(s, code="L1", name="Chợ", area="93-1", venue_kind="market", now=now)
        for number in range(MANY):
            facts = {"width": 1080, "height": 1920, "created_at": now, "changed_at": now}
            s.add(Screen(id=f"scr_{number:03}", name=f"Màn {number}", location_code="L1", **facts))
        s.flush()
        s.add_all(ScreenSeen(screen_id=f"scr_{number:03}", at=now) for number in range(MANY))

    services.db.write(fill)
    return services


def settle(services: Services, area: str = "93", **settings: object) -> None:
    now = services.clock.now()
    services.db.write(lambda s: update_area(s, area, {"settings": settings}, now=now))


def wait(services: Services, clock: FrozenClock, minutes: int) -> None:
    """The job process looks every minute."""
    for _ in range(minutes):
        clock.advance(seconds=60)
        watch(services)
        tell_due(services)


def speak(services: Services, numbers: range) -> None:
    now = services.clock.now()

    def heard(s: Session) -> None:
        for number in numbers:
            s.get_one(ScreenSeen, f"scr_{number:03}").at = now

    services.db.write(heard)


def alerts(services: Services) -> list[FleetAlert]:
    with services.db.read() as s:
        return list(s.scalars(select(FleetAlert)))


def test_it_works(district: Services, clock: FrozenClock) -> None:
    """One mail and one webhook for forty screens that went within two minutes; then one that all are back."""
    with mail_server() as (smtp, mails), receiver(204) as (url, hooks):
        services = replace(district, settings=replace(district.settings, smtp_url=smtp, mail_from="bt@example.vn"))
        settle(services, alert_mail=MAIL, alert_webhook=[url])
        wait(services, clock, 1)
        speak(services, range(0, MANY, 2))  # half of them went a minute later than the others
        wait(services, clock, 40)
        assert [mail["Subject"] for mail in mails] == ["Hậu Giang: 40 màn hình mất liên lạc"]
        assert "40 screens in Hậu Giang have been silent" in mails[0].get_content()
        speak(services, range(MANY))
        wait(services, clock, 3)
        assert [mail["Subject"] for mail in mails][1:] == ["Hậu Giang: 40 màn hình đã liên lạc lại"]
    told = [json.loads(body) for _, body in hooks]
    assert [(one["kind"], one["count"]) for one in told] == [("opened", 40), ("recovered", 40)]
    headers, body = hooks[0]
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(Signer(district.sealer).public))
    key.verify(base64.b64decode(headers["Alert-Signature"]), body)


@on_sqlite
def test_where_nobody_wants_to_be_told_nothing_is_kept(district: Services, clock: FrozenClock) -> None:
    wait(district, clock, 60)
    assert not alerts(district)


@on_sqlite
def test_a_short_silence_is_no_news(district: Services, clock: FrozenClock) -> None:
    settle(district, alert_mail=MAIL)
    wait(district, clock, 14)
    assert not alerts(district)


@on_sqlite
def test_the_nearer_area_is_told_and_not_the_farther(district: Services, clock: FrozenClock) -> None:
    settle(district, alert_mail=["tinh@example.vn"])
    settle(district, "93-1", alert_mail=["phuong@example.vn"], alert_after_minutes=30)
    wait(district, clock, 29)
    assert not alerts(district)
    wait(district, clock, 5)
    assert [alert.area_code for alert in alerts(district)] == ["93-1"]


@on_sqlite
def test_screens_under_test_and_closed_ones_alarm_nobody(district: Services, clock: FrozenClock) -> None:
    settle(district, alert_mail=MAIL)
    now = clock.now()

    def still(s: Session) -> None:
        for number in range(MANY):
            screen = s.get_one(Screen, f"scr_{number:03}")
            screen.testing, screen.closed_at = number % 2 == 0, now if number % 2 else None

    district.db.write(still)
    wait(district, clock, 30)
    assert not alerts(district)


@on_sqlite
def test_what_cannot_be_delivered_is_tried_again(district: Services, clock: FrozenClock) -> None:
    with receiver(500, 500, 204) as (url, hooks):
        settle(district, alert_webhook=[url])
        wait(district, clock, 25)
    assert len(hooks) == 3
    assert len({body for _, body in hooks}) == 1
    with district.db.read() as s:
        notice = s.scalars(select(AlertNotice)).one()
    assert (notice.attempts, notice.error, notice.delivered_at is not None) == (3, None, True)


@on_sqlite
def test_an_alert_ends_when_nobody_wants_it_any_more(district: Services, clock: FrozenClock) -> None:
    settle(district, alert_mail=MAIL)
    wait(district, clock, 16)
    settle(district)
    wait(district, clock, 1)
    assert [alert.recovered_at is not None for alert in alerts(district)] == [True]


@on_sqlite
def test_news_of_the_day_before_yesterday_are_given_up(district: Services, clock: FrozenClock) -> None:
    settle(district, alert_mail=MAIL)  # and no mail server
    wait(district, clock, 20)
    clock.advance(seconds=timedelta(days=3).total_seconds())
    tell_due(district)
    with district.db.read() as s:
        notice = s.scalars(select(AlertNotice)).one()
    assert notice.next_at is None
    assert "BANGTIN_SMTP_URL" in (notice.error or "")
