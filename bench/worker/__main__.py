"""The child process: reads a request from its standard input, answers on a pipe of its own.

The pipe is not standard output, which belongs to the kernels and what they print.
"""

import ctypes
import os
import signal
import sys
from typing import BinaryIO

import msgspec

from bench.messages import Finished, Loaded, Message, Refused, Request, Started
from bench.outcome import Failed
from bench.worker.case import measure_case
from bench.worker.failure import broke_the_device, outcome_of
from bench.worker.module import load_module, local_kernels, package_versions

_PR_SET_PDEATHSIG = 1


def main() -> None:
    """Answer one request; the file descriptor to answer on is the only argument."""
    _die_with_parent()
    request = msgspec.json.decode(sys.stdin.buffer.read(), type=Request)
    with os.fdopen(int(sys.argv[1]), "wb", buffering=0) as pipe:
        _answer(request, pipe)


def _die_with_parent() -> None:
    """A parent that was killed cannot end its child, which would keep the GPU (Linux only)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _answer(request: Request, pipe: BinaryIO) -> None:
    try:
        module = load_module(request)
    except Exception as error:
        _say(pipe, Refused(outcome=outcome_of(error, request, loading=True)))
        return
    _say(pipe, Loaded(packages=package_versions(request)))
    for workload in request.workloads:
        _say(pipe, Started())
        outcome = measure_case(module, workload, request)
        _say(pipe, Finished(outcome=outcome, local_kernels=local_kernels()))
        if isinstance(outcome, Failed) and broke_the_device(outcome):
            return  # a CUDA error is sticky: the parent gives the rest to a new process


def _say(pipe: BinaryIO, message: Message) -> None:
    pipe.write(msgspec.json.encode(message) + b"\n")


if __name__ == "__main__":
    main()
