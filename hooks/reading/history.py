"""What each run found of a page's cases: few words of many runs, from their digests."""

from collections.abc import Iterable, Sequence

from hooks.reading.digest import CaseDigest, RunDigest

SHOWN = 200
"""The newest runs of a page that its history shows; all are there as files."""

Recorded = tuple[RunDigest, tuple[CaseDigest, ...]]
"""A run, and the cases of one page in it."""


def histories(runs: Sequence[RunDigest]) -> dict[str, tuple[Recorded, ...]]:
    """The newest runs of every page, by its slug, the oldest first."""
    found: dict[str, list[Recorded]] = {}
    for one in reversed(runs):
        for slug, cases in _by_slug(one.cases).items():
            known = found.setdefault(slug, [])
            if len(known) < SHOWN:
                known.append((one, tuple(cases)))
    return {slug: tuple(reversed(known)) for slug, known in found.items()}


def _by_slug(cases: Iterable[CaseDigest]) -> dict[str, list[CaseDigest]]:
    made: dict[str, list[CaseDigest]] = {}
    for case in cases:
        made.setdefault(case.implementation, []).append(case)
    return made
