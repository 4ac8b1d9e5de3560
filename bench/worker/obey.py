"""The worker's main loop: it loads a page's code and obeys orders until there are no more."""

import contextlib
import os
import sys
from pathlib import Path
from types import ModuleType

import torch

from bench.records.outcome import Failed, Failure, Unavailable
from bench.runs.messages import Ended, Examine, Loaded, Refused, Request, Time
from bench.worker import uncaught
from bench.worker.case import WrongError
from bench.worker.examine import examine
from bench.worker.failure import broke_the_device, outcome_of
from bench.worker.guard import Guard
from bench.worker.module import (
    load_module,
    local_kernels,
    remember_imports,
    repeat_imports,
)
from bench.worker.packages import package_problem, package_versions
from bench.worker.share import Share
from bench.worker.talk import Stopped, Talk
from bench.worker.time_case import time_case
from bench.worker.trace import ready_profiler


def obey(pipe: int, shared: int) -> None:
    """Answer on the descriptor `pipe`, and put outputs into the shared memory of `shared`."""
    with os.fdopen(pipe, "wb") as answers:
        talk = Talk(answers)
        request = talk.wait(Request)
        uncaught.watch()
        guard = Guard(request.l2_set_aside_bytes)
        try:
            module = load_module(request)
            if request.device == "cuda":
                ready_profiler()
            repeat_imports(Path(request.scratch))
        except Exception as error:
            talk.say(Refused(outcome=outcome_of(error, request, loading=True)))
            return
        if problem := package_problem(request):
            talk.say(Refused(outcome=Unavailable(reason=problem)))
            return
        _flush_output()
        talk.say(Loaded(packages=package_versions(request)))
        _take_cases(module, request, talk, Share(shared), guard)


def _take_cases(
    module: ModuleType, request: Request, talk: Talk, share: Share, guard: Guard
) -> None:
    while order := talk.order():
        if not isinstance(order, Examine | Time):
            continue  # a Stop that was sent before the parent heard of the case's end
        take = examine if isinstance(order, Examine) else time_case
        outcome: Failure | None = None
        uncaught.forget()
        try:
            with torch.no_grad():  # as users do who need only the result
                take(module, order.workload, request, talk, share, guard)
        except Stopped:
            outcome = _found_at_the_end(request)
        except WrongError as wrong:
            outcome = wrong.outcome
        except Exception as error:
            outcome = outcome_of(error, request)
        _flush_output()
        talk.say(Ended(outcome=outcome, local_kernels=local_kernels()))
        remember_imports(Path(request.scratch))
        if isinstance(outcome, Failed) and broke_the_device(outcome):
            return  # a CUDA error is sticky: the parent starts a new process for the rest
        if request.device == "cuda":
            torch.cuda.empty_cache()


def _found_at_the_end(request: Request) -> Failure | None:
    """A failure that shows only after the last output: in a thread, or in what a call imported."""
    try:
        uncaught.raise_first()
    except Exception as error:
        return outcome_of(error, request)
    problem = package_problem(request)
    return Unavailable(reason=problem) if problem else None


def _flush_output() -> None:
    """Flush what the page's code has printed, so that it cannot seem to explain a later crash."""
    with contextlib.suppress(Exception):  # the page's code may have replaced the stream
        sys.stdout.flush()
