"""The combined table of a board: a row per line, a column per workload."""

from collections.abc import Iterator

from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.summary import LOCAL_BUILD, Board, Line
from bench.verdicts.verdict import Slowdown
from bench.workload import Workload
from hooks.markup import escape, microseconds, table
from hooks.reading.looks import swatch
from hooks.reading.report import Report
from hooks.reading.rows import Row, columns
from hooks.tables.cases import ONE_ROUND, plus_minus, reason, status_word, told
from hooks.tables.retired import chip, retired_note
from hooks.tables.signs import TIE, legend, signs

_TIED = "Level with another: the 95 % intervals of their slow-downs overlap"
_NO_INTERVAL = f"{ONE_ROUND}; a lead of under 1 % says nothing"

Best = dict[Workload, set[tuple[str, str | None]]]
"""The lines that none is shown to be faster than, at each workload."""


def summary_table(report: Report, board: Board, ranked: tuple[Row, ...]) -> str:
    """The table and its legend as HTML."""
    names = columns(board.workloads)
    head = [
        '<th scope="col" class="rank">#</th>',
        '<th scope="col">Implementation</th>',
        '<th scope="col">Provider</th>',
        '<th scope="col" class="number" title="Geometric mean of the latency over that of the '
        'fastest exact implementation, with its 95 % interval">Slow-down</th>',
        '<th scope="col" class="number" title="Geometric mean of the baseline’s latency over this '
        'one’s, with its 95 % interval">Speed-up</th>',
        *(_column(workload, name) for workload, name in names.items()),
        '<th scope="col" class="number" title="Workloads with a result">Coverage</th>',
    ]
    best = _best(board)
    body = (_row(report, board, row, best) for row in ranked)
    caption = escape(one_line(f"Median latency in µs, {board.scope.name}"))
    cells = [cell for row in ranked for cell in row.line.cells.values()]
    notes = legend(report, cells, *_notes(ranked))
    gone = retired_note(report, ((row.line, row.label) for row in ranked))
    return table("summary", caption, head, body) + notes + gone


def _best(board: Board) -> Best:
    return {
        workload: {key for key, place in board.places_at(workload).items() if place.rank == 1}
        for workload in board.workloads
    }


def _notes(ranked: tuple[Row, ...]) -> Iterator[tuple[str, str]]:
    if any(row.place and row.place.tied for row in ranked):
        yield "=", _TIED[0].lower() + _TIED[1:]
    if any(row.label.endswith(LOCAL_BUILD) for row in ranked):
        yield LOCAL_BUILD.strip(), "in place of the kernel from the Hub, which may differ in speed"
    if any(row.slowdown and not row.slowdown.interval for row in ranked):
        yield (
            "one round",
            "of the line or of the fastest: no interval, and so no rank",
        )


def _column(workload: Workload, name: int | str) -> str:
    return f'<th scope="col" class="number" title="{escape(workload.name)}">{name}</th>'


def _row(report: Report, board: Board, row: Row, best: Best) -> str:
    line = row.line
    page = report.by_slug.get(line.implementation)
    cells = [
        f'<td class="rank">{_rank(row)}</td>',
        f'<th scope="row">{_name(report, row)}</th>',
        f"<td>{escape(one_line(page.about.provider)) if page else '–'}</td>",
        f'<td class="number">{_slowdown(row.slowdown)}</td>',
        f'<td class="number">{_slowdown(board.speedup(line))}</td>',
        _cells(report, board, line, best),
        f'<td class="number">{len(row.measured)} of {len(board.workloads)}</td>',
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _rank(row: Row) -> str:
    """`1`, or `1=` where another's interval overlaps; none for what is not ranked."""
    if row.place is None:
        return "–"
    if not row.place.tied:
        return str(row.place.rank)
    return f'<abbr title="{_TIED}">{row.place.rank}{TIE}</abbr>'


def _name(report: Report, row: Row) -> str:
    label, slug = escape(row.label), row.line.implementation
    shown = f'<a href="~/impls/{slug}/">{label}</a>' if slug in report.by_slug else label
    return f"{pick(report, row)}{shown}{precision_chip(row.line)}{chip(report, row.line)}"


def pick(report: Report, row: Row) -> str:
    """The key of a line; with scripts, a box that picks the line out in the chart."""
    key = swatch(report.look(row.line))
    if not row.measured:
        return '<span class="pick"></span>'
    label = escape(row.label)
    return (
        f'<label class="pick" title="Highlight in the chart"><input type="checkbox" '
        f'value="{label}" aria-label="Highlight {label}">{key}</label>'
    )


def precision_chip(line: Line) -> str:
    """The precision class of a line that is not exact."""
    if line.precision == "exact":
        return ""
    return (
        f' <span class="chip" title="Quantised: not ranked among the exact ones">'
        f"{escape(line.precision)}</span>"
    )


def _slowdown(slowdown: Slowdown | None) -> str:
    """The number with its interval."""
    if slowdown is None:
        return "–"
    return f'<span title="{_reach(slowdown)}">{slowdown.value:.2f}×{_spread(slowdown)}</span>'


def _reach(slowdown: Slowdown) -> str:
    low, high = slowdown.bounds
    interval = f"95 % interval: {low:.4f} – {high:.4f}×" if slowdown.interval else _NO_INTERVAL
    return f"{interval}; over {slowdown.covered} workloads"


def _spread(slowdown: Slowdown) -> str:
    """Small and beside the number; nothing where the fastest is compared with itself."""
    low, high = slowdown.bounds
    text = plus_minus(slowdown.value, (low, high)) if slowdown.interval else "one round"
    return f" <small>{text if low < high or not slowdown.interval else ''}</small>"


def _cells(report: Report, board: Board, line: Line, best: Best) -> str:
    """One cell for each workload; only one where the same befell them all."""
    cells = [line.cells.get(workload) for workload in board.workloads]
    fates = {(cell.status, reason(cell)) if cell else None for cell in cells}
    first = cells[0]
    if first and len(fates) == 1 and not line.measured:
        why = f"{status_word(first)}: {escape(reason(first))}"
        return f'<td class="status" colspan="{len(cells)}"><div>{why}</div></td>'
    key = (line.implementation, line.variant)
    return "".join(
        _cell(report, cell, best=key in best[workload])
        for workload, cell in zip(board.workloads, cells, strict=True)
    )


def _cell(report: Report, cell: Cell | None, *, best: bool) -> str:
    if cell is None:
        return '<td class="number" title="Not measured">–</td>'
    if cell.latency_us is None:
        return f'<td class="status">{status_word(cell)}</td>'
    latency = f"{microseconds(cell.latency_us)}{signs(report, cell)}"
    kind = "number best" if best else "number"
    return f'<td class="{kind}" title="{escape(told(report, cell))}">{latency}</td>'
