"""The table of statuses on the methodology page."""

from bench.analysis.labels import STATUSES
from hooks.report.elements import Element, cell, code, heading, row, table, words


def statuses() -> Element:
    """A row for each status: its name in records, its sign, and its meaning."""
    rows = (
        row(heading(code(status)), cell(label.sign), cell(label.meaning, class_="name"))
        for status, label in STATUSES.items()
    )
    return table("statuses", "Statuses of a case", words("Status", "Sign", "Meaning"), rows)
