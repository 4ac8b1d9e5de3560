"""Who is measured when: each line is timed in rounds of shuffled order, and examined once."""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from bench.pages.implementation import Implementation, Variant
from bench.records.record import Case, CaseKey, Examination, LineKey, Result
from bench.workload import Workload

Kind = Literal["time", "examine"]

Name = tuple[int, str, str | None]
"""What names a turn within a run."""


@dataclass(frozen=True)
class Step:
    """One workload in a turn, to be timed or to be examined."""

    kind: Kind
    workload: Workload


@dataclass(frozen=True)
class Turn:
    """One line in one fresh process."""

    round: int
    """From 1."""
    implementation: Implementation
    variant: Variant

    @property
    def name(self) -> Name:
        """What tells it from every other turn of the run."""
        return self.round, self.implementation.slug, self.variant.id

    def key(self, workload: Workload) -> CaseKey:
        """The identity of a case of this turn."""
        return CaseKey(LineKey(self.implementation.slug, self.variant.id), workload, "forward")

    def steps(self, workloads: Iterable[Workload]) -> tuple[Step, ...]:
        """Every workload is timed; in the first round all are examined after that.

        After, because a profiler and captured graphs leave traces in a process.
        """
        workloads = tuple(workloads)
        kinds: tuple[Kind, ...] = ("time", "examine") if self.round == 1 else ("time",)
        return tuple(Step(kind, workload) for kind in kinds for workload in workloads)


def turns(implementations: Iterable[Implementation], *, rounds: int, run_id: str) -> Iterator[Turn]:
    """Every turn of a run, in order; the same for the same run, so that it can be resumed.

    Random interleaving cut the run-to-run variance of google/benchmark by 40 %: what drifts slowly
    meets every line alike.
    """
    lines = [(page, variant) for page in implementations for variant in page.variants]
    for round_ in range(1, rounds + 1):
        order = list(lines)
        random.Random(f"{run_id}/{round_}").shuffle(order)  # noqa: S311 no secret
        yield from (Turn(round_, page, variant) for page, variant in order)


class Progress:
    """What a run has found so far, and so what is left to do."""

    def __init__(self) -> None:
        self._examined: set[CaseKey] = set()
        self._timed: set[tuple[int, CaseKey]] = set()
        self._over: set[CaseKey] = set()

    def note(self, record: Case) -> None:
        """Take in a record of the run; after one that is not ok its case is over."""
        key = record.key
        if isinstance(record, Examination):
            self._examined.add(key)
            self._end(key, over=record.status != "passed")
        elif isinstance(record, Result):
            self._timed.add((record.round, key))
            self._end(key, over=record.status != "ok")

    def left(self, turn: Turn, workloads: Iterable[Workload]) -> tuple[Step, ...]:
        """The steps that `turn` still has to take."""
        return tuple(step for step in turn.steps(workloads) if not self.over(turn, step))

    def over(self, turn: Turn, step: Step) -> bool:
        """Whether `step` has been taken, or its case has ended before."""
        key = turn.key(step.workload)
        taken = (
            key in self._examined if step.kind == "examine" else (turn.round, key) in self._timed
        )
        return taken or key in self._over

    def count(self, *, rounds: int) -> int:
        """How many steps are behind us, a case that is over counting for all of its steps."""
        examined = len(self._examined - self._over)
        timed = sum(key not in self._over for _, key in self._timed)
        return examined + timed + (1 + rounds) * len(self._over)

    def _end(self, key: CaseKey, *, over: bool) -> None:
        if over:
            self._over.add(key)
