"""How long a session, a link and a locked account last. Pure."""

from datetime import datetime, timedelta

SESSION_LONGEST = timedelta(hours=12)
SESSION_IDLE = timedelta(minutes=30)
SEEN_EVERY = timedelta(minutes=1)  # a session's last use is written no more often than this
KEY_SEEN_EVERY = timedelta(minutes=10)
INVITE_LASTS = timedelta(days=7)
RESET_LASTS = timedelta(hours=24)
FREE_FAILURES = 5
LONGEST_LOCK = timedelta(minutes=15)


def session_alive(created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Is a session of this age, last used then, still good?"""
    return now < created_at + SESSION_LONGEST and now < seen_at + SESSION_IDLE


def lock_after(failures: int) -> timedelta | None:
    """How long an account rests after its nth wrong password in a row: 1, 2, 4 … up to 15 minutes."""
    if failures < FREE_FAILURES:
        return None
    return min(timedelta(minutes=2 ** min(failures - FREE_FAILURES, 10)), LONGEST_LOCK)
