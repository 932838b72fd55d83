"""Random worlds: small, but with everything in them that has ever made a schedule go wrong."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from playlists.dayparts import DAYS, Daypart, Holiday, Hours
from playlists.programme import Arm, Campaign, CreativeFacts, Fallback, Placement, Spot, Takeover, World
from playlists.targets import Target

# a zone without changes, both hemispheres' changes, half an hour off, half an hour of saving, changes at midnight
ZONES = (
    "Asia/Ho_Chi_Minh",
    "Europe/Paris",
    "America/New_York",
    "Australia/Adelaide",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "America/Santiago",
)
# around changes of the clocks, a leap day, and the turn of a year
ANCHORS = (
    datetime(2026, 3, 8, tzinfo=UTC),
    datetime(2026, 3, 29, tzinfo=UTC),
    datetime(2026, 4, 5, tzinfo=UTC),
    datetime(2026, 9, 6, tzinfo=UTC),
    datetime(2026, 10, 4, tzinfo=UTC),
    datetime(2026, 10, 25, tzinfo=UTC),
    datetime(2026, 11, 1, tzinfo=UTC),
    datetime(2028, 2, 29, tzinfo=UTC),
    datetime(2026, 12, 31, tzinfo=UTC),
)
CREATIVES = ("a", "b", "c", "d", "e")
LANGUAGES = ("vi", "en", "ko")

minutes = st.integers(0, 24 * 60 - 1)
names = st.lists(st.sampled_from(CREATIVES), min_size=1, max_size=3, unique=True).map(tuple)


@st.composite
def dayparts(draw: st.DrawFn, anchor: datetime) -> Daypart:
    start = draw(minutes)
    end = draw(st.integers(0, 24 * 60).filter(lambda minute: minute != start))
    days = draw(st.lists(st.sampled_from(DAYS), unique=True, max_size=7))
    first = draw(st.none() | dates(anchor))
    last = draw(st.none() | dates(anchor))
    if first and last and last < first:
        first, last = last, first
    return Daypart(start, end, tuple(day for day in DAYS if day in days), first, last)


def dates(anchor: datetime) -> st.SearchStrategy[date]:
    return st.integers(-2, 3).map(lambda days: (anchor + timedelta(days=days)).date())


@st.composite
def moments(draw: st.DrawFn, anchor: datetime) -> datetime:
    """To the second now and then, as a rule to the minute."""
    step = draw(st.sampled_from((1, 60, 3600)))
    return anchor + timedelta(seconds=step * draw(st.integers(-2 * 86_400 // step, 3 * 86_400 // step)))


@st.composite
def spans(draw: st.DrawFn, anchor: datetime) -> tuple[datetime, datetime]:
    one, other = draw(moments(anchor)), draw(moments(anchor))
    return min(one, other), max(one, other) + timedelta(seconds=1)


targets = st.builds(
    Target,
    areas=st.sampled_from(((), ("93",), ("93-1",), ("79",), ("93-1", "79"))),
    venue_kinds=st.sampled_from(((), ("bus_station",), ("mall", "bus_station"))),
    tags=st.sampled_from(((), ("vip",))),
    media=st.sampled_from((("screen",), ("screen", "splash"))),
    shapes=st.sampled_from(((), ("landscape",), ("portrait",))),
    any_of=st.sampled_from(((), (Target(tags=("vip",)), Target(locations=("x",))))),
    not_=st.sampled_from((None, Target(locations=("x",)), Target(areas=("93-1",), tags=("vip",)))),
)


@st.composite
def placements(draw: st.DrawFn, anchor: datetime, name: str, capped: bool) -> Placement:
    creatives = draw(names)
    arms: tuple[Arm, ...] = ()
    if len(creatives) > 1 and draw(st.booleans()):
        arms = (Arm("one", creatives[:1], draw(st.integers(1, 3))), Arm("two", creatives[1:]))
    hours = Hours(
        tuple(draw(st.lists(dayparts(anchor), max_size=2))), draw(st.sampled_from(("play", "play", "skip", "only")))
    )
    return Placement(
        name,
        creatives,
        draw(st.just(Target(media=("screen",))) | targets),
        hours,
        draw(st.integers(1, 100)),
        draw(st.sampled_from(("normal", "normal", "filler", "important"))),
        draw(st.sampled_from((None, 1, 2, 6, 20, 60))) if capped else None,
        arms,
    )


@st.composite
def campaigns(draw: st.DrawFn, anchor: datetime, number: int, capped: bool) -> Campaign:
    rows = tuple(draw(placements(anchor, f"p{number}{place}", capped)) for place in range(draw(st.integers(1, 3))))
    owner = draw(st.sampled_from(("/", "/", "/93/", "/79/")))
    return Campaign(f"c{number}", "C", *draw(spans(anchor)), owner, rows)


@st.composite
def takeovers(draw: st.DrawFn, anchor: datetime, number: int) -> Takeover:
    return Takeover(f"t{number}", draw(st.sampled_from(CREATIVES)), draw(targets), *draw(spans(anchor)))


@st.composite
def creatives(draw: st.DrawFn, name: str) -> CreativeFacts:
    spoken = draw(st.lists(st.sampled_from(LANGUAGES), min_size=1, unique=True))
    gone = draw(st.sampled_from((None,) * 7 + (ANCHORS[0],)))
    return CreativeFacts(name, 1000 * draw(st.integers(3, 60)), tuple(spoken), gone)


@st.composite
def worlds(draw: st.DrawFn, anchor: datetime, capped: bool = True) -> World:
    holidays = draw(
        st.lists(
            st.builds(
                lambda days, area: Holiday("Tết", min(days), max(days), area),
                st.tuples(dates(anchor), dates(anchor)),
                st.sampled_from(("", "93", "79")),
            ),
            max_size=2,
        )
    )
    return World(
        campaigns=tuple(draw(campaigns(anchor, number, capped)) for number in range(draw(st.integers(0, 4)))),
        takeovers=tuple(draw(takeovers(anchor, number)) for number in range(draw(st.integers(0, 2)))),
        fallbacks=tuple(
            draw(
                st.lists(
                    st.sampled_from((Fallback("area", "93", "a"), Fallback("location", "x", "b"))),
                    max_size=2,
                    unique=True,
                )
            )
        ),
        holidays=tuple(holidays),
        creatives={name: draw(creatives(name)) for name in CREATIVES},
    )


spots = st.builds(
    Spot,
    id=st.sampled_from(("s1", "s2", "s3")),
    location=st.sampled_from(("x", "y")),
    area_path=st.sampled_from(("/93/93-1/", "/93/", "/79/79-1/")),
    venue_kind=st.sampled_from(("bus_station", "mall", "market")),
    tags=st.sampled_from(((), ("vip",), ("vip", "old"))),
    medium=st.just("screen"),
    width=st.just(1080),
    height=st.sampled_from((1920, 720)),
    timezone=st.sampled_from(ZONES),
    languages=st.sampled_from((("vi",), ("vi", "en"), ("vi", "en", "vi", "ko"))),
)
anchors = st.sampled_from(ANCHORS)
