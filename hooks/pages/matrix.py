"""The page that shows how every case of every board ended."""

from bench.text import one_line
from hooks.charts.views import View
from hooks.markup import escape
from hooks.reading.report import Report
from hooks.tables.matrix import matrix


def matrices(report: Report, views: tuple[View, ...]) -> str:
    """A section for each board, the one to read first in front; HTML."""
    return "".join(
        f"<h2>{escape(one_line(view.name))}</h2>{matrix(report, view.board, view.rows, place)}"
        for place, view in enumerate(views)
    )
