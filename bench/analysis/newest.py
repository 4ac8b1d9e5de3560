"""Decides which of several results of a case counts."""

from collections.abc import Hashable, Iterable
from typing import TypeVar

from bench.records.outcome import Status

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


def newest(results: Iterable[tuple[Key, Status, Value]]) -> dict[Key, Value]:
    """The result that counts for each case; `results` come oldest first.

    The newest counts, but `unavailable` never replaces another result, because it says nothing
    about an implementation.
    """
    counting: dict[Key, Value] = {}
    for key, status, result in results:
        if status != "unavailable" or key not in counting:
            counting[key] = result
    return counting
