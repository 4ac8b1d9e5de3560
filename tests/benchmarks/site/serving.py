"""What a rebuild costs under `mkdocs serve` after a file has changed."""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

_QUIET_S = 2.0
_LONGEST_S = 120.0


def rebuild_cpu_s(root: Path, change: Callable[[], object], repeat: int) -> float:
    """The CPU seconds that the server takes until it rests again after `change`, in the middle."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--dev-addr", address]
    server = subprocess.Popen(command, cwd=root, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"})
    try:
        rests = [_resting(server.pid, 0.0)]
        for _ in range(repeat):
            change()
            rests.append(_resting(server.pid, rests[-1]))
        return statistics.median(after - before for before, after in pairwise(rests))
    finally:
        server.terminate()
        server.wait()


def _resting(pid: int, above: float) -> float:
    """The CPU seconds of a process once it has used more than `above`, and then no more."""
    last, since, deadline = above, time.monotonic(), time.monotonic() + _LONGEST_S
    while time.monotonic() < deadline:
        time.sleep(0.1)
        now = _cpu_s(pid)
        # Watching for changes costs a little all the time.
        if now - last > 0.05:
            last, since = now, time.monotonic()
        elif last > above + 0.1 and time.monotonic() - since > _QUIET_S:
            return now
    raise RuntimeError("the server does not come to rest")


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
