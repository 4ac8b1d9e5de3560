"""The chart of a metric over the sequence length: a line for each contender of a board.

browser/lines.js makes the same rows for what a reader chooses.
"""

from collections.abc import Iterable, Sequence

from bench.text import one_line
from bench.verdicts.summary import Board
from bench.workload import Workload
from hooks.charts.chart import ENDING, Chart, DataRow
from hooks.charts.metrics import Measured, Metric, measured
from hooks.markup import microseconds
from hooks.reading.looks import GREY, Look
from hooks.reading.report import Report
from hooks.reading.rows import Row, columns
from hooks.tables.cases import ONE_ROUND

MOST_LABELS = 24
"""Names that fit beside a plot, one below the other."""

_MOST_OUTLIERS = 3


def contends(row: Row) -> bool:
    """Whether a line is within 3 times the fastest: the axis shows where such lines are."""
    return row.slowdown is None or row.slowdown.value <= 3


def stands_out(board: Board, row: Row) -> bool:
    """Whether a line is drawn in its colour: the best, those level with it, and the baseline."""
    return row.line is board.baseline or (row.place is not None and row.place.rank == 1)


def lines_chart(report: Report, board: Board, ranked: Sequence[Row], metric: Metric) -> Chart:
    """`metric` for every line of `board` that has it, the best line first."""
    lengths = columns(board.workloads)
    points = {row.label: list(_points(report, board, row, metric, lengths)) for row in ranked}
    shown = [row for row in ranked if points[row.label]]
    within = [row for row in shown if contends(row) or not metric.log] or shown
    beyond = [row for row in shown if row not in within]
    names = ", ".join(row.label for row in shown)
    named = not all(isinstance(x, int) for x in lengths.values())
    return Chart(
        kind=("log_" if metric.log else "") + ("named_lines" if named else "lines"),
        description=one_line(
            f"{metric.title} against sequence length on {board.scope.name}: {names}. {ENDING}"
        ),
        data={
            "points": [point for row in within for point in points[row.label]],
            "labels": labelled([points[row.label][-1] for row in within]),
            "outliers": outliers(
                [points[row.label][-1] for row in beyond], "↑" if metric.name == "latency" else "↓"
            ),
        },
        params={
            "y_title": metric.title,
            "lengths": [] if named else list(lengths.values()),
        },
    )


def labelled(last: Sequence[DataRow]) -> list[DataRow]:
    """Those of the lines, the best first, that have room for a name; in colour before grey."""
    first = sorted(last, key=lambda row: not row["strong"])[:MOST_LABELS]
    return [row for row in last if row in first]


def outliers(last: Sequence[DataRow], arrow: str) -> list[DataRow]:
    """What to say of lines beyond the axis, by the last point of each."""
    shown = last if len(last) <= _MOST_OUTLIERS else last[: _MOST_OUTLIERS - 1]
    said: list[DataRow] = [
        {
            "line": row["line"],
            "text": f"{row['line']} {row['value']} {arrow}",
            "strong": row["strong"],
        }
        for row in shown
    ]
    if len(shown) < len(last):
        more = f"and {len(last) - len(shown)} more, in the table {arrow}"
        said.append({"line": "", "text": more, "strong": False})
    return said


def look_of(report: Report, board: Board, row: Row) -> DataRow:
    """How a line is drawn."""
    look: Look = report.look(row.line)
    strong = stands_out(board, row)
    return {
        "colour": look.colour if strong else GREY,
        "dash": list(look.dash),
        "shape": look.shape,
        "strong": strong,
    }


def _points(
    report: Report, board: Board, row: Row, metric: Metric, lengths: dict[Workload, int | str]
) -> Iterable[DataRow]:
    look = look_of(report, board, row)
    for workload, x in lengths.items():
        if found := measured(metric, board, row.line, workload):
            yield _point(row, workload, x, metric, found) | look


def _point(
    row: Row, workload: Workload, x: int | str, metric: Metric, found: Measured
) -> dict[str, object]:
    exact = row.line.cells[workload].interval_us is None
    ends = f"{metric.text(found.low)} – {metric.text(found.high)}"
    return {
        "line": row.label,
        "x": x,
        "y": found.value,
        "low": found.low,
        "high": found.high,
        "workload": workload.name,
        "value": metric.text(found.value),
        "interval": ONE_ROUND if exact else ends,
        "latency": f"{microseconds(row.measured[workload])} µs",
    }
