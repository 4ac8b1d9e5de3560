"""The page that compares two implementations or two runs; the browser computes the comparison."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from hooks.report import elements as h
from hooks.report.charts.figure import figure
from hooks.report.pages.forms import COPY_BUTTON, boards_selector, option, selector, tools
from hooks.report.reading.report import Report


def compare(report: Report) -> h.Element:
    """The selectors, and the elements that a script fills."""
    caption = (
        "A is faster right of the line, B left of it. A bar is the 95 % interval; if it crosses "
        "the line, no difference was shown."
    )
    without = h.element(
        "p",
        "This page computes comparisons in your browser and needs JavaScript. Without it, the ",
        h.link("results", "~/"),
        " rank everything, the ",
        h.link("workloads page", "~/workloads/"),
        " has a table for each shape, and ",
        h.link("results.csv", "~/data/v1/results.csv"),
        " contains the numbers of every run.",
    )
    return h.element(
        "div",
        _form(report),
        h.element("div", class_="report-outcome", aria_live="polite"),
        h.element("div", figure("ratios", {}, caption=caption), class_="report-drawn", hidden=True),
        h.element("div", class_="report-pairs"),
        h.element("noscript", without),
        class_="report-compare",
    )


def _form(report: Report) -> h.Element:
    """The form; the script fills selector B with the options of A."""
    lines, runs = dict[str, str](), dict[str, str]()
    for board in report.leaderboards:
        for line in board.lines:
            lines.setdefault(line.key.name, line.label)
    for run in reversed(report.recent):
        where = f"{run.run.environment.name}, {run.run.suite}"
        runs[f"run:{run.run.id}"] = f"{run.run.started:%Y-%m-%d %H:%M}, {where}"
    groups = {"Implementations": lines, "Runs": runs}
    choices = (
        h.element("optgroup", (option(value, text) for value, text in options.items()), label=name)
        for name, options in groups.items()
    )
    return tools(
        h.element("label", "A ", h.element("select", choices, name="a")),
        h.element("button", "Swap", type="button", class_="report-swap"),
        selector("B", {}, name="b"),
        boards_selector(report),
        selector("Line", {}, hidden=True, name="line"),
        COPY_BUTTON,
    )


_NEAREST = 3
"""Number of the fastest other lines that are linked."""


def rivals(board: Leaderboard, slug: str) -> Iterator[h.Element]:
    """Links to comparisons of a page with the fastest other lines, the baseline or any line."""
    measured = [line for line in board.lines if line.measured]
    line = next((line for line in measured if line.key.implementation == slug), None)
    if line:
        others = [line for line in measured if line.key.implementation != slug]
        yield h.note("Compare with ", h.joined(_links(board, line, others)), ".")


def _links(board: Leaderboard, line: Line, others: list[Line]) -> Iterator[h.Content]:
    baseline = [other for other in others[_NEAREST:] if other is board.baseline]
    url = f"~/compare/?a={line.key.name}"
    for other in [*others[:_NEAREST], *baseline]:
        yield h.link(other.label, f"{url}&b={other.key.name}")
    yield h.link("any other", url)
