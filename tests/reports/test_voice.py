"""Share of voice: what was planned, from the published programme, beside what was played."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.services import Services
from media import actions as media
from media.wishes import CreativeWish
from people.roles import SYSTEM
from playlists import actions as playlists
from reports.voice import Voice, voices
from signage import actions as signage
from tests.reports import world
from tests.support.clock import MORNING

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
TODAY = date(2026, 11, 22)


def publish(services: Services, weights: dict[str, int]) -> dict[str, str]:
    """Campaigns of one ten-second creative each, on every screen; name -> id."""

    def work(s):  # type: ignore[no-untyped-def]
        media.ensure_builtin(s, MORNING)
        made = {}
        for name, weight in weights.items():
            wish = CreativeWish(name=name, texts={"vi": {"headline": name}}, duration_ms=10_000)
            creative = media.create_creative(s, wish, owner_path="/93/", by="t", now=MORNING).id
            one = playlists.create_campaign(
                s, name=name, starts_at=MORNING - timedelta(days=2), ends_at=MORNING + timedelta(days=2),
                destination={"other_url": "https://x.vn/"}, owner_area="93", by=SYSTEM, now=MORNING - timedelta(days=2),
            ).id  # fmt: skip
            playlists.add_placement(
                s, one, creatives=[creative], targets={"areas": ["93"]}, weight=weight, by=SYSTEM, now=MORNING
            )
            playlists.submit(s, one, by=SYSTEM, now=MORNING - timedelta(days=2))
            playlists.approve(s, one, by=SYSTEM, now=MORNING - timedelta(days=2))
            made[name] = one
        return made

    return services.db.write(work)


def hang(services: Services, *locations: str) -> None:
    for place in locations:
        services.db.write(
            lambda s, place=place: signage.create(
                s, location=place, name="M", width=1080, height=1920, by=SYSTEM, now=MORNING
            )
        )


def of(services: Services) -> dict[str, Voice]:
    with services.db.read() as s:
        return {each.name: each for each in voices(s, TODAY, TODAY, under=["/93/"], now=MORNING).items}


def test_it_works(services: Services) -> None:
    world.build(services.db)
    hang(services, "ben-xe", "cho")
    made = publish(services, {"A": 3, "B": 1})
    world.play(services.db, "ben-xe", 30, campaign=made["A"])
    world.play(services.db, "ben-xe", 20, campaign=made["B"])
    found = of(services)
    assert found["A"].planned_share == pytest.approx(0.75, abs=0.01)
    assert found["B"].planned_share == pytest.approx(0.25, abs=0.01)
    assert (found["A"].delivered, found["A"].delivered_share) == (30, 0.6)
    assert sum(each.planned for each in found.values()) == 2 * 8640


def test_what_belongs_to_no_campaign_is_one_line(services: Services) -> None:
    world.build(services.db)
    hang(services, "ben-xe")
    media_ready = services.db.write(lambda s: media.ensure_builtin(s, MORNING))
    assert media_ready is None or media_ready
    world.play(services.db, "ben-xe", 10, campaign="")
    with services.db.read() as s:
        (line,) = voices(s, TODAY, TODAY, now=MORNING).items
    assert (line.campaign, line.delivered_share) == ("", 1.0)
    assert line.planned > 0


def test_a_long_span_is_cut_to_its_last_week(services: Services) -> None:
    world.build(services.db)
    with services.db.read() as s:
        found = voices(s, TODAY - timedelta(days=30), TODAY, now=MORNING)
    assert (found.first, found.last, found.items) == (TODAY - timedelta(days=6), TODAY, [])
