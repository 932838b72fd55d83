"""Enrolment after RFC 8628: the codes people read off a screen, and how often a device may ask.

User codes use the twenty consonants that RFC 8628 (6.1) recommends: no vowels, so no words; no digits, so no
0/O or 1/I. Eight of them are 34 bits, enough for a code that lives a quarter of an hour and is guessed at ten
tries a minute.
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LETTERS = 8
LIFE = timedelta(minutes=15)
INTERVAL_S = 5
SLOWER_S = 5  # RFC 8628, 3.5: what "slow_down" adds for good


def new_user_code() -> str:
    """Eight letters, without the hyphen that is shown."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LETTERS))


def shown(code: str) -> str:
    """As a screen shows it: ``BCDF-GHJK``."""
    return f"{code[:4]}-{code[4:]}"


def parse_user_code(text: str) -> str | None:
    """The code that was typed, whatever its case, spaces or hyphens; None if it cannot be one."""
    code = "".join(c for c in text.upper() if c.isalnum())
    return code if len(code) == CODE_LETTERS and all(c in ALPHABET for c in code) else None


@dataclass(frozen=True, slots=True)
class Pace:
    """How a device asks: not before ``next_at``, and ``wait_s`` apart."""

    next_at: datetime
    wait_s: int = INTERVAL_S

    def too_soon(self, now: datetime) -> bool:
        """Whether it came earlier than it was told to. A second of network jitter is forgiven."""
        return now < self.next_at - timedelta(seconds=1)

    def asked(self, now: datetime) -> "Pace":
        """After a question: the next may come one wait later, a longer one if this came too soon."""
        wait = self.wait_s + SLOWER_S if self.too_soon(now) else self.wait_s
        return replace(self, wait_s=wait, next_at=now + timedelta(seconds=wait))
