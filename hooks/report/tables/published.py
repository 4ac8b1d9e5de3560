"""Figures of papers and vendors, next to ours where the two are comparable; never ranked."""

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bench.analysis.leaderboard import Line
from bench.analysis.roofline import limit_us
from bench.analysis.stats import median
from bench.operations.discovery import operation_of
from bench.operations.operation import Workload, dtype_label
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import SPACE, least_to_most, percent, significant
from hooks.report.metrics import METRICS
from hooks.report.reading.published import Published
from hooks.report.reading.report import Report
from hooks.report.tables.line_parts import name

NEAR = 2.0
"""Largest ratio of two sequence lengths that are still compared."""

AGREES = 0.05
"""Largest difference of two rates, as a share, that counts as agreement.

Two cards of one kind differ by up to 3 %, and harnesses by what they time.
"""

_SETTINGS = {"dtype"}
"""Axes that are not part of a shape."""

_AXES = {"seqlen_q": "tokens", "q_heads": "query heads", "kv_heads": "key heads"}
"""Axes that are shown in words; the others are shown by their names."""


class _Pair(NamedTuple):
    """A figure of theirs, and the result of ours that stands beside it."""

    figure: Published
    line: Line
    workload: Workload
    rate: float
    device: str

    @property
    def ratio(self) -> float:
        """Our rate over theirs."""
        return self.rate / self.figure.rate

    @property
    def sustained(self) -> float | None:
        """The same ratio for our calls back to back for seconds; None if there are none."""
        case = self.line.cases[self.workload]
        if not case.sustained or not case.latency_us:
            return None
        return self.ratio * case.latency_us / case.sustained.latency_us

    @property
    def family(self) -> str:
        """Name of the family: `FlashAttention-3, forward, float16 on NVIDIA H100 80GB HBM3:`."""
        figure = self.figure
        dtype = dtype_label(figure.workload.dtype)
        return f"{figure.implementation}, {figure.direction}, {dtype} on {figure.device}:"

    @property
    def differing(self) -> set[str]:
        """The axes in which our workload differs from theirs."""
        theirs, ours = self.figure.workload.axes, self.workload.axes
        return {name for name in ours if ours[name] != theirs[name]}


def published_tables(report: Report, figures: tuple[Published, ...]) -> Iterator[h.Contents]:
    """Published figures next to ours, and folded tables of all published figures."""
    if not figures:
        yield h.element("p", "No published figures have been collected yet.")
        return
    pairs = [pair for figure in figures for pair in _pairs(report, figure)]
    if same_shape := [pair for pair in pairs if pair.differing <= _SETTINGS]:
        yield _families(report, same_shape)
    if pairs:
        titles = (
            *h.names("Theirs"),
            *h.numbers("They say", "We measured", "Ours ÷ theirs", "Back to back"),
            *h.names("Ours"),
            *h.words("Their shape", "Our shape"),
            *h.names("What differs"),
        )
        caption = (
            "Published rates and ours, of the same operation, mask, direction and head dimension"
        )
        table = h.table("published", caption, titles, (_row(report, pair) for pair in pairs))
        yield h.details(f"All {len(pairs)} comparisons", table)
    else:
        yield h.element("p", "No published figure is comparable with a result of ours.")
    yield _all(figures)


def _families(report: Report, pairs: Iterable[_Pair]) -> h.Element:
    """A row for each family and each of our lines: how their rates at the same shapes compare."""
    families: dict[tuple[object, ...], list[_Pair]] = {}
    for pair in pairs:
        ours = pair.device, pair.workload.dtype, pair.line.key
        families.setdefault((pair.family, pair.figure.source, *ours), []).append(pair)
    titles = (
        *h.names("Theirs", "Ours"),
        *h.numbers("Comparisons", f"Within {percent(AGREES, 0)}"),
        *h.numbers("Ours ÷ theirs", "From", "To", "Back to back"),
    )
    caption = "Our rates divided by published ones of the same shape: the median and the range"
    return h.table(
        "families", caption, titles, (_family(report, each) for each in families.values())
    )


def _family(report: Report, pairs: list[_Pair]) -> tuple[h.Contents, ...]:
    first = pairs[0]
    ratios = [pair.ratio for pair in pairs]
    steady = [pair.sustained for pair in pairs if pair.sustained]
    return (
        (one_line(first.family), " ", _source(first.figure)),
        (
            name(report, first.line),
            f" {first.device}, {dtype_label(first.workload.dtype)}",
        ),
        str(len(pairs)),
        str(sum(abs(ratio - 1) <= AGREES for ratio in ratios)),
        _times(median(ratios)),
        _times(min(ratios)),
        _times(max(ratios)),
        least_to_most(steady, _times) if steady else "–",
    )


def _times(ratio: float) -> str:
    return f"{ratio:.2f}"


def _pairs(report: Report, figure: Published) -> Iterator[_Pair]:
    """A figure with each of our lines that is comparable with it."""
    pages, theirs = set(figure.pages.split()), figure.workload
    metric = METRICS["tflops" if figure.unit == "TFLOP/s" else "bandwidth"]
    for board in report.leaderboards if figure.comparable else ():
        scope = board.scope
        ours = (scope.operation, scope.group, scope.direction)
        if ours == (theirs.operation, theirs.group, theirs.direction):
            for line in sorted(board.lines, key=lambda line: line.key.order):
                workload = _counterpart(figure, line, scope.device)
                rate = metric.of(board, line, workload) if workload else None
                if workload and rate and line.key.implementation in pages:
                    yield _Pair(figure, line, workload, rate.value, one_line(scope.device))


def _counterpart(figure: Published, line: Line, device: str) -> Workload | None:
    """The workload of our line that is comparable with a figure.

    On the same device and in the same dtype, it may be the nearest workload. Otherwise the shape
    has to be the same, and the datasheets have to allow both results the same time: H100 and H200
    have the same tensor cores, which multiply both 16-bit types equally fast.
    """
    theirs = figure.workload
    if device == figure.device and any(ours.dtype == theirs.dtype for ours in line.measured):
        return _nearest(theirs, line)
    limit = limit_us(figure.device, theirs, "exact")
    for ours in line.measured:
        if ours.axes | {"dtype": theirs.dtype} == theirs.axes:
            return ours if limit is not None and limit == limit_us(device, ours, "exact") else None
    return None


def _nearest(theirs: Workload, line: Line) -> Workload | None:
    """The workload itself, if the line has a result for it, or the nearest along the size axis.

    Without a size axis, no other workload is near. With one, `head_dim` has to be the same, and the
    number of queries has to equal the number of keys.
    """
    if theirs in line.measured:
        return theirs
    if not operation_of(theirs).size_axes:
        return None
    near = {
        workload: (abs(math.log(workload.size / theirs.size)), workload.size)
        for workload in line.measured
        if workload.axes.get("head_dim") == theirs.axes.get("head_dim")
        and workload.axes.get("seqlen_q") == workload.axes.get("seqlen_kv")
        and 1 / NEAR <= workload.size / theirs.size <= NEAR
    }
    return min(near, key=near.__getitem__, default=None)


def _row(report: Report, pair: _Pair) -> tuple[h.Contents, ...]:
    theirs = pair.figure
    return (
        (one_line(f"{theirs.implementation}, {theirs.direction}: "), " ", _source(theirs)),
        _rate(theirs),
        significant(pair.rate),
        _times(pair.ratio),
        _times(pair.sustained) if pair.sustained else "–",
        name(report, pair.line),
        h.cell(theirs.workload.label, class_="shape"),
        h.cell(pair.workload.label, class_="shape"),
        _differs(pair),
    )


def _rate(figure: Published) -> str:
    return f"{significant(figure.rate)}{SPACE}{figure.unit}"


def _differs(pair: _Pair) -> str:
    """The differences between our measurement and theirs: of settings, and of the nearest shape."""
    theirs, ours, figure = pair.figure.workload.axes, pair.workload.axes, pair.figure
    parts = [] if pair.device == figure.device else [f"{pair.device}, not {figure.device}"]
    if "dtype" in pair.differing:
        parts.append(f"{dtype_label(ours['dtype'])}, not {dtype_label(theirs['dtype'])}")
    shape = [
        f"{_AXES.get(name, name)} {ours[name]:,}, not {theirs[name]:,}"
        for name in ours
        if name in pair.differing - _SETTINGS - {"seqlen_kv"}
    ]
    parts += [f"nearest shape: {'; '.join(shape)}"] if shape else ["same shape"]
    return "; ".join(parts)


def _all(figures: tuple[Published, ...]) -> Iterator[h.Contents]:
    """All figures, in a folded table for each device and direction."""
    grouped: dict[str, list[Published]] = {}
    for figure in figures:
        grouped.setdefault(one_line(f"{figure.device}, {figure.direction}"), []).append(figure)
    for where, group in grouped.items():
        yield h.details(f"{where}: {len(group)} published figures", _table(where, group))


def _table(name: str, figures: Iterable[Published]) -> h.Element:
    titles = *h.words("Theirs", "Shape"), *h.numbers("Rate"), *h.names("Source", "Note")
    rows = (
        (
            one_line(figure.implementation),
            figure.workload.label,
            _rate(figure),
            _source(figure),
            one_line(figure.note) or "–",
        )
        for figure in figures
    )
    return h.table("published", f"Published rates, {name}", titles, rows)


def _source(figure: Published) -> h.Content:
    return h.link(one_line(figure.source), figure.url)
