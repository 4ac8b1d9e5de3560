"""Supervises the process that runs a page's code, so that nothing that it starts outlives it.

When the worker has ended, the supervisor kills all of the worker's descendants, even those in
sessions of their own. Then it ends as the worker did: with the same exit code, or by the same
signal. A process that waits for the supervisor therefore waits for all of them. The supervisor also
kills all of them when it gets SIGHUP, SIGINT or SIGTERM (which it also gets when its parent dies),
and then ends by that signal. When they take too much memory, it kills them and ends with
`OUT_OF_MEMORY`. The worker dies with the supervisor, and is the first process that the kernel kills
when memory runs out.

Some processes can escape: those of a page that also kills the supervisor, those that cannot be
killed because they wait for hardware, and those that fork and end faster than they can be listed,
each in a session of its own. After 8 s the supervisor ends and reports how many are left.
"""

import contextlib
import ctypes
import fcntl
import os
import select
import signal
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from bench.machine.host_memory import OUT_OF_MEMORY, SUPERVISOR
from bench.worker.memory_use import taken_over
from bench.worker.process_tree import kill_descendants, reap

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_CHILD_SUBREAPER = 1, 4, 36
_POLL_S = 0.1
_IDLE = 500
"""Pause after a look at the memory, in multiples of the look's CPU time: looks take 0.2 %."""
_LONGEST_IDLE_S = 1.0
_OUTPUT_MAX, _OUTPUT_KEPT = 16 << 20, 64 << 10
_PATIENCE_S = 8.0


def supervise(*, private_fds: Sequence[int], output: int, memory_bytes: int) -> None:
    """Continue in a child process, the worker; this process becomes its supervisor. Linux only.

    Args:
        private_fds: Write ends of pipes that only the worker may hold, so that the reader sees
            when the worker ends. If a pipe has no reader any more, the parent is gone.
        output: The file that the worker prints to, open for reading and writing. It is checked ten
            times a second and, if it is over 16 MiB, cut to its last 64 KiB.
        memory_bytes: Memory that the worker and its descendants may take; see `taken_over`.
    """
    if sys.platform != "linux":
        return
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if _unread(private_fds):
        os._exit(1)  # the parent died before PDEATHSIG was set
    # Without this each writer continues at its own offset, and a cut file grows back in length.
    fcntl.fcntl(output, fcntl.F_SETFL, fcntl.fcntl(output, fcntl.F_GETFL) | os.O_APPEND)
    supervisor = os.getpid()
    if worker := os.fork():
        _supervise(worker, private_fds, output, memory_bytes)
    _be_supervised(supervisor)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _be_supervised(supervisor: int) -> None:
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != supervisor:
        os._exit(1)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="utf-8")


def _supervise(worker: int, private_fds: Sequence[int], output: int, memory_bytes: int) -> NoReturn:
    """Run the supervisor; signals are blocked, so the worker can only kill or stop it."""
    code, message = 1, ""
    try:
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        for fd in private_fds:
            os.close(fd)
        try:
            code, message = _watch(worker, output, memory_bytes)
        finally:
            if left := kill_descendants(_PATIENCE_S):
                message = f"{left} processes could not be killed"
            if message:
                with contextlib.suppress(OSError):  # a full disk
                    os.write(output, f"\n{SUPERVISOR}{message}\n".encode())
    except BaseException:
        traceback.print_exc()
    finally:  # whatever happens, the supervisor must not go on as if it were the worker
        _end_as(code)


def _watch(worker: int, output: int, memory_bytes: int) -> tuple[int, str]:
    """Wait for a reason to end; return an exit code, or minus a signal, and a message to print."""
    # A blocked signal arrives here even if it is ignored, as SIGHUP is under nohup.
    optional = (signal.SIGHUP, signal.SIGINT)
    heeded = (number for number in optional if signal.getsignal(number) != signal.SIG_IGN)
    enders, next_look = {signal.SIGTERM, *heeded}, 0.0
    while True:
        heard = signal.sigtimedwait({*enders, signal.SIGCHLD}, _POLL_S)
        if heard and heard.si_signo in enders:
            return -heard.si_signo, ""
        ended = reap()
        if worker in ended:
            return ended[worker], ""
        _shorten(output)
        if time.monotonic() >= next_look:
            before = time.process_time()
            if taken := taken_over(memory_bytes, os.getpid()):
                limit = f"more than the {memory_bytes / 1e9:.2f} GB allowed"
                return OUT_OF_MEMORY, f"took {taken / 1e9:.2f} GB of memory, {limit}"
            cost_s = time.process_time() - before
            next_look = time.monotonic() + min(_IDLE * cost_s, _LONGEST_IDLE_S)


def _shorten(output: int) -> None:
    size = os.fstat(output).st_size
    if size > _OUTPUT_MAX:
        tail = os.pread(output, _OUTPUT_KEPT, size - _OUTPUT_KEPT)
        os.ftruncate(output, 0)
        with contextlib.suppress(OSError):  # a full disk
            os.write(output, tail)


def _unread(pipes: Sequence[int]) -> bool:
    poll = select.poll()
    for pipe in pipes:
        poll.register(pipe, 0)
    return any(event & select.POLLERR for _, event in poll.poll(0))


def _end_as(code: int) -> NoReturn:
    if code < 0:
        _prctl(_PR_SET_DUMPABLE, 0)  # the worker has already dumped core if core dumps are on
        with contextlib.suppress(OSError):  # SIGKILL and SIGSTOP can have no handler
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [-code])
    os._exit(code if code >= 0 else 128 - code)


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
