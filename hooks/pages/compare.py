"""The page that sets two implementations, or two runs, side by side; the browser works it out."""

from collections.abc import Iterator

from bench.text import one_line
from hooks.charts.views import View, figure
from hooks.markup import escape
from hooks.reading.digest import line_name
from hooks.reading.report import Report

_NEEDED = (
    "<noscript><p>This page computes in your browser and needs JavaScript. Without it: the "
    '<a href="~/">results</a> rank everything, <a href="~/workloads/">workloads</a> has a table '
    'for each shape, and <a href="~/data/v1/results.csv">results.csv</a> holds the numbers of '
    "every run.</p></noscript>"
)


def compare(report: Report, views: tuple[View, ...]) -> str:
    """The pickers and the places that a script fills, as HTML."""
    caption = (
        "Right of the line A is faster, left of it B. A bar is the 95 % interval: where it "
        "reaches over the line, no difference was shown."
    )
    return (
        f'<div class="report-compare">{_form(report, views)}'
        '<div class="report-outcome" aria-live="polite"></div>'
        f'<div class="report-drawn" hidden>{figure("ratios", {}, "", caption)}</div>'
        f'<div class="report-pairs"></div>{_NEEDED}</div>'
    )


def _form(report: Report, views: tuple[View, ...]) -> str:
    """One picker, which the script doubles; hidden until it does."""
    lines = "".join(_option(value, label) for value, label in _lines(views).items())
    runs = "".join(
        _option(
            f"run:{one.run.id}",
            f"{one.run.started:%Y-%m-%d %H:%M}, {one.run.environment.name}, {one.run.suite}",
        )
        for one in reversed(report.recent)
    )
    boards = "".join(f"<option>{escape(view.name)}</option>" for view in views)
    hidden = "" if len(views) > 1 else " hidden"
    return (
        '<form class="report-tools" autocomplete="off" hidden>'
        f'<label>A <select name="a"><optgroup label="Implementations">{lines}</optgroup>'
        f'<optgroup label="Runs">{runs}</optgroup></select></label>'
        '<button type="button" class="report-swap">Swap</button>'
        '<label>B <select name="b"></select></label>'
        f'<label{hidden}>Results <select name="board">{boards}</select></label>'
        '<label hidden>Line <select name="line"></select></label>'
        '<button type="button" class="report-copy">Copy link</button>'
        '<output class="report-copied" aria-live="polite"></output></form>'
    )


def _lines(views: tuple[View, ...]) -> dict[str, str]:
    """Every line of every board by its name in links; the order of the first board's ranking."""
    found: dict[str, str] = {}
    for view in views:
        for row in view.rows:
            found.setdefault(line_name(row.line.implementation, row.line.variant), row.label)
    return found


def _option(value: str, label: str) -> str:
    return f'<option value="{escape(value)}">{escape(one_line(label))}</option>'


def rivals(view: View, slug: str) -> str:
    """Links from a page to its comparison with the fastest other, the baseline and any (HTML)."""
    links = ", ".join(_links(view, slug))
    return f'<p class="report-note">Compare with {links}.</p>' if links else ""


_NEAREST = 3
"""The fastest others, which a reader most likely chooses among."""


def _links(view: View, slug: str) -> Iterator[str]:
    own = next((row for row in view.rows if row.line.implementation == slug and row.measured), None)
    if own is None:
        return
    name = line_name(slug, own.line.variant)
    others = [row for row in view.rows if row.line.implementation != slug and row.measured]
    baseline = [row for row in others[_NEAREST:] if row.line is view.board.baseline]
    for row in [*others[:_NEAREST], *baseline]:
        other = line_name(row.line.implementation, row.line.variant)
        url = f"~/compare/?a={escape(name)}&amp;b={escape(other)}"
        yield f'<a href="{url}">{escape(row.label)}</a>'
    yield f'<a href="~/compare/?a={escape(name)}">any other</a>'
