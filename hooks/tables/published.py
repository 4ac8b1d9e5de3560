"""What papers and vendors published, beside ours where both can be read together. Never ranked."""

import math
from collections.abc import Iterable, Iterator, Sequence

from bench.text import one_line
from bench.verdicts.metrics import tflops_per_second
from bench.verdicts.scope import Scope
from bench.verdicts.summary import Board, Line
from bench.workload import Workload
from hooks.markup import details, escape, link, number, table
from hooks.reading.published import Published
from hooks.reading.report import Report
from hooks.reading.rows import labels

NEAR = 2.0
"""Sequence lengths further apart than this factor are not set beside each other."""

Place = tuple[str, str, bool, str]
"""Device, dtype, mask and direction: what has to agree before two rates are read together."""


def published_tables(report: Report, figures: tuple[Published, ...]) -> str:
    """Theirs beside ours, and all that was published, folded away; HTML."""
    if not figures:
        return "<p>No published figures are collected yet.</p>"
    by_place: dict[Place, list[Board]] = {}
    for board in report.boards:
        by_place.setdefault(_place(board.scope), []).append(board)
    beside = [row for one in figures for row in _beside(report, one, by_place)]
    return _beside_table(beside) + "".join(_all(figures))


def _place(scope: Scope) -> Place:
    return scope.device, scope.dtype, scope.causal, scope.direction


def _beside(report: Report, one: Published, by_place: dict[Place, list[Board]]) -> Iterator[str]:
    """A row for each line of ours that can stand beside a figure."""
    pages = set(one.pages.split())
    for board in by_place.get((one.device, one.dtype, one.causal, one.direction), ()):
        lines = [line for line in board.lines if line.implementation in pages]
        for line, label in zip(lines, labels(lines), strict=True):
            workload = _nearest(one, line)
            if workload is not None:
                yield _beside_row(report, one, line, label, workload)


def _nearest(one: Published, line: Line) -> Workload | None:
    """Of the workloads with a result and the same head_dim, the one nearest in tokens."""
    near = [
        (abs(math.log(workload.seqlen_q / one.seqlen)), workload.seqlen_q, workload)
        for workload in line.measured
        if workload.head_dim == one.head_dim and workload.seqlen_q == workload.seqlen_kv
    ]
    distance, _, workload = min(near, key=lambda found: found[:2], default=(math.inf, 0, None))
    return workload if distance <= math.log(NEAR) else None


def _beside_table(rows: Sequence[str]) -> str:
    if not rows:
        return (
            "<p>No published figure here has the device, dtype, head dimension and mask of a "
            "result of ours.</p>"
        )
    head = ['<th scope="col">Theirs</th>', '<th scope="col" class="number">They say</th>']
    head += ['<th scope="col" class="number">We measured</th>']
    words = ("Ours", "Their shape", "Our shape", "What differs")
    head += [f'<th scope="col">{name}</th>' for name in words]
    caption = "Published TFLOP/s beside ours: same device, dtype, head dimension and mask"
    return table("published", caption, head, rows)


def _beside_row(report: Report, one: Published, line: Line, label: str, ours: Workload) -> str:
    rate = tflops_per_second(ours, line.measured[ours])
    known = line.implementation in report.by_slug
    name = (
        f'<a href="~/impls/{line.implementation}/">{escape(label)}</a>' if known else escape(label)
    )
    return (
        f'<tr><th scope="row" class="name">{_text(one.implementation)}, {_source(one)}</th>'
        f'<td class="number">{number(one.tflops)}</td><td class="number">{number(rate)}</td>'
        f'<td class="name">{name}</td><td class="shape">{_shape(one)}</td>'
        f'<td class="shape">{_our_shape(ours)}</td><td class="name">{_differs(one, ours)}</td></tr>'
    )


def _differs(one: Published, ours: Workload) -> str:
    """In which numbers of the shape ours is another one; the nearest that was measured."""
    pairs = (
        ("tokens", one.seqlen, ours.seqlen_q),
        ("batch", one.batch, ours.batch),
        ("query heads", one.q_heads, ours.q_heads),
        ("key heads", one.kv_heads, ours.kv_heads),
    )
    found = [f"{name} {own:,}, not {their:,}" for name, their, own in pairs if their != own]
    return f"nearest shape: {'; '.join(found)}" if found else "same shape"


def _shape(one: Published) -> str:
    heads = _heads(one.q_heads, one.kv_heads)
    return f"batch {one.batch}, {one.seqlen:,} tokens, {heads}, dimension {one.head_dim}"


def _our_shape(ours: Workload) -> str:
    heads = _heads(ours.q_heads, ours.kv_heads)
    return f"batch {ours.batch}, {ours.seqlen_q:,} tokens, {heads}, dimension {ours.head_dim}"


def _heads(query: int, key: int) -> str:
    return f"{query} heads" if query == key else f"{query} query heads, {key} key heads"


def _all(figures: tuple[Published, ...]) -> Iterator[str]:
    """Every figure, a folded table for each device and direction."""
    grouped: dict[tuple[str, str], list[Published]] = {}
    for one in figures:
        grouped.setdefault((one.device, one.direction), []).append(one)
    for (device, direction), found in grouped.items():
        name = f"{_text(device)}, {_text(direction)}"
        yield details(f"{name}: {len(found)} published figures", _table(name, found))


def _table(name: str, figures: Iterable[Published]) -> str:
    head = [f'<th scope="col">{column}</th>' for column in ("Theirs", "Dtype", "Mask", "Shape")]
    head += ['<th scope="col" class="number">TFLOP/s</th>']
    head += [f'<th scope="col">{column}</th>' for column in ("Source", "Note")]
    body = (
        f'<tr><th scope="row">{_text(one.implementation)}</th><td>{escape(one.dtype)}</td>'
        f"<td>{'causal' if one.causal else 'no mask'}</td><td>{_shape(one)}</td>"
        f'<td class="number">{number(one.tflops)}</td><td class="name">{_source(one)}</td>'
        f'<td class="name">{_text(one.note) or "–"}</td></tr>'
        for one in figures
    )
    return table("published", f"Published TFLOP/s, {name}", head, body)


def _source(one: Published) -> str:
    return link(one_line(one.source), one.url)


def _text(text: str) -> str:
    return escape(one_line(text))
