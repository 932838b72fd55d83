"""A country of screens and campaigns for measurements: stable, and as mixed as a real one."""

from datetime import UTC, datetime, timedelta

from playlists.dayparts import Daypart, Hours
from playlists.experiments import stable
from playlists.programme import Campaign, CreativeFacts, Placement, Spot, World
from playlists.targets import Target

PROVINCES, COMMUNES = 34, 100
KINDS = ("bus_station", "residential_elevator", "mall", "market", "hospital", "commune_office")
START = datetime(2026, 11, 1, tzinfo=UTC)
HOURS = (
    Hours(),
    Hours((Daypart(7 * 60, 9 * 60, ("mon", "tue", "wed", "thu", "fri")),)),
    Hours((Daypart(17 * 60, 22 * 60),)),
    Hours((Daypart(6 * 60, 11 * 60), Daypart(13 * 60, 18 * 60))),
    Hours((Daypart(22 * 60, 2 * 60, ("fri", "sat")),)),
)


def dice(what: str, number: int, sides: int) -> int:
    return stable(what, str(number)) % sides


def spots(count: int) -> list[Spot]:
    return [_spot(number) for number in range(count)]


def _spot(number: int) -> Spot:
    province = dice("province", number, PROVINCES)
    return Spot(
        id=f"scr_{number}",
        location=f"loc-{number // 3}",
        area_path=f"/{province}/{province}-{dice('commune', number, COMMUNES)}/",
        venue_kind=KINDS[dice("kind", number // 3, len(KINDS))],
        tags=("tourist",) if dice("tag", number // 3, 10) == 0 else (),
        medium="screen",
        width=1080,
        height=1920 if dice("shape", number, 3) else 1080,
        timezone="Asia/Ho_Chi_Minh",
        languages=("vi", "en", "vi", "ko") if dice("tag", number // 3, 10) == 0 else ("vi",),
    )


def world(placements: int) -> World:
    """Two placements a campaign; four in ten for a province, three for a kind of venue, the rest finer."""
    creatives = {
        f"crv_{n}": CreativeFacts(f"crv_{n}", 1000 * (6 + dice("length", n, 10)), ("vi", "en")) for n in range(60)
    }
    campaigns = [_campaign(number, creatives) for number in range((placements + 1) // 2)]
    return World(campaigns=tuple(campaigns), creatives=creatives)


def _campaign(number: int, creatives: dict[str, CreativeFacts]) -> Campaign:
    starts = START + timedelta(days=dice("starts", number, 30))
    ends = starts + timedelta(days=30 + dice("lasts", number, 60))
    rows = tuple(_placement(2 * number + half, sorted(creatives)) for half in (0, 1))
    return Campaign(f"cmp_{number}", f"Campaign {number}", starts, ends, "/", rows)


def _placement(number: int, creatives: list[str]) -> Placement:
    first = dice("creative", number, len(creatives) - 3)
    return Placement(
        f"plc_{number}",
        tuple(creatives[first : first + 1 + dice("many", number, 3)]),
        _target(number),
        HOURS[dice("hours", number, len(HOURS))],
        1 + dice("weight", number, 100),
        "normal" if dice("level", number, 12) else "important",
        12 if dice("cap", number, 15) == 0 else None,
    )


def _target(number: int) -> Target:
    province = dice("where", number, PROVINCES)
    match dice("target", number, 10):
        case 0 | 1 | 2 | 3:
            return Target(areas=(str(province),))
        case 4 | 5 | 6:
            return Target(areas=(str(province),), venue_kinds=KINDS[dice("kinds", number, 4) :][:2])
        case 7:
            return Target(tags=("tourist",))
        case 8:
            return Target(areas=tuple(f"{province}-{dice('c', number + n, COMMUNES)}" for n in range(20)))
        case _:
            return Target(venue_kinds=(KINDS[dice("kinds", number, len(KINDS))],), not_=Target(areas=(str(province),)))
