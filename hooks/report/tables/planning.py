"""The time of planning, which a program pays once a step, next to the time of one call."""

from collections.abc import Iterable, Iterator

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.text import one_line
from hooks.report.elements import Column, Contents, Element, details, heading, table
from hooks.report.formats import microseconds, significant
from hooks.report.reading.report import Report
from hooks.report.tables.lines import keyed, legend_list, workload_column

PLANNING = Column(
    "Planning, µs",
    "Time of making a plan again, with everything compiled; a program does this once a step, for "
    "all layers, and no call includes it",
)


def planning_table(report: Report, board: Leaderboard) -> Element | None:
    """A folded table of the planning of a leaderboard; None if no line plans."""
    rows = list(_rows(report, board))
    if not rows:
        return None
    titles = (
        workload_column(board),
        Column("Implementation", kind=""),
        PLANNING,
        Column("Latency, µs", "Median of the rounds’ medians"),
        Column("Planning / call", "Time of planning, divided by the latency"),
    )
    caption = one_line(f"Planning, which a program does once a step, {board.scope.name}")
    return details(
        "Planning, once a step", table("page", caption, titles, rows), long_plans(board.lines)
    )


def long_plans(lines: Iterable[Line]) -> Element | None:
    """A sentence for each line whose plans take longer than a call; None if there is none."""
    return legend_list(sentence for line in lines if (sentence := _sentence(line)))


def _rows(report: Report, board: Leaderboard) -> Iterator[list[Contents]]:
    """For each workload its lines, the shortest planning first."""
    for workload, title in columns(board.workloads).items():
        cases = ((line, line.cases.get(workload)) for line in board.lines)
        found = [
            (case.plan_us, case.latency_us, line)
            for line, case in cases
            if case and case.plan_us and case.latency_us
        ]
        for plan_us, latency_us, line in sorted(found, key=lambda each: each[0]):
            yield [
                heading(str(title), title=workload.name),
                keyed(report, line),
                microseconds(plan_us),
                microseconds(latency_us),
                f"{significant(plan_us / latency_us)}×",
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
