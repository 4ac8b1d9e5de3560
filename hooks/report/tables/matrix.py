"""Tables: the outcome of every implementation on every workload with reasons, and the statuses."""

from collections.abc import Iterator, Mapping

from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.analysis.verdict import Rank
from bench.analysis.words_and_signs import STATUSES
from bench.operations.operation import Workload
from bench.records.outcome import Status
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import SPACE
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import legend_list, name, retired_note, workload_columns

Why = tuple[Status, str]
"""A status and its reason."""


def matrices(report: Report) -> Iterator[h.Contents]:
    """A section for each leaderboard, in the order of the report."""
    for place, board in enumerate(report.every_leaderboard):
        yield h.element("h2", one_line(board.scope.name))
        yield matrix(report, board, f"why-{place}-")


def matrix(report: Report, board: Leaderboard, prefix: str) -> Iterator[h.Contents]:
    """The table of a leaderboard, a legend, and every reason with its cases.

    The id of a reason is `prefix` followed by the number of the reason.
    """
    reasons = _reasons(board)
    links = {
        why: h.link(f"reason{SPACE}{number}", f"#{prefix}{number}")
        for number, why in enumerate(reasons, 1)
    }
    rows = (_row(report, board, line, links) for line in board.lines)
    titles = (*h.names("Implementation"), *workload_columns(board, kind=""))
    yield h.table("matrix", one_line(f"Outcome of every case, {board.scope.name}"), titles, rows)
    yield _legend(board)
    yield retired_note(report, board.lines)
    if reasons:
        yield h.element("p", "Reasons and the cases that they apply to:")
        yield h.element("ol", _listed(board, reasons, prefix), class_="report-why")
    else:
        text = "Every case succeeded when it was last measured; earlier failures are listed under "
        yield h.element("p", text, h.link("the runs", "~/runs/"), ".")


def _reasons(board: Leaderboard) -> dict[Why, dict[str, list[str]]]:
    """For each reason, the headings of its workloads by the label of their line."""
    reasons: dict[Why, dict[str, list[str]]] = {}
    for line in board.lines:
        for workload, title in columns(board.workloads).items():
            case = line.cases.get(workload)
            if case and case.status != "ok":
                lines = reasons.setdefault((case.status, case.reason), {})
                lines.setdefault(line.label, []).append(str(title))
    return reasons


def _row(
    report: Report, board: Leaderboard, line: Line, links: Mapping[Why, h.Contents]
) -> Iterator[h.Contents]:
    yield name(report, line)
    yield from (_cell(board, line, workload, links) for workload in board.workloads)


def _cell(
    board: Leaderboard, line: Line, workload: Workload, links: Mapping[Why, h.Contents]
) -> h.Element:
    case = line.cases.get(workload)
    if case is None:
        return h.cell(h.element("span", _sign("–"), " not measured"), class_="none")
    label = STATUSES[case.status]
    sign = _sign(label.sign)
    if case.status == "ok":
        ranked = h.element("small", _rank(line.ranks.get(workload)))
        return h.cell(
            h.element("span", sign, " ok ", None if board.judged_only else ranked), class_="ok"
        )
    word = h.element("span", sign, f" {label.word}")
    reason = h.element("small", links[case.status, case.reason])
    return h.cell(word, " ", reason, class_="failed")


def _sign(sign: str) -> h.Element:
    return h.element("span", sign, class_="sign", aria_hidden="true")


def _rank(rank: Rank | None) -> Iterator[h.Contents]:
    if rank is None:
        yield "unranked"
        return
    yield str(rank.number)
    if rank.tied:
        yield h.element("span", "=", aria_hidden="true")
        yield h.element("span", " tied", class_="report-unseen")


def _legend(board: Leaderboard) -> h.Element | None:
    """The meanings of the signs that occur in the table."""
    present = {case.status for line in board.lines for case in line.cases.values()}
    items: list[h.Contents] = [
        (h.element("b", f"{label.sign} {label.word}"), f": {label.meaning}")
        for status, label in STATUSES.items()
        if status in present
    ]
    if "ok" in present and not board.judged_only:
        items.append("The number after ok is the rank at that workload; = marks a tie")
    if any(workload not in line.cases for line in board.lines for workload in board.workloads):
        items.append((h.element("b", "– not measured"), ": no run has this case"))
    return legend_list(items)


def _listed(
    board: Leaderboard, reasons: Mapping[Why, Mapping[str, list[str]]], prefix: str
) -> Iterator[h.Element]:
    for number, ((status, reason), lines) in enumerate(reasons.items(), 1):
        whole = len(board.workloads)
        cases = (
            f"{label}: {'every workload' if len(titles) == whole else ', '.join(titles)}"
            for label, titles in lines.items()
        )
        why = h.element("strong", STATUSES[status].word), ": ", h.code(reason)
        yield h.element("li", why, h.element("br"), "; ".join(cases), id=f"{prefix}{number}")


def statuses() -> h.Element:
    """The table of the methodology page: each status with its name in records and its meaning."""
    rows = ((h.code(status), label.sign, label.meaning) for status, label in STATUSES.items())
    titles = (*h.words("Status", "Sign"), *h.names("Meaning"))
    return h.table("statuses", "Statuses of a case", titles, rows)
