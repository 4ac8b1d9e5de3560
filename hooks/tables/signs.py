"""Marks as small signs beside a latency, and the words that explain those that a table holds."""

from collections import Counter
from collections.abc import Iterable, Iterator

from bench.verdicts.cell import Cell
from bench.verdicts.marks import MEANINGS, Mark
from hooks.markup import escape
from hooks.reading.report import Report

SIGNS: dict[Mark, str] = {
    "noisy": "~",
    "unsettled": "…",
    "late": "+",
    "drifted": "↕",
    "throttled": "↓",
    "unconfirmed": "?",
}
"""Every mark but `power_capped`: a GPU at its power limit does what it was built for, and a sign
in every cell would say nothing."""

TIE = "<span>=</span>"
"""After the rank of a line that is level with another; without room of its own, as digits align."""


def word(mark: Mark) -> str:
    """What a mark is called in running text."""
    return mark.replace("_", "-")


def signs(report: Report, cell: Cell) -> str:
    """The signs of a case as HTML, each with its meaning on hovering."""
    found = "".join(
        f'<abbr title="{word(mark)}: {escape(MEANINGS[mark])}"><span aria-hidden="true">'
        f'{SIGNS[mark]}</span><span class="report-unseen"> {word(mark)}</span></abbr>'
        for mark in report.marks(cell)
        if mark in SIGNS
    )
    return f'<sup class="signs">{found}</sup>' if found else ""


def legend(report: Report, cells: Iterable[Cell], *more: tuple[str, str]) -> str:
    """What the signs of a table mean, and `more` (sign, meaning) before them: only what occurs."""
    timed = [cell for cell in cells if cell.timed]
    items = "".join(
        f"<li><b>{sign}</b> {escape(meaning)}</li>"
        for sign, meaning in [*more, *_found(report, timed)]
    )
    return f'<ul class="report-legend">{items}</ul>' if items else ""


def _found(report: Report, timed: list[Cell]) -> Iterator[tuple[str, str]]:
    found = Counter(mark for cell in timed for mark in report.marks(cell))
    for mark, sign in SIGNS.items():
        if mark in found:
            yield sign, f"{word(mark)}: {MEANINGS[mark]}"
    if capped := found["power_capped"]:
        yield "", f"In {capped} of {len(timed)} cases {MEANINGS['power_capped']}"
