"""A form as it was sent: what was typed stays in its field, and each mistake stands beside the field it is about.

A view makes a :class:`Form`, reads its fields by kind, and runs the change inside :meth:`Form.attempt`; a
refusal of the room that owns the noun becomes a mistake of the form. Nothing is checked twice: what a room's
action refuses is not guessed here, only what cannot be handed to it (a number that is none, a time that is none).
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.datastructures import MultiDict

from console.refusals import say
from core.errors import BadRequest, Conflict, Invalid, Problem, TooLarge, WrongType
from core.i18n import gettext as _

T = TypeVar("T")
REFUSALS = (Invalid, Conflict, BadRequest, TooLarge, WrongType)
WHOLE = "form"
THOUSANDS = re.compile(r"(?<=\d)[ \u00a0.,](?=\d{3}(?!\d))")
LINE = re.compile(r"dayparts\[(\d+)\]")


def heading(name: str) -> str:
    """What a part of a form is called that has no single field: empty for all others."""
    return {"targets": _("Where"), "dayparts": _("When"), "creatives": _("What shows")}.get(name, "")


class Form:
    """Fields as text, several values each, with the mistakes found so far (by field, ``form`` for the whole)."""

    def __init__(self, values: Mapping[str, object] | None = None, *, names: Mapping[str, str] | None = None) -> None:
        self._values: MultiDict[str, str] = MultiDict()
        for key, value in (values or {}).items():
            self._values.setlist(
                key, [_text(item) for item in value] if isinstance(value, list | tuple) else [_text(value)]
            )
        self._names = dict(names or {})
        self.errors: dict[str, str] = {}

    @classmethod
    def sent(cls, *, names: Mapping[str, str] | None = None) -> "Form":
        """The form of this request. ``names`` maps an action's field to the form's, where they differ."""
        form = cls(names=names)
        form._values = request.form
        return form

    # -- for templates
    @property
    def elsewhere(self) -> dict[str, str]:
        """Mistakes that stand beside no field that was sent: about the whole, or about nothing chosen."""
        left = {name: text for name, text in self.errors.items() if name not in self._values}
        return {name: f"{heading(name)}: {text}" if heading(name) else text for name, text in left.items()}

    def value(self, name: str) -> str:
        return self._values.get(name, "")

    def has(self, name: str, value: object) -> bool:
        return str(value) in self._values.getlist(name)

    # -- for views
    def text(self, name: str) -> str:
        """Trimmed; empty when nothing was typed."""
        return self._values.get(name, "").strip()

    def secret(self, name: str) -> str:
        """As typed, spaces and all."""
        return self._values.get(name, "")

    def maybe(self, name: str) -> str | None:
        """Trimmed, None when nothing was typed."""
        return self.text(name) or None

    def several(self, name: str) -> list[str]:
        return [value for value in self._values.getlist(name) if value]

    def ticked(self, name: str) -> bool:
        return bool(self.text(name))

    def whole(self, name: str) -> int | None:
        """A whole number; spaces, dots and commas between thousands are allowed, as people copy them."""
        return self._read(name, self.text(name), _whole, _("Write a whole number, such as 1200"))

    def number(self, name: str) -> float | None:
        """A number, with a decimal comma or point."""
        return self._read(name, self.text(name).replace(",", "."), _finite, _("Write a number, such as 2.5"))

    def day(self, name: str) -> date | None:
        return self._read(name, self.text(name), date.fromisoformat, _("Write a date"))

    def moment(self, name: str, zone: str) -> datetime | None:
        """A local date and time of ``zone``, as the browser's field sends it, in UTC."""
        return self._read(name, self.text(name), lambda text: _local(text, zone), _("Write a date and a time"))

    def _read(self, name: str, text: str, read: Callable[[str], T], wrong: str) -> T | None:
        try:
            return read(text) if text else None
        except ValueError:
            self.errors.setdefault(name, wrong)
            return None

    def mistake(self, name: str, message: str) -> None:
        self.errors.setdefault(name, message)

    def require(self, *names: str) -> None:
        """Marks each of these fields that is empty."""
        for name in names:
            if not self.text(name):
                self.mistake(name, _("Please fill this in"))

    def attempt(self, work: Callable[[], T]) -> T | None:
        """What ``work`` returns, or None when a field was wrong already or a room refused; ``errors`` says why."""
        if self.errors:
            return None
        try:
            return work()
        except REFUSALS as refusal:
            self._take(refusal)
            return None

    def _take(self, refusal: Problem) -> None:
        for field, message in refusal.errors:
            line = LINE.match(field)
            where = _("line %(number)s", number=int(line[1]) + 1) + ": " if line else ""
            self.mistake(self._field(field), where + say(message))
        if not refusal.errors:
            self.mistake(WHOLE, say(refusal.detail or refusal.title))

    def _field(self, field: str) -> str:
        """The form's field for an action's: by its table, else by its last or first part where that was sent."""
        parts = field.split("[")[0].split(".")
        sent = [part for part in (parts[-1], parts[0]) if part in self._values]
        return next(iter([*filter(None, (self._names.get(field), self._names.get(parts[0]))), *sent]), parts[0])


def _text(value: object) -> str:
    if value is None or value is False:
        return ""
    return "1" if value is True else str(value)


def _whole(text: str) -> int:
    """1 200, 1.200 and 1,200 are the same; 0.5 is no whole number."""
    return int(THOUSANDS.sub("", text))


def _finite(text: str) -> float:
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")):
        raise ValueError("not a number")
    return number


def _local(text: str, zone: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def local_text(moment: datetime | None, zone: str) -> str:
    """A moment as a browser's date-and-time field wants it."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if moment else ""
