"""The chart of a metric over the sequence length, with every line of a leaderboard.

browser/lines.js makes the same rows for a reader's choices.
"""

from collections.abc import Iterable, Sequence

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.formats import microseconds
from hooks.report.metrics import Metric
from hooks.report.reading.columns import columns
from hooks.report.reading.line_styles import stands_out
from hooks.report.reading.report import Report
from hooks.report.tables.lines import ONE_ROUND

MOST_LABELS = 24
"""Number of names that fit next to a plot."""

_MOST_OUTLIERS = 3


def lines_chart(report: Report, board: Leaderboard, metric: Metric) -> Chart:
    """The chart of `metric` for every line of `board` that has it, the best line first."""
    lengths = list(columns(board.workloads).values())
    points = {line.key: list(_points(report, board, line, metric)) for line in board.lines}
    shown = [line for line in board.lines if points[line.key]]
    within, beyond = divided(shown) if metric.log else (shown, [])
    named = not all(isinstance(x, int) for x in lengths)
    names = ", ".join(line.label for line in shown)
    where = f"{metric.title} against sequence length on {board.scope.name}"
    last = {line.key: points[line.key][-1] for line in shown}
    return Chart(
        kind=("log_" if metric.log else "") + ("named_lines" if named else "lines"),
        description=one_line(f"{where}: {names}. {ENDING}"),
        data={
            "points": strong_last(point for line in within for point in points[line.key]),
            "labels": labelled([last[line.key] for line in within]),
            "outliers": outliers(
                [last[line.key] for line in beyond], "↑" if metric.better == "lower" else "↓"
            ),
        },
        params={
            "y_title": f"{metric.title}, log scale" if metric.log else metric.title,
            "lengths": [] if named else lengths,
            "unnamed": max(0, len(within) - MOST_LABELS),
        },
    )


def divided(lines: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """The lines that the axes cover, and the others; the axes cover all if no line contends."""
    near = [line for line in lines if line.contends]
    return (near, [line for line in lines if not line.contends]) if near else (list(lines), [])


def strong_last(points: Iterable[DataRow]) -> list[DataRow]:
    """The points, those of coloured lines last, so that they are drawn over grey ones."""
    return sorted(points, key=lambda point: bool(point["strong"]))


def labelled(last: Sequence[DataRow]) -> list[DataRow]:
    """The rows of `last` for which there is room for a name; coloured lines take precedence."""
    chosen = sorted(last, key=lambda row: not row["strong"])[:MOST_LABELS]
    return [row for row in last if row in chosen]


def outliers(last: Sequence[DataRow], arrow: str) -> list[DataRow]:
    """Notes about lines beyond an axis, made from the last point of each."""
    shown = last if len(last) <= _MOST_OUTLIERS else last[: _MOST_OUTLIERS - 1]
    rows = [
        {
            "line": row["line"],
            "text": f"{row['line']} {row['value']} {arrow}",
            "strong": row["strong"],
        }
        for row in shown
    ]
    if more := len(last) - len(shown):
        rows.append({"line": "", "text": f"and {more} more in the table {arrow}", "strong": False})
    return rows


def style_of(report: Report, board: Leaderboard, line: Line) -> DataRow:
    """The style of a line, and whether it stands out, as fields of a row."""
    style = report.styles[line.key]
    return {
        "colour": style.colour,
        "dash": list(style.dash),
        "shape": style.shape,
        "strong": stands_out(board, line),
    }


def _points(report: Report, board: Leaderboard, line: Line, metric: Metric) -> Iterable[DataRow]:
    style = style_of(report, board, line)
    for workload, x in columns(board.workloads).items():
        if quantity := metric.of(board, line, workload):
            ends = f"{metric.text(quantity.low)} – {metric.text(quantity.high)}"
            yield {
                "line": line.label,
                "x": x,
                "y": quantity.value,
                "low": quantity.low,
                "high": quantity.high,
                "workload": workload.name,
                "value": metric.text(quantity.value),
                "interval": ends if line.cases[workload].interval_us else ONE_ROUND,
                "latency": f"{microseconds(line.measured[workload])} µs",
            } | style
