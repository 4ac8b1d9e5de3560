"""A run in progress: turn after turn, with each record on disk before the next step begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from bench.machine.host import scrub
from bench.project import Project
from bench.records.outcome import Failure
from bench.records.record import Examination, Result
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

    def plan(self, turn: Turn) -> TurnPlan:
        """The plan of a turn; a variant keeps its compilation caches from turn to turn."""
        python = self.pythons[turn.implementation.slug]
        assert isinstance(python, Path)  # noqa: S101 for mypy: no other turn has a plan
        name = f"{turn.implementation.slug}-{turn.variant.id or ''}"
        return TurnPlan(turn, python, self.scratch / name, self.context)

    def left(self, turn: Turn) -> tuple[Step, ...]:
        """The steps that the turn still has to take."""
        return self.progress.left(turn, self.config.suite.workloads)

    def time_canary(self) -> None:
        """Measure the canary and write it to disk."""
        self.writer.append(self.context.referee.canary())

    def note(self, record: Examination | Result) -> None:
        """Write a record to disk, and pass it on to the progress and the listener."""
        self.writer.append(record)
        self.progress.note(record)
        self.listener.found(record, self.progress.count(rounds=self.config.protocol.rounds))


def take_turns(session: Session) -> None:
    """Take every turn that has steps left, round after round."""
    config, prefetch = session.config, WorkerPrefetch(session.plan)
    queue = list(
        turns(config.implementations, rounds=config.protocol.rounds, run_id=session.writer.run.id)
    )
    timed = False
    with prefetch:
        for place, turn in enumerate(queue):
            if steps := session.left(turn):
                following = (later for later in queue[place + 1 :] if _has_work(session, later))
                _take_turn(session, turn, steps, prefetch, following)
                timed |= isinstance(session.pythons[turn.implementation.slug], Path)
        if timed:
            session.time_canary()


def _take_turn(
    session: Session,
    turn: Turn,
    steps: tuple[Step, ...],
    prefetch: WorkerPrefetch,
    following: Iterator[Turn],
) -> None:
    python = session.pythons[turn.implementation.slug]
    if not isinstance(python, Path):
        for step in steps:
            if step.kind == "time":
                session.note(record_of(session.config, turn, MeasuredStep(step, python)))
        return
    worker = prefetch.take(turn)
    prefetch.start(islice(following, session.context.kind.prefetched))
    on_step = partial(session.listener.starting, turn)
    plan = session.plan(turn)
    for measured in measure_turn(plan, steps, on_step, worker, time_canary=session.time_canary):
        session.note(record_of(session.config, turn, measured))


def _has_work(session: Session, turn: Turn) -> bool:
    python = session.pythons[turn.implementation.slug]
    return isinstance(python, Path) and bool(session.left(turn))


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
