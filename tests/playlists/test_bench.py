"""What resolving costs for 10,000 screens and 200 placements. Prints, and judges nothing but nonsense."""

import gc
import resource
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from statistics import median
from time import process_time
from typing import TypeVar

import pytest

from playlists.dayparts import windows
from playlists.index import Profile, index_of
from playlists.loops import build, weigh
from playlists.order import arrange
from playlists.programme import Spot, World
from playlists.reach import reach_of
from playlists.resolve import resolve
from playlists.shares import contender_of
from playlists.voices import voice_of
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
    for kept in (windows, build, weigh, arrange, voice_of, contender_of):
        kept.cache_clear()
    gc.collect()  # what an earlier measurement left is not this one's to clear away


def rebuild(world: World, spots: list[Spot]) -> int:
    """Every spot's 48 hours; returns how many timelines there were."""
    for spot in spots:
        resolve(world, spot, NOW, NOW + TWO_DAYS)
    index = index_of(world)
    return len({index.profile(spot) for spot in spots})


def test_one_spot() -> None:
    """What a process meets for the first time, what it meets again after a publication, and what it knows."""
    spots = fleet.spots(10_000)
    forget()
    cold, cold_all = first_times(fleet.world(200), spots)
    world = republished(fleet.world(200))
    warm, warm_all = first_times(world, spots)
    again = [timed(lambda spot=spot: resolve(world, spot, NOW, NOW + TWO_DAYS))[0] for spot in spots[:2_000]]  # type: ignore[misc]
    print("\none spot, 48 h, ms of CPU (goal 1):")
    told("facts met for the first time, in a process that has just started", cold)
    told("facts met for the first time after a publication", warm)
    told("facts that another spot had before it", again)
    told("each of 10,000 spots in turn, in a process that has just started", cold_all)
    told("each of 10,000 spots in turn, after a publication", warm_all)
    matched = [len(index_of(world).profile(spot).rows) for spot in spots]
    print(f"placements a spot {sum(matched) / len(matched):.1f}, at most {max(matched)}")


def republished(world: World) -> World:
    """The world after one campaign was given other weights: as from the database, no object is the same."""
    first, *others = world.campaigns
    rows = tuple(replace(row, weight=row.weight % 100 + 1) for row in first.placements)
    return replace(world, campaigns=(replace(first, placements=rows), *others), worked_out={})


def first_times(world: World, spots: list[Spot]) -> tuple[list[float], list[float]]:
    """ms of each spot whose facts no spot before it had, and of every spot."""
    seen, first, every = set[Profile](), list[float](), list[float]()
    for spot in spots:
        ms, _ = timed(lambda spot=spot: resolve(world, spot, NOW, NOW + TWO_DAYS))  # type: ignore[misc]
        every.append(ms)
        profile = index_of(world).profile(spot)
        if profile not in seen:
            first.append(ms)
        seen.add(profile)
    return first, every


def told(what: str, times: list[float]) -> None:
    middle, mean = median(times), sum(times) / len(times)
    met = "met" if max(middle, mean) <= 1 else "met by the median alone" if middle <= 1 else "not met"
    print(f"  {what}: median {middle:.2f}, mean {mean:.2f} ({len(times)}), {met}")


def test_the_spots_a_publish_concerns() -> None:
    world, spots = fleet.world(200), fleet.spots(10_000)
    forget()
    times, sizes = [], []
    for campaign in world.campaigns:
        reach = reach_of(campaign)
        ms, found = timed(lambda reach=reach: reach.among(spots))  # type: ignore[misc]
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
    after, _ = timed(lambda: rebuild(republished(fleet.world(200)), spots))
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
            f"\n{20 * factor} placements, 1,000 spots: {ms:.0f} ms, {rows:.1f} a spot, {profiles} timelines, "
            f"{ms / profiles:.2f} ms each, {ms / profiles / max(rows, 1):.2f} ms for each of their placements"
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
