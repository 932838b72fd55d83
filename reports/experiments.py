"""Which variant of a placement does better, and how sure that is.

A screen keeps its variant by its id, a visit by its own, so each variant is met by its share of screens and of visits.
On screens it is counted how many plays were scanned, on wifi how many views went on to a store. Scans of one screen
depend on where it hangs: with few screens a difference may be that of their places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from core.i18n import translate
from core.paths import ROOT
from playlists.models import Placement
from reports.funnel import Funnel, funnel, whole
from reports.rates import Difference, Rate, difference, wilson

Outcome = Literal["scans_per_play", "stores_per_view"]
OUTCOMES: dict[Outcome, tuple[str, str]] = {
    "scans_per_play": ("scans", "plays"),
    "stores_per_view": ("splash_stores", "splash_views"),
}
PLACES = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """What one variant came to; `rate` is None where it was never shown."""

    name: str
    hits: int
    trials: int
    rate: Rate | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All variants by one outcome, and the leader against the one that comes next, if there are two to compare."""

    outcome: Outcome
    counted: tuple[Counted, ...]
    leader: str = ""
    second: str = ""
    gap: Difference | None = None

    @property
    def decided(self) -> bool:
        """Whether the leader is certainly better, as far as 95 % are certain."""
        return self.gap is not None and self.gap.certain


def compare(
    s: Session, placement: Placement, first: date, last: date, *, under: Sequence[str] = (ROOT,)
) -> tuple[Comparison, ...]:
    """The variants of a placement by each outcome, from `first` to `last` local days, both included."""
    found = funnel(s, first, last, "creative", under=under, campaign=placement.campaign_id)
    by_creative = {each.key: each for each in found}
    sums = {
        str(arm["name"]): whole(by_creative[one] for one in arm["creatives"] if one in by_creative)
        for arm in placement.variants
    }
    return tuple(comparison(outcome, sums) for outcome in OUTCOMES)


def comparison(outcome: Outcome, sums: dict[str, Funnel]) -> Comparison:
    """One outcome of these variants; hits beyond the trials (a scan outlives its play's day) count as all of them."""
    hits, trials = OUTCOMES[outcome]
    counted = tuple(
        Counted(name, getattr(one, hits), getattr(one, trials), wilson(getattr(one, hits), getattr(one, trials)))
        for name, one in sums.items()
    )
    ranked = sorted((one for one in counted if one.rate), key=_value, reverse=True)
    if len(ranked) < 2:
        return Comparison(outcome, counted)
    best, next_best = ranked[:2]
    pairs = len(ranked) * (len(ranked) - 1) // 2
    gap = difference((best.hits, best.trials), (next_best.hits, next_best.trials), pairs)
    return Comparison(outcome, counted, best.name, next_best.name, gap)


def _value(one: Counted) -> float:
    return one.rate.value if one.rate else -1.0


def verdict(one: Comparison, language: str) -> str:
    """The comparison in a sentence."""
    if one.gap is None:
        return translate(language, "There is nothing to compare yet: fewer than two variants have been shown.")
    low, high = (_points(max(edge, 0.0), language) for edge in (one.gap.low, one.gap.high))
    if one.decided:
        return translate(
            language,
            "%(leader)s is better than %(second)s, by %(low)s to %(high)s points.",
            leader=one.leader,
            second=one.second,
            low=low,
            high=high,
        )
    behind, ahead = _points(-min(one.gap.low, 0.0), language), high
    return translate(
        language,
        "Not yet enough to tell: %(leader)s is up to %(ahead)s points better than %(second)s or %(behind)s worse.",
        leader=one.leader,
        second=one.second,
        ahead=ahead,
        behind=behind,
    )


def _points(share: float, language: str) -> str:
    text = f"{share * PLACES:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "vi" else text
