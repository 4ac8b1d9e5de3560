"""The parts of a line that all tables show alike: its name, rank, marks and failures."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from urllib.parse import quote

from bench.analysis.labels import MARKS, STATUSES
from bench.analysis.leaderboard import Line
from bench.analysis.summary import CaseSummary
from bench.analysis.verdict import Rank
from hooks.report.elements import (
    Content,
    Element,
    code,
    element,
    heading,
    joined,
    link,
    listed,
    row,
)
from hooks.report.reading.line_styles import swatch
from hooks.report.reading.report import Report

ONE_ROUND = "one round: no interval"

TIED = "Tied: another line’s 95 % interval overlaps this one’s"


def name(report: Report, line: Line) -> Iterator[Content]:
    """The label of a line with a link to its page, and its chips."""
    slug = line.key.implementation
    yield link(line.label, f"~/impls/{slug}/") if slug in report.by_slug else line.label
    yield from chips(report, line)


def swatched(report: Report, line: Line) -> tuple[Content, ...]:
    """The key of a line, as in charts, and its label."""
    return swatch(report.styles[line.key]), " ", line.label


def keyed(report: Report, line: Line) -> Iterator[Content]:
    """The key of a line, as in charts, and its name."""
    yield from (swatch(report.styles[line.key]), " ")
    yield from name(report, line)


def chips(report: Report, line: Line) -> Iterator[Content]:
    """Chips that say whether a line is quantised and whether it is retired."""
    if line.precision != "exact":
        title = "Quantised, so not ranked with exact implementations"
        yield from (" ", element("span", line.precision, class_="chip", title=title))
    if report.is_retired(line.key):
        title = "Its page was removed from docs/impls; the results are kept"
        yield from (" ", element("span", "retired", class_="chip", title=title))


def group_row(report: Report, line: Line, span: int, *more: str) -> Element:
    """The heading above the rows of a line, in a table of several lines."""
    key = swatch(report.styles[line.key])
    content = (key, " ", line.label, *more, *chips(report, line))
    return row(element("th", content, scope="rowgroup", colspan=span))


def grouped(
    report: Report,
    lines: Sequence[Line],
    span: int,
    rows_of: Callable[[Line], Iterable[Element]],
) -> list[Element]:
    """The rows of all lines; if there are several, each has a heading of `span` columns."""
    rows: list[Element] = []
    for line in lines:
        rows_of_line = list(rows_of(line))
        if rows_of_line and len(lines) > 1:
            rows.append(group_row(report, line, span))
        rows += rows_of_line
    return rows


def rank(rank: Rank | None) -> Element:
    """The cell with a rank: `1`, or `1=` for a tie; `–` without a rank."""
    if rank is None:
        content: Content = "–"
    elif rank.tied:
        # The style sheet gives the sign no width, so that the digits of a column align.
        content = element("abbr", str(rank.number), element("span", "="), title=TIED)
    else:
        content = str(rank.number)
    return element("td", content, class_="rank")


def ended(case: CaseSummary) -> Element:
    """The status of a case without a latency; its reason on hovering."""
    return element("abbr", STATUSES[case.status].word, title=case.reason)


def why(case: CaseSummary | None) -> Element:
    """The status of a case without a latency, followed by the reason."""
    if case is None:
        return element("div", "not measured")
    return element("div", ended(case), f": {case.reason}")


def signs(case: CaseSummary) -> Element | None:
    """The signs of a case's marks, each with its meaning on hovering."""
    labels = [MARKS[mark] for mark in case.marks if MARKS[mark].sign]
    return _superscript(
        element(
            "abbr",
            element("span", label.sign, aria_hidden="true"),
            element("span", f" {label.word}", class_="report-unseen"),
            title=f"{label.word}: {label.meaning}",
        )
        for label in labels
    )


def _superscript(signs: Iterable[Element]) -> Element | None:
    content = tuple(signs)
    return element("sup", content, class_="signs") if content else None


def legend(cases: Iterable[CaseSummary], *more: tuple[str, str]) -> Element | None:
    """The meanings of signs: those in `more` (sign, meaning), then those that occur in `cases`."""
    timed = [case for case in cases if case.status == "ok"]
    items = [*more, *_occurring(timed)]
    return listed(
        ([element("b", sign), f" {meaning}"] for sign, meaning in items), class_="report-legend"
    )


def _occurring(timed: list[CaseSummary]) -> Iterator[tuple[str, str]]:
    count = Counter(mark for case in timed for mark in case.marks)
    for mark, label in MARKS.items():
        if label.sign and count[mark]:
            yield label.sign, f"{label.word}: {label.meaning}"
    if capped := count["power_capped"]:
        yield "", f"In {capped} of {len(timed)} cases {MARKS['power_capped'].meaning}"


def retired_note(report: Report, lines: Iterable[Line]) -> Element | None:
    """The runs that the results of retired lines come from; None without retired lines."""
    return listed(
        (
            [
                element("b", "retired"),
                f" {line.label}: ",
                *_gone(report, line),
                "; its results are from ",
                *joined(map(run_link, _runs(report, line))),
            ]
            for line in lines
            if report.is_retired(line.key)
        ),
        class_="report-legend",
    )


def _gone(report: Report, line: Line) -> Iterator[Content]:
    slug, variant = line.key
    if slug in report.by_slug:
        yield from ("its page no longer has the variant ", code(variant or "without a name"))
    else:
        yield from ("the page ", code(f"docs/impls/{slug}.md"), " was removed")


def _runs(report: Report, line: Line) -> list[str]:
    """Ids of the runs with results of a line, the newest first."""
    runs = {case.run for case in line.cases.values()}
    return [run.run.id for run in reversed(report.runs) if run.run.id in runs]


def run_link(run: str) -> Content:
    """A link to a run on the page that lists all runs."""
    return link(run, f"~/runs/#{quote(run)}")


def file_link(path: str, label: str) -> Element:
    """A link that downloads the file at `path` from the root of the site."""
    return element("a", label, href=f"~/{quote(path)}", download=True)


def head(name: int | str, title: str) -> Element:
    """The cell that names the workload of a row."""
    return heading(str(name), title=title)


def workloads_named(names: list[str]) -> str:
    """The workload's name if there is one, else the number of workloads."""
    return names[0] if len(names) == 1 else f"{len(names)} workloads"
