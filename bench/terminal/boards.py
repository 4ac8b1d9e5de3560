"""The verdicts at the terminal: a table for each board."""

from rich import box
from rich.markup import escape
from rich.table import Table

from bench.terminal.lines import console, say
from bench.verdicts.cell import Cell
from bench.verdicts.marks import MEANINGS, Mark, marks
from bench.verdicts.summary import Board, Line
from bench.verdicts.verdict import Place, Slowdown
from bench.workload import Workload

_SIGNS: dict[Mark, str] = {
    "noisy": "~",
    "unsettled": "u",
    "late": "l",
    "drifted": "d",
    "throttled": "!",
    "unconfirmed": "?",
}
"""Behind a latency; to be held at the power limit is no reason to doubt one."""


def show_boards(boards: tuple[Board, ...]) -> None:
    """A table for each board: lines ranked, ties with `=`, latencies in µs, or the status."""
    if not boards:
        say("no results yet: python -m bench all")
    for board in boards:
        title = f"{escape(board.scope.name)}: latency in µs"
        table = Table(title=title, box=box.SIMPLE_HEAD, padding=0, title_justify="left")
        table.add_column("#", justify="right")
        table.add_column("implementation")
        for workload in board.workloads:
            table.add_column(str(workload.seqlen_q), justify="right")
        table.add_column("slow-down, 95 %", justify="right", no_wrap=True)
        for line in board.ranked():
            cells = [_cell(line, workload) for workload in board.workloads]
            slowdown = _slowdown(board.slowdown(line))
            table.add_row(_place(board.place(line)), escape(line.title), *cells, slowdown)
        console.print(table)
        _legend(board)


def _place(place: Place | None) -> str:
    if place is None:
        return "–"
    return f"{place.rank}{'=' if place.tied else ' '}"


def _slowdown(slowdown: Slowdown | None) -> str:
    if slowdown is None:
        return "–"
    if slowdown.interval is None:
        return f"{slowdown.value:.3f}×"
    low, high = slowdown.interval
    return f"{slowdown.value:.3f}× [dim]{low:.3f}–{high:.3f}[/]"


def _cell(line: Line, workload: Workload) -> str:
    cell = line.cells.get(workload)
    if cell is None:
        return "[dim]–[/]"
    if cell.latency_us is None:
        return f"[dim]{cell.status}[/]"
    return f"{short(cell.latency_us)}{_signs(cell)}"


def short(latency_us: float) -> str:
    """A latency with as many digits as can be told apart."""
    return f"{latency_us:.1f}" if latency_us < 1000 else f"{latency_us:.0f}"


def _signs(cell: Cell) -> str:
    return "".join(_SIGNS.get(mark, "") for mark in marks(cell))


def _legend(board: Board) -> None:
    """What the signs mean that this table uses."""
    found = {mark for line in board.lines for cell in line.cells.values() for mark in marks(cell)}
    for mark, sign in _SIGNS.items():
        if mark in found:
            say(f"  {sign} {mark}: {MEANINGS[mark]}")
    if any(line.measured and not board.place(line) for line in board.exact):
        say("  – one round of the line, or of the fastest: no interval, and so no rank")
