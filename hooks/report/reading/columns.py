"""The headings of a leaderboard's workloads, and the order of its lines at one workload."""

from collections.abc import Iterable

from bench.analysis.leaderboard import Line
from bench.operations.operation import Workload


def columns(workloads: Iterable[Workload]) -> dict[Workload, int | str]:
    """A heading for each workload: its sequence length if no two share one, else its name."""
    workloads = list(workloads)
    lengths = [workload.size for workload in workloads]
    distinct = len(set(lengths)) == len(lengths)
    return {w: w.size if distinct else w.name for w in workloads}


def by_latency(lines: Iterable[Line], workload: Workload) -> list[Line]:
    """The lines that ran `workload`, the fastest first; equal latencies are ordered by name."""
    ran = (line for line in lines if workload in line.measured)
    return sorted(ran, key=lambda line: (line.measured[workload], line.key.order))
