"""What a call of each line ran on the GPU: kernels, copies and fills, by CUPTI."""

from bench.records.outcome import Kernel
from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.summary import Board, Line
from hooks.markup import details, escape, microseconds, table
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.page import group_row


def kernels(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """The kernels of each line at its last traced workload, folded away, as HTML."""
    traced = [line for line in lines if _traced(board, line)]
    if not traced:
        return ""
    head = [
        '<th scope="col">Kernel</th>',
        '<th scope="col" class="number">µs</th>',
        '<th scope="col" class="number">Stream</th>',
    ]
    names = columns(board.workloads)
    body = []
    for line, label in zip(traced, labels(traced), strict=True):
        cell = _traced(board, line)
        if cell is None or cell.trace is None:
            continue
        name = names[cell.newest.workload]
        where = f"{label} at {f'{name:,} tokens' if isinstance(name, int) else name}"
        body.append(group_row(report, line, where, len(head)))
        body += [_row(kernel) for kernel in cell.trace.kernels]
    caption = escape(one_line(f"What one call ran on {board.scope.device}, in order"))
    return details("Kernels", table("kernels", caption, head, body))


def _traced(board: Board, line: Line) -> Cell | None:
    """The last workload of the board at which CUPTI saw kernels of the line."""
    cells = [line.cells[workload] for workload in board.workloads if workload in line.cells]
    return next((c for c in reversed(cells) if c.trace and c.trace.kernels), None)


def _row(kernel: Kernel) -> str:
    return (
        f'<tr><td class="name"><code>{escape(one_line(kernel.name))}</code></td>'
        f'<td class="number">{microseconds(kernel.duration_us)}</td>'
        f'<td class="number">{kernel.stream}</td></tr>'
    )
