"""Lists the descendants of a process and kills all of them (Linux)."""

import contextlib
import os
import signal
import time
from collections import defaultdict
from collections.abc import Callable

_POLL_S = 0.1


def descendants(pid: int) -> dict[int, int]:
    """The parent of each descendant of `pid`, by process ID.

    A process that starts or ends meanwhile may be missing. The cost of the lists of children in
    /proc grows with the number of threads in the tree. If the kernel was built without these
    lists, every process of the machine is read instead.
    """
    with_lists = os.access(f"/proc/{pid}/task/{pid}/children", os.R_OK)
    children_of = _children if with_lists else _children_by_scan()
    parent_of: dict[int, int] = {}
    parents = [pid]
    for parent in parents:
        new = [child for child in children_of(parent) if child not in parent_of]
        parent_of |= dict.fromkeys(new, parent)
        parents += new
    return parent_of


def kill_descendants(patience_s: float) -> int:
    """Kill and reap all descendants of this process; return how many could not be killed.

    This process is a subreaper: orphans become its children, so when it has no children left, it
    has no descendants left. Until then, or until `patience_s` have passed, it lists and kills them
    again and again, because a process may have forked after the list was made. Stopping them first
    would add nothing, because a process with a pending SIGKILL cannot fork.
    """
    subreaper = os.getpid()
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        tree = descendants(subreaper)
        for pid in tree:
            _kill(pid, {subreaper, *tree})
        try:
            reap()
        except ChildProcessError:
            return 0
        signal.sigtimedwait({signal.SIGCHLD}, _POLL_S)
    return len(descendants(subreaper))


def reap() -> dict[int, int]:
    """The exit codes of the children that have ended, by process ID; negative for a signal.

    Raises:
        ChildProcessError: there is no child, running or ended.
    """
    ended: dict[int, int] = {}
    pid, status = os.waitpid(-1, os.WNOHANG)
    with contextlib.suppress(ChildProcessError):
        while pid:
            ended[pid] = os.waitstatus_to_exitcode(status)
            pid, status = os.waitpid(-1, os.WNOHANG)
    return ended


def read(path: str) -> bytes:
    """The content of a file in /proc; empty if its process has ended or it may not be read."""
    parts = []
    with contextlib.suppress(OSError):
        file = os.open(path, os.O_RDONLY)
        try:
            while part := os.read(file, 1 << 16):
                parts.append(part)
        finally:
            os.close(file)
    return b"".join(parts)


def _kill(pid: int, tree: set[int]) -> None:
    """Kill a process if it still belongs to the tree; another process may now have its ID."""
    with contextlib.suppress(OSError):
        process = os.pidfd_open(pid)
        try:
            if _parent_of(pid) in tree:
                signal.pidfd_send_signal(process, signal.SIGKILL)
        finally:
            os.close(process)


def _parent_of(pid: int) -> int | None:
    # The program's name, in brackets, may itself contain spaces and brackets.
    words = read(f"/proc/{pid}/stat").rpartition(b")")[2].split()
    return int(words[1]) if words else None


def _children(pid: int) -> list[int]:
    try:
        with os.scandir(f"/proc/{pid}/task") as tasks:
            lists = [read(f"{task.path}/children") for task in tasks]
    except OSError:
        return []
    return [int(child) for children in lists for child in children.split()]


def _children_by_scan() -> Callable[[int], list[int]]:
    children_of = defaultdict(list)
    with os.scandir("/proc") as entries:
        pids = [int(entry.name) for entry in entries if entry.name.isdecimal()]
    for pid in pids:
        if parent := _parent_of(pid):
            children_of[parent].append(pid)
    return lambda parent: children_of[parent]
