"""What each run found of a page's cases: the numbers behind the history's chart."""

from bench.text import one_line
from bench.verdicts.summary import Board, Line
from hooks.markup import details, escape, microseconds, table
from hooks.reading.digest import CaseDigest, RunDigest, case_name
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.cases import ONE_ROUND, WORDS, between, plus_minus
from hooks.tables.page import group_row


def history_table(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """A row for each run that knows a line, the newest first, folded away, as HTML."""
    names = columns(board.workloads)
    head = [f'<th scope="col">{name}</th>' for name in ("Run", "PyTorch")]
    head += [f'<th scope="col" class="number">{escape(str(x))}</th>' for x in names.values()]
    body = []
    for line, label in zip(lines, labels(lines), strict=True):
        if len(lines) > 1:
            body.append(group_row(report, line, label, len(head)))
        body += _rows(report, board, line)
    where = escape(one_line(board.scope.name))
    caption = f"Medians in µs by sequence length, each run’s own, {where}"
    return details(f"Every run, {where}", table("page", caption, head, body))


def _rows(report: Report, board: Board, line: Line) -> list[str]:
    made = []
    for one, cases in reversed(report.histories[line.implementation]):
        own = {
            case.workload: case
            for case in cases
            if case.variant == line.variant and case_name(one.run, case).scope == board.scope
        }
        if own:
            made.append(_row(report, one, [own.get(workload) for workload in board.workloads]))
    return made


def _row(report: Report, one: RunDigest, cases: list[CaseDigest | None]) -> str:
    run = one.run
    cells = "".join(f'<td class="number">{_value(case)}</td>' for case in cases)
    served, when = report.served(one), f"{run.started:%Y-%m-%d %H:%M}"
    told = f'title="{escape(one_line(run.id))}"'
    name = f'<a href="~/{escape(served)}" {told}>{when}</a>' if served else when
    return (
        f'<tr><th scope="row">{name}</th><td>{escape(one_line(run.environment.torch))}</td>'
        f"{cells}</tr>"
    )


def _value(case: CaseDigest | None) -> str:
    if case is None:
        return "–"
    if case.latency_us is None:
        return f'<abbr title="{escape(case.reason)}">{WORDS[case.status]}</abbr>'
    interval = case.interval_us
    reach = plus_minus(case.latency_us, interval) if interval else ""
    why = f"95 % interval: {between(interval)} µs" if interval else ONE_ROUND
    return f'<span title="{why}">{microseconds(case.latency_us)}</span> <small>{reach}</small>'
