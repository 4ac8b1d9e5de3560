"""How the samples of each round are spread: the numbers behind the curves."""

from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.stats import quantiles
from bench.verdicts.summary import Board, Line
from hooks.markup import details, escape, microseconds, table
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.page import group_row

_SHARES = {
    "Lowest": 0.0,
    "5 %": 0.05,
    "25 %": 0.25,
    "Median": 0.5,
    "75 %": 0.75,
    "95 %": 0.95,
    "Highest": 1.0,
}


def percentiles(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """A row for each round of each case with a latency, folded away, as HTML."""
    names = ("Samples", *_SHARES)
    head = [f'<th scope="col">{name}</th>' for name in ("Tokens", "Round")]
    head += [f'<th scope="col" class="number">{name}</th>' for name in names]
    body = []
    for line, label in zip(lines, labels(lines), strict=True):
        if len(lines) > 1 and line.measured:
            body.append(group_row(report, line, label, len(head)))
        for workload, name in columns(board.workloads).items():
            if cell := line.cells.get(workload):
                body += _rows(name, cell)
    where = escape(one_line(board.scope.name))
    made = table("page", f"Samples of each round in µs, {where}", head, body)
    return details(f"Percentiles of each round, {where}", made) if body else ""


def _rows(name: int | str, cell: Cell) -> list[str]:
    made = []
    for place, samples in enumerate(cell.rounds_us):
        first = f'<th scope="row" rowspan="{len(cell.rounds_us)}">{escape(str(name))}</th>'
        values = [f"{len(samples):,}", *map(microseconds, quantiles(samples, _SHARES.values()))]
        cells = "".join(f'<td class="number">{value}</td>' for value in values)
        made.append(f"<tr>{first if not place else ''}<td>{place + 1}</td>{cells}</tr>")
    return made
