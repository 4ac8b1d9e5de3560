"""One workload, line by line: what the ranked dots, accuracy and memory are drawn from.

The browser has a twin (browser/spots.js), for the workload that a reader chooses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.verdicts.summary import Line
from bench.verdicts.verdict import Place
from bench.workload import Workload
from hooks.charts.standings import BEST, QUANTISED, SLOWER, UNRANKED
from hooks.charts.views import View
from hooks.markup import microseconds, number
from hooks.reading.rows import Row, by_latency
from hooks.tables.cases import ONE_ROUND, between
from hooks.tables.workload import MIB, judged


@dataclass(frozen=True)
class Spot:
    """A line at one workload; latencies in µs, memory in MiB; texts for whoever hovers."""

    line: str
    precision: str
    standing: str
    us: float
    low: float
    high: float
    error: float | None
    bound: float | None
    memory: float | None
    latency: str
    interval: str
    accuracy: str
    size: str


def longest(view: View) -> Workload:
    """The workload of the most tokens that anything ran; it is shown unless a reader chooses."""
    workloads = view.board.workloads
    ran = [w for w in workloads if any(w in row.measured for row in view.rows)]
    return max(ran or workloads, key=lambda w: (w.seqlen_q, w.name))


def spots(view: View, workload: Workload) -> dict[str, tuple[Row, Spot]]:
    """What is drawn of each line that ran `workload`, by its label, the fastest first."""
    places = view.board.places_at(workload)
    return {
        row.label: (row, _spot(row, workload, _standing(row.line, places)))
        for row in by_latency(view.rows, workload)
    }


def bounds(found: Iterable[Spot]) -> list[tuple[float, str]]:
    """The bounds that errors had to stay under, with what to call each.

    Every output has its own, and those of a class differ little: the lowest stands for all.
    """
    limits: dict[str, float] = {}
    for spot in found:
        if spot.bound:
            limits[spot.precision] = min(spot.bound, limits.get(spot.precision, spot.bound))
    return [(bound, f"bound of {precision}") for precision, bound in limits.items()]


def _standing(line: Line, places: Mapping[tuple[str, str | None], Place]) -> str:
    if line.precision != "exact":
        return QUANTISED
    place = places.get((line.implementation, line.variant))
    if place is None:
        return UNRANKED
    return BEST if place.rank == 1 else SLOWER


def _spot(row: Row, workload: Workload, standing: str) -> Spot:
    line = row.line
    cell, us = line.cells[workload], row.measured[workload]
    low, high = cell.interval_us or (us, us)
    memory = cell.peak_memory_bytes
    return Spot(
        line=row.label,
        precision=line.precision,
        standing=standing,
        us=us,
        low=low,
        high=high,
        error=cell.accuracy.relative_error if cell.accuracy else None,
        bound=cell.accuracy.relative_bound if cell.accuracy else None,
        memory=None if memory is None else memory / MIB,
        latency=f"{microseconds(us)} µs",
        interval=f"{between(cell.interval_us)} µs" if cell.interval_us else ONE_ROUND,
        accuracy=judged(cell.accuracy) or "unknown",
        size="unknown" if memory is None else f"{number(memory / MIB)} MiB",
    )
