"""The kernels, copies and fills that a call of each line ran on the GPU, as traced by CUPTI."""

from bench.analysis.leaderboard import Leaderboard, Line
from bench.records.outcome import Kernel
from bench.text import one_line
from bench.workload import Workload
from hooks.report.elements import Contents, Element, Row, cell, code, details, numbers, table, words
from hooks.report.formats import microseconds
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import group_row


def kernels(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Element | None:
    """A folded table of the kernels of each line at its last traced workload."""
    titles = (*words("Kernel"), *numbers("µs", "Stream"))
    workloads = columns(board.workloads)
    rows: list[Row] = []
    for line in lines:
        workload, ran = _last_trace(report, board, line)
        if workload and ran:
            name = workloads[workload]
            title = f" at {f'{name:,} tokens' if isinstance(name, int) else name}"
            rows.append(group_row(report, line, len(titles), title))
            rows += map(_row, ran)
    caption = one_line(f"Kernels of one call on {board.scope.device}, in order")
    return details("Kernels", table("kernels", caption, titles, rows)) if rows else None


def _last_trace(
    report: Report, board: Leaderboard, line: Line
) -> tuple[Workload | None, tuple[Kernel, ...]]:
    """The last workload at which CUPTI traced kernels of the line, and these kernels."""
    for workload in reversed(board.workloads):
        trace = report.evidence(line.cases[workload]).trace if workload in line.cases else None
        if trace and trace.kernels:
            return workload, trace.kernels
    return None, ()


def _row(kernel: Kernel) -> list[Contents]:
    name = cell(code(kernel.name), class_="name")
    return [name, microseconds(kernel.duration_us), str(kernel.stream)]
