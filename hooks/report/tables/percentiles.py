"""The spread of each round's samples: the numbers behind the curves."""

from collections.abc import Iterator

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
from hooks.report.tables.lines import group_row

_NAMES = {0.0: "Lowest", 0.5: "Median", 1.0: "Highest"}


def percentiles(report: Report, board: Leaderboard, lines: tuple[Line, ...]) -> Iterator[Element]:
    """A row for each round of each case with a latency, folded away."""
    shares = (_NAMES.get(share, f"{share * 100:.0f} %") for share in SHARES)
    titles = (*words("Tokens", "Round"), *numbers("Samples", *shares))
    rows: list[Element] = []
    for line in lines:
        if len(lines) > 1 and line.measured:
            rows.append(group_row(report, line, len(titles)))
        for workload, name in columns(board.workloads).items():
            if workload in line.cases:
                rows += _rows(str(name), report.evidence(line.cases[workload]))
    if rows:
        where = one_line(board.scope.name)
        made = table("page", f"Samples of each round in µs, {where}", titles, rows)
        yield details(f"Percentiles of each round, {where}", made)


def _rows(name: str, evidence: Evidence) -> Iterator[Element]:
    rounds = zip(evidence.samples, evidence.percentiles, strict=True)
    for place, (samples, values) in enumerate(rounds):
        first = [heading(name, rowspan=len(evidence.samples))] if not place else []
        latencies = map(number, map(microseconds, values))
        yield row(*first, cell(str(place + 1)), number(f"{samples:,}"), *latencies)
