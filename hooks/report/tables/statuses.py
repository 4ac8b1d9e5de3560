"""The statuses that a case may end with, for the methodology page."""

from bench.analysis.labels import STATUSES
from hooks.report.elements import Element, cell, code, heading, row, table, words


def statuses() -> Element:
    """A row for each status: its sign, its name in records, and what it means."""
    rows = (
        row(heading(code(status)), cell(label.sign), cell(label.meaning, class_="name"))
        for status, label in STATUSES.items()
    )
    return table("statuses", "How a case may end", words("Status", "Sign", "Meaning"), rows)
