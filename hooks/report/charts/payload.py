"""The leaderboards as the browser gets them, with all verdicts computed.

There is one script for the newest results and one for each run that a link may be pinned to; pages
share them, so that a browser fetches each once.
"""

from bench.analysis.leaderboard import Leaderboard, Line, columns, leaderboards
from bench.analysis.summary import CaseSummary
from bench.analysis.words_and_signs import MARKS, STATUSES
from bench.operations.operation import Workload
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.chart import DataRow
from hooks.report.charts.figure import INK
from hooks.report.charts.lines import line_fields, metric_params, numerators, paths
from hooks.report.charts.workloads_page import longest
from hooks.report.metrics import METRICS
from hooks.report.reading.report import Report
from hooks.report.scripts import Data
from hooks.report.tables.summary import leaderboard_table


def payloads(report: Report) -> Data:
    """The leaderboards of the newest results, and those of each run."""
    yield "boards/latest", [view(report, board) for board in report.leaderboards]
    order = {board.scope: place for place, board in enumerate(report.every_leaderboard)}
    for run in report.recent:
        timed = (board for board in leaderboards([run], report.titles) if not board.judged_only)
        boards = sorted(timed, key=lambda board: order[board.scope])
        views = [view(report, board, leaderboard_table(report, board)) for board in boards]
        yield f"boards/{run.run.id}", views


def words() -> dict[str, object]:
    """The words for statuses, marks and metrics, and the colours that the browser draws with."""
    metrics = {
        name: {"title": metric.title, "log": metric.log, "params": metric_params(metric)}
        for name, metric in METRICS.items()
    }
    return {"statuses": STATUSES, "marks": MARKS, "metrics": metrics, "ink": INK}


def view(report: Report, board: Leaderboard, table: h.Element | None = None) -> DataRow:
    """A leaderboard with its lines in the order of the ranking.

    The newest results need no `table`, because theirs is on the front page.
    """
    scope, path = board.scope, paths(board.workloads)
    return {
        "name": one_line(scope.name),
        "device": one_line(scope.device),
        "suite": one_line(scope.suite),
        "operation": scope.operation,
        "dtype": scope.dtype,
        "mask": scope.mask,
        "direction": scope.direction,
        # The baseline and the workload that are shown unless a reader chooses others.
        "baseline": board.baseline.key.name if board.baseline else None,
        "longest": longest(board).name,
        # x is the heading: the sequence length if no two workloads share one, else a name.
        "workloads": [
            {"name": w.name, "x": x, "path": path[w]} for w, x in columns(board.workloads).items()
        ],
        "lines": [_line(report, board, line) for line in board.lines],
        "table": table,
    }


def _line(report: Report, board: Leaderboard, line: Line) -> DataRow:
    """A line with its cases, in the order of the leaderboard's workloads."""
    cases = ((w, line.cases.get(w)) for w in board.workloads)
    return {
        "key": line.key.name,
        "label": line.label,
        "precision": line.precision,
        "rank": line.rank,
        "fields": line_fields(report, line),
        "cases": [_case(board, line, w, case) if case else None for w, case in cases],
    }


def _case(board: Leaderboard, line: Line, workload: Workload, case: CaseSummary) -> DataRow:
    """The fields of a case that are not empty; latencies are in µs."""
    low, high = case.interval_us or (None, None)
    fields = {
        "status": case.status,
        "run": case.run,
        "us": case.latency_us,
        "low": low,
        "high": high,
        "rounds": case.round_medians_us,
        "marks": case.marks,
        "reason": case.reason,
        "numerators": numerators(board, line, workload) if case.latency_us else None,
    }
    return {name: value for name, value in fields.items() if value}
