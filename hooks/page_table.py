"""The table of one page on one board: everything that was found, workload by workload."""

from bench.metrics import tflops_per_second
from bench.outcome import Accuracy, Ok
from bench.summary import Board, Line
from bench.text import one_line
from bench.workload import Workload
from hooks.headline import BASELINE, baseline
from hooks.looks import swatch
from hooks.markup import escape, microseconds, number, table
from hooks.report import Report
from hooks.rows import columns, labels
from hooks.summary_table import reason, status_word

_COLUMNS = (
    ("Median", "Median latency in µs"),
    ("5–95 %", "5th to 95th percentile of the samples, in µs"),
    ("Samples", "Timed calls; all of them are in the run's file"),
    ("TFLOP/s", "Floating-point operations of the forward pass over the median"),
    ("Speed-up", f"Over {BASELINE}, at the same workload"),
    ("Max. error", "Largest absolute error against the float64 reference, with its bound"),
    ("Memory", "Most memory allocated during a call, beyond the inputs"),
    ("First call", "Compilation, tuning, planning and one call"),
)


def page_table(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """The results of a page's lines on `board`, as HTML."""
    head = [
        '<th scope="col">Tokens</th>',
        *(f'<th scope="col" class="number" title="{why}">{name}</th>' for name, why in _COLUMNS),
    ]
    names = columns(board.workloads)
    body = []
    for line, label in zip(lines, labels(lines), strict=True):
        if len(lines) > 1:
            key = swatch(report.look(line))
            span = len(head)
            body.append(
                f'<tr><th scope="rowgroup" colspan="{span}">{key} {escape(label)}</th></tr>'
            )
        body += [_row(board, line, workload, name) for workload, name in names.items()]
    caption = escape(one_line(f"Results on {board.device}, suite {board.suite}"))
    return table("page", caption, head, body)


def _row(board: Board, line: Line, workload: Workload, name: int | str) -> str:
    head = f'<th scope="row" title="{escape(workload.name)}">{name}</th>'
    cell = line.cells.get(workload)
    span = len(_COLUMNS)
    if cell is None:
        return f'<tr>{head}<td colspan="{span}" class="status">not measured</td></tr>'
    outcome = cell.result.outcome
    if not (isinstance(outcome, Ok) and cell.spread_us):
        why = f"{status_word(cell)}: {escape(reason(cell))}"
        return f'<tr>{head}<td colspan="{span}" class="status"><div>{why}</div></td></tr>'
    values = _measured(board, workload, cell.spread_us, outcome)
    cells = "".join(f'<td class="number">{value}</td>' for value in values)
    return f"<tr>{head}{cells}</tr>"


def _measured(
    board: Board, workload: Workload, spread_us: tuple[float, float, float], outcome: Ok
) -> list[str]:
    low, middle, high = spread_us
    return [
        f"<strong>{microseconds(middle)}</strong>{_unsettled(outcome)}",
        f"{microseconds(low)} – {microseconds(high)}",
        _samples(outcome),
        number(tflops_per_second(workload, middle)),
        _speedup(board, workload, middle),
        _error(outcome.accuracy),
        "–" if outcome.peak_memory_bytes is None else _memory(outcome.peak_memory_bytes),
        _duration(outcome.first_call_ms),
    ]


def _unsettled(outcome: Ok) -> str:
    return "" if outcome.settled else ' <abbr title="Warm-up did not settle">unsettled</abbr>'


def _samples(outcome: Ok) -> str:
    """The number of samples, and of those that may hold launch latency."""
    late = outcome.late_samples
    why = "In these the device waited for the host: launch latency may be in them"
    note = f' <abbr title="{why}">{late:,} late</abbr>' if late else ""
    return f"{len(outcome.latency_us):,}{note}"


def _speedup(board: Board, workload: Workload, latency_us: float) -> str:
    line = baseline(board)
    reference = line.measured.get(workload) if line else None
    return f"{reference / latency_us:.2f}×" if reference else "–"


def _error(accuracy: Accuracy) -> str:
    return f"{accuracy.max_abs_error:.1e}&nbsp;/ {accuracy.max_abs_bound:.1e}"


def _memory(amount: int) -> str:
    return f"{number(amount / 2**20)}&nbsp;MiB"


def _duration(ms: float) -> str:
    return f"{number(ms / 1000)}&nbsp;s" if ms >= 1000 else f"{number(ms)}&nbsp;ms"
