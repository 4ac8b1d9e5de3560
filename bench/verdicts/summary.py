"""From runs to boards: what the terminal and the site both show of the results.

A board is one scope: its lines are the variants, its cells the newest results.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from bench.records.runfile import RunFile
from bench.verdicts.cell import Cell, cells
from bench.verdicts.newest import newest
from bench.verdicts.scope import Scope, scope_of
from bench.verdicts.verdict import Place, Slowdown, places, slowdown
from bench.workload import SUITES, Workload

LOCAL_BUILD = " (local build)"

BASELINE = "math_attention"
"""The page of PyTorch's unfused math: the denominator of a speed-up, unless a reader chooses."""


@dataclass(frozen=True)
class Line:
    """One variant across the workloads of a board."""

    implementation: str
    variant: str | None
    cells: dict[Workload, Cell]

    @cached_property
    def newest(self) -> Cell:
        """The cell measured last."""
        return max(self.cells.values(), key=lambda cell: cell.newest.finished)

    @cached_property
    def title(self) -> str:
        """What every legend and table calls it; says so where a local build was measured."""
        local = any(cell.newest.local_kernels for cell in self.cells.values())
        return self.newest.newest.title + (LOCAL_BUILD if local else "")

    @property
    def precision(self) -> str:
        """Its precision class."""
        return self.newest.newest.precision

    @cached_property
    def measured(self) -> dict[Workload, float]:
        """Published latency in µs of each workload with an ok result."""
        return {w: us for w, cell in self.cells.items() if (us := cell.latency_us) is not None}


@dataclass(frozen=True)
class Board:
    """All that is known within one scope."""

    scope: Scope
    workloads: tuple[Workload, ...]
    lines: tuple[Line, ...]

    @cached_property
    def baseline(self) -> Line | None:
        """The line that speed-ups are measured against."""
        return next((line for line in self.lines if line.implementation == BASELINE), None)

    @cached_property
    def fastest(self) -> dict[Workload, Line]:
        """The exact line with the lowest latency at each workload; one with an interval, if any."""
        best: dict[Workload, Line] = {}
        for line in self.exact:
            for workload in line.measured:
                first = best.get(workload, line)
                if first is line or _order(line, workload) < _order(first, workload):
                    best[workload] = line
        return best

    @property
    def exact(self) -> tuple[Line, ...]:
        """The lines that are ranked; quantised ones are shown and never ranked among them."""
        return tuple(line for line in self.lines if line.precision == "exact")

    @cached_property
    def _slowdowns(self) -> dict[int, Slowdown]:
        best = {workload: line.cells[workload] for workload, line in self.fastest.items()}
        return {id(line): made for line in self.lines if (made := slowdown(line.cells, best))}

    def slowdown(self, line: Line) -> Slowdown | None:
        """How much slower than the fastest exact lines `line` is, where both ran."""
        return self._slowdowns.get(id(line))

    def speedup(self, line: Line) -> Slowdown | None:
        """How much faster than the baseline `line` is: the baseline's slow-down against it."""
        return slowdown(self.baseline.cells, line.cells) if self.baseline else None

    @cached_property
    def _places(self) -> dict[int, Place]:
        """Among the exact lines that cover as many workloads; more coverage comes first.

        Without an interval nobody can tell who is faster: such a line has no place.
        """
        made: dict[int, Place] = {}
        known = {
            id(line): (len(line.measured), slowdown.interval)
            for line in self.exact
            if (slowdown := self.slowdown(line)) and slowdown.interval
        }
        for covered in sorted({count for count, _ in known.values()}, reverse=True):
            ends = {key: ends for key, (count, ends) in known.items() if count == covered}
            first = len(made)
            made |= {
                key: Place(first + place.rank, place.tied) for key, place in places(ends).items()
            }
        return made

    def place(self, line: Line) -> Place | None:
        """The rank of `line` over the board; none if quantised, unmeasured or of one round."""
        return self._places.get(id(line))

    def places_at(self, workload: Workload) -> dict[tuple[str, str | None], Place]:
        """The rank of each exact line with an interval at one workload; overlapping ones tie."""
        return self._places_at.get(workload, {})

    @cached_property
    def _places_at(self) -> dict[Workload, dict[tuple[str, str | None], Place]]:
        exact = self.exact
        return {
            workload: places(
                {
                    (line.implementation, line.variant): interval
                    for line in exact
                    if workload in line.measured and (interval := line.cells[workload].interval_us)
                }
            )
            for workload in self.workloads
        }

    def ranked(self) -> tuple[Line, ...]:
        """The lines, the most workloads first, then the smallest slow-down; stable by name."""

        def rank(line: Line) -> tuple[int, float, str, str]:
            made = self.slowdown(line)
            value = made.value if made else float("inf")
            return -len(line.measured), value, line.implementation, line.variant or ""

        return tuple(sorted(self.lines, key=rank))


def _order(line: Line, workload: Workload) -> tuple[bool, float]:
    """What is smaller for the line that others are compared with."""
    return line.cells[workload].interval_us is None, line.measured[workload]


def boards(files: Iterable[RunFile]) -> tuple[Board, ...]:
    """The boards of all runs, GPUs before CPUs, the most recently measured first.

    `files` come oldest first. The newest result of a case counts; `unavailable` says nothing about
    an implementation, so it counts only where nothing else is known.
    """
    runs = [[(_names(cell), cell.status, cell) for cell in cells(file)] for file in files]
    # The newest run first, and of one run the scope that it measured first.
    known: dict[Scope, _Lines] = {scope: {} for run in reversed(runs) for (scope, *_), *_ in run}
    for (scope, slug, variant, workload), cell in newest(chain.from_iterable(runs)).items():
        known[scope].setdefault((slug, variant), {})[workload] = cell
    made = [_board(scope, lines) for scope, lines in known.items()]
    return tuple(sorted(made, key=lambda board: not _on_gpu(board)))


_Lines = dict[tuple[str, str | None], dict[Workload, Cell]]


def _names(cell: Cell) -> tuple[Scope, str, str | None, Workload]:
    case = cell.newest
    return scope_of(cell), case.implementation, case.variant, case.workload


def _board(scope: Scope, lines: _Lines) -> Board:
    return Board(
        scope,
        in_order(scope.suite, (workload for line in lines.values() for workload in line)),
        tuple(Line(name, variant, cells) for (name, variant), cells in _by_name(lines)),
    )


def in_order(suite: str, workloads: Iterable[Workload]) -> tuple[Workload, ...]:
    """Each of the workloads once: as the suite has them, then others by their length."""
    found = set(workloads)
    order = SUITES[suite].workloads if suite in SUITES else ()
    known = [workload for workload in order if workload in found]
    others = sorted(found - set(known), key=lambda workload: (workload.seqlen_q, workload.name))
    return (*known, *others)


def _by_name(lines: _Lines) -> list[tuple[tuple[str, str | None], dict[Workload, Cell]]]:
    """The lines in the order of their names, which never depends on who ran first."""
    return sorted(lines.items(), key=lambda item: (item[0][0], item[0][1] or ""))


def _on_gpu(board: Board) -> bool:
    cell = next(iter(board.lines[0].cells.values()))
    return cell.run.environment.device == "cuda"
