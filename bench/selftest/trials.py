"""The trials of the selftest: what each block of its pages tries, and how it ended."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, combinations
from pathlib import Path
from typing import get_args

import msgspec

from bench.analysis.alternate_timings import ClockPair
from bench.analysis.case_records import CaseRecords, case_records
from bench.analysis.verdict import ratio
from bench.pages.implementation import Implementation, Variant
from bench.records.outcome import Status
from bench.records.runfile import RunFile
from bench.selftest.fitness import SameKernel, Trial
from bench.text import one_line

ORPHAN = "selftest-orphan"
"""Name of the processes that a block leaves behind on purpose."""

_NO_GRAPH = "no graph"
_WANTED = {status: status for status in get_args(Status)} | {
    "not_ok": "not ok",
    "no_graph": _NO_GRAPH,
}
"""The required status, by the prefix that a block's id may have."""

_FEW = 0.2
"""Share of samples that may be late: at the start of a batch, the queue may be held too briefly."""

_SAYS = re.compile(r'\bdata-says="([^"]*)"')
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def trials(page: Implementation, files: Iterable[RunFile], *, wanted: str) -> tuple[Trial, ...]:
    """The trial of each block of the page, from the runs among which the blocks were divided.

    A block must end with the status that its id begins with, or else with `wanted`. Its reason must
    match its fence's `data-says`, if there is one: another check might catch the block too, and
    hide that the intended check is broken. A block that leaves processes behind misses its goal as
    long as one of them exists.
    """
    by_variant: dict[str | None, list[CaseRecords]] = {}
    for case in chain.from_iterable(map(case_records, files)):
        by_variant.setdefault(case.newest.variant, []).append(case)
    left = orphans()
    all_trials = []
    for variant in page.variants:
        trial = _trial(page, variant, by_variant.get(variant.id, []), wanted)
        if left and ORPHAN in variant.code:
            trial = msgspec.structs.replace(trial, status="left a process behind")
        all_trials.append(trial)
    return tuple(all_trials)


def _trial(page: Implementation, variant: Variant, cases: list[CaseRecords], wanted: str) -> Trial:
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

    failed = [ended(case.status, case.reason) for case in cases if case.status != "ok"]
    if failed:  # on a shared device, one case may have been only too slow and another one caught
        return next((trial for trial in failed if trial.met), failed[0])
    if goal == _NO_GRAPH and cases and not any(map(_has_graph, cases)):
        # The output is right, and no time is shown for a graph that does not compute it.
        return ended(_NO_GRAPH, next(filter(None, map(_no_graph_reason, cases)), None))
    return ended("ok" if cases else "not run", None)


def _has_graph(case: CaseRecords) -> bool:
    return bool(case.lanes and case.lanes.graph and case.lanes.graph.latency_us)


def _no_graph_reason(case: CaseRecords) -> str | None:
    return case.lanes.graph.reason if case.lanes and case.lanes.graph else None


def intent(page: Implementation, variant: Variant) -> str:
    """The paragraph before a block, without its links; the block's title if there is none."""
    lines = _lines(page)[: variant.line - 2]
    while lines and not lines[-1].strip():
        lines.pop()
    paragraph: list[str] = []
    while lines and lines[-1].strip() and not lines[-1].startswith(("#", "```")):
        paragraph.insert(0, lines.pop())
    return one_line(_LINK.sub(r"\1", " ".join(paragraph))) or variant.title


def says(page: Implementation, variant: Variant) -> str | None:
    """The regular expression that a block's reason must match: `data-says` of its fence, if any."""
    match = _SAYS.search(_lines(page)[variant.line - 2])
    return match[1] if match else None


def _lines(page: Implementation) -> list[str]:
    return page.path.read_text(encoding="utf-8-sig").split("\n")


def same_kernel(file: RunFile) -> SameKernel:
    """Compare each pair of names at each workload, as the report compares two implementations."""
    measured = [case for case in case_records(file) if case.interval_us]
    ratios = [
        ratio(case, other)
        for case, other in combinations(measured, 2)
        if case.newest.workload == other.newest.workload
    ]
    pairs = [pair for pair in ratios if pair]
    return SameKernel(
        names=len({case.newest.variant for case in measured}),
        pairs=len(pairs),
        different=sum(pair.indistinguishable is False for pair in pairs),
        farthest=max((abs(pair.value - 1) for pair in pairs), default=None),
    )


def cupti_pairs(files: Iterable[RunFile]) -> Iterator[ClockPair]:
    """Yield our events and CUPTI's span for every kernel that was examined and found correct.

    Both clocks time the same calls, because calls at different moments may differ by more than the
    clocks do. The profiler adds about 2 µs to each call. Kernels that wait for the device within a
    call are left out: their pauses are in our time, as in their caller's, but not in CUPTI's.
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
    """Number of processes on this machine that bear the name of the selftest's orphans (Linux)."""
    count = 0
    for name in Path("/proc").glob("[0-9]*/comm"):
        try:
            count += name.read_text(encoding="utf-8", errors="replace").strip() == ORPHAN
        except OSError:
            continue  # the process has ended
    return count
