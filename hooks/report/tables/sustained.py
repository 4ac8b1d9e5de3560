"""How fast a line is once the GPU has been busy for seconds, and how much energy a call takes."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, columns
from bench.analysis.summary import SustainedSummary
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import microseconds, signed_percent, significant
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import keyed, workload_column

_COLUMNS = (
    h.Column("Implementation", kind=""),
    h.Column(
        "Sustained, µs", "Time of a call, back to back on a GPU that has been busy for seconds"
    ),
    h.Column("Change", "Against the burst, the same calls for some hundredths of a second"),
    h.Column("Energy, J", "Energy of a call, by the driver’s counter"),
    *h.numbers("Power, W", "SM clock, MHz"),
)


def sustained_table(report: Report, board: Leaderboard) -> h.Element | None:
    """A folded table of the sustained calls of a leaderboard; None if there are none."""
    rows = list(_rows(report, board))
    if not rows:
        return None
    caption = one_line(f"Calls back to back for seconds, {board.scope.name}")
    titles = (workload_column(board), *_COLUMNS)
    return h.details("Sustained, and energy", h.table("page", caption, titles, rows))


def _rows(report: Report, board: Leaderboard) -> Iterator[list[h.Contents]]:
    """The lines with sustained calls at each workload, the fastest first."""
    for workload, title in columns(board.workloads).items():
        cases = ((line, line.cases.get(workload)) for line in board.lines)
        found = [(line, case.sustained) for line, case in cases if case and case.sustained]
        found.sort(key=lambda pair: pair[1].latency_us)
        for line, sustained in found:
            yield [
                h.heading(str(title), title=workload.name),
                keyed(report, line),
                *_values(sustained),
            ]


def _values(sustained: SustainedSummary) -> Iterator[str]:
    yield microseconds(sustained.latency_us)
    yield signed_percent(sustained.change)
    for value in (sustained.energy_j, sustained.power_w, sustained.sm_mhz):
        yield "–" if value is None else significant(value)
