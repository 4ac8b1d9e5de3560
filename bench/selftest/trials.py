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
from bench.verdicts.case_records import CaseRecords, case_records
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

_SAYS = re.compile(r'\bdata-says="([^"]*)"')
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def trials(page: Implementation, files: Iterable[RunFile], *, wanted: str) -> tuple[Trial, ...]:
    """What became of each block of the page in the runs that shared them.

    A block has to end with the status that its id begins with, else with `wanted`, and with the
    words of its fence's `data-says`, where there are any: another layer may find it too, and would
    hide that the one which has to is gone. A block that leaves processes behind has not ended as it
    had to while one of them is there.
    """
    found: dict[str | None, list[CaseRecords]] = {}
    for case in chain.from_iterable(map(case_records, files)):
        found.setdefault(case.newest.variant, []).append(case)
    left = orphans()
    made = []
    for variant in page.variants:
        trial = _trial(page, variant, found.get(variant.id, []), wanted)
        if left and ORPHAN in variant.code:
            trial = msgspec.structs.replace(trial, status="left a process behind")
        made.append(trial)
    return tuple(made)


def _trial(page: Implementation, variant: Variant, own: list[CaseRecords], wanted: str) -> Trial:
    prefix = (variant.id or "").split("-")[0]
    goal, tries, words = _WANTED.get(prefix, wanted), intent(page, variant), says(page, variant)

    def ended(status: str, reason: str | None) -> Trial:
        return Trial(
            title=variant.title,
            intent=tries,
            wanted=goal,
            status=status,
            reason=one_line(reason or "") or None,
            says=words,
        )

    failed = [ended(case.status, case.reason) for case in own if case.status != "ok"]
    if failed:  # beside others a device may be too slow for one case; another may have been found
        return next((trial for trial in failed if trial.met), failed[0])
    if goal == _NO_GRAPH and own and not any(map(_has_graph, own)):
        # It is right, and no time is shown for a graph that does not compute it.
        return ended(_NO_GRAPH, next(filter(None, map(_no_graph_reason, own)), None))
    return ended("ok" if own else "not run", None)


def _has_graph(case: CaseRecords) -> bool:
    return bool(case.lanes and case.lanes.graph and case.lanes.graph.latency_us)


def _no_graph_reason(case: CaseRecords) -> str | None:
    return case.lanes.graph.reason if case.lanes and case.lanes.graph else None


def intent(page: Implementation, variant: Variant) -> str:
    """The paragraph before a block, without its links; the block's title where there is none."""
    lines = _lines(page)[: variant.line - 2]
    while lines and not lines[-1].strip():
        lines.pop()
    paragraph: list[str] = []
    while lines and lines[-1].strip() and not lines[-1].startswith(("#", "```")):
        paragraph.insert(0, lines.pop())
    return one_line(_LINK.sub(r"\1", " ".join(paragraph))) or variant.title


def says(page: Implementation, variant: Variant) -> str | None:
    """The words that a block has to end with: `data-says` of its fence, a regular expression."""
    found = _SAYS.search(_lines(page)[variant.line - 2])
    return found[1] if found else None


def _lines(page: Implementation) -> list[str]:
    return page.path.read_text(encoding="utf-8-sig").split("\n")


def same_kernel(file: RunFile) -> SameKernel:
    """Compare every two names at each workload as the report compares two implementations."""
    measured = [case for case in case_records(file) if case.interval_us]
    pairs = [
        ratio(one, other)
        for one, other in combinations(measured, 2)
        if one.newest.workload == other.newest.workload
    ]
    found = [pair for pair in pairs if pair]
    return SameKernel(
        names=len({case.newest.variant for case in measured}),
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
        for case in case_records(file):
            if not (case.trace and case.status == "ok" and _ahead(case)):
                continue
            yield ClockPair(
                title=case.newest.title,
                workload=case.newest.workload.name,
                ours_us=case.trace.event_us,
                theirs_us=case.trace.span_us,
            )


def _ahead(case: CaseRecords) -> bool:
    """Whether the host was ahead of the device in all but a few of the samples."""
    late = sum(round_.late_samples for round_ in case.timed)
    return late <= _FEW * sum(len(round_.latency_us) for round_ in case.timed)


def orphans() -> int:
    """How many processes are there that call themselves orphans of the selftest (Linux)."""
    found = 0
    for name in Path("/proc").glob("[0-9]*/comm"):
        try:
            found += name.read_text(encoding="utf-8", errors="replace").strip() == ORPHAN
        except OSError:
            continue  # it has ended
    return found
