"""The order of a run: rounds of shuffled order and, unless it only judges, an examination."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bench.operations.operation import Workload
from bench.pages.implementation import Implementation, Variant
from bench.records.run_lines import CaseKey, Examination, LineKey, Protocol, Result

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
    judged_only: bool = False
    """Whether the run only judges outputs, and examines nothing."""

    @property
    def name(self) -> Name:
        """Identity of the turn within its run."""
        return self.round, self.implementation.slug, self.variant.id

    def key(self, workload: Workload) -> CaseKey:
        """Identity of the turn's case on `workload`."""
        return CaseKey(LineKey(self.implementation.slug, self.variant.id), workload)

    def steps(self, workloads: Iterable[Workload]) -> tuple[Step, ...]:
        """The steps of the turn: time every workload and, in the first round, then examine all.

        Workloads of operations that the variant does not implement are left out. A run that only
        judges has no examinations. Examinations come after all timing, because the profiler and
        captured graphs leave traces in a process.
        """
        workloads = [workload for workload in workloads if self.variant.implements(workload)]
        examines = self.round == 1 and not self.judged_only
        kinds: tuple[Kind, ...] = ("time", "examine") if examines else ("time",)
        return tuple(Step(kind, workload) for kind in kinds for workload in workloads)


def turns(
    implementations: Iterable[Implementation], protocol: Protocol, *, run_id: str
) -> Iterator[Turn]:
    """Yield every turn of a run; the order depends only on `run_id`, so that a run can be resumed.

    The order is random so that slow drift affects all variants alike. In google/benchmark, random
    interleaving reduced the variance from run to run by 40 %.
    """
    variants = [(page, variant) for page in implementations for variant in page.variants]
    for round_ in range(1, protocol.rounds + 1):
        order = list(variants)
        random.Random(f"{run_id}/{round_}").shuffle(order)  # noqa: S311 not a secret
        yield from (Turn(round_, page, variant, protocol.judged_only) for page, variant in order)


class Progress:
    """The steps that a run has taken so far, and therefore the steps that are left."""

    def __init__(self) -> None:
        self._taken: set[tuple[int, CaseKey]] = set()
        """The round and the case of each step; the round of an examination is 0."""
        self._over: set[CaseKey] = set()

    def note(self, record: Examination | Result) -> None:
        """Note a record of the run; a failure ends its case."""
        self._taken.add((record.round if isinstance(record, Result) else 0, record.key))
        if record.status not in ("ok", "passed"):
            self._over.add(record.key)

    def left(self, turn: Turn, workloads: Iterable[Workload]) -> tuple[Step, ...]:
        """The steps of `turn` that are still to be taken."""
        return tuple(step for step in turn.steps(workloads) if not self.over(turn, step))

    def over(self, turn: Turn, step: Step) -> bool:
        """Whether `step` has been taken, or its case has already ended."""
        key = turn.key(step.workload)
        round_ = turn.round if step.kind == "time" else 0
        return (round_, key) in self._taken or key in self._over

    def count(self, *, steps: int) -> int:
        """Number of steps that are done; a case that is over counts with all of its `steps`."""
        open_ = sum(key not in self._over for _, key in self._taken)
        return open_ + steps * len(self._over)
