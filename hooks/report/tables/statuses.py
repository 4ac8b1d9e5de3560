"""The table of statuses on the methodology page."""

from bench.analysis.labels import STATUSES
from hooks.report.elements import Element, code, names, table, words


def statuses() -> Element:
    """A row for each status: its name in records, its sign, and its meaning."""
    rows = ((code(status), label.sign, label.meaning) for status, label in STATUSES.items())
    columns = (*words("Status", "Sign"), *names("Meaning"))
    return table("statuses", "Statuses of a case", columns, rows)
