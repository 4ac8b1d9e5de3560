"""The samples of each page's newest cases as a script, for the reader's browser to recompute."""

from functools import partial
from pathlib import Path

import msgspec

from bench.analysis.leaderboard import Leaderboard
from bench.analysis.summary import CaseSummary
from hooks.report.charts.payload import script
from hooks.report.downloads.files import DATA_FOLDER
from hooks.report.reading.cache import Cache, sources, stamp
from hooks.report.reading.report import Report
from hooks.report.tables.audit import case_name, samples_name

SAMPLES = ".samples.js"


def samples(report: Report, cache: Cache) -> dict[str, Path]:
    """Paths on disk of the sample scripts, one for each page with samples, by paths on the site."""
    paths = {}
    for page in report.implementations:
        name, cases = samples_name(page.slug), _timed(report, page.slug)
        if cases:
            runs = sorted({report.by_run[case.run].path for _, case in cases})
            stamps = [path.encode() + stamp(report.project.data / path) for path in runs]
            make = partial(_script, report, name, cases)
            path = cache.path(SAMPLES, [name.encode(), sources(), *stamps], make)
            paths[f"{DATA_FOLDER}/{name}.js"] = path
    cache.keep(SAMPLES, 4 * len(report.implementations))
    return paths


def _timed(report: Report, slug: str) -> list[tuple[Leaderboard, CaseSummary]]:
    return [
        (board, case)
        for board, lines in report.of_page(slug)
        for line in lines
        for case in line.cases.values()
        if case.latency_us is not None
    ]


def _script(
    report: Report, name: str, cases: list[tuple[Leaderboard, CaseSummary]]
) -> dict[str, bytes]:
    """A script with the samples of each round in µs, in the order recorded."""
    rounds = {case_name(board.scope, case): report.rounds(case) for board, case in cases}
    return {SAMPLES: script(name, msgspec.json.encode(rounds))}
