"""Why cases of a page have no latency."""

from collections.abc import Iterator

from bench.text import one_line
from bench.verdicts.summary import Line
from hooks.markup import escape
from hooks.tables.cases import WORDS, workloads_named


def failures(lines: tuple[Line, ...]) -> list[str]:
    """Each way in which a case did not end well, with the workloads it happened to, as HTML."""
    grouped: dict[tuple[str, str, str], list[str]] = {}
    for line in lines:
        for workload, status, reason in _failed(line):
            grouped.setdefault((line.title, status, reason), []).append(workload)
    several = len(lines) > 1
    return [
        f"{f'{escape(one_line(title))}, ' if several else ''}<strong>{WORDS[status]}</strong> "
        f"({workloads_named(names)}): <code>{escape(one_line(reason))}</code>"
        for (title, status, reason), names in grouped.items()
    ]


def _failed(line: Line) -> Iterator[tuple[str, str, str]]:
    for workload, cell in line.cells.items():
        if cell.failure:
            yield workload.name, cell.status, cell.reason
