"""Pictures of numbers as SVG, drawn here: the same picture stands in a page, in a PDF and in a mail.

Only presentation attributes are used, no styles and no scripts, so that the strictest policy shows them and a PDF can
take them over as lines. Texts come in the reader's language, numbers as they are to be read; all is escaped here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import cos, radians, sqrt

INK, SOFT, GRID, BLUE, FAINT = "#1b2b3c", "#56677a", "#dbe2ea", "#0b5cab", "#b8c4d0"
FAMILY = "BeVietnamPro"
WIDTH = 640
HALF_LETTER, LINE = 3.4, 14  # of a text of size 12


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is drawn: its name, how much (from 0), and how that is written.

    `note` stands behind it; a `faint` one rests on too little to be relied on; `href` leads to what is behind it.
    """

    name: str
    value: float
    text: str
    note: str = ""
    faint: bool = False
    href: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A mark on the map: where (degrees), and in which area (by name)."""

    latitude: float
    longitude: float
    area: str
    mark: Mark


def bars(title: str, marks: Sequence[Mark], width: int = WIDTH) -> str:
    """Lying bars, one under another, the longest over the whole width; each with its name above it."""
    most = max((each.value for each in marks), default=0) or 1
    parts = []
    for line, each in enumerate(marks):
        y = line * 42
        parts.append(_linked(each, _bar(each, y, width, width * each.value / most)))
    return _svg(title, width, max(1, len(marks)) * 42, parts)


def funnel(title: str, steps: Sequence[Mark], width: int = WIDTH) -> str:
    """Steps one under another, each as wide as its share of the first, in the middle; at least a hair wide."""
    most = max((each.value for each in steps), default=0) or 1
    parts = []
    for line, each in enumerate(steps):
        part = max(2.0, width * each.value / most)
        y = line * 58
        shape = _rect((width - part) / 2, y + 20, part, 32, FAINT if each.faint else BLUE, 4, opacity=1 - 0.13 * line)
        head = _text(width / 2, y + 14, f"{each.name}: {each.text}", anchor="middle", bold=True)
        parts.append(_linked(each, head + shape + _beside(each, y, part, width)))
    return _svg(title, width, max(1, len(steps)) * 58, parts)


def _beside(each: Mark, y: float, part: float, width: float) -> str:
    """The note: within its bar where there is room, else in the middle of the line below the name."""
    if not each.note:
        return ""
    inside = part > 7.5 * len(each.note)
    if inside and not each.faint:
        return _text(width / 2, y + 41, each.note, anchor="middle", fill="#ffffff")
    x = width / 2 if inside else min(width / 2 + part / 2 + 8, width)
    return _text(x, y + 41, each.note, anchor="middle" if inside else "start", fill=SOFT)


def _bar(each: Mark, y: float, width: float, part: float) -> str:
    words = _text(0, y + 14, each.name) + _text(width, y + 14, _said(each), anchor="end", fill=SOFT)
    return (
        words + _rect(0, y + 20, width, 10, "#eef2f6", 3) + _rect(0, y + 20, part, 10, FAINT if each.faint else BLUE, 3)
    )


def _said(each: Mark) -> str:
    return f"{each.text} · {each.note}" if each.note else each.text


def heat(title: str, days: Sequence[str], cells: Mapping[tuple[int, int], Mark], width: int = WIDTH) -> str:
    """A week by the hour: `cells` by (day from 0, hour from 0); the darker the more, empty where there is nothing."""
    most = max((each.value for each in cells.values()), default=0) or 1
    left, top = 44, 18
    step = (width - left) / 24
    parts = [_text(left + step * (hour + 0.5), 12, str(hour), anchor="middle", fill=SOFT) for hour in range(0, 24, 3)]
    for day, name in enumerate(days):
        y = top + day * 26
        parts.append(_text(left - 8, y + 16, name, anchor="end", fill=SOFT))
        for hour in range(24):
            each = cells.get((day, hour))
            x = left + step * hour
            if each is None or not each.value:
                parts.append(_rect(x + 1, y + 1, step - 2, 23, "#eef2f6", 2))
            else:
                shade = 0.12 + 0.88 * sqrt(each.value / most)
                parts.append(_linked(each, _rect(x + 1, y + 1, step - 2, 23, BLUE, 2, opacity=shade)))
    return _svg(title, width, top + len(days) * 26, parts)


def chart_map(title: str, spots: Sequence[Spot], width: int = WIDTH, tall: int = 420) -> str:
    """Locations where they lie, north upward, as circles whose area tells how much; their areas as hulls around them.

    No outline of any area is known here: a hull goes round the locations that lie in it, and is called by its name.
    Where names would lie on each other, those stand where more happened; the others are told by pointing.
    """
    if not spots:
        return _svg(title, width, tall, [])
    place = _projection(spots, width, tall)
    most = max(each.mark.value for each in spots) or 1
    hulls = {name: convex_hull(place(each) for each in spots if each.area == name) for name in _names(spots)}
    parts = [_hull(name, around) for name, around in hulls.items()]
    for each in sorted(spots, key=lambda each: -each.mark.value):
        x, y = place(each)
        reach = 4 + 16 * sqrt(each.mark.value / most)
        fill = FAINT if each.mark.faint or not each.mark.value else BLUE
        parts.append(_linked(each.mark, _circle(x, y, reach, fill)))
    return _svg(title, width, tall, [*parts, *_labels(hulls)])


def _names(spots: Iterable[Spot]) -> list[str]:
    """The areas, those where most happened first."""
    sums: dict[str, float] = {}
    for each in spots:
        sums[each.area] = sums.get(each.area, 0) + each.mark.value
    return sorted(sums, key=lambda name: (-sums[name], name))


def _projection(spots: Sequence[Spot], width: float, tall: float) -> Callable[[Spot], tuple[float, float]]:
    """Degrees to the picture: true to shape at the middle latitude, all within a margin."""
    south, north = min(each.latitude for each in spots), max(each.latitude for each in spots)
    west, east = min(each.longitude for each in spots), max(each.longitude for each in spots)
    narrow = cos(radians((south + north) / 2))
    margin = 44
    across, up = max((east - west) * narrow, 1e-4), max(north - south, 1e-4)
    scale = min((width - 2 * margin) / across, (tall - 2 * margin) / up)

    def place(each: Spot) -> tuple[float, float]:
        x = width / 2 + (each.longitude - (west + east) / 2) * narrow * scale
        return x, tall / 2 - (each.latitude - (south + north) / 2) * scale

    return place


Points = Sequence[tuple[float, float]]


def _hull(name: str, around: Points) -> str:
    corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in around)
    shape = (
        f'<polygon points="{corners}" fill="#e7f0fa" stroke="#e7f0fa" stroke-width="44" stroke-linejoin="round"/>'
        if len(around) > 1
        else _circle(*around[0], 24, "#e7f0fa")
    )
    return f"<g><title>{escape(name)}</title>{shape}</g>"


def _labels(hulls: Mapping[str, Points]) -> Iterator[str]:
    """Each name above its hull, or below it; none that would lie on another."""
    taken: list[tuple[float, float, float]] = []  # the middle of each, how far it reaches to either side, its line
    for name, around in hulls.items():
        x, reach = sum(x for x, _ in around) / len(around), len(name) * HALF_LETTER
        for y in (min(y for _, y in around) - 26, max(y for _, y in around) + 36):
            if all(abs(x - at) > reach + far or abs(y - line) > LINE for at, far, line in taken):
                taken.append((x, reach, y))
                yield _text(x, y, name, anchor="middle", fill=SOFT)
                break


def convex_hull(points: Iterable[tuple[float, float]]) -> list[tuple[float, float]]:
    """The corners around the points (Andrew's monotone chain), in order; the points themselves where there are two."""
    rest = sorted(set(points))
    if len(rest) < 3:
        return rest
    return _half(rest)[:-1] + _half(rest[::-1])[:-1]


def _half(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    chain: list[tuple[float, float]] = []
    for x, y in points:
        while len(chain) > 1 and _turn(chain[-2], chain[-1], (x, y)) <= 0:
            chain.pop()
        chain.append((x, y))
    return chain


def _turn(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _svg(title: str, width: float, height: float, parts: Iterable[str]) -> str:
    inside = "".join(parts)
    role = "group" if "<a " in inside else "img"  # what is an image to a screen reader has no links within
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="{role}"'
    return f'{head} aria-label="{escape(title)}" font-family="{FAMILY}" font-size="12">{inside}</svg>'


def _linked(each: Mark, shape: str) -> str:
    told = f"<title>{escape(each.name)}: {escape(_said(each))}</title>"
    return f'<a href="{escape(each.href)}">{told}{shape}</a>' if each.href else f"<g>{told}{shape}</g>"


def _rect(x: float, y: float, width: float, height: float, fill: str, round_: float = 0, opacity: float = 1) -> str:
    see = f' fill-opacity="{opacity:.2f}"' if opacity < 1 else ""
    where = f'x="{x:.1f}" y="{y:.1f}" width="{max(0.0, width):.1f}" height="{height:.1f}"'
    return f'<rect {where} rx="{round_:g}" fill="{fill}"{see}/>'


def _circle(x: float, y: float, radius: float, fill: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{fill}" fill-opacity="0.8"/>'


def _text(x: float, y: float, text: str, *, anchor: str = "start", fill: str = INK, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{fill}"{weight}>{escape(text)}</text>'
