"""Long lists a page at a time, by page number in the address."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from flask import request, url_for

from core.i18n import gettext as _

T = TypeVar("T")
PER_PAGE = 50


@dataclass(frozen=True)
class Pager:
    """Addresses of the page before and after, None at the ends."""

    newer: str | None
    older: str | None
    says: str


@dataclass(frozen=True)
class Page(Generic[T]):
    items: Sequence[T]
    pager: Pager


def page_number() -> int:
    """``?page=`` from 1; anything else is the first."""
    text = request.args.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1


def paged(items: Sequence[T], per_page: int = PER_PAGE) -> Page[T]:
    """The page of ``items`` that the address asks for."""
    last = max(1, -(-len(items) // per_page))
    here = min(page_number(), last)
    shown = items[(here - 1) * per_page : here * per_page]
    says = _("Page %(here)s of %(last)s", here=here, last=last)
    return Page(shown, Pager(_at(here - 1) if here > 1 else None, _at(here + 1) if here < last else None, says))


def _at(number: int) -> str:
    args = {**(request.view_args or {}), **request.args.to_dict(flat=False), "page": number}
    return url_for(request.endpoint or "console.overview", **args)
