"""Figures of papers and vendors, next to ours where the two are comparable; never ranked."""

import math
from collections.abc import Iterable, Iterator

from bench.analysis.leaderboard import Leaderboard, Line
from bench.text import one_line
from bench.workload import Workload
from hooks.report.elements import (
    Column,
    Content,
    Contents,
    Element,
    cell,
    details,
    element,
    link,
    names,
    numbers,
    table,
    words,
)
from hooks.report.formats import significant
from hooks.report.metrics import METRICS
from hooks.report.reading.published import Published
from hooks.report.reading.report import Report
from hooks.report.tables.lines import page_link

NEAR = 2.0
"""Largest ratio of two sequence lengths that are still compared."""


def published_tables(report: Report, figures: tuple[Published, ...]) -> Iterator[Contents]:
    """Published figures next to ours, and folded tables of all published figures."""
    if not figures:
        yield element("p", "No published figures have been collected yet.")
        return
    rows = [row for figure in figures for row in _beside(report, figure)]
    if rows:
        titles = (
            *names("Theirs"),
            *numbers("They say", "We measured"),
            *names("Ours"),
            *words("Their shape", "Our shape"),
            *names("What differs"),
        )
        caption = "Published TFLOP/s and ours: same device, dtype, head dimension and mask"
        yield table("published", caption, titles, rows)
    else:
        text = "No published figure matches a result of ours in device, dtype, head dimension and"
        yield element("p", f"{text} mask.")
    yield _all(figures)


def _beside(report: Report, figure: Published) -> Iterator[tuple[Contents, ...]]:
    """A row for each of our lines that is comparable with a figure."""
    pages = set(figure.pages.split())
    for board in report.leaderboards:
        scope = board.scope
        same = (scope.device, scope.dtype, scope.causal, scope.direction)
        if same == (figure.device, figure.dtype, figure.causal, figure.direction):
            for line in sorted(board.lines, key=lambda line: line.key.order):
                workload = _nearest(figure, line)
                if line.key.implementation in pages and workload:
                    yield _row(report, figure, board, line, workload)


def _nearest(figure: Published, line: Line) -> Workload | None:
    """The workload nearest in tokens, among those with a result and the same `head_dim`."""
    near = [
        (abs(math.log(workload.seqlen_q / figure.seqlen)), workload.seqlen_q, workload)
        for workload in line.measured
        if workload.head_dim == figure.head_dim and workload.seqlen_q == workload.seqlen_kv
    ]
    distance, _, workload = min(near, key=lambda item: item[:2], default=(math.inf, 0, None))
    return workload if distance <= math.log(NEAR) else None


def _row(
    report: Report, figure: Published, board: Leaderboard, line: Line, workload: Workload
) -> tuple[Contents, ...]:
    rate = METRICS["tflops"].of(board, line, workload)
    return (
        (one_line(figure.implementation), ", ", _source(figure)),
        significant(figure.tflops),
        significant(rate.value) if rate else "–",
        page_link(report, line),
        cell(_shape(figure, figure.seqlen), class_="shape"),
        cell(_shape(workload, workload.seqlen_q), class_="shape"),
        _differs(figure, workload),
    )


def _differs(figure: Published, workload: Workload) -> str:
    """The differences between our shape, the nearest that was measured, and theirs."""
    pairs = (
        ("tokens", figure.seqlen, workload.seqlen_q),
        ("batch", figure.batch, workload.batch),
        ("query heads", figure.q_heads, workload.q_heads),
        ("key heads", figure.kv_heads, workload.kv_heads),
    )
    parts = [f"{name} {ours:,}, not {theirs:,}" for name, theirs, ours in pairs if theirs != ours]
    return f"nearest shape: {'; '.join(parts)}" if parts else "same shape"


def _shape(shape: Published | Workload, tokens: int) -> str:
    query, key = shape.q_heads, shape.kv_heads
    heads = f"{query} heads" if query == key else f"{query} query heads, {key} key heads"
    return f"batch {shape.batch}, {tokens:,} tokens, {heads}, dimension {shape.head_dim}"


def _all(figures: tuple[Published, ...]) -> Iterator[Contents]:
    """All figures, in a folded table for each device and direction."""
    grouped: dict[str, list[Published]] = {}
    for figure in figures:
        grouped.setdefault(one_line(f"{figure.device}, {figure.direction}"), []).append(figure)
    for name, group in grouped.items():
        yield details(f"{name}: {len(group)} published figures", _table(name, group))


def _table(name: str, figures: Iterable[Published]) -> Element:
    titles = (
        *words("Theirs", "Dtype", "Mask", "Shape"),
        Column("TFLOP/s"),
        *names("Source", "Note"),
    )
    rows = (
        (
            one_line(figure.implementation),
            figure.dtype,
            "causal" if figure.causal else "no mask",
            _shape(figure, figure.seqlen),
            significant(figure.tflops),
            _source(figure),
            one_line(figure.note) or "–",
        )
        for figure in figures
    )
    return table("published", f"Published TFLOP/s, {name}", titles, rows)


def _source(figure: Published) -> Content:
    return link(one_line(figure.source), figure.url)
