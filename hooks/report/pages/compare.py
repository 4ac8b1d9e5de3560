"""The page that sets two implementations, or two runs, side by side; the browser works it out."""

from collections.abc import Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from hooks.report.charts.figure import figure
from hooks.report.elements import Content, Element, element, joined, link, note
from hooks.report.pages.forms import option, selector, tools
from hooks.report.reading.report import Report


def compare(report: Report) -> Element:
    """The pickers and the places that a script fills."""
    caption = (
        "Right of the line A is faster, left of it B. A bar is the 95 % interval: where it "
        "reaches over the line, no difference was shown."
    )
    without = element(
        "p",
        "This page computes in your browser and needs JavaScript. Without it: the ",
        link("results", "~/"),
        " rank everything, ",
        link("workloads", "~/workloads/"),
        " has a table for each shape, and ",
        link("results.csv", "~/data/v1/results.csv"),
        " holds the numbers of every run.",
    )
    return element(
        "div",
        _form(report),
        element("div", class_="report-outcome", aria_live="polite"),
        element("div", figure("ratios", {}, (), caption), class_="report-drawn", hidden=True),
        element("div", class_="report-pairs"),
        element("noscript", without),
        class_="report-compare",
    )


def _form(report: Report) -> Element:
    """One picker, which the script doubles."""
    groups = {
        "Implementations": _lines(report),
        "Runs": {
            f"run:{run.run.id}": f"{run.run.started:%Y-%m-%d %H:%M}, {run.run.environment.name}, "
            f"{run.run.suite}"
            for run in reversed(report.recent)
        },
    }
    choices = (
        element("optgroup", (option(value, text) for value, text in options.items()), label=name)
        for name, options in groups.items()
    )
    boards = {(name := one_line(board.scope.name)): name for board in report.leaderboards}
    return tools(
        element("label", "A ", element("select", choices, name="a")),
        element("button", "Swap", type="button", class_="report-swap"),
        selector("B", {}, name="b"),
        selector("Results", boards, hidden=len(boards) == 1, name="board"),
        selector("Line", {}, hidden=True, name="line"),
        copy_button=True,
    )


def _lines(report: Report) -> dict[str, str]:
    """Every line by its name in links, in the order of the first leaderboard that knows it."""
    labels: dict[str, str] = {}
    for board in report.leaderboards:
        for line in board.lines:
            labels.setdefault(line.key.name, line.label)
    return labels


_NEAREST = 3
"""The fastest others, which a reader most likely chooses among."""


def rivals(board: Leaderboard, slug: str) -> Iterator[Element]:
    """Links from a page to its comparison with the fastest others, the baseline and any."""
    measured = [line for line in board.lines if line.measured]
    own = next((line for line in measured if line.key.implementation == slug), None)
    if own:
        others = [line for line in measured if line.key.implementation != slug]
        yield note("Compare with ", joined(_links(board, own, others)), ".")


def _links(board: Leaderboard, own: Line, others: list[Line]) -> Iterator[Content]:
    baseline = [line for line in others[_NEAREST:] if line is board.baseline]
    url = f"~/compare/?a={own.key.name}"
    for line in [*others[:_NEAREST], *baseline]:
        yield link(line.label, f"{url}&b={line.key.name}")
    yield link("any other", url)
