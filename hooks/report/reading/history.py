"""The history of each page: its cases in the newest runs, from the summaries."""

from collections.abc import Iterable, Sequence

from bench.analysis.summary import CaseSummary, RunSummary

SHOWN = 200
"""Number of runs that the history of a page shows; older runs are still served as files."""

Recorded = tuple[RunSummary, tuple[CaseSummary, ...]]
"""A run and its cases of one page."""


def histories(runs: Sequence[RunSummary]) -> dict[str, tuple[Recorded, ...]]:
    """The most recent `runs` of each page by its slug; both are in order of time."""
    newest: dict[str, list[Recorded]] = {}
    for run in reversed(runs):
        for slug, cases in _by_slug(run.cases).items():
            recorded = newest.setdefault(slug, [])
            if len(recorded) < SHOWN:
                recorded.append((run, tuple(cases)))
    return {slug: tuple(reversed(recorded)) for slug, recorded in newest.items()}


def _by_slug(cases: Iterable[CaseSummary]) -> dict[str, list[CaseSummary]]:
    by_slug: dict[str, list[CaseSummary]] = {}
    for case in cases:
        by_slug.setdefault(case.implementation, []).append(case)
    return by_slug
