"""The table of one workload: every line of a board with all that was found of it there.

The browser has a twin (browser/workload_table.js), for the workload a reader chooses.
"""

from collections.abc import Iterator

from bench.records.outcome import Accuracy
from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.metrics import tflops_per_second
from bench.verdicts.peaks import peak_tflops
from bench.verdicts.summary import Board, Line
from bench.verdicts.verdict import Place
from bench.workload import Workload
from hooks.markup import escape, microseconds, number, percent, table
from hooks.reading.looks import swatch
from hooks.reading.report import Report
from hooks.reading.rows import Row, by_latency
from hooks.tables.cases import ONE_ROUND, between, reason, status_word
from hooks.tables.signs import TIE, legend, signs

MIB = 2**20

_TIED = "Level with another: their 95 % intervals overlap"

_COLUMNS = (
    ("Latency, µs", "Median of the rounds’ medians"),
    ("95 % interval, µs", "Of the median, over rounds and samples"),
    ("TFLOP/s", "Floating-point operations of the forward pass over the median"),
    ("% of peak", "Of the datasheet’s dense peak for the precision"),
    ("Error", "Relative error against the float64 reference, and its bound"),
    ("Memory", "Most memory allocated during a call, beyond the inputs"),
)


def workload_table(
    report: Report, board: Board, ranked: tuple[Row, ...], workload: Workload
) -> str:
    """The table and its legend as HTML: the fastest first, those without a latency last."""
    head = [
        '<th scope="col" class="rank">#</th><th scope="col">Implementation</th>',
        *(f'<th scope="col" class="number" title="{why}">{name}</th>' for name, why in _COLUMNS),
    ]
    ran = by_latency(ranked, workload)
    rest = [row for row in ranked if workload not in row.measured]
    places = board.places_at(workload)
    body = [_row(report, board, row, workload, places) for row in (*ran, *rest)]
    caption = escape(one_line(f"{workload.name} on {board.scope.device}, the fastest first"))
    cells = [row.line.cells[workload] for row in ran]
    return table("workload", caption, head, body) + legend(report, cells)


def judged(accuracy: Accuracy | None) -> str:
    """A relative error and its bound; empty where nothing was judged."""
    if accuracy is None:
        return ""
    return f"{accuracy.relative_error:.1e}, bound {accuracy.relative_bound:.1e}"


_Places = dict[tuple[str, str | None], Place]


def _row(report: Report, board: Board, row: Row, workload: Workload, places: _Places) -> str:
    line = row.line
    cell = line.cells.get(workload)
    place = places.get((line.implementation, line.variant))
    head = f'<td class="rank">{_rank(place)}</td><th scope="row">{_name(report, row)}</th>'
    if cell is None or cell.latency_us is None:
        why = f"{status_word(cell)}: {escape(reason(cell))}" if cell else "not measured"
        told = f'<td class="status" colspan="{len(_COLUMNS)}"><div>{why}</div></td>'
        return f"<tr>{head}{told}</tr>"
    first, *others = _values(report, board, line, cell, cell.latency_us)
    kind = "number best" if place and place.rank == 1 else "number"
    cells = "".join(f'<td class="number">{value}</td>' for value in others)
    return f'<tr>{head}<td class="{kind}">{first}</td>{cells}</tr>'


def _rank(place: Place | None) -> str:
    if place is None:
        return "–"
    return f'<abbr title="{_TIED}">{place.rank}{TIE}</abbr>' if place.tied else str(place.rank)


def _name(report: Report, row: Row) -> str:
    label, slug = escape(row.label), row.line.implementation
    shown = f'<a href="~/impls/{slug}/">{label}</a>' if slug in report.by_slug else label
    kind = escape(row.line.precision)
    chip = "" if row.line.precision == "exact" else f' <span class="chip">{kind}</span>'
    return f"{swatch(report.look(row.line))} {shown}{chip}"


def _values(
    report: Report, board: Board, line: Line, cell: Cell, latency_us: float
) -> Iterator[str]:
    workload, memory = cell.newest.workload, cell.peak_memory_bytes
    rate = tflops_per_second(workload, latency_us)
    peak = peak_tflops(board.scope.device, workload.dtype, line.precision)
    yield f"{microseconds(latency_us)}{signs(report, cell)}"
    yield between(cell.interval_us) if cell.interval_us else ONE_ROUND
    yield number(rate)
    yield percent(rate / peak) if peak else "–"
    yield judged(cell.accuracy) or "–"
    yield "–" if memory is None else f"{number(memory / MIB)}&nbsp;MiB"
