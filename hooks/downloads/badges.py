"""A badge for each implementation: its place, in the endpoint format of shields.io."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from bench.pages.implementation import SLUG
from bench.text import one_line
from bench.verdicts.summary import Board, Line
from hooks.reading.report import Report
from hooks.tables.cases import WORDS


class Badge(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What shields.io asks for; the message says all, the colour only repeats it."""

    schema_version: int = 1
    label: str
    message: str
    color: str


def badges(report: Report) -> dict[str, bytes]:
    """A badge for each page, and for each page that is gone and has results; by path."""
    lines = _lines(report)
    known = _Known(
        devices=Counter(board.scope.device for board in report.boards),
        ranked={
            id(board): sum(board.place(line) is not None for line in board.lines)
            for board in report.boards
        },
    )
    titles = {page.slug: page.title for page in report.implementations}
    gone = {slug: found[0][1].title for slug, found in lines.items() if SLUG.fullmatch(slug)}
    return {
        f"badge/{slug}.json": msgspec.json.encode(_badge(title, lines.get(slug, []), known))
        for slug, title in sorted((gone | titles).items())
    }


_Found = list[tuple[Board, Line]]


@dataclass(frozen=True)
class _Known:
    """What is counted once for all badges."""

    devices: Counter[str]
    """Boards of each device."""
    ranked: dict[int, int]
    """Lines in the ranking of each board, by its identity."""


def _lines(report: Report) -> dict[str, _Found]:
    """The lines of each page, those of the first board in front."""
    found: dict[str, _Found] = {}
    for board in report.boards:
        for line in board.lines:
            found.setdefault(line.implementation, []).append((board, line))
    return found


def _badge(title: str, found: _Found, known: _Known) -> Badge:
    """Of the first board with a result; where there is none, why not."""
    label = one_line(title)
    measured = [(board, line) for board, line in found if line.measured]
    if not found:
        return Badge(label=label, message="not measured", color="lightgrey")
    board = (measured or found)[0][0]
    scope = board.scope
    where = scope.device if known.devices[scope.device] == 1 else scope.name
    if not measured:
        word = WORDS[found[0][1].newest.status]
        return Badge(label=label, message=f"{word} on {one_line(where)}", color="lightgrey")
    best = _best(board, [line for other, line in measured if other is board])
    message, color = _place(board, best, known.ranked[id(board)])
    return Badge(label=label, message=f"{message} on {one_line(where)}", color=color)


def _best(board: Board, lines: list[Line]) -> Line:
    """The variant in the best place; a ranked one before one that is not."""

    def rank(line: Line) -> tuple[float, float]:
        place, slowdown = board.place(line), board.slowdown(line)
        return (
            place.rank if place else float("inf"),
            slowdown.value if slowdown else float("inf"),
        )

    return min(lines, key=rank)


def _place(board: Board, line: Line, total: int) -> tuple[str, str]:
    """What to say of a line with results among `total` in the ranking, and its colour."""
    place = board.place(line)
    told = list(_told(board, line))
    if place is None:
        why = "one round" if line.precision == "exact" else line.precision
        return ", ".join([f"{why}, not ranked", *told]), "blue"
    tie = "=" if place.tied else ""
    text = f"{_ordinal(place.rank)}{tie} of {total}"
    if place.rank == 1:
        return ", ".join([text, *told]), "brightgreen"
    return ", ".join([text, *told]), "green" if 2 * place.rank <= total else "yellowgreen"


def _told(board: Board, line: Line) -> Iterator[str]:
    slowdown = board.slowdown(line)
    if slowdown and f"{slowdown.value:.2f}" != "1.00":
        yield f"slow-down {slowdown.value:.2f}×"
    if len(line.measured) < len(board.workloads):
        yield f"{len(line.measured)} of {len(board.workloads)} workloads"


def _ordinal(number: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"
