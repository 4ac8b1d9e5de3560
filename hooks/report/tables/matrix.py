"""The matrix page: the outcome of every implementation on every workload, with all reasons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bench.analysis.labels import STATUSES
from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.verdict import Rank
from bench.records.outcome import Status
from bench.text import one_line
from bench.workload import Workload
from hooks.report.elements import (
    Column,
    Content,
    Contents,
    Element,
    cell,
    code,
    element,
    link,
    table,
)
from hooks.report.formats import SPACE
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import legend_list, name, retired_note

Why = tuple[Status, str]
"""A status and its reason."""


@dataclass(frozen=True)
class _Reasons:
    """The reasons of a leaderboard's failures, numbered for the list below its table."""

    place: int
    """Index of the leaderboard in the report, which keeps the anchors of two lists distinct."""
    cases: dict[Why, dict[str, list[Workload]]]
    """For each reason, its workloads by the label of their line, in the order of the table."""
    numbers: dict[Why, int]

    def anchor(self, why: Why) -> str:
        """Id of the element with a reason."""
        return f"why-{self.place}-{self.numbers[why]}"


def matrices(report: Report) -> Iterator[Contents]:
    """A section for each leaderboard, in the order of the report."""
    for place, board in enumerate(report.leaderboards):
        yield element("h2", one_line(board.scope.name))
        yield _matrix(report, board, place)


def _matrix(report: Report, board: Leaderboard, place: int) -> Iterator[Contents]:
    """The table of a leaderboard, a legend, and every reason with its cases."""
    reasons = _reasons(board, place)
    titles = [Column("Implementation", kind="name")]
    for workload, title in columns(board.workloads).items():
        titles.append(Column(str(title), workload.name, kind=""))
    rows = (_row(report, board, line, reasons) for line in board.lines)
    yield table("matrix", one_line(f"Outcome of every case, {board.scope.name}"), titles, rows)
    yield _legend(board)
    yield retired_note(report, board.lines)
    yield _list(board, reasons)


def _reasons(board: Leaderboard, place: int) -> _Reasons:
    cases: dict[Why, dict[str, list[Workload]]] = {}
    for line in board.lines:
        for workload, case in line.cases.items():
            if case.status != "ok":
                lines = cases.setdefault((case.status, case.reason), {})
                lines.setdefault(line.label, []).append(workload)
    return _Reasons(place, cases, {why: number for number, why in enumerate(cases, 1)})


def _row(report: Report, board: Leaderboard, line: Line, reasons: _Reasons) -> Iterator[Contents]:
    yield name(report, line)
    yield from (_cell(line, workload, reasons) for workload in board.workloads)


def _cell(line: Line, workload: Workload, reasons: _Reasons) -> Element:
    case = line.cases.get(workload)
    if case is None:
        return cell(element("span", _sign("–"), " not measured"), class_="none")
    label = STATUSES[case.status]
    sign = _sign(label.sign)
    if case.status == "ok":
        ranked = _rank(line.ranks.get(workload))
        return cell(element("span", sign, " ok ", element("small", ranked)), class_="ok")
    why = (case.status, case.reason)
    reason = link(f"reason{SPACE}{reasons.numbers[why]}", f"#{reasons.anchor(why)}")
    word = element("span", sign, f" {label.word}")
    return cell(word, " ", element("small", reason), class_="failed")


def _sign(sign: str) -> Element:
    return element("span", sign, class_="sign", aria_hidden="true")


def _rank(rank: Rank | None) -> Iterator[Content]:
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
    items: list[list[Content]] = [
        [element("b", f"{label.sign} {label.word}"), f": {label.meaning}"]
        for status, label in STATUSES.items()
        if status in present
    ]
    if "ok" in present:
        items.append(["The number after ok is the rank at that workload; = marks a tie"])
    if any(workload not in line.cases for line in board.lines for workload in board.workloads):
        items.append([element("b", "– not measured"), ": no run has this case"])
    return legend_list(items)


def _list(board: Leaderboard, reasons: _Reasons) -> Iterator[Element]:
    if not reasons.cases:
        runs = link("the runs", "~/runs/")
        text = "Every case succeeded when it was last measured; earlier failures are listed under "
        yield element("p", text, runs, ".")
        return
    yield element("p", "Reasons and the cases that they apply to:")
    items = (
        element(
            "li",
            element("strong", STATUSES[why[0]].word),
            ": ",
            code(why[1]),
            element("br"),
            "; ".join(_cases(board, lines)),
            id=reasons.anchor(why),
        )
        for why, lines in reasons.cases.items()
    )
    yield element("ol", items, class_="report-why")


def _cases(board: Leaderboard, lines: dict[str, list[Workload]]) -> Iterator[str]:
    for label, workloads in lines.items():
        whole = len(workloads) == len(board.workloads)
        where = "every workload" if whole else ", ".join(_named(board, workloads))
        yield f"{label}: {where}"


def _named(board: Leaderboard, workloads: Iterable[Workload]) -> Iterator[str]:
    """The headings of some workloads, in the order of the table."""
    failed = set(workloads)
    titles = columns(board.workloads).items()
    return (str(title) for workload, title in titles if workload in failed)
