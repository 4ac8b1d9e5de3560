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
from bench.runs.ahead import Ahead
from bench.runs.desk import Desk
from bench.runs.job import Job, Watcher
from bench.runs.measure import Found, Measured, Plan, measure
from bench.runs.schedule import Progress, Step, Turn, turns
from bench.text import one_line

_UNREADABLE = "…"
"""Replaces a text in which no character can be shown."""

_AHEAD = 3
"""Number of workers that load while another one measures."""


@dataclass(frozen=True)
class Session:
    """One run in progress."""

    job: Job
    desk: Desk
    writer: RunWriter
    watcher: Watcher
    progress: Progress
    pythons: dict[str, Path | Failure]
    scratch: Path

    def plan(self, turn: Turn) -> Plan:
        """The plan of a turn; a variant keeps its compilation caches from turn to turn."""
        python = self.pythons[turn.implementation.slug]
        assert isinstance(python, Path)  # noqa: S101 for mypy: no other turn has a plan
        name = f"{turn.implementation.slug}-{turn.variant.id or ''}"
        return Plan(turn, python, self.scratch / name, self.desk)

    def left(self, turn: Turn) -> tuple[Step, ...]:
        """The steps that the turn still has to take."""
        return self.progress.left(turn, self.job.suite.workloads)

    def take_pace(self) -> None:
        """Measure the canary and write it to disk."""
        self.writer.append(self.desk.referee.canary())

    def note(self, record: Examination | Result) -> None:
        """Write a record to disk, and pass it on to the progress and the watcher."""
        self.writer.append(record)
        self.progress.note(record)
        self.watcher.found(record, self.progress.count(rounds=self.job.protocol.rounds))


def take_turns(session: Session) -> None:
    """Take every turn that has steps left, round after round."""
    job, ahead = session.job, Ahead(session.plan)
    queue = list(
        turns(job.implementations, rounds=job.protocol.rounds, run_id=session.writer.run.id)
    )
    timed = False
    with ahead:
        for place, turn in enumerate(queue):
            if steps := session.left(turn):
                following = (later for later in queue[place + 1 :] if _has_work(session, later))
                _take_turn(session, turn, steps, ahead, following)
                timed |= isinstance(session.pythons[turn.implementation.slug], Path)
        if timed:
            session.take_pace()


def _take_turn(
    session: Session,
    turn: Turn,
    steps: tuple[Step, ...],
    ahead: Ahead,
    following: Iterator[Turn],
) -> None:
    python = session.pythons[turn.implementation.slug]
    if not isinstance(python, Path):
        for step in steps:
            if step.kind == "time":
                session.note(record_of(session.job, turn, Measured(step, python)))
        return
    worker = ahead.take(turn)
    if session.job.device == "cuda":
        # Importing torch takes longer than timing a case, and does not use the GPU.
        ahead.start(islice(following, _AHEAD))
    watch = partial(session.watcher.starting, turn)
    plan = session.plan(turn)
    for measured in measure(plan, steps, watch, worker, take_pace=session.take_pace):
        session.note(record_of(session.job, turn, measured))


def _has_work(session: Session, turn: Turn) -> bool:
    python = session.pythons[turn.implementation.slug]
    return isinstance(python, Path) and bool(session.left(turn))


def record_of(job: Job, turn: Turn, measured: Measured) -> Examination | Result:
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
        "outcome": _scrubbed(measured.outcome, job.project),
    }
    if measured.step.kind == "examine":
        return Examination(**case)
    return Result(round=turn.round, **case)


def _scrubbed(outcome: Found, project: Project) -> Found:
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
