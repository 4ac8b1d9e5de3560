"""The charts of chart fences in pages: a figure, and a table with the same numbers below it."""

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.analysis.leaderboard import Leaderboard, Line
from bench.errors import BenchError, Problem
from bench.files import files, read_text
from bench.operations.operation import Workload
from bench.pages.markdown import Fence, fences, seen_as_text, split_front_matter
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.figure import figure
from hooks.report.metrics import METRICS, Metric, Quantity
from hooks.report.output import CHART, Additions, chart_name
from hooks.report.pages.fence_options import SCOPE, FenceOptions, read, unknown
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import keyed, workload_columns


def with_charts(report: Report, pages: Mapping[str, Additions]) -> dict[str, Additions]:
    """`pages`, keyed by their paths under docs/, with the charts of all fences added.

    Raises:
        BenchError: with every mistake of every fence.
    """
    result, mistakes = dict(pages), list[Problem]()
    docs = report.project.root / "docs"
    for path in files(docs, ".md"):
        try:
            placed = _placed(report, path)
        except BenchError as error:
            mistakes += error.problems
            continue
        name = path.relative_to(docs).as_posix()
        if placed:
            additions = result.get(name, Additions())
            result[name] = msgspec.structs.replace(additions, placed=additions.placed | placed)
    if mistakes:
        raise BenchError(*mistakes)
    return result


def _placed(report: Report, path: Path) -> dict[str, str]:
    """The charts of the page at `path` as HTML, by the names of their placeholders."""
    project = report.project
    _, body = split_front_matter(read_text(path, project))
    mistakes = [
        Problem(f"chart: {message}", project.relative(path), line)
        for line, message in seen_as_text(body, project, _asks_for_chart)
    ]
    chart_fences = [fence for fence in fences(body, project) if fence.words[0] == CHART]
    placed = dict.fromkeys((chart_name(fence.text) for fence in chart_fences), "")
    for fence in chart_fences:
        if not fence.shown:
            continue  # mistakes in a commented-out chart do not matter
        try:
            placed[chart_name(fence.text)] = h.html(_chart(report, fence, path))
        except BenchError as error:
            mistakes += error.problems
    if mistakes:
        raise BenchError(*mistakes)
    return placed


def _asks_for_chart(info: str) -> bool:
    """Whether the info string of a fence marks it as a chart."""
    return re.match(r"\s*(?:\{\s*)?\.?chart(?![\w.-])", info) is not None


def _chart(report: Report, fence: Fence, path: Path) -> h.Contents:
    line = fence.first + 1
    options = read(fence.text, line)
    mistakes = [*options.mistakes, *unknown(report, options)]
    boards = [board for board in report.leaderboards if _matches(board, options)]
    if not mistakes and not boards:
        names = "; ".join(board.scope.name for board in report.leaderboards)
        mistakes.append((f"no results match all options. There are: {names}", line))
    if mistakes:
        page = report.project.relative(path)
        raise BenchError(*(Problem(f"chart: {message}", page, at) for message, at in mistakes))
    # The first leaderboard on which most of the wanted lines have results.
    count = [sum(bool(line.measured) for line in _wanted(board, options)) for board in boards]
    return _figure_and_table(report, boards[count.index(max(count))], options)


def _matches(board: Leaderboard, options: FenceOptions) -> bool:
    return all(
        options.text(key) == one_line(getattr(board.scope, part))
        for key, part in SCOPE.items()
        if key in options.values
    )


def _wanted(board: Leaderboard, options: FenceOptions) -> list[Line]:
    wanted = options.texts("implementations")
    return [line for line in board.lines if not wanted or wanted & _names(line)]


def _names(line: Line) -> set[str]:
    """The names of a line in fences: its page, or its page and variant."""
    return {line.key.implementation, line.key.name}


def _figure_and_table(report: Report, board: Leaderboard, options: FenceOptions) -> h.Contents:
    metric = METRICS[options.text("metric", "latency")]
    base = _baseline(board, options) if metric.name == "speedup" else None
    wanted = _wanted(board, options)
    values = {line.key: _values(board, line, metric, base) for line in wanted}
    shown = [line for line in wanted if values[line.key]]
    title = f"Speed-up over {base.label}" if base else metric.title
    name = one_line(f"{title}, {board.scope.name}")
    if not shown or (metric.name == "speedup" and not base):
        return h.note(f"No results yet for a chart: {name}.")
    chart: dict[str, object] = {"board": one_line(board.scope.name), "metric": metric.name}
    chart |= {"baseline": base.key.name} if base else {}
    chart["only"] = [line.key.name for line in shown]
    titles = (*h.words("Implementation"), *workload_columns(board))
    rows = (
        (keyed(report, line), *(_value(metric, values[line.key].get(w)) for w in board.workloads))
        for line in shown
    )
    numbers = h.table("charted", f"{name}; small print: 95 % interval", titles, rows)
    return (
        figure("lines", chart, caption=options.text("title", name)),
        h.details("Numbers of the chart", numbers),
    )


def _baseline(board: Leaderboard, options: FenceOptions) -> Line | None:
    wanted = options.text("baseline")
    if not wanted:
        return board.baseline
    return next((line for line in board.lines if wanted in _names(line)), None)


def _values(
    board: Leaderboard, line: Line, metric: Metric, base: Line | None
) -> dict[Workload, Quantity]:
    quantities = ((w, metric.of(board, line, w, base)) for w in board.workloads)
    return {workload: quantity for workload, quantity in quantities if quantity}


def _value(metric: Metric, quantity: Quantity | None) -> h.Contents:
    """A value and the ends of its interval, without a unit."""
    if quantity is None:
        return "–"
    value, low, high = map(metric.digits, quantity)
    interval = f"{low} – {high}" if quantity.low < quantity.high else ""
    return (value, " ", h.element("small", interval)) if interval else value
