"""The worker's main loop: it loads a page's code and carries out orders until there are no more."""

import contextlib
import os
import sys
from pathlib import Path

import torch

from bench.devices.discovery import KINDS
from bench.devices.runtime import runtime_of
from bench.operations.kernels import load_kernels
from bench.records.outcome import Failed, Failure, Unavailable
from bench.runner.messages import Ended, Examine, Loaded, Refused, Request, Time
from bench.worker import uncaught
from bench.worker.case_under_test import Worker, WrongError
from bench.worker.channel import Channel, Stopped
from bench.worker.examine import examine
from bench.worker.failure import outcome_of
from bench.worker.guard import Guard
from bench.worker.module import load_module, local_kernels, remember_imports, repeat_imports
from bench.worker.output_buffer import OutputBuffer
from bench.worker.packages import package_problem, package_versions
from bench.worker.time_case import time_case
from bench.worker.trace import ready_profiler


def serve(pipe: int, shared: int) -> None:
    """Answer on the descriptor `pipe`, and put outputs into the shared memory of `shared`."""
    with os.fdopen(pipe, "wb") as answers:
        channel = Channel(answers)
        request = channel.wait(Request)
        uncaught.watch()
        runtime = runtime_of(request.device)
        load_kernels()  # the guard remembers what is loaded before a page's code
        guard = Guard(runtime, request.l2_set_aside_bytes)
        try:
            module = load_module(request)
            if runtime.ASYNCHRONOUS:
                ready_profiler()
            repeat_imports(Path(request.scratch))
        except Exception as error:
            channel.send(Refused(outcome=outcome_of(error, request, loading=True)))
            return
        if problem := package_problem(request):
            channel.send(Refused(outcome=Unavailable(reason=problem)))
            return
        _flush_output()
        channel.send(Loaded(packages=package_versions(request)))
        _take_cases(Worker(module, request, runtime, channel, OutputBuffer(shared), guard))


def _take_cases(worker: Worker) -> None:
    request, channel = worker.request, worker.channel
    while order := channel.receive():
        if not isinstance(order, Examine | Time):
            continue  # a Stop that was sent before the parent heard of the case's end
        take = examine if isinstance(order, Examine) else time_case
        outcome: Failure | None = None
        uncaught.forget()
        try:
            with torch.no_grad():  # as users do who need only the result
                take(worker, order.workload)
        except Stopped:
            outcome = _found_at_the_end(request)
        except WrongError as wrong:
            outcome = wrong.outcome
        except Exception as error:
            outcome = outcome_of(error, request)
        _flush_output()
        channel.send(Ended(outcome=outcome, local_kernels=local_kernels()))
        remember_imports(Path(request.scratch))
        if isinstance(outcome, Failed) and KINDS[request.device].is_lost(outcome.reason):
            return  # the parent starts a new process for the rest
        worker.runtime.free_memory()


def _found_at_the_end(request: Request) -> Failure | None:
    """A failure that shows only after the last output: in a thread, or in what a call imported."""
    try:
        uncaught.raise_first()
    except Exception as error:
        return outcome_of(error, request)
    problem = package_problem(request)
    return Unavailable(reason=problem) if problem else None


def _flush_output() -> None:
    """Flush the output of the page's code, so that it cannot seem to explain a later crash."""
    with contextlib.suppress(Exception):  # the page's code may have replaced the stream
        sys.stdout.flush()
