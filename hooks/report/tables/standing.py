"""Where the lines of a page stand: the first table of an implementation's page."""

from collections import Counter
from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.verdict import Rank
from bench.analysis.words_and_signs import STATUSES
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.reading.report import Boards, Report
from hooks.report.tables.line_parts import TIED
from hooks.report.tables.summary import slowdown

_FASTEST = "Workloads at which no other exact implementation is shown to be faster"


def standing_table(report: Report, boards: Boards) -> h.Element | None:
    """A row for each line of a page on each leaderboard; None without results."""
    columns = (
        *h.words("Results"),
        *h.numbers("Rank", "Slow-down"),
        h.Column("Among the fastest", _FASTEST),
        *h.names("Without a result"),
    )
    rows = [
        _row(report, board, line, several=len(lines) > 1)
        for board, lines in boards
        for line in lines
    ]
    return h.table("standing", "Where it stands", columns, rows) if rows else None


def _row(
    report: Report, board: Leaderboard, line: Line, *, several: bool
) -> tuple[h.Contents, ...]:
    first = sum(each.number == 1 for each in line.ranks.values())
    ranked = sum(other.rank is not None for other in board.lines)
    return (
        h.heading(_place(report, board), f": {line.label}" if several else ""),
        _rank(line.rank, ranked),
        slowdown(line.slowdown),
        f"{first} of {len(board.workloads)}" if line.ranks else "–",
        "; ".join(_endings(line)) or "–",
    )


def _rank(rank: Rank | None, ranked: int) -> h.Content:
    if rank is None:
        return "–"
    place = f"{rank.number}{'=' if rank.tied else ''} of {ranked}"
    return h.element("span", place, title=TIED if rank.tied else None)


def _place(report: Report, board: Leaderboard) -> h.Content:
    name, suite = one_line(board.scope.name), board.scope.suite
    known = any(each.name == suite for each in report.suites)
    return h.link(name, f"~/suites/{suite}/") if known else name


def _endings(line: Line) -> Iterator[str]:
    """How many cases ended in each way but a latency."""
    for status, count in Counter(case.status for case in line.cases.values()).items():
        if status != "ok":
            yield f"{count} {STATUSES[status].word}"
