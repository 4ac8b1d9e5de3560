"""The same calls by other clocks, and what they ran on the GPU: for readers who want to check."""

from collections.abc import Iterator

from bench.records.outcome import Lane
from bench.text import one_line, signed
from bench.verdicts.cell import Cell
from bench.verdicts.clocks import lane_us, per_call_us
from bench.verdicts.marks import disagreement
from bench.verdicts.stats import median
from bench.verdicts.summary import Board, Line
from bench.workload import Workload
from hooks.markup import details, escape, microseconds, table
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.cases import workloads_named
from hooks.tables.page import group_row

_COLUMNS = (
    ("Published", "Median in µs, as in the table above"),
    ("Cold", "As published, but few samples, in the process that the clocks beside it ran in"),
    ("Warm L2", "CUDA events without an L2 flush"),
    ("CUDA graph", "Replays of a CUDA graph of the call, warm L2"),
    ("Wall clock", "Around the call and a synchronisation: launch latency included"),
    ("CUPTI span", "From the start of the first kernel to the end of the last, by CUPTI, cold L2"),
    ("Events / span", "Our events over CUPTI’s span of the same calls, less one"),
    ("Burst", "Calls back to back by the clock of the parent process: its time per call"),
)

_LANES = {"cold": "Cold", "warm": "Warm L2", "graph": "CUDA graph", "wall": "Wall clock"}


def clocks(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """What a page's lines took by every clock that was read, folded away, as HTML."""
    known = [line for line in lines if any(_has_clocks(cell) for cell in line.cells.values())]
    if not known:
        return ""
    head = [
        '<th scope="col">Tokens</th>',
        *(f'<th scope="col" class="number" title="{why}">{name}</th>' for name, why in _COLUMNS),
    ]
    body = []
    for line, label in zip(known, labels(known), strict=True):
        if len(lines) > 1:
            body.append(group_row(report, line, label, len(head)))
        body += [
            _row(line.cells[workload], workload, name)
            for workload, name in columns(board.workloads).items()
            if workload in line.cells and _has_clocks(line.cells[workload])
        ]
    caption = escape(one_line(f"Medians in µs by other clocks, {board.scope.name}; never ranked"))
    content = table("page", caption, head, body) + _reasons(known)
    return details("Other clocks", content)


def _has_clocks(cell: Cell) -> bool:
    return bool(cell.lanes) or any(ok.burst for ok in cell.timed)


def _row(cell: Cell, workload: Workload, name: int | str) -> str:
    head = f'<th scope="row" title="{escape(workload.name)}">{name}</th>'
    cells = "".join(f'<td class="number">{value}</td>' for value in _values(cell))
    return f"<tr>{head}{cells}</tr>"


def _values(cell: Cell) -> Iterator[str]:
    yield "–" if cell.latency_us is None else microseconds(cell.latency_us)
    for name in _LANES:
        yield _lane(getattr(cell.lanes, name, None))
    trace = cell.trace
    traced = trace is not None and trace.span_us
    yield microseconds(median(trace.span_us)) if trace and traced else "–"
    yield f"{signed(disagreement(trace) * 100, 2)}&nbsp;%" if trace and traced else "–"
    burst = per_call_us(cell.timed)
    yield "–" if burst is None else microseconds(burst)


def _lane(lane: Lane | None) -> str:
    value = lane_us(lane)
    if value is not None:
        return microseconds(value)
    if lane and lane.reason:
        return f'<abbr title="{escape(one_line(lane.reason))}">none</abbr>'
    return "–"


def _reasons(lines: list[Line]) -> str:
    """Why a clock has no reading, with the workloads that it has none of."""
    grouped: dict[tuple[str, str], list[str]] = {}
    for line in lines:
        for workload, cell in line.cells.items():
            for clock, reason in _without(cell):
                grouped.setdefault((clock, one_line(reason)), []).append(workload.name)
    items = "".join(
        f"<li><b>{clock}</b> ({workloads_named(names)}): <code>{escape(reason)}</code></li>"
        for (clock, reason), names in grouped.items()
    )
    return f'<ul class="report-legend">{items}</ul>' if items else ""


def _without(cell: Cell) -> Iterator[tuple[str, str]]:
    for name, clock in _LANES.items():
        lane = getattr(cell.lanes, name, None)
        if lane and lane.reason:
            yield clock, lane.reason
    if cell.passed and cell.passed.trace_problem:
        yield "CUPTI", cell.passed.trace_problem
