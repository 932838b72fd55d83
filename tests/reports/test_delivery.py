"""Reports go out by mail and webhook, and are tried until they have arrived, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from core.services import Services
from places.actions import update_area
from reports.actions import add_note
from reports.delivery import deliver_due
from reports.jobs import close_due, remind
from reports.models import DayReport, Delivery
from reports.signing import Signer, is_signed
from tests.measure.counts import rows
from tests.reports import world
from tests.reports.post import mail_server, receiver
from tests.support.clock import FrozenClock

# What a statement does on both engines is tested beside the statements.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, 22, hour, minute, tzinfo=UTC) - timedelta(hours=7)


@pytest.fixture(autouse=True)
def province(services: Services) -> None:
    world.build(services.db)


def settle(services: Services, **settings: object) -> None:
    services.db.write(lambda s: update_area(s, "31321", {"settings": settings}, now=at(8)))


def with_mail(services: Services, url: str) -> Services:
    return replace(services, settings=replace(services.settings, smtp_url=url, mail_from="bangtin@example.vn"))


def close(services: Services, clock: FrozenClock) -> None:
    clock.step_to(at(15))
    close_due(services)
    deliver_due(services)


def test_it_works(services: Services, clock: FrozenClock) -> None:
    settle(services, report_mail=["vp@example.vn"])
    with mail_server() as (url, got):
        close(with_mail(services, url), clock)
    (message,) = got
    assert (message["To"], message["Subject"]) == ("vp@example.vn", "Phường I: báo cáo ngày 22/11/2026")
    assert [part.get_content_type() for part in message.iter_attachments()] == ["application/pdf", "text/csv"]


def test_what_has_arrived_is_not_sent_again(services: Services, clock: FrozenClock) -> None:
    settle(services, report_mail=["vp@example.vn"])
    with mail_server() as (url, got):
        close(with_mail(services, url), clock)
        clock.advance(hours=2)
        deliver_due(with_mail(services, url))
    assert len(got) == 1


def test_a_webhook_gets_the_frozen_bytes_and_can_check_them(services: Services, clock: FrozenClock) -> None:
    with receiver(200) as (url, got):
        settle(services, report_webhook=[url])
        close(services, clock)
    ((headers, body),) = got
    frozen = next(each for each in rows(services.db, DayReport) if each.area == "31321")
    assert body.decode() == frozen.content
    assert is_signed(body, headers["Report-Signature"], Signer(services.sealer).public)


def test_a_receiver_that_fails_is_tried_again_later(services: Services, clock: FrozenClock) -> None:
    with receiver(500, 500, 204) as (url, got):
        settle(services, report_webhook=[url])
        close(services, clock)
        deliver_due(services)
        assert len(got) == 1
        for minutes in (1, 2, 4):
            clock.advance(minutes=minutes)
            deliver_due(services)
    assert len(got) == 3
    (delivery,) = rows(services.db, Delivery)
    assert (delivery.attempts, delivery.error, delivery.delivered_at) == (3, None, at(15, 3))


def test_without_a_mail_server_it_waits_and_says_so(services: Services, clock: FrozenClock) -> None:
    settle(services, report_mail=["vp@example.vn"])
    close(services, clock)
    (delivery,) = rows(services.db, Delivery)
    assert delivery.delivered_at is None
    assert "BANGTIN_SMTP_URL" in delivery.error


def test_who_has_said_nothing_is_reminded_once(services: Services, clock: FrozenClock) -> None:
    settle(services, report_mail=["vp@example.vn"])
    with mail_server() as (url, got):
        for minute in (29, 30, 31):
            clock.step_to(at(14, minute))
            remind(with_mail(services, url))
    assert [message["Subject"] for message in got] == ["Phường I: báo cáo sẽ chốt lúc 15:00"]


def test_who_has_told_is_not_reminded(services: Services, clock: FrozenClock) -> None:
    settle(services, report_mail=["vp@example.vn"])
    services.db.write(lambda s: add_note(s, "31321", at(9).date(), remark="", by_hand={"9": 3}, by="usr_1", now=at(9)))
    with mail_server() as (url, got):
        clock.step_to(at(14, 30))
        remind(with_mail(services, url))
    assert got == []
