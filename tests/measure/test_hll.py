"""The sketch counts people within its stated error, and merges without counting anybody twice."""

from __future__ import annotations

import pytest

from measure.hll import STANDARD_ERROR, estimate, merge, pack, touch, unpack

SALT = b"s" * 32


def sketch(people: range) -> dict[int, int]:
    return merge({touched.register: touched.rank} for touched in (touch(f"p{n}", SALT) for n in people))


def test_it_works() -> None:
    assert round(estimate(sketch(range(10)))) == 10


def test_nobody() -> None:
    assert estimate({}) == 0


@pytest.mark.parametrize("count", [1, 100, 1_000, 10_000, 50_000, 120_000])
def test_within_three_standard_errors(count: int) -> None:
    assert estimate(sketch(range(count))) == pytest.approx(count, rel=3 * STANDARD_ERROR, abs=1)


def test_who_was_in_two_places_counts_once() -> None:
    both = merge([sketch(range(3_000)), sketch(range(2_000, 5_000))])
    assert both == sketch(range(5_000))


def test_another_salt_tells_nothing() -> None:
    assert touch("p1", SALT) != touch("p1", b"t" * 32)


def test_packed_and_unpacked_is_the_same() -> None:
    made = sketch(range(1_000))
    assert unpack(pack(made)) == made
    assert len(pack(made)) < 3_000
