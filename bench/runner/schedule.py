"""The order of a run: each variant is timed in rounds of shuffled order, and examined once."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bench.pages.implementation import Implementation, Variant
from bench.records.record import Case, CaseKey, Examination, LineKey, Result
from bench.workload import Workload

Kind = Literal["time", "examine"]

Name = tuple[int, str, str | None]
"""Identity of a turn within a run: round, page and variant."""


@dataclass(frozen=True)
class Step:
    """One workload in a turn, to be timed or to be examined."""

    kind: Kind
    workload: Workload


@dataclass(frozen=True)
class Turn:
    """One variant in one fresh process."""

    round: int
    """Number of the round, from 1."""
    implementation: Implementation
    variant: Variant

    @property
    def name(self) -> Name:
        """Identity of the turn within its run."""
        return self.round, self.implementation.slug, self.variant.id

    def key(self, workload: Workload) -> CaseKey:
        """Identity of the turn's case on `workload`."""
        return CaseKey(LineKey(self.implementation.slug, self.variant.id), workload, "forward")

    def steps(self, workloads: Iterable[Workload]) -> tuple[Step, ...]:
        """The steps of the turn: time every workload and, in the first round, then examine all.

        Examinations come last because the profiler and captured graphs leave traces in a process.
        """
        workloads = tuple(workloads)
        kinds: tuple[Kind, ...] = ("time", "examine") if self.round == 1 else ("time",)
        return tuple(Step(kind, workload) for kind in kinds for workload in workloads)


def turns(implementations: Iterable[Implementation], *, rounds: int, run_id: str) -> Iterator[Turn]:
    """Yield every turn of a run; the order depends only on `run_id`, so that a run can be resumed.

    The order is random so that slow drift affects all variants alike. In google/benchmark, random
    interleaving reduced the variance from run to run by 40 %.
    """
    variants = [(page, variant) for page in implementations for variant in page.variants]
    for round_ in range(1, rounds + 1):
        order = list(variants)
        random.Random(f"{run_id}/{round_}").shuffle(order)  # noqa: S311 not a secret
        yield from (Turn(round_, page, variant) for page, variant in order)


class Progress:
    """The steps that a run has taken so far, and therefore the steps that are left."""

    def __init__(self) -> None:
        self._examined: set[CaseKey] = set()
        self._timed: set[tuple[int, CaseKey]] = set()
        self._over: set[CaseKey] = set()

    def note(self, record: Case) -> None:
        """Note a record of the run; a failure ends its case."""
        key = record.key
        if isinstance(record, Examination):
            self._examined.add(key)
            self._end(key, over=record.status != "passed")
        elif isinstance(record, Result):
            self._timed.add((record.round, key))
            self._end(key, over=record.status != "ok")

    def left(self, turn: Turn, workloads: Iterable[Workload]) -> tuple[Step, ...]:
        """The steps of `turn` that are still to be taken."""
        return tuple(step for step in turn.steps(workloads) if not self.over(turn, step))

    def over(self, turn: Turn, step: Step) -> bool:
        """Whether `step` has been taken, or its case has already ended."""
        key = turn.key(step.workload)
        taken = (
            key in self._examined if step.kind == "examine" else (turn.round, key) in self._timed
        )
        return taken or key in self._over

    def count(self, *, rounds: int) -> int:
        """Number of steps that are done; a case that is over counts with all of its steps."""
        examined = len(self._examined - self._over)
        timed = sum(key not in self._over for _, key in self._timed)
        return examined + timed + (1 + rounds) * len(self._over)

    def _end(self, key: CaseKey, *, over: bool) -> None:
        if over:
            self._over.add(key)
