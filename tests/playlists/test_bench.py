"""What resolving costs for 10,000 screens and 200 placements. Prints, and judges nothing but nonsense."""

import resource
import tracemalloc
from collections.abc import Callable
from datetime import timedelta
from statistics import median
from time import process_time
from typing import TypeVar

import pytest

from playlists.dayparts import windows
from playlists.index import index_of
from playlists.loops import build
from playlists.programme import Spot, World
from playlists.reach import reach_of
from playlists.resolve import resolve
from tests.playlists import fleet

pytestmark = pytest.mark.bench
NOW = fleet.START + timedelta(days=35)
TWO_DAYS = timedelta(hours=48)
T = TypeVar("T")


def timed(work: Callable[[], T]) -> tuple[float, T]:
    """CPU milliseconds of one run (other work on the machine does not count), and what came of it."""
    begun = process_time()
    result = work()
    return (process_time() - begun) * 1000, result


def forget() -> None:
    """As in a process that has just started."""
    windows.cache_clear()
    build.cache_clear()


def rebuild(world: World, spots: list[Spot]) -> int:
    """Every spot's 48 hours; returns how many timelines there were."""
    for spot in spots:
        resolve(world, spot, NOW, NOW + TWO_DAYS)
    index = index_of(world)
    return len({index.profile(spot) for spot in spots})


def test_one_spot() -> None:
    spots = fleet.spots(10_000)
    forget()
    world = fleet.world(200)
    first = [timed(lambda spot=spot: resolve(world, spot, NOW, NOW + TWO_DAYS))[0] for spot in spots[:1]]  # type: ignore[misc]
    cold = [timed(lambda spot=spot: resolve(world, spot, NOW, NOW + TWO_DAYS))[0] for spot in spots[1:120]]  # type: ignore[misc]
    warm = [timed(lambda spot=spot: resolve(world, spot, NOW, NOW + TWO_DAYS))[0] for spot in spots[:120]]  # type: ignore[misc]
    print(
        f"\none spot, 48 h: the very first {first[0]:.1f} ms; a new one, median {median(cold):.2f} ms, "
        f"mean {sum(cold) / len(cold):.2f} ms; again {median(warm):.3f} ms"
    )
    segments = [len(resolve(world, spot, NOW, NOW + TWO_DAYS).segments) for spot in spots[:120]]
    matched = [len(index_of(world).profile(spot).rows) for spot in spots]
    print(
        f"placements a spot {sum(matched) / len(matched):.1f}, at most {max(matched)}; "
        f"segments {sum(segments) / 120:.1f}"
    )


def test_the_spots_a_publish_concerns() -> None:
    world, spots = fleet.world(200), fleet.spots(10_000)
    times, sizes = [], []
    for campaign in world.campaigns:
        reach = reach_of(campaign)
        ms, found = timed(lambda reach=reach: [spot for spot in spots if reach.concerns(spot)])  # type: ignore[misc]
        times.append(ms)
        sizes.append(len(found))
    print(f"\nspots that a publish concerns, of 10,000: median {median(times):.1f} ms, worst {max(times):.1f} ms")
    assert any(sizes)


def test_all_spots_are_rebuilt() -> None:
    spots = fleet.spots(10_000)
    forget()
    tracemalloc_free = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    world = fleet.world(200)
    ms, profiles = timed(lambda: rebuild(world, spots))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    again, _ = timed(lambda: rebuild(world, spots))
    after, _ = timed(lambda: rebuild(fleet.world(200), spots))
    print(
        f"\nall 10,000 spots: {ms / 1000:.2f} s from nothing, {again / 1000:.2f} s again, "
        f"{after / 1000:.2f} s after a publish"
    )
    print(f"distinct timelines {profiles}; memory {tracemalloc_free:.0f} MB before, peak {peak:.0f} MB")


def test_growth() -> None:
    spots = fleet.spots(1_000)
    for factor in (1, 10, 100):
        forget()
        world = fleet.world(20 * factor)
        ms, profiles = timed(lambda world=world: rebuild(world, spots))  # type: ignore[misc]
        rows = sum(len(index_of(world).profile(spot).rows) for spot in spots) / len(spots)
        print(
            f"\n{20 * factor} placements, 1,000 spots: {ms:.0f} ms, {rows:.1f} placements a spot, {profiles} timelines"
        )


def test_memory() -> None:
    forget()
    spots = fleet.spots(10_000)
    tracemalloc.start()
    world = fleet.world(200)
    rebuild(world, spots[:2_000])
    held, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    print(f"\nworld and timelines of 2,000 spots: {held / 2**20:.0f} MB held, {peak / 2**20:.0f} MB at most")
