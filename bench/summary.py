"""From runs to boards: what the terminal and the site both show of the results.

A board is one device and one suite: its lines are the variants, its cells the newest results.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from bench.outcome import Ok
from bench.record import Result, Run
from bench.runfile import RunFile
from bench.stats import geometric_mean, quantiles
from bench.workload import SUITES, Workload

LOCAL_BUILD = " (local build)"

SPREAD = (0.05, 0.5, 0.95)


@dataclass(frozen=True)
class Cell:
    """The result that counts for a case, and the run it comes from."""

    result: Result
    run: Run

    @property
    def latency_us(self) -> float | None:
        """The median of the samples; none unless the result is ok."""
        return self.spread_us[1] if self.spread_us else None

    @cached_property
    def spread_us(self) -> tuple[float, float, float] | None:
        """The 5th, 50th and 95th percentile of the samples; none unless the result is ok."""
        outcome = self.result.outcome
        if not isinstance(outcome, Ok):
            return None
        low, middle, high = quantiles(outcome.latency_us, SPREAD)
        return low, middle, high


@dataclass(frozen=True)
class Line:
    """One variant across the workloads of a board."""

    implementation: str
    variant: str | None
    cells: dict[Workload, Cell]

    @property
    def newest(self) -> Cell:
        """The cell measured last."""
        return max(self.cells.values(), key=lambda cell: cell.result.finished)

    @property
    def title(self) -> str:
        """What every legend and table calls it; says so where a local build was measured."""
        local = any(cell.result.local_kernels for cell in self.cells.values())
        return self.newest.result.title + (LOCAL_BUILD if local else "")

    @property
    def precision(self) -> str:
        """Its precision class."""
        return self.newest.result.precision

    @cached_property
    def measured(self) -> dict[Workload, float]:
        """Median latency in µs of each workload with an ok result."""
        return {w: us for w, cell in self.cells.items() if (us := cell.latency_us) is not None}


@dataclass(frozen=True)
class Board:
    """All that is known of one device on one suite."""

    device: str
    suite: str
    workloads: tuple[Workload, ...]
    lines: tuple[Line, ...]

    @cached_property
    def fastest(self) -> dict[Workload, float]:
        """The lowest median of each workload among exact implementations, in µs."""
        best: dict[Workload, float] = {}
        for line in self.lines:
            if line.precision == "exact":
                for workload, latency in line.measured.items():
                    best[workload] = min(latency, best.get(workload, latency))
        return best

    def slowdown(self, line: Line) -> float | None:
        """Geometric mean of `line`'s latency over the fastest exact one, where both ran."""
        fastest = self.fastest
        ratios = [us / fastest[w] for w, us in line.measured.items() if w in fastest]
        return geometric_mean(ratios) if ratios else None

    def ranked(self) -> tuple[Line, ...]:
        """The lines, the most workloads first, then the smallest slow-down; stable by name."""

        def rank(line: Line) -> tuple[int, float, str, str]:
            slowdown = self.slowdown(line) or float("inf")
            return -len(line.measured), slowdown, line.implementation, line.variant or ""

        return tuple(sorted(self.lines, key=rank))


def boards(files: Iterable[RunFile]) -> tuple[Board, ...]:
    """The boards of all runs, GPUs before CPUs, the most recently measured first.

    `files` come oldest first. The newest result of a case counts; `unavailable` says nothing about
    an implementation, so it counts only where nothing else is known.
    """
    cells: dict[tuple[str, str], dict[tuple[str, str | None], dict[Workload, Cell]]] = {}
    for file in files:
        key = (file.run.environment.name, file.run.suite)
        # Popped and put back, so that the order is that of the newest run.
        cells[key] = lines = cells.pop(key, {})
        for result in file.results:
            line = lines.setdefault((result.implementation, result.variant), {})
            if result.status != "unavailable" or result.workload not in line:
                line[result.workload] = Cell(result, file.run)
    made = [_board(device, suite, lines) for (device, suite), lines in reversed(cells.items())]
    return tuple(sorted(filter(None, made), key=lambda board: not _on_gpu(board)))


def _board(
    device: str, suite: str, lines: dict[tuple[str, str | None], dict[Workload, Cell]]
) -> Board | None:
    if not lines:
        return None
    workloads = {workload for line in lines.values() for workload in line}
    order = list(SUITES[suite].workloads) if suite in SUITES else []
    known = [workload for workload in order if workload in workloads]
    others = sorted(workloads - set(known), key=lambda workload: (workload.seqlen_q, workload.name))
    return Board(
        device,
        suite,
        (*known, *others),
        tuple(Line(name, variant, cells) for (name, variant), cells in _by_name(lines)),
    )


def _by_name(
    lines: dict[tuple[str, str | None], dict[Workload, Cell]],
) -> list[tuple[tuple[str, str | None], dict[Workload, Cell]]]:
    """The lines in the order of their names, which never depends on who ran first."""
    return sorted(lines.items(), key=lambda item: (item[0][0], item[0][1] or ""))


def _on_gpu(board: Board) -> bool:
    cell = next(iter(board.lines[0].cells.values()))
    return cell.run.environment.device == "cuda"
