"""Every implementation on every workload of a board: how it ended, and why it did not end well."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.text import one_line
from bench.verdicts.summary import Board, Line
from bench.verdicts.verdict import Place
from bench.workload import Workload
from hooks.markup import escape, table
from hooks.reading.report import Key, Report
from hooks.reading.rows import Row, columns
from hooks.tables.cases import WORDS, reason
from hooks.tables.retired import chip, retired_note
from hooks.tables.summary import precision_chip

SIGNS = {
    "ok": "✓",
    "incorrect": "≠",
    "unsupported": "⊘",
    "unavailable": "○",
    "out_of_memory": "▲",
    "timeout": "…",
    "crashed": "†",
    "error": "!",
}
"""A sign for each status, beside its word."""

_MEANINGS = {
    "ok": "right in every check; the number is its rank at that workload, = a tie",
    "incorrect": "an output was not within its error bound",
    "unsupported": "the implementation says that it does not do this",
    "unavailable": "a package, a kernel or the network was missing where it was measured",
    "out_of_memory": "the memory of the device did not suffice",
    "timeout": "it did not end in time and was stopped",
    "crashed": "its process died",
    "error": "its code raised an exception",
}

Why = tuple[str, str]
"""A status and its reason."""


@dataclass(frozen=True)
class _Board:
    """What the rows of one table share."""

    report: Report
    board: Board
    ranks: dict[Workload, dict[Key, Place]]
    names: dict[Workload, int | str]
    notes: dict[Why, int]
    """The number of each reason in the list below the table."""
    place: int
    """Of the board in the report: what tells its anchors from those of the others."""


def matrix(report: Report, board: Board, ranked: tuple[Row, ...], place: int) -> str:
    """The table of a board, its signs explained, and every reason with its cells; HTML."""
    ranks = {workload: board.places_at(workload) for workload in board.workloads}
    grouped = _grouped(ranked)
    notes = {why: number for number, why in enumerate(grouped, 1)}
    shared = _Board(report, board, ranks, columns(board.workloads), notes, place)
    head = ['<th scope="col">Implementation</th>']
    head += [
        f'<th scope="col" title="{escape(workload.name)}">{escape(str(name))}</th>'
        for workload, name in shared.names.items()
    ]
    caption = escape(one_line(f"How every case ended, {board.scope.name}"))
    body = (_row(shared, row) for row in ranked)
    made = table("matrix", caption, head, body)
    gone = retired_note(report, ((row.line, row.label) for row in ranked))
    return made + _legend(ranked, board) + gone + _reasons(shared, grouped)


def _grouped(ranked: tuple[Row, ...]) -> dict[Why, dict[str, list[Workload]]]:
    """Each reason with the lines and workloads that it held for, as the table has them."""
    found: dict[Why, dict[str, list[Workload]]] = {}
    for row in ranked:
        for workload, cell in row.line.cells.items():
            if cell.failure:
                held = found.setdefault((cell.status, reason(cell)), {})
                held.setdefault(row.label, []).append(workload)
    return found


def _row(shared: _Board, row: Row) -> str:
    line = row.line
    label = escape(row.label)
    known = line.implementation in shared.report.by_slug
    name = f'<a href="~/impls/{line.implementation}/">{label}</a>' if known else label
    cells = "".join(_cell(shared, line, workload) for workload in shared.board.workloads)
    chips = precision_chip(line) + chip(shared.report, line)
    return f'<tr><th scope="row" class="name">{name}{chips}</th>{cells}</tr>'


def _cell(shared: _Board, line: Line, workload: Workload) -> str:
    cell = line.cells.get(workload)
    if cell is None:
        return f'<td class="none"><span>{_sign("–")} not measured</span></td>'
    sign = _sign(SIGNS[cell.status])
    if not cell.failure:
        key = (line.implementation, line.variant)
        rank = _rank(shared.ranks[workload].get(key))
        return f'<td class="ok"><span>{sign} ok{rank}</span></td>'
    note = shared.notes[cell.status, reason(cell)]
    link = f'<a href="#why-{shared.place}-{note}">reason&nbsp;{note}</a>'
    word = f"<span>{sign} {WORDS[cell.status]}</span>"
    return f'<td class="failed">{word} <small>{link}</small></td>'


def _sign(sign: str) -> str:
    return f'<span class="sign" aria-hidden="true">{sign}</span>'


def _rank(place: Place | None) -> str:
    if place is None:
        return " <small>unranked</small>"
    tie = '<span aria-hidden="true">=</span><span class="report-unseen"> tied</span>'
    return f" <small>{place.rank}{tie if place.tied else ''}</small>"


def _legend(ranked: tuple[Row, ...], board: Board) -> str:
    """What the signs of the table mean: only those that occur."""
    found = {cell.status for row in ranked for cell in row.line.cells.values()}
    items = [
        f"<li><b>{SIGNS[status]} {WORDS.get(status, status)}</b>: {meaning}</li>"
        for status, meaning in _MEANINGS.items()
        if status in found
    ]
    if any(workload not in row.line.cells for row in ranked for workload in board.workloads):
        items.append("<li><b>– not measured</b>: no run holds the case</li>")
    return f'<ul class="report-legend">{"".join(items)}</ul>'


def _reasons(shared: _Board, grouped: dict[Why, dict[str, list[Workload]]]) -> str:
    if not grouped:
        return (
            "<p>Every case ended well when it was measured last; what failed before is with "
            '<a href="~/runs/">the runs</a>.</p>'
        )
    items = "".join(
        f'<li id="why-{shared.place}-{number}"><strong>{WORDS[status]}</strong>: '
        f"<code>{escape(text)}</code><br>{'; '.join(_held(shared, held))}</li>"
        for number, ((status, text), held) in enumerate(grouped.items(), 1)
    )
    return f'<p>Reasons, with the cases that each holds for:</p><ol class="report-why">{items}</ol>'


def _held(shared: _Board, held: dict[str, list[Workload]]) -> Iterator[str]:
    for label, workloads in held.items():
        whole = len(workloads) == len(shared.board.workloads)
        where = "every workload" if whole else ", ".join(_named(shared, workloads))
        yield f"{escape(label)}: {where}"


def _named(shared: _Board, workloads: Iterable[Workload]) -> Iterator[str]:
    """Workloads as the head of the table calls them, in its order."""
    held = set(workloads)
    return (escape(str(name)) for workload, name in shared.names.items() if workload in held)
