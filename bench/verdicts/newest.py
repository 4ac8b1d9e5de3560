"""Which of several results of a case counts."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from bench.records.outcome import Status

Key = TypeVar("Key", bound=Hashable)
Found = TypeVar("Found")


def newest(found: Iterable[tuple[Key, Status, Found]]) -> dict[Key, Found]:
    """Of all that was found of each case, what counts; given oldest first.

    The newest does, but `unavailable` says nothing of an implementation and hides no result.
    """
    known: dict[Key, Found] = {}
    for key, status, one in found:
        if status != "unavailable" or key not in known:
            known[key] = one
    return known
