"""The front page: selectors, and a section with headline, chart and table per leaderboard."""

from collections.abc import Mapping

from bench.analysis.leaderboard import Leaderboard
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.figure import figure, images
from hooks.report.charts.lines import lines_kind
from hooks.report.metrics import METRICS
from hooks.report.pages.fastp import fastp
from hooks.report.pages.forms import SCOPE_PARTS, scope_form, tools_form
from hooks.report.pages.headline import headline
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import run_link
from hooks.report.tables.summary import summary_table


def front(report: Report, pictures: Mapping[str, bytes]) -> h.Element:
    """The sections of all leaderboards; a script hides all but the chosen one.

    `pictures` are the still pictures of the first leaderboard, by their paths on the site.
    """
    first, *others = report.leaderboards
    sections = [_section(report, first, pictures), *(_section(report, board) for board in others)]
    return h.element("div", scope_form(report.leaderboards), sections, class_="report-boards")


def _section(
    report: Report, board: Leaderboard, pictures: Mapping[str, bytes] | None = None
) -> h.Element:
    name, scope = one_line(board.scope.name), board.scope
    alternative = "Latency of every line at every workload; the table below contains the numbers"
    # The picture is at the top of the page, so it is not loaded lazily.
    still = images(pictures or {}, "latency", alternative, lazy=False)
    parts = {f"data_{part}": one_line(getattr(scope, part)) for part in SCOPE_PARTS}
    return h.element(
        "section",
        h.element("div", headline(board), _provenance(report, board), class_="report-headline"),
        tools_form(report, board),
        figure("lines", {"board": name, "metric": "latency"}, still),
        _preloads(board) if pictures else None,
        summary_table(report, board),
        _footnotes(board),
        fastp(board, pictures or {}),
        class_="report-board",
        aria_label=name,
        data_board=name,
        **parts,
    )


_PRELOADED = ("assets/report", "assets/vega", "data/v1/boards/latest", "data/v1/words")
"""The scripts that the first live chart needs, besides the specification of its kind."""


def _preloads(board: Leaderboard) -> tuple[h.Element, ...]:
    """Links that preload the scripts of the first live chart; they belong after the still chart.

    Before it, they would delay the still chart; further down, they would delay the live one.
    """
    return tuple(
        h.element("link", rel="preload", **{"as": "script"}, href=f"~/{name}.js")
        for name in (*_PRELOADED, f"data/v1/charts/{lines_kind(board, METRICS['latency'])}")
    )


_FEW = 4
"""Smallest number of runs that are not named; the page of runs lists them."""


def _provenance(report: Report, board: Leaderboard) -> h.Element:
    """Scope, dates, rounds, versions and runs of the latencies; all values where runs differ."""
    cases = [line.cases[workload] for line in board.lines for workload in line.measured]
    runs = [report.by_run[run].run for run in dict.fromkeys(case.run for case in cases)]
    facts: dict[str, set[str | None]] = {
        "Measured": {f"{run.started:%Y-%m-%d}" for run in runs},
        "Rounds": {str(case.rounds) for case in cases},
        "PyTorch": {run.environment.torch for run in runs},
        "CUDA": {run.environment.cuda for run in runs},
        "driver": {run.environment.driver for run in runs},
    }
    scope = board.scope
    parts: list[h.Contents] = [
        one_line(part) for part in (scope.suite, scope.dtype, scope.mask, scope.direction) if part
    ]
    for name, values in facts.items():
        if known := sorted(filter(None, values)):
            parts.append(one_line(f"{name} {', '.join(known)}"))
    if len(runs) < _FEW:
        links = h.joined(run_link(run.id) for run in runs)
        parts.append(("runs " if len(runs) > 1 else "run ", links))
    return h.note(h.joined(parts, " · "))


def _footnotes(board: Leaderboard) -> h.Element | None:
    """The lines of the table that are not in the chart; None if there are none."""
    absent = [line.label for line in board.lines if not line.measured]
    if not absent:
        return None
    return h.note(
        f"Without a result, and so not in the chart: {', '.join(absent)}. Hover over the table for "
        "the reason, or see the implementation’s page."
    )
