"""A run in progress: turn after turn, with each record on disk before the next step begins."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from bench.machine.host import scrub
from bench.project import Project
from bench.records.outcome import Failure, Unsupported
from bench.records.run_lines import Examination, Result
from bench.records.runwriter import RunWriter
from bench.runner.config import ProgressListener, RunConfig
from bench.runner.context import RunContext
from bench.runner.prefetch import WorkerPrefetch
from bench.runner.schedule import Progress, Step, Turn, turns
from bench.runner.turn import MeasuredStep, StepOutcome, TurnPlan, measure_turn
from bench.text import one_line

_UNREADABLE = "…"
"""Replaces a text in which no character can be shown."""


@dataclass(frozen=True)
class Session:
    """One run in progress."""

    config: RunConfig
    context: RunContext
    writer: RunWriter
    listener: ProgressListener
    progress: Progress
    pythons: dict[str, Path | Failure]
    scratch: Path

    def take_turns(self) -> None:
        """Take every turn that has steps left, round after round."""
        pages, protocol = self.config.implementations, self.config.protocol
        queue = list(turns(pages, protocol, run_id=self.writer.run.id))
        timed = False
        for turn in queue:
            self._note_refusals(turn)
        with WorkerPrefetch(self._plan) as prefetch:
            for place, turn in enumerate(queue):
                if steps := self._left(turn):
                    timed, worker = True, prefetch.take(turn)
                    following = filter(self._left, queue[place + 1 :])
                    prefetch.start(islice(following, self.context.kind.prefetched))
                    plan, on_step = self._plan(turn), partial(self.listener.starting, turn)
                    for measured in measure_turn(
                        plan, steps, on_step, worker, time_canary=self._time_canary
                    ):
                        self._note(turn, measured)
        if timed:
            self._time_canary()

    def _note_refusals(self, turn: Turn) -> None:
        """Note every case of the turn whose outcome is known without a process."""
        python = self.pythons[turn.implementation.slug]
        for step in self._left(turn):
            if step.kind == "time":
                reason = turn.implementation.refusal(turn.variant, step.workload)
                if not isinstance(python, Path):
                    self._note(turn, MeasuredStep(step, python))
                elif reason:
                    self._note(turn, MeasuredStep(step, Unsupported(reason=reason)))

    def _plan(self, turn: Turn) -> TurnPlan:
        """The plan of a turn; a variant keeps its compilation caches from turn to turn."""
        python = self.pythons[turn.implementation.slug]
        assert isinstance(python, Path)  # noqa: S101 for mypy: no other turn has a plan
        name = f"{turn.implementation.slug}-{turn.variant.id or ''}"
        return TurnPlan(turn, python, self.scratch / name, self.context)

    def _left(self, turn: Turn) -> tuple[Step, ...]:
        return self.progress.left(turn, self.config.suite.workloads)

    def _time_canary(self) -> None:
        self.writer.append(self.context.referee.canary())

    def _note(self, turn: Turn, measured: MeasuredStep) -> None:
        """Write a record to disk, and pass it on to the progress and the listener."""
        record = record_of(self.config, turn, measured)
        self.writer.append(record)
        self.progress.note(record)
        self.listener.found(record, self.progress.count(steps=self.config.protocol.steps))


def record_of(config: RunConfig, turn: Turn, measured: MeasuredStep) -> Examination | Result:
    """The record of a measurement, without anything that names a person or a machine."""
    page, variant = turn.implementation, turn.variant
    case: dict[str, Any] = {
        "implementation": page.slug,
        "variant": variant.id,
        "title": variant.title,
        "precision": page.about.precision,
        "code_sha256": variant.code_sha256,
        "workload": measured.step.workload,
        "finished": datetime.now(UTC).replace(microsecond=0),
        "packages": measured.packages,
        "local_kernels": measured.local_kernels,
        "outcome": _scrubbed(measured.outcome, config.project),
    }
    if measured.step.kind == "examine":
        return Examination(**case)
    return Result(round=turn.round, **case)


def _scrubbed(outcome: StepOutcome, project: Project) -> StepOutcome:
    """The outcome, with every name of a person or a machine removed from all of its texts."""
    return msgspec.convert(_each_text(msgspec.to_builtins(outcome), project), type(outcome))


def _each_text(value: Any, project: Project) -> Any:
    if isinstance(value, str):
        return one_line(scrub(value, project)) or _UNREADABLE
    if isinstance(value, dict):
        return {key: _each_text(each, project) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_each_text(each, project) for each in value]
    return value
