"""The outcome of every implementation on every workload, with all reasons; the statuses."""

from collections.abc import Iterator, Mapping

from bench.analysis.labels import STATUSES
from bench.analysis.leaderboard import Leaderboard, Line, columns
from bench.analysis.verdict import Rank
from bench.operations.operation import Workload
from bench.records.outcome import Status
from bench.text import one_line
from hooks.report.elements import Contents, Element, cell, code, element, link, names, table, words
from hooks.report.formats import SPACE
from hooks.report.reading.report import Report
from hooks.report.tables.lines import legend_list, name, retired_note, workload_columns

Why = tuple[Status, str]
"""A status and its reason."""


def matrices(report: Report) -> Iterator[Contents]:
    """A section for each leaderboard, in the order of the report."""
    for place, board in enumerate(report.leaderboards):
        yield element("h2", one_line(board.scope.name))
        yield _matrix(report, board, f"why-{place}-")


def _matrix(report: Report, board: Leaderboard, prefix: str) -> Iterator[Contents]:
    """The table of a leaderboard, a legend, and every reason with its cases.

    The id of a reason is `prefix` and its number.
    """
    reasons = _reasons(board)
    links = {
        why: link(f"reason{SPACE}{number}", f"#{prefix}{number}")
        for number, why in enumerate(reasons, 1)
    }
    rows = (_row(report, board, line, links) for line in board.lines)
    titles = (*names("Implementation"), *workload_columns(board, kind=""))
    yield table("matrix", one_line(f"Outcome of every case, {board.scope.name}"), titles, rows)
    yield _legend(board)
    yield retired_note(report, board.lines)
    if reasons:
        yield element("p", "Reasons and the cases that they apply to:")
        yield element("ol", _listed(board, reasons, prefix), class_="report-why")
    else:
        text = "Every case succeeded when it was last measured; earlier failures are listed under "
        yield element("p", text, link("the runs", "~/runs/"), ".")


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
    report: Report, board: Leaderboard, line: Line, links: Mapping[Why, Contents]
) -> Iterator[Contents]:
    yield name(report, line)
    yield from (_cell(line, workload, links) for workload in board.workloads)


def _cell(line: Line, workload: Workload, links: Mapping[Why, Contents]) -> Element:
    case = line.cases.get(workload)
    if case is None:
        return cell(element("span", _sign("–"), " not measured"), class_="none")
    label = STATUSES[case.status]
    sign = _sign(label.sign)
    if case.status == "ok":
        ranked = _rank(line.ranks.get(workload))
        return cell(element("span", sign, " ok ", element("small", ranked)), class_="ok")
    word = element("span", sign, f" {label.word}")
    reason = element("small", links[case.status, case.reason])
    return cell(word, " ", reason, class_="failed")


def _sign(sign: str) -> Element:
    return element("span", sign, class_="sign", aria_hidden="true")


def _rank(rank: Rank | None) -> Iterator[Contents]:
    if rank is None:
        yield "unranked"
        return
    yield str(rank.number)
    if rank.tied:
        yield element("span", "=", aria_hidden="true")
        yield element("span", " tied", class_="report-unseen")


def _legend(board: Leaderboard) -> Element | None:
    """The meanings of the signs that occur in the table."""
    present = {case.status for line in board.lines for case in line.cases.values()}
    items: list[Contents] = [
        (element("b", f"{label.sign} {label.word}"), f": {label.meaning}")
        for status, label in STATUSES.items()
        if status in present
    ]
    if "ok" in present:
        items.append("The number after ok is the rank at that workload; = marks a tie")
    if any(workload not in line.cases for line in board.lines for workload in board.workloads):
        items.append((element("b", "– not measured"), ": no run has this case"))
    return legend_list(items)


def _listed(
    board: Leaderboard, reasons: Mapping[Why, Mapping[str, list[str]]], prefix: str
) -> Iterator[Element]:
    for number, ((status, reason), lines) in enumerate(reasons.items(), 1):
        whole = len(board.workloads)
        cases = (
            f"{label}: {'every workload' if len(titles) == whole else ', '.join(titles)}"
            for label, titles in lines.items()
        )
        why = element("strong", STATUSES[status].word), ": ", code(reason)
        yield element("li", why, element("br"), "; ".join(cases), id=f"{prefix}{number}")


def statuses() -> Element:
    """The table of the methodology page: each status with its name in records and its meaning."""
    rows = ((code(status), label.sign, label.meaning) for status, label in STATUSES.items())
    titles = (*words("Status", "Sign"), *names("Meaning"))
    return table("statuses", "Statuses of a case", titles, rows)
