"""The leaderboard as a table, with a row for each line and a column for each workload."""

from collections.abc import Iterator

from bench.analysis.leaderboard import LOCAL_BUILD, Leaderboard, Line
from bench.analysis.summary import CaseSummary
from bench.analysis.verdict import Slowdown
from bench.analysis.words_and_signs import MARKS
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import counted, microseconds, plus_minus, times
from hooks.report.reading.line_styles import stands_out, swatch
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import (
    ONE_ROUND,
    ended,
    interval,
    legend,
    name,
    rank,
    retired_note,
    signs,
    why,
    workload_columns,
)

_SLOWDOWN = (
    "Geometric mean of the line’s latency divided by the fastest exact implementation’s, with its "
    "95 % interval"
)
_SPEEDUP = "Geometric mean of the baseline’s latency over the line’s, with its 95 % interval"


def summary_table(report: Report, board: Leaderboard) -> tuple[h.Element | None, ...]:
    """The table and the notes below it."""
    cases = (case for line in board.lines for case in line.cases.values())
    notes = legend(cases, *_notes(board)), retired_note(report, board.lines)
    return leaderboard_table(report, board), *notes


def leaderboard_table(report: Report, board: Leaderboard) -> h.Element:
    """The table alone; the browser gets it as data for every run."""
    caption = one_line(f"Median latency in µs, {board.scope.name}")
    columns = (
        h.Column("#", kind="rank"),
        *h.words("Implementation", "Provider"),
        h.Column("Slow-down", _SLOWDOWN),
        h.Column("Speed-up", _SPEEDUP),
        *workload_columns(board),
        h.Column("Coverage", "Workloads with a result"),
    )
    rows = (
        h.row(columns, _values(report, board, line), data_line=line.key.name)
        for line in board.lines
    )
    return h.table("summary", caption, columns, rows)


def _notes(board: Leaderboard) -> Iterator[tuple[str, str]]:
    if any(line.rank and line.rank.tied for line in board.lines):
        yield "=", "tied: the 95 % intervals of the slow-downs overlap"
    if any(line.label.endswith(LOCAL_BUILD) for line in board.lines):
        yield LOCAL_BUILD.strip(), "replaces the kernel from the Hub, which may differ in speed"
    if any(line.slowdown and not line.slowdown.interval for line in board.lines):
        yield "one round", "of the line or of the fastest, so there is no interval and no rank"


def _values(report: Report, board: Leaderboard, line: Line) -> Iterator[h.Contents]:
    page = report.by_slug.get(line.key.implementation)
    yield rank(line.rank)
    yield h.heading(pick(report, board, line), name(report, line))
    yield one_line(page.about.provider) if page else "–"
    yield slowdown(line.slowdown)
    yield h.cell(slowdown(line.speedup), class_="number speedup")
    yield from _latencies(board, line)
    yield f"{len(line.measured)} of {len(board.workloads)}"


def pick(report: Report, board: Leaderboard, line: Line) -> h.Element:
    """The key of a line, with a check box that highlights the line in the chart.

    The key is grey, as in the chart, unless the line stands out or is picked.
    """
    if not line.measured:
        return h.element("span", class_="pick")
    box = h.element(
        "input", type="checkbox", value=line.label, aria_label=f"Highlight {line.label}"
    )
    key = swatch(report.styles[line.key])
    kind = "pick" if stands_out(board, line) else "pick plain"
    return h.element("label", box, key, class_=kind, title="Highlight in the chart")


def slowdown(factor: Slowdown | None) -> h.Contents:
    """A slow-down or speed-up with its interval."""
    if factor is None:
        return "–"
    low, high = factor.bounds
    if factor.interval is None:
        reach, spread = f"{ONE_ROUND}; a lead of under 1 % means nothing", "one round"
    else:
        # The spread is empty if the fastest line is compared with itself.
        reach = f"95 % interval: {low:.4f} – {high:.4f}×"
        spread = plus_minus(factor.value, factor.interval) if low < high else ""
    title = f"{reach}; over {factor.covered} workloads"
    return h.element("span", f"{times(factor.value)} ", h.element("small", spread), title=title)


def _latencies(board: Leaderboard, line: Line) -> list[h.Element]:
    """A cell for each workload; a single cell if every workload failed for the same reason."""
    cases = [line.cases.get(workload) for workload in board.workloads]
    endings = {(case.status, case.reason) if case else None for case in cases}
    if not line.measured and len(endings) == 1:
        return [h.cell(why(cases[0]), class_="status", colspan=len(cases))]
    return [_latency(case, line) for case in cases]


def _latency(case: CaseSummary | None, line: Line) -> h.Element:
    if case is None:
        return h.cell("–", class_="number", title="Not measured")
    if case.latency_us is None:
        return h.cell(ended(case), class_="status")
    rank = line.ranks.get(case.workload)
    best = " best" if rank and rank.number == 1 else ""
    return h.cell(
        microseconds(case.latency_us), signs(case), class_=f"number{best}", title=described(case)
    )


def described(case: CaseSummary) -> str:
    """Interval, rounds, samples and marks of a case, for a reader who points at its latency."""
    count = f"{counted(case.rounds, 'round')}, {counted(case.samples, 'sample')}"
    return "; ".join([interval(case), count, *(MARKS[mark].word for mark in case.marks)])
