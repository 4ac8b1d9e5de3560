"""What the blocks of the selftest's pages try, and what became of them."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import get_args

import msgspec

from bench.pages.implementation import Implementation, Variant
from bench.records.outcome import Status
from bench.records.runfile import RunFile
from bench.selftest.fitness import ClockPair, SameKernel, Trial
from bench.text import one_line
from bench.verdicts.cell import Cell, cells
from bench.verdicts.verdict import ratio

ORPHAN = "selftest-orphan"
"""What processes call themselves that a block leaves behind on purpose."""

_NO_GRAPH = "no graph"
_WANTED = {status: status for status in get_args(Status)} | {
    "not_ok": "not ok",
    "no_graph": _NO_GRAPH,
}
"""Ids may begin with the status that the block has to end with."""

_FEW = 0.2
"""Of the samples: the first ones of a batch may be late until the queue is held long enough."""

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def trials(page: Implementation, files: Iterable[RunFile], *, wanted: str) -> tuple[Trial, ...]:
    """What became of each block of the page in the runs that shared them.

    A block has to end with the status that its id begins with, else with `wanted`. One that leaves
    processes behind has not ended as it had to while one of them is there.
    """
    found: dict[str | None, list[Cell]] = {}
    for cell in chain.from_iterable(map(cells, files)):
        found.setdefault(cell.newest.variant, []).append(cell)
    left = orphans()
    made = []
    for variant in page.variants:
        trial = _trial(page, variant, found.get(variant.id, []), wanted)
        if left and ORPHAN in variant.code:
            trial = msgspec.structs.replace(trial, status="left a process behind")
        made.append(trial)
    return tuple(made)


def _trial(page: Implementation, variant: Variant, own: list[Cell], wanted: str) -> Trial:
    prefix = (variant.id or "").split("-")[0]
    failed = next((cell for cell in own if cell.status != "ok"), None)
    status: str = failed.status if failed else "ok" if own else "not run"
    goal = _WANTED.get(prefix, wanted)
    if goal == _NO_GRAPH and status == "ok" and not any(map(_has_graph, own)):
        status = _NO_GRAPH  # right, and no time is shown for a graph that does not compute it
    return Trial(
        title=variant.title,
        intent=intent(page, variant),
        wanted=goal,
        status=status,
        reason=one_line(failed.reason) or None if failed else None,
    )


def _has_graph(cell: Cell) -> bool:
    return bool(cell.lanes and cell.lanes.graph and cell.lanes.graph.latency_us)


def intent(page: Implementation, variant: Variant) -> str:
    """The paragraph before a block, without its links; the block's title where there is none."""
    lines = page.path.read_text(encoding="utf-8-sig").split("\n")[: variant.line - 2]
    while lines and not lines[-1].strip():
        lines.pop()
    paragraph: list[str] = []
    while lines and lines[-1].strip() and not lines[-1].startswith(("#", "```")):
        paragraph.insert(0, lines.pop())
    return one_line(_LINK.sub(r"\1", " ".join(paragraph))) or variant.title


def same_kernel(file: RunFile) -> SameKernel:
    """Compare every two names at each workload as the report compares two implementations."""
    measured = [cell for cell in cells(file) if cell.interval_us]
    pairs = [
        ratio(one, other)
        for one, other in combinations(measured, 2)
        if one.newest.workload == other.newest.workload
    ]
    found = [pair for pair in pairs if pair]
    return SameKernel(
        names=len({cell.newest.variant for cell in measured}),
        pairs=len(found),
        different=sum(pair.indistinguishable is False for pair in found),
        farthest=max((abs(pair.value - 1) for pair in found), default=None),
    )


def cupti_pairs(files: Iterable[RunFile]) -> Iterator[ClockPair]:
    """Our events beside CUPTI's span, of every kernel that was examined and found right.

    Both clocks saw the same calls: calls of another moment may differ by more than the clocks do.
    The profiler adds some 2 µs to each. What waits for the device within a call is left out: its
    pauses are in our time, as they are in its caller's, and not in CUPTI's.
    """
    for file in files:
        for cell in cells(file):
            if not (cell.trace and cell.status == "ok" and _ahead(cell)):
                continue
            yield ClockPair(
                title=cell.newest.title,
                workload=cell.newest.workload.name,
                ours_us=cell.trace.event_us,
                theirs_us=cell.trace.span_us,
            )


def _ahead(cell: Cell) -> bool:
    """Whether the host was ahead of the device in all but a few of the samples."""
    late = sum(round_.late_samples for round_ in cell.timed)
    return late <= _FEW * sum(len(round_.latency_us) for round_ in cell.timed)


def orphans() -> int:
    """How many processes are there that call themselves orphans of the selftest (Linux)."""
    found = 0
    for name in Path("/proc").glob("[0-9]*/comm"):
        try:
            found += name.read_text(encoding="utf-8", errors="replace").strip() == ORPHAN
        except OSError:
            continue  # it has ended
    return found
