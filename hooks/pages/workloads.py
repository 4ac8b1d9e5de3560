"""The page of one workload: ranked, accuracy against speed, and memory; a reader chooses which."""

from collections.abc import Mapping

from bench.text import one_line
from bench.workload import Workload
from hooks.charts.pictures import images
from hooks.charts.spots import longest
from hooks.charts.views import View, figure
from hooks.charts.workload_charts import FILES
from hooks.markup import details, escape
from hooks.reading.report import Report
from hooks.tables.workload import workload_table

FOLDED = 60
"""With more lines than this only the first workload is in the page: it would grow too large."""

_NO_PICTURE = "<p>Nothing is known to draw.</p>"

_CHARTS = {
    "dots": ("Ranked", "Median latency with its 95 % interval; overlapping intervals are a tie."),
    "accuracy": (
        "Accuracy against speed",
        "Lower left is better. Quantised lines are named with their precision: they compute "
        "something else, within a bound of their own.",
    ),
    "footprint": (
        "Memory",
        "The most that a call allocates beyond its inputs. 0: it writes into memory that it keeps "
        "between calls, which is not counted.",
    ),
}


def workloads(report: Report, views: tuple[View, ...], pictures: Mapping[str, bytes]) -> str:
    """Selectors, three charts and their table; without scripts, a table for every workload.

    `pictures` are those of the longest workload, by their paths on the site.
    """
    view = views[0]
    first = longest(view)
    options = {"board": view.name, "workload": first.name}
    dots, *others = (
        f"<section><h2>{title}</h2>"
        f"{figure(kind, options, _still(kind, pictures, first), caption)}</section>"
        for kind, (title, caption) in _CHARTS.items()
    )
    shown = workload_table(report, view.board, view.rows, first)
    return (
        f'<div class="report-workloads" data-board="{escape(view.name)}" '
        f'data-workload="{escape(first.name)}">{_form(views)}'
        f'<p class="report-told" aria-live="polite">{escape(_about(view, first))}</p>{dots}'
        f'<div class="report-listed">{shown}</div>{"".join(others)}{_files(pictures)}'
        f'<div class="report-others">{_others(report, view, first)}</div></div>'
    )


def _still(kind: str, pictures: Mapping[str, bytes], workload: Workload) -> str:
    """The picture of a chart, where it shows anything."""
    title, _ = _CHARTS[kind]
    alternative = f"{title}, {workload.name}; the table holds the numbers"
    return images(pictures, FILES[kind], alternative) or _NO_PICTURE


def _files(pictures: Mapping[str, bytes]) -> str:
    """Links to those that show anything, for other programs."""
    forms = (("Vega-Lite", "vl.json"), ("SVG", "svg"), ("PNG", "png"))
    links = [
        f"{title.lower()} "
        + ", ".join(f'<a href="~/charts/{FILES[kind]}.{end}">{form}</a>' for form, end in forms)
        for kind, (title, _) in _CHARTS.items()
        if f"charts/{FILES[kind]}.svg" in pictures
    ]
    told = f"The charts of the longest workload as files: {'; '.join(links)}."
    return f'<p class="report-note">{told}</p>' if links else ""


def _about(view: View, workload: Workload) -> str:
    return one_line(f"{workload.name} on {view.name}")


def _form(views: tuple[View, ...]) -> str:
    """A script fills the workloads in and shows it."""
    boards = "".join(f"<option>{escape(one.name)}</option>" for one in views)
    hidden = "" if len(views) > 1 else " hidden"
    spans = {"": "All", "near": "Up to twice the fastest"}
    radios = "".join(
        f'<label><input type="radio" name="span" value="{value}"{"" if value else " checked"}>'
        f"<span>{name}</span></label>"
        for value, name in spans.items()
    )
    return (
        '<form class="report-tools" autocomplete="off" hidden>'
        f'<label{hidden}>Results <select name="board">{boards}</select></label>'
        '<label>Workload <select name="workload"></select></label>'
        '<fieldset class="report-switch"><legend class="report-unseen">Lines in the ranked '
        f"chart</legend>{radios}</fieldset>"
        '<button type="button" class="report-copy">Copy link</button>'
        '<output class="report-copied" aria-live="polite"></output></form>'
    )


def _others(report: Report, view: View, first: Workload) -> str:
    """The other workloads, folded away, for who has no scripts."""
    if len(view.rows) > FOLDED:
        return ""
    board = view.board
    return "".join(
        details(escape(w.name), workload_table(report, board, view.rows, w))
        for w in board.workloads
        if w != first
    )
