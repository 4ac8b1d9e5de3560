"""The forms of interactive pages; they are hidden until a script makes them work."""

from collections.abc import Iterable, Mapping

from bench.analysis.leaderboard import Leaderboard
from bench.operations.discovery import OPERATIONS
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report

SCOPE_PARTS = {
    "device": "GPU",
    "suite": "Suite",
    "operation": "Operation",
    "dtype": "Type",
    "mask": "Mask",
    "direction": "Direction",
}
"""Fields of a scope, and the labels of their selectors."""


def scope_form(boards: Iterable[Leaderboard]) -> h.Element:
    """A selector for each field of a scope, hidden if all leaderboards have the same value."""
    scopes = [board.scope for board in boards]
    selectors = []
    for part, label in SCOPE_PARTS.items():
        options = {(value := one_line(getattr(scope, part))): value for scope in scopes}
        if part == "operation":
            options = {value: OPERATIONS[value].title for value in options}
        selectors.append(selector(label, options, hidden=len(options) == 1, name=part))
    return h.element("form", selectors, class_="report-select", autocomplete="off", hidden=True)


def tools_form(report: Report, board: Leaderboard) -> h.Element:
    """The choice of a metric, a baseline and a run for the chart and table of `board`."""
    scope = board.scope
    metrics = {
        metric.name: metric.label
        for metric in METRICS.values()
        if any(metric.of(board, line, w) for line in board.lines for w in board.workloads)
    }
    baselines = {line.key.name: line.label for line in board.lines if line.measured}
    runs = {
        run.run.id: f"{run.run.started:%Y-%m-%d %H:%M}"
        for run in reversed(report.recent)
        if (run.run.environment.name, run.run.suite) == (scope.device, scope.suite)
    }
    chosen = board.baseline.key.name if board.baseline else ""
    return tools(
        switch("Show", metrics, "latency", name="metric"),
        selector("Baseline", baselines, chosen, name="baseline"),
        selector("Results", {"": "newest of each"} | runs, name="run"),
        COPY_BUTTON,
    )


def boards_selector(report: Report) -> h.Element:
    """A selector of a leaderboard, hidden if there is only one."""
    boards = {(name := one_line(board.scope.name)): name for board in report.leaderboards}
    return selector("Results", boards, hidden=len(boards) == 1, name="board")


def tools(*content: h.Contents) -> h.Element:
    """A row of selectors and buttons."""
    return h.element("form", *content, class_="report-tools", autocomplete="off", hidden=True)


COPY_BUTTON = (
    h.element("button", "Copy link", type="button", class_="report-copy"),
    h.element("output", class_="report-copied", aria_live="polite"),
)
"""A button that copies a link to the view."""


def selector(
    label: str,
    options: Mapping[str, str],
    chosen: str = "",
    *,
    hidden: bool = False,
    **attributes: str,
) -> h.Element:
    """A select element with a label; `options` map values to texts."""
    choices = (option(value, text, selected=value == chosen) for value, text in options.items())
    return h.element(
        "label", f"{label} ", h.element("select", choices, **attributes), hidden=hidden
    )


def option(value: str, text: str, *, selected: bool = False, **attributes: str) -> h.Element:
    """An option; its value is left out if it equals the text."""
    if value != text:
        attributes = {"value": value, **attributes}
    return h.element("option", one_line(text), selected=selected, **attributes)


def switch(legend: str, options: Mapping[str, str], chosen: str, **attributes: str) -> h.Element:
    """A row of radio buttons; `options` map values to texts."""
    content = [h.element("legend", legend, class_="report-unseen")]
    for value, text in options.items():
        radio = h.element("input", type="radio", value=value, checked=value == chosen, **attributes)
        content.append(h.element("label", radio, h.element("span", text)))
    return h.element("fieldset", content, class_="report-switch")
