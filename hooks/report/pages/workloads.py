"""The workloads page: ranked latencies, accuracy and memory of a workload that readers choose."""

from collections.abc import Iterator, Mapping

from bench.analysis.leaderboard import Leaderboard
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.figure import figure, images, picture
from hooks.report.charts.workloads_page import SECTIONS, Section, longest, workload_charts
from hooks.report.pages.forms import COPY_BUTTON, boards_selector, selector, switch, tools
from hooks.report.reading.report import Report
from hooks.report.scripts import Data
from hooks.report.tables.workloads_page import workload_table

FOLDED = 60
"""With more lines than this, the page has the table of one workload only, to limit its size."""

_NOTHING = h.element("p", "There are no data for this chart.")


def workloads(report: Report, pictures: Mapping[str, bytes]) -> h.Element:
    """Selectors, charts and a table; without scripts, a table for every workload.

    `pictures` are the still pictures of the longest workload, by their paths on the site.
    """
    board = report.leaderboards[0]
    name, first = one_line(board.scope.name), longest(board)
    options = {"board": name, "workload": first.name}
    ranked, *others = (
        h.element("section", h.element("h2", part.title), _figure(kind, part, options, pictures))
        for kind, part in SECTIONS.items()
    )
    return h.element(
        "div",
        _form(report),
        h.element("p", f"{first.name} on {name}", class_="report-told", aria_live="polite"),
        ranked,
        h.element("div", workload_table(report, board, first), class_="report-listed"),
        others,
        _files(pictures),
        h.element("div", _others(report, board, first), class_="report-others"),
        class_="report-workloads",
    )


def workload_data(report: Report) -> Data:
    """The table and charts of every workload."""
    for place, board in enumerate(report.leaderboards):
        for workload in board.workloads:
            tables = workload_table(report, board, workload)
            charts = workload_charts(report, board, workload)
            yield f"workloads/{place}-{workload.name}", {"table": tables, "charts": charts}


def _figure(
    kind: str, section: Section, options: dict[str, str], pictures: Mapping[str, bytes]
) -> h.Element:
    """A chart with its still picture, if it was drawn, or with a note if it has no data."""
    alternative = f"{section.title}, {options['workload']}; the table contains the numbers"
    known = f"charts/{section.file}.vl.json" in pictures
    still = images(pictures, section.file, alternative) if known else (_NOTHING,)
    return figure("workload", {**options, "chart": kind}, still, section.caption)


def _files(pictures: Mapping[str, bytes]) -> h.Element | None:
    """Links to the files of the charts that have data."""
    forms = {"Vega-Lite": "vl.json", "SVG": "svg", "PNG": "png"}
    links = []
    for section in SECTIONS.values():
        if picture(section.file, "light") in pictures:
            urls = [h.link(form, f"~/charts/{section.file}.{end}") for form, end in forms.items()]
            links.append((f"{section.title.lower()} ", h.joined(urls)))
    text = "Files of the charts of the longest workload: "
    return h.note(text, h.joined(links, "; "), ".") if links else None


def _form(report: Report) -> h.Element:
    """The form; a script fills in the workloads and shows it."""
    spans = {"": "All", "near": "Up to twice the fastest"}
    return tools(
        boards_selector(report),
        selector("Workload", {}, name="workload"),
        switch("Lines in the ranked chart", spans, "", name="span"),
        COPY_BUTTON,
    )


def _others(report: Report, board: Leaderboard, first: Workload) -> Iterator[h.Contents]:
    """Folded tables of the other workloads, for readers without scripts."""
    if len(board.lines) <= FOLDED:
        for workload in board.workloads:
            if workload != first:
                yield h.details(workload.name, workload_table(report, board, workload))
