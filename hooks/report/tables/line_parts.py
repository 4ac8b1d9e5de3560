"""The parts of a line that all tables show alike: its name, rank, marks and failures."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote

from bench.analysis.leaderboard import Leaderboard, Line
from bench.analysis.leaderboard import columns as headings
from bench.analysis.summary import CaseSummary, retired
from bench.analysis.verdict import Rank
from bench.analysis.words_and_signs import MARKS, STATUSES
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import between
from hooks.report.reading.line_styles import swatch
from hooks.report.reading.report import Report

ONE_ROUND = "one round: no interval"

TIED = "Tied: another line’s 95 % interval overlaps this one’s"


def name(report: Report, line: Line) -> tuple[h.Contents, ...]:
    """The label of a line with a link to its page, if it still has one, and its chips."""
    slug = line.key.implementation
    label = h.link(line.label, f"~/impls/{slug}/") if slug in report.by_slug else line.label
    return label, chips(report, line)


def keyed(report: Report, line: Line) -> tuple[h.Contents, ...]:
    """The name of a line, after a sample of its stroke in charts."""
    return swatch(report.styles[line.key]), " ", name(report, line)


def chips(report: Report, line: Line) -> Iterator[h.Content]:
    """Chips that say whether a line is quantised and whether it is retired."""
    yield from precision_chip(line.precision)
    if report.is_retired(line.key):
        title = "Its page, or its variant on the page, was removed; the results are kept"
        yield from (" ", h.element("span", "retired", class_="chip", title=title))


def precision_chip(precision: str) -> Iterator[h.Content]:
    """A chip that names a class of precision other than `exact`."""
    if precision != "exact":
        title = "Quantised, so not ranked with exact implementations"
        yield from (" ", h.element("span", precision, class_="chip", title=title))


def board_link(report: Report, board: Leaderboard) -> h.Content:
    """The name of a leaderboard, as a link to its suite's page if there still is one."""
    name, suite = one_line(board.scope.name), board.scope.suite
    known = any(each.name == suite for each in report.suites)
    return h.link(name, f"~/suites/{suite}/") if known else name


def endings(board: Leaderboard, line: Line) -> Iterator[str]:
    """How many workloads gave a line no latency, for each reason: `3 incorrect`."""
    for status, count in Counter(case.status for case in line.cases.values()).items():
        if status != "ok":
            yield f"{count} {STATUSES[status].word}"
    if missing := len(board.workloads) - len(line.cases):
        yield f"{missing} not measured"


def group_row(report: Report, line: Line, span: int, *more: str) -> h.Element:
    """The heading above the rows of a line, in a table of several lines."""
    names = swatch(report.styles[line.key]), " ", line.label
    content = h.element("th", names, more, chips(report, line), scope="rowgroup", colspan=span)
    return h.element("tr", content)


RowsOf = Callable[[Report, Leaderboard, Line], Iterable[h.Row]]
"""A function that makes the rows of one line."""


def page_table(
    report: Report,
    board: Leaderboard,
    lines: Sequence[Line],
    caption: str,
    columns: Sequence[h.Column],
    rows_of: RowsOf,
) -> h.Element | None:
    """A table of the lines of a page, each with a heading if there are several; None if empty."""
    rows: list[h.Row] = []
    for line in lines:
        rows_of_line = list(rows_of(report, board, line))
        if rows_of_line and len(lines) > 1:
            rows.append(group_row(report, line, len(columns)))
        rows += rows_of_line
    return h.table("page", one_line(caption), columns, rows) if rows else None


def workload_column(board: Leaderboard) -> h.Column:
    """The column that names the workload of each row."""
    numbers = all(isinstance(title, int) for title in headings(board.workloads).values())
    return h.Column("Tokens" if numbers else "Workload", kind="")


def workload_columns(board: Leaderboard, kind: str = "number") -> list[h.Column]:
    """A column for each workload of a leaderboard, in its order."""
    return [h.Column(str(title), w.name, kind) for w, title in headings(board.workloads).items()]


def interval(case: CaseSummary) -> str:
    """The 95 % interval of a case that has a latency, in words."""
    return f"95 % interval: {between(case.interval_us)} µs" if case.interval_us else ONE_ROUND


def cases_of(board: Leaderboard, line: Line) -> Iterator[tuple[str, CaseSummary]]:
    """The cases of a line in the order of the leaderboard, each with the name of its row."""
    for workload, name in headings(board.workloads).items():
        if workload in line.cases:
            yield str(name), line.cases[workload]


def rank(rank: Rank | None) -> h.Element:
    """The cell with a rank: `1`, or `1=` for a tie; `–` without a rank."""
    content: h.Contents = str(rank.number) if rank else "–"
    if rank and rank.tied:
        # The style sheet gives the sign no width, so that the digits of a column align.
        content = h.element("abbr", content, h.element("span", "="), title=TIED)
    return h.cell(content, class_="rank")


def ended(case: CaseSummary) -> h.Element:
    """The status of a case without a latency; its reason on hovering."""
    return h.element("abbr", STATUSES[case.status].word, title=case.reason)


def why(case: CaseSummary | None) -> h.Element:
    """The status of a case without a latency, followed by the reason."""
    if case is None:
        return h.element("div", "not measured")
    return h.element("div", ended(case), f": {case.reason}")


def signs(case: CaseSummary) -> h.Element | None:
    """The signs of a case's marks, each with its meaning on hovering."""
    shown = [
        h.element(
            "abbr",
            h.element("span", label.sign, aria_hidden="true"),
            h.element("span", f" {label.word}", class_="report-unseen"),
            title=f"{label.word}: {label.meaning}",
        )
        for label in (MARKS[mark] for mark in case.marks)
        if label.sign
    ]
    return h.element("sup", shown, class_="signs") if shown else None


def legend(cases: Iterable[CaseSummary], *more: tuple[str, str]) -> h.Element | None:
    """The meanings of signs: those in `more` (sign, meaning), then those that occur in `cases`."""
    timed = [case for case in cases if case.status == "ok"]
    count = Counter(mark for case in timed for mark in case.marks)
    items = list(more)
    for mark, label in MARKS.items():
        if label.sign and count[mark]:
            items.append((label.sign, f"{label.word}: {label.meaning}"))
    if capped := count["power_capped"]:
        items.append(("", f"In {capped} of {len(timed)} cases {MARKS['power_capped'].meaning}"))
    return legend_list([h.element("b", sign), f" {meaning}"] for sign, meaning in items)


def legend_list(items: Iterable[h.Contents]) -> h.Element | None:
    """The legend below a table, a list of `items`; None if there are none."""
    return h.listed(items, class_="report-legend")


def retired_note(report: Report, lines: Iterable[Line]) -> h.Element | None:
    """The runs that the results of retired lines come from; None without retired lines."""
    return legend_list(_retired(report, line) for line in lines if report.is_retired(line.key))


def _retired(report: Report, line: Line) -> Iterator[h.Contents]:
    slug, variant = line.key
    yield from (h.element("b", "retired"), f" {line.label}: ")
    if slug in report.by_slug:
        yield from ("its page no longer has the variant ", h.code(variant or "without a name"))
    else:
        yield from ("the page ", h.code(f"docs/impls/{slug}.md"), " was removed")
    runs = {case.run for case in line.cases.values()}
    yield _results_from(run.run.id for run in report.runs if run.run.id in runs)


def retired_operations(report: Report) -> h.Element | None:
    """The lines with results of operations that no longer exist; None if there are none."""
    return legend_list(
        (
            *(h.element("b", "retired"), f" {title}: the operation ", h.code(operation)),
            *(" was removed", _results_from(runs)),
        )
        for (operation, title), runs in retired(report.runs).items()
    )


def _results_from(runs: Iterable[str]) -> h.Contents:
    """The end of a sentence: the runs that results are from, the newest first."""
    return "; its results are from ", h.joined(map(run_link, reversed(list(runs))))


def run_link(run: str) -> h.Content:
    """A link to a run on the page that lists all runs."""
    return h.link(run, f"~/runs/#{quote(run)}")


def workloads_named(names: list[str]) -> str:
    """The workload's name if there is only one, else the number of workloads."""
    return names[0] if len(names) == 1 else f"{len(names)} workloads"
