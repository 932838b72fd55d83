"""Notices of alerts on their way out, by mail and webhook, until they have arrived."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy.orm import Session

from core.log import log
from core.post import FAILURES, hook, letter, post
from core.services import Services
from signage import queries
from signage.models import AlertNotice
from signage.signing import Signer
from signage.watch import MAIL

LONGEST_WAIT = timedelta(hours=1)
GIVE_UP = timedelta(days=2)  # older news help nobody
HERE = ZoneInfo("Asia/Ho_Chi_Minh")

_SUBJECTS = {
    ("silent", "opened"): "{area}: {n} màn hình mất liên lạc",
    ("silent", "grown"): "{area}: nay {n} màn hình mất liên lạc",
    ("silent", "recovered"): "{area}: {n} màn hình đã liên lạc lại",
    ("differs", "opened"): "{area}: {n} màn hình chiếu sai nội dung",
    ("differs", "grown"): "{area}: nay {n} màn hình chiếu sai nội dung",
    ("differs", "recovered"): "{area}: {n} màn hình đã chiếu đúng",
    ("unexplained", "opened"): "{area}: {n} màn hình thiếu lượt chiếu không rõ lý do",
    ("unexplained", "grown"): "{area}: nay {n} màn hình thiếu lượt chiếu không rõ lý do",
    ("unexplained", "recovered"): "{area}: không còn lượt chiếu nào thiếu mà không rõ lý do",
}
_FIRST = {
    ("silent", "opened"): (
        "{n} màn hình ở {area} không liên lạc được từ {at}.",
        "{n} screens in {area} have been silent since {at}.",
    ),
    ("silent", "grown"): (
        "Nay {n} màn hình ở {area} không liên lạc được.",
        "By now {n} screens in {area} are silent.",
    ),
    ("silent", "recovered"): (
        "Cả {n} màn hình ở {area} đã liên lạc lại.",
        "All {n} screens in {area} are back.",
    ),
    ("differs", "opened"): (
        "Ảnh chụp của {n} màn hình ở {area} không giống hình lẽ ra phải chiếu.",
        "The photographs of {n} screens in {area} do not show what should be on them.",
    ),
    ("differs", "grown"): (
        "Nay ảnh chụp của {n} màn hình ở {area} không giống hình lẽ ra phải chiếu.",
        "By now the photographs of {n} screens in {area} do not show what should be on them.",
    ),
    ("differs", "recovered"): (
        "Ảnh chụp mới của {n} màn hình ở {area} đã đúng, hoặc ảnh cũ đã quá một ngày.",
        "The {n} screens in {area} show what they should again, or their photographs are more than a day old.",
    ),
    ("unexplained", "opened"): (
        "{n} màn hình ở {area} có giờ thiếu lượt chiếu mà không tìm được lý do.",
        "{n} screens in {area} have hours in which plays are missing, and nothing explains it.",
    ),
    ("unexplained", "grown"): (
        "Nay {n} màn hình ở {area} có giờ thiếu lượt chiếu mà không tìm được lý do.",
        "By now {n} screens in {area} have hours in which plays are missing without a reason.",
    ),
    ("unexplained", "recovered"): (
        "Trong 24 giờ qua, không còn giờ nào của {n} màn hình ở {area} thiếu lượt chiếu mà không rõ lý do.",
        "Of the {n} screens in {area}, none has had an hour without a reason for a day.",
    ),
}


def tell_due(services: Services) -> None:
    """Tries every notice whose time has come; a failed one again after 1, 2, 4 … minutes, for two days."""
    now = services.clock.now()
    with services.db.read() as s:
        waiting = queries.due_notices(s, now)
    for one in waiting:
        error = _try(services, one)
        services.db.write(partial(_note, ref=one.id, error=error, now=services.clock.now()))


def _try(services: Services, one: AlertNotice) -> str | None:
    try:
        if one.channel == MAIL:
            subject, text = mail_of(one.content)
            post(services.settings.smtp_url, letter(services.settings.mail_from, one.target, subject, text))
        else:
            body = msgspec.json.encode(one.content)
            hook(one.target, body, {"Alert-Id": one.id, "Alert-Signature": Signer(services.sealer).sign(body)})
    except FAILURES as error:
        log.warning("alert not delivered", channel=one.channel, notice=one.id, error=type(error).__name__)
        return f"{type(error).__name__}: {error}"[:500]
    return None


def _note(s: Session, ref: str, error: str | None, now: datetime) -> None:
    found = s.get_one(AlertNotice, ref)
    found.attempts += 1
    found.error = error
    if error is None:
        found.delivered_at, found.next_at = now, None
    else:
        wait = min(timedelta(minutes=2 ** min(found.attempts - 1, 10)), LONGEST_WAIT)
        found.next_at = now + wait if now - found.created_at < GIVE_UP else None


def mail_of(content: dict[str, Any]) -> tuple[str, str]:
    """Subject and text: Vietnamese, then English, then the screens by name."""
    opened = datetime.fromisoformat(content["opened_at"]).astimezone(HERE)
    facts = {"area": content["area_name"], "n": content["count"], "at": f"{opened:%H:%M, %d/%m/%Y}"}
    news = content.get("subject", "silent"), content["kind"]
    first = [line.format(**facts) for line in _FIRST[news]]
    named = [f"- {one['name']} ({one['location']})" for one in content["screens"]]
    more = content["count"] - len(named) if named else 0
    lines = [*first, "", *named, *([f"… +{more}"] if more > 0 else []), "", content["url"]]
    return _SUBJECTS[news].format(**facts), "\n".join(lines)
