"""The memory that the descendants of a process take together, read from /proc (Linux)."""

import re
import time
from collections.abc import Iterable

from bench.worker.process_tree import descendants, read

_TAKEN = re.compile(rb"^(?:RssAnon|RssShmem|VmSwap):\s+(\d+) kB", re.MULTILINE)
_SHARE = re.compile(rb"^(?:Pss_Anon|Pss_Shmem|SwapPss):\s+(\d+) kB", re.MULTILINE)
_VFORK_S = 0.02
"""Time after which a vfork has usually ended; until then, its parent's memory counts twice."""


def taken_over(limit: int, pid: int) -> int | None:
    """The bytes that the descendants of `pid` take together, if more than `limit`; else None.

    Anonymous and shared memory count, swapped out or not, because the kernel cannot reclaim them
    under pressure. File pages do not count, because the kernel can read them again. The first sum
    is cheap and never too low: memory that processes share after a fork counts once for each of
    them. Exact shares are read only if this sum exceeds the limit, because the kernel walks the
    page tables for them. They are read twice, so that a vfork does not look like a second copy of
    all memory.
    """
    taken = sum(map(_taken, descendants(pid)))
    for pause in (0.0, _VFORK_S):
        if taken <= limit:
            return None
        time.sleep(pause)
        taken = sum(map(_share, descendants(pid)))
    return taken if taken > limit else None


def _taken(pid: int) -> int:
    return _sum_of(_TAKEN.findall(read(f"/proc/{pid}/status")))


def _share(pid: int) -> int:
    """The proportional share of a process, or all its memory if the kernel reports no shares."""
    return _sum_of(_SHARE.findall(read(f"/proc/{pid}/smaps_rollup"))) or _taken(pid)


def _sum_of(kibibytes: Iterable[bytes]) -> int:
    return sum(map(int, kibibytes)) * 1024
