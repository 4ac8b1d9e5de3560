"""The combined table of a board: a row per line, a column per workload."""

from bench.outcome import Ok
from bench.summary import Board, Cell, Line
from bench.text import one_line
from bench.workload import Workload
from hooks.looks import swatch
from hooks.markup import escape, microseconds, table
from hooks.report import Report
from hooks.rows import LEVEL, Row, columns

WORDS = {
    "incorrect": "incorrect",
    "unsupported": "unsupported",
    "unavailable": "unavailable",
    "out_of_memory": "out of memory",
    "timeout": "timed out",
    "crashed": "crashed",
    "error": "error",
}
"""How a status other than ok reads."""


def summary_table(report: Report, board: Board, ranked: tuple[Row, ...], base: str) -> str:
    """The table as HTML; `base` leads from the page to the root of the site."""
    names = columns(board.workloads)
    head = [
        '<th scope="col" class="rank">#</th>',
        '<th scope="col">Implementation</th>',
        '<th scope="col">Provider</th>',
        '<th scope="col" class="number" title="Geometric mean of the latency over that of the '
        'fastest exact implementation">Slow-down</th>',
        *(_column(workload, name) for workload, name in names.items()),
        '<th scope="col" class="number" title="Workloads with a result">Coverage</th>',
    ]
    fastest = board.fastest
    body = (_row(report, board, row, fastest, base) for row in ranked)
    caption = escape(one_line(f"Median latency in µs on {board.device}, suite {board.suite}"))
    return table("summary", caption, head, body)


def _column(workload: Workload, name: int | str) -> str:
    return f'<th scope="col" class="number" title="{escape(workload.name)}">{name}</th>'


def _row(report: Report, board: Board, row: Row, fastest: dict[Workload, float], base: str) -> str:
    line = row.line
    page = report.by_slug.get(line.implementation)
    cells = [
        f'<td class="rank">{row.rank or "–"}</td>',
        f'<th scope="row">{_name(report, row, base)}</th>',
        f"<td>{escape(one_line(page.about.provider)) if page else '–'}</td>",
        f'<td class="number">{_slowdown(row.slowdown)}</td>',
        _cells(board, line, fastest),
        f'<td class="number">{len(row.measured)} of {len(board.workloads)}</td>',
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _name(report: Report, row: Row, base: str) -> str:
    label, slug = escape(row.label), row.line.implementation
    shown = f'<a href="{base}impls/{slug}/">{label}</a>' if slug in report.by_slug else label
    kind = "" if row.line.precision == "exact" else _precision(row.line.precision)
    return f"{pick(report, row)}{shown}{kind}"


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


def _precision(precision: str) -> str:
    return (
        f' <span class="chip" title="Quantised: not ranked among the exact ones">'
        f"{escape(precision)}</span>"
    )


def _slowdown(slowdown: float | None) -> str:
    """The number, and a bar as long as the speed."""
    if slowdown is None:
        return "–"
    width = min(100.0, 100 / slowdown)
    return (
        f'{slowdown:.2f}×<svg class="bar" viewBox="0 0 100 4" preserveAspectRatio="none" '
        f'aria-hidden="true"><rect width="100" height="4" class="whole"/>'
        f'<rect width="{width:.1f}" height="4"/></svg>'
    )


def _cells(board: Board, line: Line, fastest: dict[Workload, float]) -> str:
    """One cell for each workload; only one where the same befell them all."""
    cells = [line.cells.get(workload) for workload in board.workloads]
    fates = {(cell.result.status, reason(cell)) if cell else None for cell in cells}
    first = cells[0]
    if first and len(fates) == 1 and not line.measured:
        why = f"{status_word(first)}: {escape(reason(first))}"
        return f'<td class="status" colspan="{len(cells)}"><div>{why}</div></td>'
    return "".join(
        _cell(cell, fastest.get(workload))
        for workload, cell in zip(board.workloads, cells, strict=True)
    )


def _cell(cell: Cell | None, fastest: float | None) -> str:
    if cell is None:
        return '<td class="number" title="Not measured">–</td>'
    outcome = cell.result.outcome
    if not (isinstance(outcome, Ok) and cell.spread_us):
        return f'<td class="status">{status_word(cell)}</td>'
    low, latency, high = cell.spread_us
    best = " best" if fastest and latency <= fastest * (1 + LEVEL) else ""
    count = len(outcome.latency_us)
    spread = f"5–95 %: {microseconds(low)} – {microseconds(high)} µs, {count} samples"
    return f'<td class="number{best}" title="{spread}">{microseconds(latency)}</td>'


def status_word(cell: Cell) -> str:
    """What became of a case that has no latency; its reason on hovering."""
    return f'<abbr title="{escape(reason(cell))}">{WORDS[cell.result.status]}</abbr>'


def reason(cell: Cell) -> str:
    """Why a case has no latency, on one line; empty where it has one."""
    return one_line(getattr(cell.result.outcome, "reason", ""))
