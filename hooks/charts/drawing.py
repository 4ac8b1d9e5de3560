"""From a board to what is drawn: plain values, so that a drawing can be kept by their hash."""

from dataclasses import dataclass

from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.metrics import tflops_per_second
from bench.verdicts.summary import Board
from hooks.charts.axes import LogAxis, log_axis
from hooks.markup import microseconds, number
from hooks.reading.looks import Look
from hooks.reading.report import Report
from hooks.reading.rows import Row, columns
from hooks.tables.cases import ONE_ROUND, between


@dataclass(frozen=True)
class Point:
    """One result; lengths in tokens, latencies in the drawing's unit."""

    line: str
    x: int | str
    y: float
    low: float
    high: float
    workload: str
    latency: str
    interval: str
    spread: str
    rate: str


@dataclass(frozen=True)
class Drawing:
    """A chart of latency against sequence length, before any library draws it."""

    title: str
    description: str
    x_title: str
    y_title: str
    axis: LogAxis
    lines: tuple[str, ...]
    looks: tuple[Look, ...]
    lengths: tuple[int | str, ...]
    points: tuple[Point, ...]


def drawing(report: Report, board: Board, ranked: tuple[Row, ...]) -> Drawing:
    """The latency of every line of `board` that was measured at all, the best first."""
    shown = [row for row in ranked if row.measured]
    names = [row.label for row in shown]
    lengths = columns(board.workloads)
    slow = all(us >= 1000 for row in shown for us in row.measured.values())
    unit, factor = ("ms", 1e-3) if slow else ("µs", 1.0)
    points = tuple(
        _point(row, cell, x, factor)
        for row in shown
        for workload, x in lengths.items()
        if (cell := row.line.cells.get(workload)) and cell.timed
    )
    numbers = all(isinstance(length, int) for length in lengths.values())
    return Drawing(
        title=one_line(board.scope.name),
        description=one_line(
            f"Median latency in {unit} against sequence length on {board.scope.device}, suite "
            f"{board.scope.suite}: {', '.join(names)}. The table beside it holds the same numbers."
        ),
        x_title="Sequence length (tokens)" if numbers else "Workload",
        y_title=f"Median latency ({unit}, log scale)",
        axis=log_axis([end for point in points for end in (point.low, point.high)]),
        lines=tuple(names),
        looks=tuple(report.look(row.line) for row in shown),
        lengths=tuple(lengths.values()),
        points=points,
    )


def _point(row: Row, cell: Cell, x: int | str, factor: float) -> Point:
    workload = cell.newest.workload
    latency = row.measured[workload]
    low, _, high = cell.spread_us or (latency, latency, latency)
    return Point(
        line=row.label,
        x=x,
        y=round(latency * factor, 4),
        low=round(low * factor, 4),
        high=round(high * factor, 4),
        workload=workload.name,
        latency=f"{microseconds(latency)} µs",
        interval=f"{between(cell.interval_us)} µs" if cell.interval_us else ONE_ROUND,
        spread=f"{between((low, high))} µs",
        rate=f"{number(tflops_per_second(workload, latency))} TFLOP/s",
    )
