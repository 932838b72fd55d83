"""Rates that say how sure they are, and the pace that a target asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import ceil, sqrt
from statistics import NormalDist

Z_95 = 1.959964
SMALL_SAMPLE = 30


@dataclass(frozen=True, slots=True)
class Rate:
    """`hits` out of `trials`, with the 95 % Wilson interval (all fractions); `small` samples are shown greyed."""

    hits: int
    trials: int
    value: float
    low: float
    high: float
    small: bool


def wilson(hits: int, trials: int, z: float = Z_95) -> Rate | None:
    """The share and its interval, `z` standard deviations wide; None where nothing was tried.

    Hits beyond the trials count as all of them.
    """
    if trials <= 0:
        return None
    share = min(max(hits / trials, 0.0), 1.0)
    z2 = z * z
    middle = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    reach = z * sqrt(share * (1 - share) / trials + z2 / (4 * trials * trials)) / (1 + z2 / trials)
    low, high = max(0.0, round(middle - reach, 12)), min(1.0, round(middle + reach, 12))
    return Rate(hits, trials, share, low, high, trials < SMALL_SAMPLE)


@dataclass(frozen=True, slots=True)
class Difference:
    """How much greater one share is than another, with its interval (fractions, from -1 to 1)."""

    value: float
    low: float
    high: float

    @property
    def certain(self) -> bool:
        """Whether the interval leaves out that there is none."""
        return self.low > 0 or self.high < 0


def difference(one: tuple[int, int], other: tuple[int, int], comparisons: int = 1) -> Difference | None:
    """`one` minus `other`, each (hits, trials), by Newcombe's hybrid score method; None where nothing was tried.

    The interval holds with 95 % for all of so many `comparisons` together (Bonferroni): who looks at many pairs would
    else find a difference by chance. Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.
    """
    z = Z_95 if comparisons <= 1 else NormalDist().inv_cdf(1 - 0.025 / comparisons)
    a, b = wilson(*one, z=z), wilson(*other, z=z)
    if a is None or b is None:
        return None
    gap = a.value - b.value
    low = gap - sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = gap + sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Difference(gap, low, high)


def per_thousand(n: float, base: float | None) -> float | None:
    """`n` for each thousand of `base`; None without a base."""
    return 1000 * n / base if base else None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an area is: `share` of `base` (a fraction), and what the target asks for from tomorrow on."""

    total: int
    base: int
    share: float
    target_share: float | None
    target_by: date | None
    missing: int | None
    days_left: int | None
    per_day: int | None

    @property
    def reached(self) -> bool:
        """Whether the target is met; False where there is none."""
        return self.missing == 0


def progress(total: int, base: int, target_share: float | None, target_by: date | None, today: date) -> Progress | None:
    """How far `total` is on the way to `target_share` of `base` by the end of `target_by`; None without a base."""
    if base <= 0:
        return None
    if target_share is None:
        return Progress(total, base, total / base, None, target_by, None, None, None)
    missing = max(0, ceil(round(target_share * base, 6)) - total)
    days_left = (target_by - today).days if target_by else None
    per_day = ceil(missing / days_left) if days_left and days_left > 0 else None
    return Progress(
        total, base, total / base, target_share, target_by, missing, days_left, 0 if not missing else per_day
    )
