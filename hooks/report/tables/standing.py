"""Where the lines of a page stand: the first table of an implementation's page."""

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.verdict import Rank
from hooks.report import elements as h
from hooks.report.reading.report import Boards, Report
from hooks.report.tables.line_parts import TIED, board_link, chips, endings
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
        h.heading(
            board_link(report, board), f": {line.label}" if several else "", chips(report, line)
        ),
        _rank(line.rank, ranked),
        slowdown(line.slowdown),
        f"{first} of {len(board.workloads)}" if line.ranks else "–",
        "; ".join(endings(board, line)) or "–",
    )


def _rank(rank: Rank | None, ranked: int) -> h.Content:
    if rank is None:
        return "–"
    place = f"{rank.number}{'=' if rank.tied else ''} of {ranked}"
    return h.element("span", place, title=TIED if rank.tied else None)
