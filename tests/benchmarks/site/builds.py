"""What a build costs: CPU seconds, user and system, and the most memory it took."""

import os
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

COMMAND = [sys.executable, "-m", "mkdocs", "build", "--quiet"]


@dataclass(frozen=True)
class Cost:
    """Of one process."""

    cpu_s: float
    peak_bytes: int


def build(root: Path) -> Cost:
    """Build the site in `root` in a process of its own.

    Raises:
        RuntimeError: the build failed.
    """
    pid = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", _IN_FOLDER, str(root), *COMMAND],
        os.environ | {"NO_MKDOCS_2_WARNING": "1"},
    )
    _, status, used = os.wait4(pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise RuntimeError(f"the build in {root} failed")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024)


_IN_FOLDER = "import os, sys; os.chdir(sys.argv[1]); os.execv(sys.argv[2], sys.argv[2:])"


def cold(root: Path) -> Cost:
    """Without a cache."""
    shutil.rmtree(root / ".cache", ignore_errors=True)
    return build(root)


def median_cpu(costs: list[Cost]) -> float:
    """The middle of their CPU seconds."""
    return statistics.median(cost.cpu_s for cost in costs)
