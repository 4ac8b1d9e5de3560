"""The chart of a metric over the sequence length, with every line of a leaderboard.

A chart holds the latencies of every line. Its specification (`kinds/lines.py`) computes the metric
from them and decides which lines are in colour, named or beyond the axis, because a reader may
choose another baseline or highlight lines.
"""

from collections.abc import Iterable
from typing import Any

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.operations.discovery import operation_of
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report.charts.chart import ENDING, Chart, DataRow
from hooks.report.metrics import METRICS, Context, Metric, latency_of
from hooks.report.reading.report import Report


def lines_chart(report: Report, board: Leaderboard, metric: Metric) -> Chart:
    """The chart of `metric` over the sequence length, with a row for each latency of `board`."""
    kind, lengths = lines_kind(board, metric), columns(board.workloads).values()
    names = ", ".join(line.label for line in lines_with(board, metric))
    axis = "workload" if "named" in kind else "sequence length"
    where = f"{metric.title} against {axis} on {board.scope.name}"
    return Chart(
        kind=kind,
        description=one_line(f"{where}: {names}. {ENDING}"),
        data={"points": latency_rows(report, board)},
        params={
            "y_title": f"{metric.title}, log scale" if metric.log else metric.title,
            "lengths": [x for x in lengths if isinstance(x, int)],
            "baseline": board.baseline.key.name if board.baseline else "",
            **metric_params(metric),
        },
    )


def paths(workloads: Iterable[Workload]) -> dict[Workload, int]:
    """The number of the path that each point of a line is on, from 0.

    A path between workloads of different shapes would look like a trend. Over lengths, the points
    of one path differ only in the size axes; over names, a new path begins where the size does not
    grow.
    """
    headings, shapes = columns(workloads), dict[frozenset[tuple[str, Any]], int]()
    numbers, path, last = dict[Workload, int](), 0, 0
    for workload, heading in headings.items():
        if isinstance(heading, int):
            along = operation_of(workload).size_axes
            shape = frozenset(axis for axis in workload.axes.items() if axis[0] not in along)
            path = shapes.setdefault(shape, len(shapes))
        else:
            path += workload.size <= last
        numbers[workload], last = path, workload.size
    return numbers


def latency_rows(report: Report, board: Leaderboard) -> list[DataRow]:
    """A row for each latency in µs, with its interval and the numerators of the metrics."""
    path = paths(board.workloads)
    return [
        line_fields(report, line)
        | {"workload": workload.name, "x": x, "path": path[workload]}
        | {"us": latency.value, "low": latency.low, "high": latency.high}
        | numerators(board, line, workload)
        for line in board.lines
        for workload, x in columns(board.workloads).items()
        if (latency := latency_of(line.cases.get(workload)))
    ]


def lines_with(board: Leaderboard, metric: Metric) -> list[Line]:
    """The lines with a value of `metric` at any workload."""
    return [line for line in board.lines if any(metric.of(board, line, w) for w in board.workloads)]


def lines_kind(board: Leaderboard, metric: Metric) -> str:
    """The kind of chart that shows `metric`.

    It depends on whether the axes are logarithmic, and on whether the workloads have lengths as
    their places along the x axis or only names.
    """
    lengths = all(isinstance(x, int) for x in columns(board.workloads).values())
    return ("log_" if metric.log else "") + ("lines" if lengths else "named_lines")


def line_fields(report: Report, line: Line) -> DataRow:
    """Fields of every row of a line: its names, its style and its standing."""
    style = report.styles[line.key]
    return {
        "line": line.label,
        "key": line.key.name,
        "page": line.key.implementation,
        "colour": style.colour,
        "dash": list(style.dash),
        "shape": style.shape,
        "best": line.rank is not None and line.rank.number == 1,
        "contends": line.contends,
    }


def metric_params(metric: Metric) -> dict[str, Any]:
    """Parameters with which the specification computes `metric` and writes its values."""
    return {
        "over": "baseline" if metric.relative else metric.name if metric.numerator else "",
        "unit": metric.unit,
        "arrow": "↑" if metric.better == "lower" else "↓",
    }


def numerators(board: Leaderboard, line: Line, workload: Workload) -> dict[str, float]:
    """Values that metrics divide by the latency in µs; latency and speed-up have none here."""
    context = Context(board, line, workload, None)
    return {
        name: quantity.value
        for name, metric in METRICS.items()
        if metric.numerator and not metric.relative and (quantity := metric.numerator(context))
    }
