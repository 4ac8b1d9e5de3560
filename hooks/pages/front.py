"""The front page: selectors, and a headline, a chart and a table for each leaderboard."""

from collections.abc import Iterator

from bench.text import one_line
from bench.verdicts.leaderboard import Leaderboard
from hooks.charts.figure import figure, images
from hooks.elements import Content, Element, element, joined, note
from hooks.pages.fastp import fastp
from hooks.pages.forms import SCOPE_PARTS, scope_form, tools_form
from hooks.pages.headline import headline
from hooks.reading.report import Report
from hooks.tables.lines import run_link
from hooks.tables.summary import summary_table


def front(report: Report) -> Element:
    """Every leaderboard; a script shows the chosen one, without one they follow each other."""
    sections = (
        _section(report, board, first=not place) for place, board in enumerate(report.leaderboards)
    )
    return element("div", scope_form(report.leaderboards), sections, class_="report-boards")


def _section(report: Report, board: Leaderboard, *, first: bool) -> Element:
    name, scope = one_line(board.scope.name), board.scope
    still: tuple[Element, ...] = ()
    if first:  # nothing comes before it, so it is not loaded lazily
        alternative = "Latency against sequence length; the table below holds the numbers"
        still = images("latency", alternative, lazy=False)
    parts = {f"data_{part}": one_line(getattr(scope, part)) for part in SCOPE_PARTS}
    return element(
        "section",
        element("div", headline(board), _provenance(report, board), class_="report-headline"),
        tools_form(report, board),
        figure("lines", {"board": name, "metric": "latency"}, still),
        _awaited() if first else None,
        summary_table(report, board),
        _footnotes(board),
        fastp(report, board, first=first),
        class_="report-board",
        aria_label=name,
        data_board=name,
        **parts,
    )


_AWAITED = (
    "assets/report",
    "assets/vega",
    "data/v1/boards/latest",
    "data/v1/templates",
    "data/v1/words",
)
"""The scripts that the first live chart waits for."""


def _awaited() -> tuple[Element, ...]:
    """Links that load these scripts as soon as the still chart has its place.

    Earlier would delay the still chart; the script that asks for them stands at the page's end.
    """
    return tuple(
        element("link", rel="preload", **{"as": "script"}, href=f"~/{name}.js") for name in _AWAITED
    )


_FEW = 4
"""From this many runs on they are not named here; the page of runs lists them."""


def _provenance(report: Report, board: Leaderboard) -> Element:
    """When and with what the latencies were measured; every value, where runs differ."""
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
    parts: list[Content | tuple[Content, ...]]
    parts = [one_line(part) for part in (scope.suite, scope.dtype, scope.mask, scope.direction)]
    for name, values in facts.items():
        if known := sorted(filter(None, values)):
            parts.append(one_line(f"{name} {', '.join(known)}"))
    if len(runs) < _FEW:
        links = joined(run_link(run.id) for run in runs)
        parts.append(("runs " if len(runs) > 1 else "run ", *links))
    return note(_separated(parts))


def _separated(parts: list[Content | tuple[Content, ...]]) -> Iterator[Content]:
    for place, part in enumerate(parts):
        if place:
            yield " · "
        if isinstance(part, tuple):
            yield from part
        else:
            yield part


def _footnotes(board: Leaderboard) -> Element | None:
    """Why some lines of the table are not in the chart."""
    absent = [line.label for line in board.lines if not line.measured]
    if not absent:
        return None
    return note(
        f"Not in the chart, for want of a result: {', '.join(absent)}. The reason is in the table, "
        "on hovering, and on the implementation’s page."
    )
