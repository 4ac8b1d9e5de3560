"""A badge for each implementation: its rank, in the endpoint format of shields.io."""

from collections import Counter
from collections.abc import Iterator

import msgspec

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.words_and_signs import STATUSES
from bench.pages.implementation import SLUG
from bench.text import one_line
from hooks.report.formats import times
from hooks.report.reading.report import Report


def badges(report: Report) -> dict[str, bytes]:
    """The badges of all pages, and of removed pages with results, by their paths on the site."""
    lines: dict[str, list[tuple[Leaderboard, Line]]] = {}
    for board in report.leaderboards:
        for line in board.lines:
            lines.setdefault(line.key.implementation, []).append((board, line))
    boards = Counter(board.scope.device for board in report.leaderboards)
    titles = {page.slug: one_line(page.title) for page in report.implementations}
    gone = {slug: pairs[0][1].label for slug, pairs in lines.items() if SLUG.fullmatch(slug)}
    badges = {}
    for slug, title in sorted((gone | titles).items()):
        message, color = _badge(lines.get(slug, []), boards)
        badge = {"schemaVersion": 1, "label": title, "message": message, "color": color}
        badges[f"badge/{slug}.json"] = msgspec.json.encode(badge)
    return badges


def _badge(lines: list[tuple[Leaderboard, Line]], boards: Counter[str]) -> tuple[str, str]:
    """Message and colour: the rank on the first leaderboard with a result, or why there is none.

    The colour only repeats the message.
    """
    if not lines:
        return "not measured", "lightgrey"
    measured = [(board, line) for board, line in lines if line.measured]
    board, first = (measured or lines)[0]
    scope = board.scope
    where = one_line(scope.device if boards[scope.device] == 1 else scope.name)
    if not measured:
        word = STATUSES[first.newest.status].word
        return f"{word} on {where}", "lightgrey"
    best = min((line for other, line in measured if other is board), key=_order)
    message, color = _rank(board, best)
    return f"{message} on {where}", color


def _order(line: Line) -> tuple[float, float]:
    """A sort key: the best variant comes first, and ranked variants before others."""
    return (
        line.rank.number if line.rank else float("inf"),
        line.slowdown.value if line.slowdown else float("inf"),
    )


def _rank(board: Leaderboard, line: Line) -> tuple[str, str]:
    """The message for a line with results, and its colour."""
    more = list(_more(board, line))
    if line.rank is None:
        why = "one round" if line.precision == "exact" else line.precision
        return ", ".join([f"{why}, not ranked", *more]), "blue"
    total = sum(other.rank is not None for other in board.lines)
    number, tie = line.rank.number, "=" if line.rank.tied else ""
    message = ", ".join([f"{_ordinal(number)}{tie} of {total}", *more])
    if number == 1:
        return message, "brightgreen"
    return message, "green" if 2 * number <= total else "yellowgreen"


def _more(board: Leaderboard, line: Line) -> Iterator[str]:
    if line.slowdown and times(line.slowdown.value) != "1.00×":
        yield f"slow-down {times(line.slowdown.value)}"
    if len(line.measured) < len(board.workloads):
        yield f"{len(line.measured)} of {len(board.workloads)} workloads"


def _ordinal(number: int) -> str:
    """An ordinal: `1st`, `2nd`, `3rd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
