"""The charts of one workload as files: Vega-Lite, and pictures for light and dark pages."""

import msgspec

from bench.verdicts.leaderboard import Leaderboard
from hooks.charts.accuracy import accuracy_drawing
from hooks.charts.figure import SCHEMES, picture
from hooks.charts.filling import filling_values
from hooks.charts.spots import longest
from hooks.charts.still import still
from hooks.charts.still_rows import COLUMNS, still_rows
from hooks.charts.templates import Specification, fill
from hooks.charts.workload_charts import workload_charts
from hooks.reading.report import Report

FILES = {"dots": "workload", "accuracy": "accuracy", "footprint": "memory"}
"""What the file of each kind is called."""


def workload_files(
    report: Report, board: Leaderboard, templates: dict[str, Specification]
) -> dict[str, bytes]:
    """The charts that show anything of the workload that is shown first, by their path."""
    workload = longest(board)
    accuracy = accuracy_drawing(report, board, workload)
    made: dict[str, bytes] = {}
    for kind, filling in workload_charts(report, board, workload).items():
        if not filling.spots:
            continue
        spec = fill(templates[kind], filling_values(filling))
        made[f"charts/{FILES[kind]}.vl.json"] = msgspec.json.encode(spec)
        for scheme in SCHEMES:
            path = picture(FILES[kind], scheme)
            if kind in COLUMNS:
                made[path] = still_rows(kind, filling, scheme)
            elif accuracy:
                made[path] = still(accuracy, scheme)
    return made
