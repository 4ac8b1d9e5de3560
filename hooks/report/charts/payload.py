"""The leaderboards as the browser gets them, with every verdict worked out.

One small script for the newest results, and one for each run that a link may be pinned to; pages
refer to them, so a browser fetches each once. They are scripts because a page that was opened from
a file can load those, and nothing else.
"""

from collections.abc import Sequence

import msgspec

from bench.analysis.labels import MARKS, STATUSES
from bench.analysis.leaderboard import Leaderboard, Line, leaderboards
from bench.analysis.summary import CaseSummary, RunSummary
from bench.analysis.verdict import Rank, Slowdown
from bench.text import one_line
from bench.workload import Workload
from hooks.report.charts.spots import longest
from hooks.report.elements import Element
from hooks.report.metrics import METRICS, Quantity
from hooks.report.reading.columns import columns
from hooks.report.reading.report import Report
from hooks.report.tables.lines import ONE_ROUND
from hooks.report.tables.summary import leaderboard_table

LATEST = "latest"


class SlowdownView(msgspec.Struct, frozen=True, kw_only=True):
    """A slow-down or speed-up over all workloads that two lines share."""

    value: float
    low: float | None
    high: float | None
    covered: int


class CaseView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case; latencies in µs."""

    status: str
    run: str
    us: float | None = None
    low: float | None = None
    high: float | None = None
    rounds: tuple[float, ...] = ()
    """The median of each round."""
    samples: int = 0
    error: float | None = None
    """Relative error against the reference."""
    bound: float | None = None
    """What that error had to stay under."""
    memory: int | None = None
    marks: tuple[str, ...] = ()
    reason: str = ""
    rank: Rank | None = None
    values: dict[str, Quantity] = {}
    """Each metric that has a value: the value and the ends of its interval."""


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a page; `cases` in the order of the leaderboard's workloads."""

    key: str
    slug: str
    variant: str | None
    label: str
    provider: str
    precision: str
    page: bool
    """Whether the site has a page of it."""
    colour: str
    dash: tuple[int, int]
    shape: str
    rank: Rank | None
    slowdown: SlowdownView | None
    speedup: SlowdownView | None
    """Over the leaderboard's baseline."""
    covered: int
    """Workloads with a result."""
    contends: bool
    """Whether an axis has to cover the line."""
    cases: tuple[CaseView | None, ...]


class WorkloadView(msgspec.Struct, frozen=True, kw_only=True):
    """One workload; `x` is its place on an axis of lengths, or its name."""

    name: str
    tokens: int
    """Tokens of its queries."""
    x: int | str


class LeaderboardView(msgspec.Struct, frozen=True, kw_only=True):
    """One leaderboard, its lines in the order of the ranking."""

    name: str
    device: str
    suite: str
    dtype: str
    mask: str
    direction: str
    baseline: str | None
    """Key of the line that speed-ups are over unless a reader chooses another."""
    workloads: tuple[WorkloadView, ...]
    longest: str
    """Name of the workload to show unless a reader chooses another."""
    lines: tuple[LineView, ...]
    table: Element
    """The leaderboard as the front page shows it."""


def payloads(report: Report) -> dict[str, bytes]:
    """The scripts by their path on the site."""
    recent = {run.run.id: _in_order(report, [run]) for run in report.recent}
    return {
        f"data/v1/boards/{name}.js": script(
            f"boards/{name}", msgspec.json.encode([view(report, board) for board in boards])
        )
        for name, boards in {LATEST: report.leaderboards, **recent}.items()
    }


def words() -> dict[str, object]:
    """Statuses, marks and metrics, for what the browser writes itself."""
    metrics = {
        metric.name: {
            "label": metric.label,
            "title": metric.title,
            "unit": metric.unit,
            "better": metric.better,
            "log": metric.log,
        }
        for metric in METRICS.values()
    }
    return {"statuses": STATUSES, "marks": MARKS, "metrics": metrics, "one_round": ONE_ROUND}


_ENDS = {b"<": b"\\u003c", "\u2028".encode(): b"\\u2028", "\u2029".encode(): b"\\u2029"}
"""What could end a script or a line of it, and how JSON may write it instead."""


def script(name: str, json: bytes) -> bytes:
    """A script that leaves `json` where the page's scripts look for it."""
    key = msgspec.json.encode(name)
    for text, written in _ENDS.items():
        key, json = key.replace(text, written), json.replace(text, written)
    return b"((window.report ??= {}).data ??= {})[" + key + b"] = " + json + b";\n"


def view(report: Report, board: Leaderboard) -> LeaderboardView:
    """A leaderboard as the browser gets it."""
    scope = board.scope
    return LeaderboardView(
        name=one_line(scope.name),
        device=one_line(scope.device),
        suite=one_line(scope.suite),
        dtype=scope.dtype,
        mask=scope.mask,
        direction=scope.direction,
        baseline=board.baseline.key.name if board.baseline else None,
        workloads=tuple(
            WorkloadView(name=w.name, tokens=w.seqlen_q, x=x)
            for w, x in columns(board.workloads).items()
        ),
        longest=longest(board).name,
        lines=tuple(_line(report, board, line) for line in board.lines),
        table=leaderboard_table(report, board),
    )


def _in_order(report: Report, runs: Sequence[RunSummary]) -> list[Leaderboard]:
    """The leaderboards of some runs, in the order in which the report has them."""
    order = {board.scope: place for place, board in enumerate(report.leaderboards)}
    return sorted(leaderboards(runs, report.titles), key=lambda board: order[board.scope])


def _line(report: Report, board: Leaderboard, line: Line) -> LineView:
    page = report.by_slug.get(line.key.implementation)
    look = report.looks[line.key]
    cases = ((w, line.cases.get(w)) for w in board.workloads)
    return LineView(
        key=line.key.name,
        slug=line.key.implementation,
        variant=line.key.variant,
        label=line.label,
        provider=one_line(page.about.provider) if page else "",
        precision=line.precision,
        page=page is not None,
        colour=look.colour,
        dash=look.dash,
        shape=look.shape,
        rank=line.rank,
        slowdown=_slowdown(line.slowdown),
        speedup=_slowdown(line.speedup),
        covered=len(line.measured),
        contends=line.contends,
        cases=tuple(_case(board, line, w, case) if case else None for w, case in cases),
    )


def _slowdown(slowdown: Slowdown | None) -> SlowdownView | None:
    if slowdown is None:
        return None
    low, high = slowdown.interval or (None, None)
    return SlowdownView(value=slowdown.value, low=low, high=high, covered=slowdown.covered)


def _case(board: Leaderboard, line: Line, workload: Workload, case: CaseSummary) -> CaseView:
    low, high = case.interval_us or (None, None)
    values = {name: metric.of(board, line, workload) for name, metric in METRICS.items()}
    return CaseView(
        status=case.status,
        run=case.run,
        us=case.latency_us,
        low=low,
        high=high,
        rounds=case.round_medians_us,
        samples=case.samples,
        error=case.relative_error,
        bound=case.relative_bound,
        memory=case.peak_memory_bytes,
        marks=case.marks,
        reason=case.reason,
        rank=line.ranks.get(workload),
        values={name: value for name, value in values.items() if value},
    )
