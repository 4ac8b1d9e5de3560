"""The history of a page for the browser: the result of each case in each run, without samples."""

from bench.analysis.scope import scope_of
from bench.analysis.summary import CaseSummary
from bench.analysis.words_and_signs import STATUSES
from bench.text import one_line
from hooks.report.charts.chart import DataRow
from hooks.report.formats import between, microseconds
from hooks.report.reading.report import Report
from hooks.report.scripts import Data
from hooks.report.tables.audit import case_name
from hooks.report.tables.line_parts import ONE_ROUND


def history_data(report: Report) -> Data:
    """The runs of each page with results, and the rows of each case in order of time.

    Each row has the index of its run, not the facts of the run, which many cases share.
    """
    for page in report.implementations:
        runs: list[DataRow] = []
        cases: dict[str, list[DataRow]] = {}
        for summary, results in report.histories.get(page.slug, ()):
            run, name = summary.run, one_line(summary.run.id)
            for case in results:
                row = {"run": len(runs), **_row(case, page.code_hashes.get(case.variant))}
                cases.setdefault(case_name(scope_of(run, case), case), []).append(row)
            when = f"{run.started:%Y-%m-%d %H:%M} {name}"
            runs.append({"run": name, "when": when, "torch": one_line(run.environment.torch)})
        if runs:
            yield f"history/{page.slug}", {"runs": runs, "cases": cases}


def _row(case: CaseSummary, now: str | None) -> DataRow:
    """The result of a case: latencies in µs, and texts for its tooltip.

    `now` is the hash of the code that the page has now.
    """
    us = case.latency_us
    if us is None:
        return {"status": STATUSES[case.status].word, "reason": case.reason}
    low, high = case.interval_us or (us, us)
    return {
        "us": us,
        "low": low,
        "high": high,
        "value": f"{microseconds(us)} µs",
        "interval": f"{between(case.interval_us)} µs" if case.interval_us else ONE_ROUND,
        "samples": f"{case.samples:,}",
        "code": "as on this page" if case.code_sha256 == now else "another version",
    }
