"""The time of planning, which a program pays once a step, next to the time of one call."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import microseconds, significant
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import keyed, legend_list, workload_column

PLANNING = h.Column(
    "Planning, µs",
    "Time of making a plan again, with everything compiled; a program does this once a step, for "
    "all layers, and no call includes it",
)


def planning_table(report: Report, board: Leaderboard) -> h.Element | None:
    """A folded table of the planning of a leaderboard; None if no line plans."""
    rows = list(_rows(report, board))
    if not rows:
        return None
    titles = (
        workload_column(board),
        h.Column("Implementation", kind=""),
        PLANNING,
        h.Column("Latency, µs", "Median of the rounds’ medians"),
        h.Column("Planning / call", "Time of planning, divided by the latency"),
    )
    caption = one_line(f"Planning, which a program does once a step, {board.scope.name}")
    return h.details(
        "Planning, once a step", h.table("page", caption, titles, rows), long_plans(board.lines)
    )


def long_plans(lines: Iterable[Line]) -> h.Element | None:
    """A sentence for each line whose plans take longer than a call; None if there is none."""
    return legend_list(sentence for line in lines if (sentence := _sentence(line)))


class Plan(NamedTuple):
    """The planning of a line for a workload, beside the latency of one call."""

    workload: Workload
    line: Line
    plan_us: float
    latency_us: float


def plans(board: Leaderboard) -> Iterator[Plan]:
    """The plans of each workload of a leaderboard, the shortest first."""
    for workload in board.workloads:
        cases = ((line, line.cases.get(workload)) for line in board.lines)
        found = (
            Plan(workload, line, case.plan_us, case.latency_us)
            for line, case in cases
            if case and case.plan_us and case.latency_us
        )
        yield from sorted(found, key=lambda plan: plan.plan_us)


def _rows(report: Report, board: Leaderboard) -> Iterator[list[h.Contents]]:
    titles = columns(board.workloads)
    for plan in plans(board):
        yield [
            h.heading(str(titles[plan.workload]), title=plan.workload.name),
            keyed(report, plan.line),
            microseconds(plan.plan_us),
            microseconds(plan.latency_us),
            f"{significant(plan.plan_us / plan.latency_us)}×",
        ]


def _sentence(line: Line) -> str | None:
    ratios = [
        (case.plan_us / case.latency_us, workload)
        for workload, case in line.cases.items()
        if case.plan_us and case.latency_us
    ]
    longest, workload = max(ratios, key=lambda pair: pair[0], default=(0.0, None))
    if workload is None or longest <= 1:
        return None
    up_to = "up to " if len(ratios) > 1 else ""
    return (
        f"{line.label}: planning takes {up_to}{significant(longest)} times as long as one call, "
        f"at {workload.label}."
    )
