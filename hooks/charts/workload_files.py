"""The charts of one workload as files: Vega-Lite, and pictures for light and dark pages."""

import msgspec

from bench.workload import Workload
from hooks.charts.accuracy import accuracy_drawing
from hooks.charts.drawn import SCHEMES, picture
from hooks.charts.filling import fill
from hooks.charts.spots import longest
from hooks.charts.still import still
from hooks.charts.still_rows import COLUMNS, still_rows
from hooks.charts.templates import Specification
from hooks.charts.views import View
from hooks.charts.workload_charts import workload_charts
from hooks.reading.report import Report

FILES = {"dots": "workload", "accuracy": "accuracy", "footprint": "memory"}
"""What the file of each kind is called."""


def workload_files(
    report: Report, view: View, templates: dict[str, Specification]
) -> dict[str, bytes]:
    """The charts that show anything of the workload that is shown first, by their path."""
    workload = longest(view)
    fillings = workload_charts(report, view, workload)
    return {
        f"charts/{FILES[kind]}.vl.json": msgspec.json.encode(fill(templates[kind], filling))
        for kind, filling in fillings.items()
        if filling.datasets["points"]
    } | {
        picture(FILES[kind], scheme): made
        for kind in fillings
        for scheme in SCHEMES
        if (made := workload_picture(report, view, workload, kind, scheme))
    }


def workload_picture(
    report: Report, view: View, workload: Workload, kind: str, scheme: str
) -> bytes | None:
    """The picture of one chart of `workload`; nothing where it has nothing to show."""
    if kind in COLUMNS:
        filling = workload_charts(report, view, workload)[kind]
        return still_rows(kind, filling, scheme) if filling.datasets["points"] else None
    drawing = accuracy_drawing(report, view, workload)
    return still(drawing, scheme) if drawing else None
