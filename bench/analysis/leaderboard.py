"""Leaderboards: the newest result of every case, ranked within each scope.

The terminal, the pages, the downloads and the browser all show these.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from bench.analysis.scope import Scope, scope_of
from bench.analysis.summary import CaseSummary, RunSummary
from bench.analysis.verdict import Rank, Slowdown, ranks, slowdown
from bench.devices import NAMES
from bench.operations.discovery import OPERATIONS, operation_of
from bench.operations.operation import Workload
from bench.pages.implementation import Implementation
from bench.pages.suites import is_selection
from bench.records.run_lines import LineKey, Run
from bench.text import one_line

LOCAL_BUILD = " (local build)"

CONTENDER = 3.0
"""Largest slow-down over a suite at which the axes of charts still cover a line."""

Cases = Mapping[Workload, CaseSummary]


@dataclass(frozen=True)
class Line:
    """One implementation, or one of its variants, across the workloads of a leaderboard."""

    key: LineKey
    label: str
    """Title of the line; includes page and variant if another line has the same title."""
    cases: Cases
    slowdown: Slowdown | None
    """Slow-down against the fastest exact line at each workload; None if they share no workload."""
    speedup: Slowdown | None
    """Slow-down of the baseline relative to this line; None without a baseline."""
    rank: Rank | None
    """Rank on the leaderboard; None if quantised, not measured, or timed in a single round."""
    ranks: Mapping[Workload, Rank]
    """Rank at each workload where the line has one."""

    @cached_property
    def newest(self) -> CaseSummary:
        """The case that was measured last."""
        return _newest(self.cases)

    @property
    def precision(self) -> str:
        """The precision class."""
        return self.newest.precision

    @cached_property
    def measured(self) -> dict[Workload, float]:
        """Published latency in µs of each workload with an ok result."""
        return _measured(self.cases)

    @property
    def contends(self) -> bool:
        """Whether the line is near enough to the fastest for the axes of charts to cover it."""
        return self.slowdown is None or self.slowdown.value <= CONTENDER


@dataclass(frozen=True)
class Leaderboard:
    """All results within one scope."""

    scope: Scope
    workloads: tuple[Workload, ...]
    lines: tuple[Line, ...]
    """Lines ordered by number of workloads with a result (most first), slow-down and name."""
    fastest: Mapping[Workload, Line]
    """The fastest exact line at each workload; lines with an interval take precedence."""
    baseline: Line | None
    """The line that speed-ups are relative to."""
    judged_only: bool = False
    """Whether only the outcomes of its cases count, not their times."""

    @cached_property
    def by_key(self) -> dict[LineKey, Line]:
        """The lines by their identity."""
        return {line.key: line for line in self.lines}

    @cached_property
    def exact(self) -> tuple[Line, ...]:
        """The exact lines; quantised ones are shown but never ranked with them."""
        return tuple(line for line in self.lines if line.precision == "exact")


def leaderboards(
    runs: Sequence[RunSummary], titles: Mapping[LineKey, str] | None = None
) -> tuple[Leaderboard, ...]:
    """The leaderboards of `runs`: GPUs before CPUs, attention first, the most workloads first.

    Among equals the newest comes first. Leaderboards of chosen workloads follow those of suites;
    the last are those for which only outcomes count.

    `runs` must be in order of time, the oldest first.

    The newest result of a case counts; `unavailable` counts only if there is no other, because it
    says nothing about an implementation. `titles` come from the current pages, so that old
    results of a renamed page have its new title too.
    """
    # Scopes are in the order of runs, the newest first; within a run, in the order of measurement.
    by_scope: dict[Scope, dict[LineKey, dict[Workload, CaseSummary]]] = {
        scope_of(run.run, case): {} for run in reversed(runs) for case in run.cases
    }
    newest: dict[Scope, Run] = {}
    for run in runs:
        for case in run.cases:
            scope = scope_of(run.run, case)
            counting = by_scope[scope].setdefault(case.line, {})
            if case.status != "unavailable" or case.workload not in counting:
                counting[case.workload] = case
            newest[scope] = run.run
    kinds = {run.run.environment.name: run.run.environment.device for run in runs}
    boards = (
        _leaderboard(scope, lines, titles or {}, newest[scope]) for scope, lines in by_scope.items()
    )
    operations = list(OPERATIONS)

    def place(board: Leaderboard) -> tuple[bool, bool, int, int, int]:
        scope = board.scope
        kind = NAMES.index(kinds[scope.device])
        size, operation = len(board.workloads), operations.index(scope.operation)
        return board.judged_only, is_selection(scope.suite), kind, operation, -size

    return tuple(sorted(boards, key=place))


def titles_of(implementations: Iterable[Implementation]) -> dict[LineKey, str]:
    """The title of every line that has a page."""
    return {
        LineKey(page.slug, variant.id): one_line(variant.title)
        for page in implementations
        for variant in page.variants
    }


def in_order(order: Iterable[Workload], workloads: Iterable[Workload]) -> tuple[Workload, ...]:
    """The distinct `workloads` in the given order; those not in `order` follow, by size."""
    present = set(workloads)
    known = [workload for workload in order if workload in present]
    others = sorted(present - set(known), key=lambda workload: (workload.size, workload.name))
    return (*known, *others)


def columns(workloads: Iterable[Workload]) -> dict[Workload, int | str]:
    """A heading for each workload: size, shape or name, whichever all have and no two share."""
    workloads = list(workloads)
    if len({w.size for w in workloads if operation_of(w).size_axes}) == len(workloads):
        return {w: w.size for w in workloads}
    distinct = len({w.shape for w in workloads}) == len(workloads)
    return {w: w.shape if distinct else w.name for w in workloads}


def by_latency(lines: Iterable[Line], workload: Workload) -> list[Line]:
    """The lines that ran `workload`, the fastest first; equal latencies are ordered by name."""
    ran = (line for line in lines if workload in line.measured)
    return sorted(ran, key=lambda line: (line.measured[workload], line.key.order))


def labels(titles: Mapping[LineKey, str]) -> dict[LineKey, str]:
    """A label for each line: its title, with page and variant if another line has this title."""
    count = Counter(titles.values())
    return {
        key: f"{title} [{key.implementation}{'#' + key.variant if key.variant else ''}]"
        if count[title] > 1
        else title
        for key, title in titles.items()
    }


def _leaderboard(
    scope: Scope,
    lines: Mapping[LineKey, Cases],
    titles: Mapping[LineKey, str],
    newest: Run,
) -> Leaderboard:
    keys = sorted(lines, key=lambda key: key.order)
    names = labels({key: _title(lines[key], titles.get(key)) for key in keys})
    judged_only = newest.protocol.judged_only
    compared = () if judged_only else keys
    exact = {key: lines[key] for key in compared if _newest(lines[key]).precision == "exact"}
    fastest = _fastest(exact)
    best = {workload: lines[key][workload] for workload, key in fastest.items()}
    slowdowns = {key: slowdown(lines[key], best) for key in keys}
    workloads = in_order(newest.workloads, (w for cases in lines.values() for w in cases))
    over_all = _ranks({key: slowdowns[key] for key in exact}, exact)
    at_each = {workload: _ranks_at(workload, exact) for workload in workloads}
    base = None if judged_only else _baseline(scope.operation, lines)

    def order(key: LineKey) -> tuple[int, float, tuple[str, str]]:
        factor = slowdowns[key]
        return -len(_measured(lines[key])), factor.value if factor else float("inf"), key.order

    ranked = tuple(
        Line(
            key=key,
            label=names[key],
            cases=lines[key],
            slowdown=slowdowns[key],
            speedup=slowdown(lines[base], lines[key]) if base else None,
            rank=over_all.get(key),
            ranks={w: at_each[w][key] for w in workloads if key in at_each[w]},
        )
        for key in sorted(keys, key=order)
    )
    by_key = {line.key: line for line in ranked}
    return Leaderboard(
        scope=scope,
        workloads=workloads,
        lines=ranked,
        fastest={workload: by_key[key] for workload, key in fastest.items()},
        baseline=by_key[base] if base else None,
        judged_only=judged_only,
    )


def _title(cases: Cases, title: str | None) -> str:
    """The page's title, or the recorded one if the page is gone, with a note on a local build."""
    local = any(case.local_kernels for case in cases.values())
    return (title or _newest(cases).title) + (LOCAL_BUILD if local else "")


def _newest(cases: Cases) -> CaseSummary:
    return max(cases.values(), key=lambda case: case.finished)


def _measured(cases: Cases) -> dict[Workload, float]:
    return {w: case.latency_us for w, case in cases.items() if case.latency_us is not None}


def _baseline(operation: str, lines: Mapping[LineKey, Cases]) -> LineKey | None:
    pages = OPERATIONS[operation].baselines
    keys = (LineKey(page, None) for page in pages)
    return next((key for key in keys if key in lines and _measured(lines[key])), None)


def _fastest(exact: Mapping[LineKey, Cases]) -> dict[Workload, LineKey]:
    """The fastest line at each workload; lines with an interval take precedence."""
    best: dict[Workload, tuple[bool, float, LineKey]] = {}
    for key, cases in exact.items():
        for workload, latency_us in _measured(cases).items():
            candidate = (cases[workload].interval_us is None, latency_us, key)
            if workload not in best or candidate[:2] < best[workload][:2]:
                best[workload] = candidate
    return {workload: key for workload, (_, _, key) in best.items()}


def _ranks(
    slowdowns: Mapping[LineKey, Slowdown | None], lines: Mapping[LineKey, Cases]
) -> dict[LineKey, Rank]:
    """Ranks of lines with an interval; those that cover more workloads come first.

    Without an interval, nobody can tell which of two lines is faster, so such a line has no rank.
    """
    ends = {key: s.interval for key, s in slowdowns.items() if s and s.interval}
    covered = {key: len(_measured(lines[key])) for key in ends}
    result: dict[LineKey, Rank] = {}
    for count in sorted(set(covered.values()), reverse=True):
        first = len(result)
        group = {key: interval for key, interval in ends.items() if covered[key] == count}
        result |= {key: Rank(first + rank.number, rank.tied) for key, rank in ranks(group).items()}
    return result


def _ranks_at(workload: Workload, exact: Mapping[LineKey, Cases]) -> dict[LineKey, Rank]:
    """Ranks of the exact lines with an interval at `workload`."""
    cases = {key: cases[workload] for key, cases in exact.items() if workload in cases}
    return ranks({key: case.interval_us for key, case in cases.items() if case.interval_us})
