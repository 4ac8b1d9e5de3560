"""How much memory a page's lines take beside the others: a chart and a table, folded away."""

from bench.text import one_line
from bench.verdicts.summary import Board, Line
from bench.workload import Workload
from hooks.charts.views import figure
from hooks.markup import details, escape, number, table
from hooks.reading.report import Report
from hooks.reading.rows import labels


def memory(_: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """At the board's last workload that one of `lines` completed; a script adds the others."""
    known = [w for w in board.workloads if any(_bytes(line, w) is not None for line in lines)]
    if not known:
        return ""
    workload = known[-1]
    options = {
        "board": one_line(board.scope.name),
        "workload": workload.name,
        "own": [lines[0].implementation],
    }
    note = "<p>The chart needs JavaScript.</p>"
    head = ['<th scope="col">Line</th>', '<th scope="col" class="number">Memory</th>']
    body = [
        f'<tr><th scope="row">{escape(label)}</th>'
        f'<td class="number">{number(size / 2**20)}&nbsp;MiB</td></tr>'
        for line, label in zip(lines, labels(lines), strict=True)
        if (size := _bytes(line, workload)) is not None
    ]
    caption = escape(one_line(f"Most memory allocated during a call of {workload.name}"))
    return details(
        "Memory beside the others",
        figure("memory", options, note) + table("memory", caption, head, body),
    )


def _bytes(line: Line, workload: Workload) -> int | None:
    cell = line.cells.get(workload)
    return cell.peak_memory_bytes if cell and cell.timed else None
