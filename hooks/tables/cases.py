"""What the report says of one case: its interval and rounds, or why it has no latency."""

from collections.abc import Iterator, Sequence

from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.stats import Interval
from hooks.markup import escape, microseconds, percent
from hooks.reading.report import Report
from hooks.tables.signs import word

WORDS = {
    "incorrect": "incorrect",
    "unsupported": "unsupported",
    "unavailable": "unavailable",
    "out_of_memory": "out of memory",
    "timeout": "timed out",
    "crashed": "crashed",
    "error": "error",
}
"""How a status other than ok reads."""

ONE_ROUND = "one round: no interval"


def status_word(cell: Cell) -> str:
    """What became of a case that has no latency; its reason on hovering."""
    return f'<abbr title="{escape(reason(cell))}">{WORDS[cell.status]}</abbr>'


def reason(cell: Cell) -> str:
    """Why a case has no latency, on one line; empty where it has one."""
    return one_line(cell.reason)


def between(interval: Interval, digits: int | None = None) -> str:
    """Two latencies in µs, with so many decimals or as every latency."""
    low, high = (microseconds(end) if digits is None else f"{end:,.{digits}f}" for end in interval)
    return f"{low} – {high}"


def plus_minus(value: float, interval: Interval) -> str:
    """The farther end of an interval as a share of `value`."""
    reach = max(interval[1] - value, value - interval[0]) / value
    return f"±{percent(reach, 2 if reach < 0.001 else 1)}"


def counted(number: int, name: str) -> str:
    """`3 rounds`, `1 round`."""
    return f"{number:,} {name}{'' if number == 1 else 's'}"


def told(report: Report, cell: Cell) -> str:
    """All that a reader who hovers over a latency learns of it."""
    return "; ".join(_told(report, cell))


def _told(report: Report, cell: Cell) -> Iterator[str]:
    yield f"95 % interval: {between(cell.interval_us)} µs" if cell.interval_us else ONE_ROUND
    yield f"{counted(len(cell.timed), 'round')}, {counted(len(cell.samples_us), 'sample')}"
    yield from (word(mark) for mark in report.marks(cell))


def workloads_named(names: Sequence[str]) -> str:
    """The one workload, or how many there are; HTML."""
    return escape(names[0]) if len(names) == 1 else f"{len(names)} workloads"
