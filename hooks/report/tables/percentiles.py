"""Percentiles of each round's samples: the numbers of the sample chart."""

from collections.abc import Iterator
from functools import partial

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.elements import (
    Element,
    cell,
    details,
    heading,
    number,
    numbers,
    row,
    table,
    words,
)
from hooks.report.formats import microseconds
from hooks.report.reading.columns import columns
from hooks.report.reading.evidence import SHARES, Evidence
from hooks.report.reading.report import Report
from hooks.report.tables.lines import grouped

_NAMES = {0.0: "Lowest", 0.5: "Median", 1.0: "Highest"}


def percentiles(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[Element]:
    """A folded table with a row for each round of each case with a latency."""
    shares = (_NAMES.get(share, f"{share * 100:.0f} %") for share in SHARES)
    titles = (*words("Tokens", "Round"), *numbers("Samples", *shares))
    rows = grouped(report, lines, len(titles), partial(_rows_of, report, board))
    if rows:
        where = one_line(board.scope.name)
        caption = f"Samples of each round in µs, {where}"
        yield details(f"Percentiles of each round, {where}", table("page", caption, titles, rows))


def _rows_of(report: Report, board: Leaderboard, line: Line) -> Iterator[Element]:
    for workload, name in columns(board.workloads).items():
        if workload in line.cases:
            yield from _rows(str(name), report.evidence(line.cases[workload]))


def _rows(name: str, evidence: Evidence) -> Iterator[Element]:
    rounds = zip(evidence.samples, evidence.percentiles, strict=True)
    for index, (samples, values) in enumerate(rounds):
        first = [heading(name, rowspan=len(evidence.samples))] if not index else []
        latencies = map(number, map(microseconds, values))
        yield row(*first, cell(str(index + 1)), number(f"{samples:,}"), *latencies)
