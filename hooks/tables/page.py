"""The table of one page on one board: everything that was found, workload by workload."""

from bench.records.outcome import Accuracy
from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.metrics import tflops_per_second
from bench.verdicts.summary import Board, Line
from bench.workload import Workload
from hooks.markup import escape, microseconds, number, table, times
from hooks.reading.looks import swatch
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.cases import ONE_ROUND, between, plus_minus, reason, status_word
from hooks.tables.retired import chip
from hooks.tables.signs import legend, signs

_COLUMNS = (
    ("Median, µs", "Median of the rounds’ medians"),
    ("95 % interval, µs", "Of the median, over rounds and samples"),
    ("TFLOP/s", "Floating-point operations of the forward pass over the median"),
    ("Speed-up", "Over the unfused math of PyTorch, at the same workload"),
    ("Samples", "Timed calls, each in the run’s file, and the fresh processes that timed them"),
    ("Max. error", "Largest absolute error against the float64 reference, with its bound"),
    ("Memory", "Most memory allocated during a call, beyond the inputs"),
    ("First call", "Compilation, tuning, planning and one call"),
)


def page_table(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """The results of a page's lines on `board` and what their marks mean, as HTML."""
    head = [
        '<th scope="col">Tokens</th>',
        *(f'<th scope="col" class="number" title="{why}">{name}</th>' for name, why in _COLUMNS),
    ]
    names = columns(board.workloads)
    body = []
    for line, label in zip(lines, labels(lines), strict=True):
        if len(lines) > 1:
            body.append(group_row(report, line, label, len(head)))
        body += [_row(report, board, line, workload, name) for workload, name in names.items()]
    caption = escape(one_line(f"Results, {board.scope.name}"))
    cells = [cell for line in lines for cell in line.cells.values()]
    return table("page", caption, head, body) + legend(report, cells)


def group_row(report: Report, line: Line, label: str, span: int) -> str:
    """The heading of a line's rows, where a table has several lines."""
    key = swatch(report.look(line))
    name = f"{key} {escape(label)}{chip(report, line)}"
    return f'<tr><th scope="rowgroup" colspan="{span}">{name}</th></tr>'


def _row(report: Report, board: Board, line: Line, workload: Workload, name: int | str) -> str:
    head = f'<th scope="row" title="{escape(workload.name)}">{name}</th>'
    cell = line.cells.get(workload)
    span = len(_COLUMNS)
    if cell is None:
        return f'<tr>{head}<td colspan="{span}" class="status">not measured</td></tr>'
    if cell.latency_us is None:
        why = f"{status_word(cell)}: {escape(reason(cell))}"
        return f'<tr>{head}<td colspan="{span}" class="status"><div>{why}</div></td></tr>'
    values = _measured(report, board, cell, cell.latency_us)
    cells = "".join(f'<td class="number">{value}</td>' for value in values)
    return f"<tr>{head}{cells}</tr>"


def _measured(report: Report, board: Board, cell: Cell, latency_us: float) -> list[str]:
    workload, memory = cell.newest.workload, cell.peak_memory_bytes
    return [
        f"<strong>{microseconds(latency_us)}</strong>{signs(report, cell)}",
        _interval(cell, latency_us),
        number(tflops_per_second(workload, latency_us)),
        _speedup(board, workload, latency_us),
        f"{_samples(cell)} in {_rounds(cell)}",
        _error(cell.accuracy),
        "–" if memory is None else f"{number(memory / 2**20)}&nbsp;MiB",
        "–" if cell.first_call_ms is None else _duration(cell.first_call_ms),
    ]


def _interval(cell: Cell, latency_us: float) -> str:
    if cell.interval_us is None:
        return f'<abbr title="{ONE_ROUND}">–</abbr>'
    share = plus_minus(latency_us, cell.interval_us)
    return f'<span title="{share}">{between(cell.interval_us)}</span>'


def _rounds(cell: Cell) -> str:
    medians = ", ".join(map(microseconds, cell.round_medians_us))
    return f'<abbr title="Median of each round: {medians} µs">{len(cell.timed)}</abbr>'


def _samples(cell: Cell) -> str:
    """The number of samples, their spread, and those that may hold launch latency."""
    low, _, high = cell.spread_us or (0.0, 0.0, 0.0)
    late = sum(ok.late_samples for ok in cell.timed)
    why = "In these the device waited for the host: launch latency may be in them"
    note = f'<abbr title="{why}">{late:,} late</abbr> of ' if late else ""
    spread = f"5th to 95th percentile: {between((low, high))} µs"
    return f'{note}<abbr title="{spread}">{len(cell.samples_us):,}</abbr>'


def _speedup(board: Board, workload: Workload, latency_us: float) -> str:
    line = board.baseline
    reference = line.measured.get(workload) if line else None
    return times(reference / latency_us) if reference else "–"


def _error(accuracy: Accuracy | None) -> str:
    if accuracy is None:
        return "–"
    return f"{accuracy.max_abs_error:.1e}&nbsp;/ {accuracy.max_abs_bound:.1e}"


def _duration(ms: float) -> str:
    return f"{number(ms / 1000)}&nbsp;s" if ms >= 1000 else f"{number(ms)}&nbsp;ms"
