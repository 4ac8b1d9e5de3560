"""The page of one workload: ranked, accuracy against speed, and memory; a reader chooses which."""

from collections.abc import Iterator, Mapping

import msgspec

from bench.analysis.leaderboard import Leaderboard
from bench.text import one_line
from bench.workload import Workload
from hooks.report.charts.figure import figure, images, picture
from hooks.report.charts.payload import script
from hooks.report.charts.spots import longest
from hooks.report.charts.workload_charts import SECTIONS, Section, workload_charts
from hooks.report.elements import Content, Element, details, element, joined, link, note
from hooks.report.pages.forms import selector, switch, tools
from hooks.report.reading.report import Report
from hooks.report.tables.workload import workload_table

FOLDED = 60
"""With more lines than this only the first workload is in the page: it would grow too large."""

_NOTHING = element("p", "Nothing is known to draw.")


def workloads(report: Report, pictures: Mapping[str, bytes]) -> Element:
    """Selectors, the charts and their table; without scripts, a table for every workload.

    `pictures` are those of the longest workload, by their paths on the site.
    """
    board = report.leaderboards[0]
    name, first = one_line(board.scope.name), longest(board)
    options = {"board": name, "workload": first.name}
    ranked, *others = (
        element(
            "section",
            element("h2", section.title),
            figure(
                "workload",
                {"chart": kind, **options},
                _still(section, pictures, first),
                section.caption,
            ),
        )
        for kind, section in SECTIONS.items()
    )
    return element(
        "div",
        _form(report),
        element("p", f"{first.name} on {name}", class_="report-told", aria_live="polite"),
        ranked,
        element("div", workload_table(report, board, first), class_="report-listed"),
        others,
        _files(pictures),
        element("div", _others(report, board, first), class_="report-others"),
        class_="report-workloads",
        data_board=name,
        data_workload=first.name,
    )


def workload_scripts(report: Report) -> dict[str, bytes]:
    """The table and the charts of every workload for the browser, by their path on the site."""
    scripts = {}
    for place, board in enumerate(report.leaderboards):
        for workload in board.workloads:
            name = f"workloads/{place}-{workload.name}"
            content = {
                "table": workload_table(report, board, workload),
                "charts": workload_charts(report, board, workload),
            }
            scripts[f"data/v1/{name}.js"] = script(name, msgspec.json.encode(content))
    return scripts


def _still(
    section: Section, pictures: Mapping[str, bytes], workload: Workload
) -> tuple[Element, ...]:
    """The picture of a chart, where it shows anything."""
    alternative = f"{section.title}, {workload.name}; the table holds the numbers"
    return images(pictures, section.file, alternative) or (_NOTHING,)


def _files(pictures: Mapping[str, bytes]) -> Element | None:
    """Links to the files of the charts that show anything."""
    shown = [section for section in SECTIONS.values() if picture(section.file, "light") in pictures]
    if not shown:
        return None
    links = [part for place, section in enumerate(shown) for part in _forms(section, last=place)]
    return note("The charts of the longest workload as files: ", links, ".")


def _forms(section: Section, *, last: int) -> Iterator[Content]:
    forms = {"Vega-Lite": "vl.json", "SVG": "svg", "PNG": "png"}
    yield f"{'; ' if last else ''}{section.title.lower()} "
    yield from joined(link(form, f"~/charts/{section.file}.{end}") for form, end in forms.items())


def _form(report: Report) -> Element:
    """A script fills the workloads in and shows it."""
    boards = {(name := one_line(board.scope.name)): name for board in report.leaderboards}
    spans = {"": "All", "near": "Up to twice the fastest"}
    return tools(
        selector("Results", boards, hidden=len(boards) == 1, name="board"),
        selector("Workload", {}, name="workload"),
        switch("Lines in the ranked chart", spans, "", name="span"),
        copy_button=True,
    )


def _others(report: Report, board: Leaderboard, first: Workload) -> Iterator[Element]:
    """The other workloads, folded away, for readers without scripts."""
    if len(board.lines) <= FOLDED:
        for workload in board.workloads:
            if workload != first:
                yield details(workload.name, workload_table(report, board, workload))
