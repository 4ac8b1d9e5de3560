"""Charts that a page asks for by a fence: each a figure, with the same numbers in a table below."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from bench.errors import BenchError, Problem
from bench.files import files, read_text
from bench.pages.markdown import Fence, fences, seen_as_text, split_front_matter
from bench.text import one_line
from bench.verdicts.summary import BASELINE, Line
from bench.workload import Workload
from hooks.charts.metrics import METRICS, Metric, measured
from hooks.charts.views import View, figure
from hooks.markup import details, escape, table
from hooks.pages.asked import SCOPE, Asked, problems, read, unknown
from hooks.pages.fences import LANGUAGE, asks_for_chart, chart_name
from hooks.pages.parts import Parts
from hooks.reading.looks import swatch
from hooks.reading.report import Report
from hooks.reading.rows import Row, columns

_NAMES = {
    "latency": "Median latency in µs",
    "tflops": "TFLOP/s",
    "peak": "Share of the datasheet’s dense peak in %",
    "speedup": "Speed-up",
}

_NOTE = "<p>The chart needs JavaScript; the table below holds the same numbers.</p>"


def with_charts(
    report: Report, views: tuple[View, ...], pages: Mapping[str, Parts]
) -> dict[str, Parts]:
    """`pages`, by their paths under docs/, with the charts that any page there asks for.

    Raises:
        BenchError: with every mistake of every fence.
    """
    made, wrong = dict(pages), list[Problem]()
    docs = report.project.root / "docs"
    for path in files(docs, ".md"):
        try:
            placed = _placed(report, views, path)
        except BenchError as error:
            wrong += error.problems
            continue
        name = path.relative_to(docs).as_posix()
        if placed:
            parts = made.get(name, Parts())
            made[name] = msgspec.structs.replace(parts, placed=parts.placed | placed)
    if wrong:
        raise BenchError(*wrong)
    return made


def _placed(report: Report, views: tuple[View, ...], path: Path) -> dict[str, str]:
    """The charts of the page at `path`, by the names of their placeholders."""
    project = report.project
    _, body = split_front_matter(read_text(path, project))
    wrong = [
        Problem(f"chart: {message}", project.relative(path), line)
        for line, message in seen_as_text(body, project, asks_for_chart)
    ]
    found = [fence for fence in fences(body, project) if fence.words[0] == LANGUAGE]
    placed = dict.fromkeys((chart_name(fence.text) for fence in found), "")
    for fence in found:
        if not fence.shown:
            continue  # a chart in a comment may be as wrong as it likes
        try:
            placed[chart_name(fence.text)] = _chart(report, views, fence, path)
        except BenchError as error:
            wrong += error.problems
    if wrong:
        raise BenchError(*wrong)
    return placed


def _chart(report: Report, views: tuple[View, ...], fence: Fence, path: Path) -> str:
    line = fence.first + 1
    asked = read(fence.text, line)
    asked.problems.extend(unknown(report, views, asked))
    if not asked.problems and not (found := _agreeing(views, asked)):
        boards = "; ".join(view.name for view in views)
        asked.problems.append((f"no results agree with all of it. There are: {boards}", line))
    if asked.problems:
        raise BenchError(*problems(asked, report.project.relative(path)))
    return _shown(report, _fullest(found, asked), asked)


def _agreeing(views: tuple[View, ...], asked: Asked) -> list[View]:
    def agrees(view: View) -> bool:
        return all(
            asked.text(key) == one_line(str(getattr(view.board.scope, part)))
            for key, part in SCOPE.items()
            if key in asked.values
        )

    return [view for view in views if agrees(view)]


def _fullest(views: list[View], asked: Asked) -> View:
    """The first of those on which the most of the wanted lines have a result."""
    return max(views, key=lambda view: sum(bool(row.measured) for row in _wanted(view, asked)))


def _wanted(view: View, asked: Asked) -> list[Row]:
    names = {one_line(str(item.value)) for item in asked.names}
    everything = "implementations" not in asked.values
    return [row for row in view.rows if everything or names & _called(row.line)]


def _called(line: Line) -> set[str]:
    """What a fence may call a line, as links do: its page, or its page and variant."""
    return {line.implementation, f"{line.implementation}.{line.variant}"}


def _shown(report: Report, view: View, asked: Asked) -> str:
    metric = METRICS[asked.text("metric", "latency")]
    base = _baseline(view, asked) if metric.name == "speedup" else None
    drawn = [(row, _values(view, metric, row.line, base)) for row in _wanted(view, asked)]
    drawn = [(row, values) for row, values in drawn if values]
    over = f" over {base.label}" if base else ""
    name = one_line(f"{_NAMES[metric.name]}{over}, {view.name}")
    if not drawn or (metric.name == "speedup" and not base):
        return f'<p class="report-note">No results yet for a chart: {escape(name)}.</p>'
    options: dict[str, object] = {"board": view.name, "metric": metric.name}
    options |= {"baseline": _key(base.line)} if base else {}
    options["only"] = [_key(row.line) for row, _ in drawn]
    chart = figure("lines", options, _NOTE, asked.text("title", name))
    caption = f"{name}; in small print the 95 % interval"
    return chart + details("The numbers of the chart", _table(report, view, drawn, caption))


def _baseline(view: View, asked: Asked) -> Row | None:
    wanted = asked.text("baseline", BASELINE)
    return next((row for row in view.rows if wanted in _called(row.line)), None)


def _key(line: Line) -> str:
    return f"{line.implementation}.{line.variant}" if line.variant else line.implementation


_Values = dict[Workload, str]


def _values(view: View, metric: Metric, line: Line, base: Row | None) -> _Values:
    """What the chart says of a line: a value and the ends of its interval, as HTML."""
    made = {}
    other = base.line if base else None
    for workload in view.board.workloads:
        if found := measured(metric, view.board, line, workload, baseline=other):
            value, low, high = (
                metric.text(each).removesuffix(metric.unit)
                for each in (found.value, found.low, found.high)
            )
            ends = f" <small>{low} – {high}</small>" if found.low < found.high else ""
            made[workload] = f"{value}{ends}"
    return made


def _table(report: Report, view: View, drawn: list[tuple[Row, _Values]], caption: str) -> str:
    head = ['<th scope="col">Implementation</th>']
    head += [
        f'<th scope="col" class="number" title="{escape(workload.name)}">{escape(str(name))}</th>'
        for workload, name in columns(view.board.workloads).items()
    ]
    body = []
    for row, values in drawn:
        cells = (values.get(workload, "–") for workload in view.board.workloads)
        numbers = "".join(f'<td class="number">{cell}</td>' for cell in cells)
        name = f"{swatch(report.look(row.line))} {escape(row.label)}"
        body.append(f'<tr><th scope="row">{name}</th>{numbers}</tr>')
    return table("charted", escape(caption), head, body)
