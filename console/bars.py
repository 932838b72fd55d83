"""Bar charts drawn on the server: from numbers to rectangles, so that a page needs no script to show them."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 520, 220, 40, 22, 10


@dataclass(frozen=True)
class Series:
    name: str
    values: Sequence[int]


@dataclass(frozen=True)
class Bar:
    series: int
    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True)
class Line:
    y: float
    text: str


@dataclass(frozen=True)
class Mark:
    x: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Everything in units of the picture, ``width`` × ``height``."""

    title: str
    names: list[str]
    bars: list[Bar]
    lines: list[Line]
    marks: list[Mark]
    left: int = LEFT
    width: int = WIDTH
    height: int = HEIGHT


def chart(title: str, labels: Sequence[str], series: Sequence[Series]) -> Chart:
    """Grouped bars: one group for each label, one bar in it for each series, in series' order."""
    top = ceiling(max((value for each in series for value in each.values), default=0))
    slot = (WIDTH - LEFT) / max(1, len(labels))
    thick = min(18.0, slot * 0.8 / max(1, len(series)))
    bars = [
        _bar(f"{labels[at]} · {each.name}: {value}", number, len(series), LEFT + slot * (at + 0.5), thick, value / top)
        for number, each in enumerate(series)
        for at, value in enumerate(each.values)
        if value
    ]
    return Chart(title, [each.name for each in series], bars, _lines(top), _marks(labels, slot))


def ceiling(most: int) -> int:
    """The next of 4, 10, 20, 40, 100 …, so that four grid lines fall on whole numbers or round ones."""
    step = 4
    while step < most:
        step = step * 5 // 2 if str(step)[0] == "4" else step * 2
    return step


def _bar(title: str, number: int, of: int, middle: float, thick: float, part: float) -> Bar:
    height = max(1.5, part * (HEIGHT - BOTTOM - TOP))
    x = middle + (number - of / 2) * thick
    return Bar(
        number + 1, round(x, 1), round(HEIGHT - BOTTOM - height, 1), round(thick - 1, 1), round(height, 1), title
    )


def _lines(top: int) -> list[Line]:
    def at(quarter: int) -> Line:
        value = top * quarter / 4
        return Line(round(HEIGHT - BOTTOM - quarter / 4 * (HEIGHT - BOTTOM - TOP), 1), short(value))

    return [at(quarter) for quarter in range(5)]


def short(value: float) -> str:
    """12 000 as 12k: the axis has little room."""
    for size, unit in ((1_000_000, "M"), (1_000, "k")):
        if value >= size:
            return f"{value / size:g}{unit}"
    return f"{value:g}"


def _marks(labels: Sequence[str], slot: float) -> list[Mark]:
    every = max(1, -(-len(labels) // 7))
    return [Mark(round(LEFT + slot * (at + 0.5), 1), text) for at, text in enumerate(labels) if at % every == 0]
