"""The hardware page: each device's driver, limits, clocks and canaries, and its datasheet."""

from collections.abc import Iterator
from itertools import combinations
from urllib.parse import quote

from bench.analysis.canaries import Pace, copy_pace, copy_share, product_pace, product_share
from bench.analysis.roofline import PEAKS
from bench.analysis.summary import RunSummary
from bench.devices import NAMES
from bench.records.run_lines import Run
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import percent, signed_percent, significant
from hooks.report.reading.report import Report
from hooks.report.tables.environment import clock_facts, machine_facts, throttled
from hooks.report.tables.line_parts import run_link

_COLUMNS = (
    h.Column("Run", kind=""),
    h.Column("Power limit", "Power that the GPU was allowed to draw"),
    h.Column(
        "Product, TFLOP/s",
        "Median of the canary’s matrix product; hover for lowest and highest",
    ),
    h.Column("Drift", "Change of the product from the first half of the run to the second"),
    h.Column("Copy, TB/s", "Median of the canary’s copy; hover for lowest and highest"),
    h.Column("SM clock, MHz", "Lowest and highest reading while cases were timed"),
    h.Column("Clock lowered", "Rounds in which NVML gave a reason for a lower clock"),
    h.Column("Driver", "Version of the driver, as NVML reports it"),
    h.Column("PyTorch", "The version that all implementations used"),
)


def hardware(report: Report) -> Iterator[h.Contents]:
    """A section for each device: GPUs first, then by how recently they were measured."""
    by_device: dict[str, list[RunSummary]] = {}
    for run in reversed(report.runs):
        by_device.setdefault(run.run.environment.name, []).append(run)
    newest_first = report.recent[::-1]
    yield _comparisons(sorted(newest_first, key=_place))
    devices = sorted(by_device.items(), key=lambda item: _place(item[1][0]))
    yield (_section(name, runs) for name, runs in devices)


def _place(run: RunSummary) -> int:
    return NAMES.index(run.run.environment.device)


def _comparisons(runs: list[RunSummary]) -> h.Element | None:
    """Links to comparisons of every pair of devices, by their newest runs of each common suite.

    Among the `runs` of one device, the newest must come first.
    """
    newest: dict[tuple[str, str], Run] = {}
    for each in runs:
        newest.setdefault((each.run.suite, each.run.environment.name), each.run)
    links = [
        h.link(
            one_line(f"{run.environment.name} and {other.environment.name} ({run.suite})"),
            f"~/compare/?a=run:{quote(run.id)}&b=run:{quote(other.id)}",
        )
        for run, other in combinations(newest.values(), 2)
        if run.suite == other.suite
    ]
    return h.element("p", "Comparisons kernel by kernel: ", h.joined(links), ".") if links else None


def _section(name: str, runs: list[RunSummary]) -> Iterator[h.Contents]:
    newest = runs[0]
    where, when = newest.run.environment, f"{newest.run.started:%Y-%m-%d %H:%M} UTC"
    yield h.element("h2", one_line(name))
    yield h.element("p", "In its newest run, ", run_link(newest.run.id), f" of {when}:")
    yield h.facts(*machine_facts(where), *clock_facts(newest.clocks))
    yield _canaries(name, newest)
    caption = one_line(f"Every run on {name}, the newest first")
    yield h.table("hardware", caption, _COLUMNS, map(_run, runs))


def _canaries(name: str, run: RunSummary) -> Iterator[h.Element]:
    """The rates of a run's canaries, next to the datasheet's rates."""
    product, copy = product_pace(run.canaries), copy_pace(run.canaries)
    if product is None or copy is None:
        text = "The newest run has no canaries, so the speed of the device itself is unknown."
        yield h.element("p", text)
        return
    peak, first = PEAKS.get(name), run.canaries[0]
    half = peak.half if peak and first.matmul_dtype != "float32" else None
    bandwidth = peak.memory_gb_per_s / 1000 if peak else None
    product_name = f"Matrix product, {first.matmul_n} × {first.matmul_n}, {first.matmul_dtype}"
    copy_name = f"Copy of {significant(first.copy_bytes / 2**30)} GiB"
    rows = (
        (product_name, *_rates("TFLOP/s", product, half, product_share(name, run.canaries))),
        (copy_name, *_rates("TB/s", copy, bandwidth, copy_share(name, run.canaries))),
    )
    titles = h.numbers("Median", "Lowest – highest", "Drift", "Datasheet", "Share of datasheet")
    caption = f"Speed of the device itself, measured {len(run.canaries)} times in the newest run"
    yield h.table("paces", caption, [*h.names("Canary"), *titles], rows)
    narrow = (
        f" In float8 it has {significant(peak.float8)} TFLOP/s." if peak and peak.float8 else ""
    )
    source = (
        f"Datasheet: dense peaks, from {peak.source}.{narrow}"
        if peak
        else "No datasheet of this device is on file."
    )
    drift = "Drift: change of the median from the first half of the run to the second."
    yield h.note(f"{source} {drift}")


def _rates(unit: str, pace: Pace, peak: float | None, share: float | None) -> Iterator[str]:
    yield f"{significant(pace.median)} {unit}"
    yield _range(pace)
    yield _drift(pace)
    yield "–" if peak is None else f"{significant(peak)} {unit}"
    yield "–" if share is None else percent(share)


def _run(run: RunSummary) -> Iterator[h.Contents]:
    """The row of one run, for comparing days and machines."""
    where, clocks = run.run.environment, run.clocks
    product = product_pace(run.canaries)
    yield run_link(run.run.id)
    yield f"{where.power_limit_w:.0f} W" if where.power_limit_w else "–"
    yield _pace(product)
    yield _drift(product)
    yield _pace(copy_pace(run.canaries))
    yield "{:,} – {:,}".format(*clocks.sm_mhz) if clocks else "–"
    yield throttled(clocks) if clocks else "–"
    yield one_line(where.driver or "–")
    yield one_line(where.torch)


def _pace(pace: Pace | None) -> h.Contents:
    return h.element("span", significant(pace.median), title=_range(pace)) if pace else "–"


def _range(pace: Pace) -> str:
    return " – ".join(map(significant, pace.range))


def _drift(pace: Pace | None) -> str:
    if pace is None or pace.drift is None:
        return "–"
    return signed_percent(pace.drift, 2)
