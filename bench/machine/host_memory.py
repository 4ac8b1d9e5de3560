"""How much memory the processes of one case may take together."""

import os
from pathlib import Path

OUT_OF_MEMORY = 88
"""Exit code of a process that was ended because it took more memory than allowed."""

SUPERVISOR = "supervisor: "
"""Start of the line in which a supervisor says why it ended its worker."""

_GROUPS, _OWN = Path("/sys/fs/cgroup"), Path("/proc/self/cgroup")
_LIMITS = {"": ("", "memory.max"), "memory": ("memory", "memory.limit_in_bytes")}
"""Folder and file of a cgroup's limit by controller name: `""` for version 2, `memory` for 1."""


def memory_limit() -> int:
    """Three quarters of the memory, in bytes, that the machine and this process's cgroups allow.

    The last quarter is for all other processes, and for memory that a case takes before the
    supervisor looks again.
    """
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return min([machine, *_group_limits()]) * 3 // 4


def _group_limits() -> list[int]:
    """The memory limits, in bytes, of the cgroups that this process is in; empty outside Linux.

    A container may see its own cgroup as the root, or under its path on the host. So every ancestor
    that exists counts.
    """
    lines = _OWN.read_text(encoding="utf-8").splitlines() if _OWN.is_file() else []
    paths = []
    for line in lines:
        _, controllers, group = line.split(":", 2)
        for controller in _LIMITS.keys() & controllers.split(","):
            folder, name = _LIMITS[controller]
            place = _GROUPS / folder / group.strip("/")
            paths += [above / name for above in (place, *place.parents)]
    texts = [path.read_text(encoding="utf-8").strip() for path in paths if path.is_file()]
    return [int(text) for text in texts if text.isdecimal()]
