"""Prints the leaderboards at the terminal."""

from rich import box
from rich.markup import escape
from rich.table import Table

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.analysis.summary import CaseSummary
from bench.analysis.verdict import Rank, Slowdown
from bench.analysis.words_and_signs import MARKS, STATUSES
from bench.cli.output import console, say
from bench.operations.operation import Workload


def show_leaderboards(boards: tuple[Leaderboard, ...]) -> None:
    """Print a table for each leaderboard: ranks (`=` marks ties), latencies in µs or statuses."""
    if not boards:
        say("no results yet: python -m bench all")
    for board in boards:
        what = "outcomes" if board.judged_only else "latency in µs"
        say(f"{board.scope.name}: {what}")  # a table would wrap its title to its own width
        table = Table(box=box.SIMPLE_HEAD, padding=0)
        table.add_column("#", justify="right")
        table.add_column("implementation")
        for heading in columns(board.workloads).values():
            table.add_column(str(heading), justify="right")
        table.add_column("slow-down, 95 %", justify="right", no_wrap=True)
        for line in board.lines:
            cells = [_cell(board, line, workload) for workload in board.workloads]
            table.add_row(_rank(line.rank), escape(line.label), *cells, _slowdown(line.slowdown))
        console.print(table)
        _legend(board)


def short(latency_us: float) -> str:
    """A latency in µs, with one decimal below a thousand."""
    return f"{latency_us:.1f}" if latency_us < 1000 else f"{latency_us:.0f}"


def _rank(rank: Rank | None) -> str:
    if rank is None:
        return "–"
    return f"{rank.number}{'=' if rank.tied else ' '}"


def _slowdown(slowdown: Slowdown | None) -> str:
    if slowdown is None:
        return "–"
    if slowdown.interval is None:
        return f"{slowdown.value:.3f}×"
    low, high = slowdown.interval
    return f"{slowdown.value:.3f}× [dim]{low:.3f}–{high:.3f}[/]"


def _cell(board: Leaderboard, line: Line, workload: Workload) -> str:
    case = line.cases.get(workload)
    if case is None:
        return "[dim]–[/]"
    if case.latency_us is None:
        return f"[dim]{STATUSES[case.status].word}[/]"
    if board.judged_only:
        return STATUSES[case.status].word
    return f"{short(case.latency_us)}{_signs(case)}"


def _signs(case: CaseSummary) -> str:
    return "".join(MARKS[mark].sign for mark in case.marks)


def _legend(board: Leaderboard) -> None:
    """Explain the signs that occur in the table of `board`."""
    if board.judged_only:
        return
    present = {mark for line in board.lines for case in line.cases.values() for mark in case.marks}
    for mark, label in MARKS.items():
        if mark in present and label.sign:
            say(f"  {label.sign} {label.word}: {label.meaning}")
    if any(line.measured and not line.rank for line in board.exact):
        say("  – one round of the line or of the fastest, so there is no interval and no rank")
