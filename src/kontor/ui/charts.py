"""Pictures of data: geometry for SVG computed here, drawn by `ui/charts/*.html`; each title states the finding."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from kontor.ui.formatting import format_number, format_share

# All coordinates are in the units of a drawing of this size, which the page scales to at most 30 rem.
WIDTH = 360.0
HEIGHT = 190.0
LEFT = 34.0
TOP = 18.0
BOTTOM = 160.0
LABEL_GAP = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Datum:
    """One value with its label and how it is written for the reader."""

    label: str
    value: float
    text: str
    share: float
    """of the longest bar or the first step, in [0, 1]"""
    note: str = ""
    is_marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Values beside each other, or steps of a chain below each other."""

    title: str
    label_heading: str
    value_heading: str
    data: Sequence[Datum]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a histogram."""

    x: float
    y: float
    width: float
    height: float
    middle: float
    label: str
    text: str
    is_marked: bool
    is_labelled: bool
    """its label stands below the axis; with many columns only some fit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A ruled line with its figure."""

    y: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """How often each value occurs."""

    title: str
    label_heading: str
    value_heading: str
    columns: Sequence[Column]
    ticks: Sequence[Tick]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One series: its points as SVG wants them, and where its name stands."""

    name: str
    points: str
    end_x: float
    end_y: float
    label_y: float
    last_text: str
    texts: Sequence[str]
    number: int
    """1, 2, …: the style of the line"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisLabel:
    """A word below the axis."""

    x: float
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LineChart:
    """Figures over time, or over another figure, which the axis then names."""

    title: str
    label_heading: str
    labels: Sequence[str]
    axis_labels: Sequence[AxisLabel]
    axis_name: str
    lines: Sequence[Line]
    ticks: Sequence[Tick]

    @property
    def rows(self) -> list[tuple[str, list[str]]]:
        """The table behind the picture: a label and the value of each series."""
        return [
            (label, [line.texts[index] for line in self.lines]) for index, label in enumerate(self.labels)
        ]


def bar_chart(
    title: str,
    values: Sequence[tuple[str, float]],
    *,
    label_heading: str,
    value_heading: str,
    decimals: int | None = None,
    is_share: bool = False,
    marked: Sequence[str] = (),
) -> BarChart:
    """Bars with their labels above them; `is_share` writes values in [0, 1] as percentages and rules bars against 1."""
    longest = 1.0 if is_share else max([value for _, value in values], default=0.0)
    return BarChart(
        title=title,
        label_heading=label_heading,
        value_heading=value_heading,
        data=[
            Datum(
                label=label,
                value=value,
                text=format_share(value) if is_share else format_number(value, decimals),
                share=_share(value, longest),
                is_marked=label in marked,
            )
            for label, value in values
        ],
    )


def chain_chart(
    title: str, steps: Sequence[tuple[str, int, str]], *, label_heading: str, value_heading: str
) -> BarChart:
    """Steps from the first to the last, each (label, count, note with its own denominator and unknowns)."""
    first = float(steps[0][1]) if steps else 0.0
    return BarChart(
        title=title,
        label_heading=label_heading,
        value_heading=value_heading,
        data=[
            Datum(label=label, value=count, text=format_number(count), share=_share(count, first), note=note)
            for label, count, note in steps
        ],
    )


def histogram(
    title: str,
    counts: Sequence[tuple[str, int]],
    *,
    label_heading: str,
    value_heading: str,
    marked: Sequence[str] = (),
) -> Histogram:
    """Columns in the order given."""
    top, ticks = _ticks(max([count for _, count in counts], default=0))
    step = (WIDTH - LEFT) / max(len(counts), 1)
    every = math.ceil(len(counts) / 12)
    columns = []
    for index, (label, count) in enumerate(counts):
        height = round((BOTTOM - TOP) * count / top, 1)
        x = round(LEFT + step * index + step * 0.1, 1)
        columns.append(
            Column(
                x=x,
                y=round(BOTTOM - height, 1),
                width=round(step * 0.8, 1),
                height=height,
                middle=round(x + step * 0.4, 1),
                label=label,
                text=format_number(count),
                is_marked=label in marked,
                is_labelled=index % every == 0,
            )
        )
    return Histogram(
        title=title, label_heading=label_heading, value_heading=value_heading, columns=columns, ticks=ticks
    )


def line_chart(
    title: str,
    labels: Sequence[str],
    series: Sequence[tuple[str, Sequence[float | None]]],
    *,
    label_heading: str,
    axis_name: str = "",
    decimals: int | None = None,
    positions: Sequence[float] | None = None,
) -> LineChart:
    """Up to four lines over the same labels, each named at its end; one without a value (None) passes by a label.

    `positions` places the labels in [0, 1], for days that lie unevenly in time; else they stand at equal distances.
    """
    if any(len(values) != len(labels) for _, values in series):
        raise ValueError(f"every series needs {len(labels)} values")
    top, ticks = _ticks(max([value or 0.0 for _, values in series for value in values], default=0.0))
    right = WIDTH - 70.0
    places = positions or [index / max(len(labels) - 1, 1) for index in range(len(labels))]
    xs = [round(LEFT + (right - LEFT) * place, 1) for place in places]
    drawn = []
    for name, values in series:
        known = [(x, value) for x, value in zip(xs, values, strict=True) if value is not None]
        if known:
            drawn.append((name, values, known))
    ends = _spread([_height(known[-1][1], top) for *_, known in drawn], distance=13.0)
    lines = [
        Line(
            name=name,
            points=" ".join(f"{x},{_height(value, top)}" for x, value in known),
            end_x=known[-1][0],
            end_y=_height(known[-1][1], top),
            label_y=end,
            last_text=format_number(known[-1][1], decimals),
            texts=["" if value is None else format_number(value, decimals) for value in values],
            number=number,
        )
        for number, ((name, values, known), end) in enumerate(zip(drawn, ends, strict=True), start=1)
    ]
    return LineChart(
        title=title,
        label_heading=label_heading,
        labels=labels,
        axis_labels=_axis_labels(xs, labels),
        axis_name=axis_name,
        lines=lines,
        ticks=ticks,
    )


def _share(value: float, longest: float) -> float:
    return min(max(value / longest, 0.0), 1.0) if longest > 0 else 0.0


def _ticks(highest: float) -> tuple[float, list[Tick]]:
    """The top of the axis, a round number, and two to four ruled lines above the ground."""
    rough = max(highest, 1.0) / 3
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(magnitude * factor for factor in (1, 2, 5, 10) if magnitude * factor >= rough)
    step = max(step, 1.0) if float(highest).is_integer() else step
    count = math.ceil(max(highest, 1e-9) / step)
    top = step * count
    return top, [Tick(y=_height(step * n, top), text=format_number(step * n)) for n in range(1, count + 1)]


def _height(value: float, top: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _spread(heights: Sequence[float], *, distance: float) -> list[float]:
    """Heights moved down where needed so that names do not cover each other."""
    placed = dict(enumerate(heights))
    lowest = -math.inf
    for index in sorted(placed, key=lambda index: placed[index]):
        placed[index] = lowest = max(placed[index], lowest + distance)
    return [placed[index] for index in range(len(heights))]


def _text_width(text: str) -> float:
    """About how wide a label is drawn; Chinese characters are as wide as they are high."""
    return sum(11.0 if east_asian_width(letter) in "WF" else 6.5 for letter in text)


def _axis_labels(xs: Sequence[float], labels: Sequence[str]) -> list[AxisLabel]:
    """The first, the last and the one nearest to the middle where it covers neither."""
    if not labels:
        return []
    middle = (xs[0] + xs[-1]) / 2
    nearest = min(range(len(xs)), key=lambda index: (abs(xs[index] - middle), -index))
    half = _text_width(labels[nearest]) / 2 + LABEL_GAP
    starts, ends = xs[0] + _text_width(labels[0]), xs[-1] - _text_width(labels[-1])
    fits = len(labels) >= 5 and starts <= xs[nearest] - half and xs[nearest] + half <= ends
    chosen = sorted({0, len(labels) - 1, *((nearest,) if fits else ())})
    anchors = {0: "start", len(labels) - 1: "end"}
    return [
        AxisLabel(x=xs[index], text=labels[index], anchor=anchors.get(index, "middle")) for index in chosen
    ]
