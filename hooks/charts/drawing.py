"""From a board to what is drawn: plain values, which Vega-Lite and the still picture both draw."""

from dataclasses import dataclass, field
from typing import Literal

from bench.text import one_line
from bench.verdicts.leaderboard import Leaderboard, Line
from bench.workload import Workload
from hooks.charts.axes import Axis, Lengths, linear_axis, log_axis
from hooks.formats import microseconds
from hooks.metrics import Metric, Quantity
from hooks.reading.columns import columns
from hooks.reading.looks import Look
from hooks.reading.report import Report
from hooks.tables.lines import ONE_ROUND


@dataclass(frozen=True)
class Point:
    """One result; `x` in tokens, the others in the metric's unit; texts for whoever hovers."""

    line: str
    x: float | str
    y: float
    low: float
    high: float
    workload: str
    value: str
    interval: str
    latency: str


@dataclass(frozen=True)
class Drawing:
    """A chart, before anything draws it."""

    title: str
    description: str
    x_title: str
    y_title: str
    x_axis: Lengths | Axis
    y_axis: Axis
    lines: tuple[str, ...]
    looks: tuple[Look, ...]
    points: tuple[Point, ...]
    form: Literal["lines", "steps", "points"] = "lines"
    """What joins the points of a line: a step holds from its own point on."""
    levels: dict[str, float] = field(default_factory=dict)
    """Values that are marked across the drawing, by what each is called."""


def drawing(report: Report, board: Leaderboard, metric: Metric) -> Drawing:
    """`metric` for every line of `board` that has it, the best line first."""
    lengths = columns(board.workloads)
    points = {line.key: _points(board, line, metric, lengths) for line in board.lines}
    shown = [line for line in board.lines if points[line.key]]
    names = tuple(line.label for line in shown)
    drawn = tuple(point for line in shown for point in points[line.key])
    ends = [end for point in drawn for end in (point.low, point.high)]
    x_axis = Lengths(tuple(lengths.values()))
    title = (
        f"{metric.title[:-1]}, log scale)"
        if metric.log and metric.title[-1] == ")"
        else metric.title
    )
    return Drawing(
        title=one_line(f"{board.scope.name}: {title}"),
        description=one_line(
            f"{title} against sequence length on {board.scope.name}: {', '.join(names)}. "
            "A table holds the same numbers."
        ),
        x_title="Workload" if x_axis.named else "Sequence length (tokens)",
        y_title=title,
        x_axis=x_axis,
        y_axis=log_axis(ends) if metric.log else linear_axis(ends),
        lines=names,
        looks=tuple(report.looks[line.key] for line in shown),
        points=drawn,
    )


def _points(
    board: Leaderboard, line: Line, metric: Metric, lengths: dict[Workload, int | str]
) -> tuple[Point, ...]:
    return tuple(
        _point(line, workload, x, metric, found)
        for workload, x in lengths.items()
        if (found := metric.of(board, line, workload))
    )


def _point(line: Line, workload: Workload, x: int | str, metric: Metric, found: Quantity) -> Point:
    exact = line.cases[workload].interval_us is None
    ends = f"{metric.text(found.low)} – {metric.text(found.high)}"
    return Point(
        line=line.label,
        x=x,
        y=found.value,
        low=found.low,
        high=found.high,
        workload=workload.name,
        value=metric.text(found.value),
        interval=ONE_ROUND if exact else ends,
        latency=f"{microseconds(line.measured[workload])} µs",
    )
