"""Handing reports on, by mail (SMTP) and webhook, until they have arrived."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import partial
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from core.ids import new_id
from core.later import later
from core.log import log
from core.post import FAILURES, hook, letter, post
from core.services import Services
from places.queries import area
from reports import queries
from reports.closing import Closing
from reports.content import Content, decode
from reports.drawings import drawings, plain
from reports.exports import csv_of_report
from reports.models import DayReport, Delivery
from reports.words import mail_subject, mail_text, reminder_text

if TYPE_CHECKING:
    from reports import pdf
else:
    pdf = later("reports.pdf")  # its typefaces and matrices take 30 MB

MAIL, WEBHOOK = "mail", "webhook"
LONGEST_WAIT = timedelta(hours=1)


def queue_deliveries(s: Session, report: DayReport, now: datetime) -> None:
    """One delivery for each address and webhook that the report's own area names in its settings."""
    place = area(s, report.area)
    if place is None:
        return
    for channel, target in _targets(place.settings):
        s.add(Delivery(id=new_id("dlv"), report=report.id, channel=channel, target=target, attempts=0, next_at=now))
    s.flush()


def _targets(settings: dict[str, object]) -> Iterator[tuple[str, str]]:
    mails, hooks = settings.get("report_mail"), settings.get("report_webhook")
    for address in mails if isinstance(mails, list) else [mails]:
        if isinstance(address, str) and "@" in address and "\n" not in address:
            yield MAIL, address
    for url in hooks if isinstance(hooks, list) else [hooks]:
        if isinstance(url, str) and urlsplit(url).scheme in ("http", "https"):
            yield WEBHOOK, url


def deliver_due(services: Services) -> None:
    """Tries every delivery whose time has come; a failed one is tried again after 1, 2, 4 … minutes, up to an hour."""
    now = services.clock.now()
    with services.db.read() as s:
        waiting = [(each, s.get_one(DayReport, each.report)) for each in queries.undelivered(s, now)]
    for delivery, report in waiting:
        error = _try(services, delivery, report)
        noted = partial(_note_try, delivery_id=delivery.id, error=error, now=services.clock.now())
        services.db.write(noted)


def _try(services: Services, delivery: Delivery, report: DayReport) -> str | None:
    send = _mail if delivery.channel == MAIL else _webhook
    try:
        send(services, delivery.target, report)
    except FAILURES as error:
        log.warning("report not delivered", channel=delivery.channel, report=report.id, error=type(error).__name__)
        return f"{type(error).__name__}: {error}"[:500]
    return None


def _note_try(s: Session, delivery_id: str, error: str | None, now: datetime) -> None:
    delivery = s.get_one(Delivery, delivery_id)
    delivery.attempts += 1
    delivery.error = error
    if error is None:
        delivery.delivered_at, delivery.next_at = now, None
    else:
        wait = timedelta(minutes=2 ** min(delivery.attempts - 1, 10))
        delivery.next_at = now + min(wait, LONGEST_WAIT)


def _mail(services: Services, address: str, report: DayReport) -> None:
    content = decode(report.content)
    message = _message(
        services, address, mail_subject(content), mail_text(content, services.settings.public_url, report.id)
    )
    _illustrate(message, content)
    printed = pdf.pdf_of_report(content, report.sha256, report.signature)
    message.add_attachment(printed, maintype="application", subtype="pdf", filename=f"{report.area}-{report.day}.pdf")
    table = csv_of_report(content)
    message.add_attachment(table, maintype="text", subtype="csv", filename=f"{report.area}-{report.day}.csv")
    post(services.settings.smtp_url, message)


def post_reminder(services: Services, closing: Closing, addresses: list[str], name: str) -> None:
    """Reminds a unit by mail where mail is set up; a failure is in the log and stops nobody's report."""
    for address in addresses:
        subject, text = reminder_text(name, closing.closes_at, services.settings.public_url)
        try:
            post(services.settings.smtp_url, _message(services, address, subject, text))
        except FAILURES as error:
            log.warning("reminder not delivered", area=closing.area, error=type(error).__name__)


def _illustrate(message: EmailMessage, content: Content) -> None:
    """The same mail once more with its pictures, for programs that show them; the PDF has them for all others."""
    shown = drawings(content)
    words = "".join(f"<p>{escape(line)}</p>" for line in message.get_content().splitlines() if line)
    seen = "".join(
        f'<h3>{escape(name)}</h3><img src="cid:{number}@bangtin" alt="{escape(name)}" width="560">'
        for number, (name, _) in enumerate(shown)
    )
    message.add_alternative(f'<html lang="vi"><body>{words}{seen}</body></html>', subtype="html")
    *_, page = message.iter_parts()
    assert isinstance(page, EmailMessage)
    for number, (_, svg) in enumerate(shown):
        page.add_related(plain(svg).encode(), "image", "svg+xml", cid=f"<{number}@bangtin>")


def _message(services: Services, address: str, subject: str, text: str) -> EmailMessage:
    return letter(services.settings.mail_from, address, subject, text)


def _webhook(services: Services, url: str, report: DayReport) -> None:
    """The frozen bytes as they are, with their digest and signature in headers: the receiver can check them."""
    signed = {"Report-Id": report.id, "Report-SHA256": report.sha256, "Report-Signature": report.signature}
    hook(url, report.content.encode(), signed)
