"""Charts that a page asks for by a fence: each a figure, with the same numbers in a table below."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.analysis.leaderboard import Leaderboard, Line
from bench.errors import BenchError, Problem
from bench.files import files, read_text
from bench.pages.markdown import Fence, fences, seen_as_text, split_front_matter
from bench.text import one_line
from bench.workload import Workload
from hooks.report.charts.figure import figure
from hooks.report.elements import (
    Column,
    Element,
    details,
    element,
    heading,
    html,
    note,
    number,
    row,
    table,
)
from hooks.report.metrics import METRICS, Metric, Quantity
from hooks.report.pages.asked import SCOPE, Asked, problems, read, unknown
from hooks.report.pages.fences import LANGUAGE, asks_for_chart, chart_name
from hooks.report.pages.parts import Parts
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import swatched

_NOTE = element("p", "The chart needs JavaScript; the table below holds the same numbers.")


def with_charts(report: Report, pages: Mapping[str, Parts]) -> dict[str, Parts]:
    """`pages`, by their paths under docs/, with the charts that any page there asks for.

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
            parts = result.get(name, Parts())
            result[name] = msgspec.structs.replace(parts, placed=parts.placed | placed)
    if mistakes:
        raise BenchError(*mistakes)
    return result


def _placed(report: Report, path: Path) -> dict[str, str]:
    """The charts of the page at `path`, by the names of their placeholders."""
    project = report.project
    _, body = split_front_matter(read_text(path, project))
    mistakes = [
        Problem(f"chart: {message}", project.relative(path), line)
        for line, message in seen_as_text(body, project, asks_for_chart)
    ]
    asking = [fence for fence in fences(body, project) if fence.words[0] == LANGUAGE]
    placed = dict.fromkeys((chart_name(fence.text) for fence in asking), "")
    for fence in asking:
        if not fence.shown:
            continue  # a chart in a comment may be as wrong as it likes
        try:
            placed[chart_name(fence.text)] = html(_chart(report, fence, path))
        except BenchError as error:
            mistakes += error.problems
    if mistakes:
        raise BenchError(*mistakes)
    return placed


def _chart(report: Report, fence: Fence, path: Path) -> tuple[Element, ...]:
    line = fence.first + 1
    asked = read(fence.text, line)
    asked.problems.extend(unknown(report, asked))
    boards = [board for board in report.leaderboards if _agrees(board, asked)]
    if not asked.problems and not boards:
        names = "; ".join(board.scope.name for board in report.leaderboards)
        asked.problems.append((f"no results agree with all of it. There are: {names}", line))
    if asked.problems:
        raise BenchError(*problems(asked, report.project.relative(path)))
    # The first of those on which the most of the wanted lines have a result.
    fullest = max(
        boards, key=lambda board: sum(bool(line.measured) for line in _wanted(board, asked))
    )
    return _shown(report, fullest, asked)


def _agrees(board: Leaderboard, asked: Asked) -> bool:
    return all(
        asked.text(key) == one_line(getattr(board.scope, part))
        for key, part in SCOPE.items()
        if key in asked.values
    )


def _wanted(board: Leaderboard, asked: Asked) -> list[Line]:
    names = {one_line(str(item.value)) for item in asked.names}
    everything = "implementations" not in asked.values
    return [line for line in board.lines if everything or names & _names(line)]


def _names(line: Line) -> set[str]:
    """What a fence may call a line, as links do: its page, or its page and variant."""
    return {line.key.implementation, line.key.name}


def _shown(report: Report, board: Leaderboard, asked: Asked) -> tuple[Element, ...]:
    metric = METRICS[asked.text("metric", "latency")]
    base = _baseline(board, asked) if metric.name == "speedup" else None
    wanted = _wanted(board, asked)
    values = {line.key: _values(board, line, metric, base) for line in wanted}
    shown = [line for line in wanted if values[line.key]]
    what = f"Speed-up over {base.label}" if base else metric.title
    name = one_line(f"{what}, {board.scope.name}")
    if not shown or (metric.name == "speedup" and not base):
        return (note(f"No results yet for a chart: {name}."),)
    options: dict[str, object] = {"board": one_line(board.scope.name), "metric": metric.name}
    options |= {"baseline": base.key.name} if base else {}
    options["only"] = [line.key.name for line in shown]
    titles = (
        Column(str(title), workload.name) for workload, title in columns(board.workloads).items()
    )
    rows = (
        row(
            heading(swatched(report, line)),
            *(_cell(metric, values[line.key].get(workload)) for workload in board.workloads),
        )
        for line in shown
    )
    caption = f"{name}; in small print the 95 % interval"
    numbers = table("charted", caption, [Column("Implementation", kind=""), *titles], rows)
    return (
        figure("lines", options, (_NOTE,), asked.text("title", name)),
        details("The numbers of the chart", numbers),
    )


def _baseline(board: Leaderboard, asked: Asked) -> Line | None:
    wanted = asked.text("baseline")
    if not wanted:
        return board.baseline
    return next((line for line in board.lines if wanted in _names(line)), None)


def _values(
    board: Leaderboard, line: Line, metric: Metric, base: Line | None
) -> dict[Workload, Quantity]:
    quantities = ((w, metric.of(board, line, w, base)) for w in board.workloads)
    return {workload: quantity for workload, quantity in quantities if quantity}


def _cell(metric: Metric, quantity: Quantity | None) -> Element:
    """A value and the ends of its interval, without the unit."""
    if quantity is None:
        return number("–")
    value, low, high = map(metric.digits, quantity)
    ends = (" ", element("small", f"{low} – {high}")) if quantity.low < quantity.high else ()
    return number(value, ends)
