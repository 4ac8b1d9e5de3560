"""The error of each case against what it was allowed: how much of its bound it used."""

from bench.records.outcome import Accuracy
from bench.text import one_line
from bench.verdicts.summary import Board, Line
from hooks.markup import details, escape, percent, table
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.page import group_row

_COLUMNS = (
    ("Relative error", "Frobenius norm of the error over that of the float64 reference"),
    ("Bound", "The largest relative error that counts as right"),
    ("Used", "The error as a share of its bound"),
    ("Largest error", "Largest absolute error of an element"),
    ("Bound", "The largest one that counts as right"),
    ("Used", "The error as a share of its bound"),
)


def accuracies(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """The errors of every case that was judged, folded away, as HTML."""
    head = ['<th scope="col">Tokens</th>']
    head += [f'<th scope="col" class="number" title="{why}">{n}</th>' for n, why in _COLUMNS]
    body = []
    for line, label in zip(lines, labels(lines), strict=True):
        rows = _rows(board, line)
        if len(lines) > 1 and rows:
            body.append(group_row(report, line, label, len(head)))
        body += rows
    caption = escape(one_line(f"Errors against the float64 reference, {board.scope.name}"))
    return details("Error against tolerance", table("page", caption, head, body)) if body else ""


def _rows(board: Board, line: Line) -> list[str]:
    judged = (
        (name, cell.accuracy)
        for workload, name in columns(board.workloads).items()
        if (cell := line.cells.get(workload))
    )
    return [_row(name, accuracy) for name, accuracy in judged if accuracy]


def _row(name: int | str, accuracy: Accuracy) -> str:
    values = [
        *_used(accuracy.relative_error, accuracy.relative_bound),
        *_used(accuracy.max_abs_error, accuracy.max_abs_bound),
    ]
    cells = "".join(f'<td class="number">{value}</td>' for value in values)
    return f'<tr><th scope="row">{escape(str(name))}</th>{cells}</tr>'


def _used(error: float, bound: float) -> tuple[str, str, str]:
    share = error / bound if bound else float(error > 0)
    return f"{error:.2e}", f"{bound:.2e}", f"{percent(share, 0)}{_bar(share)}"


def _bar(share: float) -> str:
    """As long as the share; one that goes beyond its bound is full and looks so."""
    over = ' class="over"' if share > 1 else ""
    return (
        '<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect width="100" height="4" class="whole"/>'
        f'<rect width="{min(share, 1) * 100:.1f}" height="4"{over}/></svg>'
    )
