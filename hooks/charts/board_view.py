"""A board as the browser knows it: names, looks and figures, without samples."""

from collections.abc import Iterable, Mapping

import msgspec

from bench.text import one_line
from bench.verdicts.metrics import forward_flops
from bench.verdicts.peaks import peak_tflops
from bench.verdicts.scope import Scope
from bench.verdicts.summary import BASELINE, LOCAL_BUILD, in_order
from bench.workload import Workload
from hooks.reading.digest import CaseDigest
from hooks.reading.report import Key, Report
from hooks.reading.rows import columns, told_apart

Found = tuple[str, CaseDigest]
"""A case and the id of the run that found it."""

Lines = Mapping[Key, Mapping[Workload, Found]]


class CellView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case; latencies in µs."""

    status: str
    run: str
    us: float | None = None
    low: float | None = None
    high: float | None = None
    rounds: tuple[float, ...] = ()
    samples: int = 0
    error: float | None = None
    """Relative error against the reference."""
    bound: float | None = None
    """What that error had to stay under."""
    memory: int | None = None
    marks: tuple[str, ...] = ()
    reason: str = ""


class LineView(msgspec.Struct, frozen=True, kw_only=True):
    """One variant of a page; `cells` in the order of the board's workloads."""

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
    cells: tuple[CellView | None, ...]


class WorkloadView(msgspec.Struct, frozen=True, kw_only=True):
    """One workload; `x` is its place on an axis of lengths."""

    name: str
    tokens: int
    """Of its queries."""
    x: int | str
    flops: int


class BoardView(msgspec.Struct, frozen=True, kw_only=True):
    """One scope."""

    name: str
    device: str
    suite: str
    dtype: str
    mask: str
    direction: str
    baseline: str
    """Slug of the page that speed-ups are measured against unless a reader chooses."""
    peaks: dict[str, float]
    """The device's dense peak in TFLOP/s for each precision class."""
    workloads: tuple[WorkloadView, ...]
    lines: tuple[LineView, ...]


def board_view(report: Report, scope: Scope, lines: Lines) -> BoardView:
    """What was found of each line within a scope."""
    workloads = in_order(scope.suite, (w for cells in lines.values() for w in cells))
    keys = sorted(lines, key=lambda key: (key[0], key[1] or ""))
    labels = told_apart([(_title(lines[key].values()), *key) for key in keys])
    precisions = {case.precision for cells in lines.values() for _, case in cells.values()}
    peaks = {each: peak_tflops(scope.device, scope.dtype, each) for each in sorted(precisions)}
    return BoardView(
        name=one_line(scope.name),
        device=one_line(scope.device),
        suite=one_line(scope.suite),
        dtype=scope.dtype,
        mask=scope.mask,
        direction=scope.direction,
        baseline=BASELINE,
        peaks={each: peak for each, peak in peaks.items() if peak},
        workloads=tuple(
            WorkloadView(name=w.name, tokens=w.seqlen_q, x=x, flops=forward_flops(w))
            for w, x in columns(workloads).items()
        ),
        lines=tuple(
            _line(report, key, label, workloads, lines[key])
            for key, label in zip(keys, labels, strict=True)
        ),
    )


def _title(cells: Iterable[Found]) -> str:
    """As `Line.title`: that of the newest case, and whether a local build was measured."""
    cases = [case for _, case in cells]
    local = any(case.local for case in cases)
    return max(cases, key=lambda case: case.finished).title + (LOCAL_BUILD if local else "")


def _line(
    report: Report,
    key: Key,
    label: str,
    workloads: tuple[Workload, ...],
    cells: Mapping[Workload, Found],
) -> LineView:
    page = report.by_slug.get(key[0])
    look = report.looks[key]
    newest_case = max((case for _, case in cells.values()), key=lambda case: case.finished)
    return LineView(
        slug=key[0],
        variant=key[1],
        label=label,
        provider=one_line(page.about.provider) if page else "",
        precision=newest_case.precision,
        page=page is not None,
        colour=look.colour,
        dash=look.dash,
        shape=look.shape,
        cells=tuple(_cell(*cells[w]) if w in cells else None for w in workloads),
    )


def _cell(run: str, case: CaseDigest) -> CellView:
    low, high = case.interval_us or (None, None)
    return CellView(
        status=case.status,
        run=run,
        us=case.latency_us,
        low=low,
        high=high,
        rounds=case.rounds_us,
        samples=case.samples,
        error=case.relative_error,
        bound=case.relative_bound,
        memory=case.peak_memory_bytes,
        marks=case.marks,
        reason=case.reason,
    )
