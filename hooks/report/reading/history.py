"""The history of a page: its cases in every run, from the summaries."""

from collections.abc import Iterable, Sequence

from bench.analysis.summary import CaseSummary, RunSummary

SHOWN = 200
"""The newest runs of a page that its history shows; all are there as files."""

Recorded = tuple[RunSummary, tuple[CaseSummary, ...]]
"""A run, and the cases of one page in it."""


def histories(runs: Sequence[RunSummary]) -> dict[str, tuple[Recorded, ...]]:
    """The newest runs of every page, by its slug, the oldest first."""
    found: dict[str, list[Recorded]] = {}
    for one in reversed(runs):
        for slug, cases in _by_slug(one.cases).items():
            known = found.setdefault(slug, [])
            if len(known) < SHOWN:
                known.append((one, tuple(cases)))
    return {slug: tuple(reversed(known)) for slug, known in found.items()}


def _by_slug(cases: Iterable[CaseSummary]) -> dict[str, list[CaseSummary]]:
    made: dict[str, list[CaseSummary]] = {}
    for case in cases:
        made.setdefault(case.implementation, []).append(case)
    return made
