"""The reasons why cases of a page have no latency."""

from bench.analysis.labels import STATUSES
from bench.analysis.leaderboard import Line
from bench.records.outcome import Status
from hooks.report.elements import Element, code, element, listed
from hooks.report.tables.lines import workloads_named


def failures(lines: tuple[Line, ...]) -> Element | None:
    """A list of failures with their reasons and workloads; None without failures."""
    grouped: dict[tuple[str, Status, str], list[str]] = {}
    for line in lines:
        for workload, case in line.cases.items():
            if case.status != "ok":
                key = (line.label, case.status, case.reason)
                grouped.setdefault(key, []).append(workload.name)
    return listed(
        [
            f"{label}, " if len(lines) > 1 else "",
            element("strong", STATUSES[status].word),
            f" ({workloads_named(names)}): ",
            code(reason),
        ]
        for (label, status, reason), names in grouped.items()
    )
