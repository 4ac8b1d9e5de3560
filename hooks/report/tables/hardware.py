"""The hardware page: each device's driver, limits, clocks and canaries, and its datasheet."""

from collections.abc import Iterator
from itertools import combinations
from urllib.parse import quote

from bench.analysis.canaries import Pace, copy_pace, copy_share, product_pace, product_share
from bench.analysis.roofline import PEAKS
from bench.analysis.summary import RunSummary
from bench.text import one_line, signed
from hooks.report.elements import (
    Column,
    Content,
    Element,
    element,
    facts,
    heading,
    joined,
    link,
    note,
    number,
    numbers,
    row,
    table,
)
from hooks.report.formats import SPACE, percent, significant
from hooks.report.reading.report import Report
from hooks.report.tables.environment import clock_facts, device_facts, software_facts, throttled
from hooks.report.tables.lines import run_link

_COLUMNS = (
    Column("Run", kind=""),
    Column("Power limit", "Power that the GPU was allowed to draw"),
    Column(
        "Product, TFLOP/s",
        "Median of the canary’s matrix product; hover for lowest and highest",
    ),
    Column("Drift", "Change of the product from the first half of the run to the second"),
    Column("Copy, TB/s", "Median of the canary’s copy; hover for lowest and highest"),
    Column("SM clock, MHz", "Lowest and highest reading while cases were timed"),
    Column("Clock lowered", "Rounds in which NVML gave a reason for a lower clock"),
    Column("Driver", "Version of the driver, as NVML reports it"),
    Column("PyTorch", "The version that all implementations used"),
)


def hardware(report: Report) -> Iterator[Element]:
    """A section for each device: GPUs first, then by how recently they were measured."""
    by_device: dict[str, list[RunSummary]] = {}
    for run in reversed(report.runs):
        by_device.setdefault(run.run.environment.name, []).append(run)
    devices = sorted(by_device.items(), key=lambda item: item[1][0].run.environment.device == "cpu")
    recent = {run.run.id for run in report.recent}
    yield from _comparisons([runs[0] for _, runs in devices if runs[0].run.id in recent])
    for name, runs in devices:
        yield from _section(name, runs)


def _comparisons(newest: list[RunSummary]) -> Iterator[Element]:
    """Links to a comparison for every pair of devices whose newest runs have the same suite."""
    links = [
        link(
            one_line(f"{run.run.environment.name} and {other.run.environment.name}"),
            f"~/compare/?a=run:{quote(run.run.id)}&b=run:{quote(other.run.id)}",
        )
        for run, other in combinations(newest, 2)
        if run.run.suite == other.run.suite
    ]
    if links:
        yield element("p", "Comparisons kernel by kernel: ", joined(links), ".")


def _section(name: str, runs: list[RunSummary]) -> Iterator[Element]:
    newest = runs[0]
    where, when = newest.run.environment, f"{newest.run.started:%Y-%m-%d %H:%M} UTC"
    yield element("h2", one_line(name))
    yield element("p", "In its newest run, ", run_link(newest.run.id), f" of {when}:")
    yield facts([*device_facts(where), *software_facts(where), *clock_facts(newest.clocks)])
    yield from _canaries(name, newest)
    rows = map(_row, runs)
    yield table("hardware", one_line(f"Every run on {name}, the newest first"), _COLUMNS, rows)


def _canaries(name: str, run: RunSummary) -> Iterator[Element]:
    """The rates of a run's canaries, next to the datasheet's rates."""
    product, copy = product_pace(run.canaries), copy_pace(run.canaries)
    if product is None or copy is None:
        text = "The newest run has no canaries, so the speed of the device itself is unknown."
        yield element("p", text)
        return
    peak, first = PEAKS.get(name), run.canaries[0]
    size = f"{first.matmul_n} × {first.matmul_n}"
    half = peak.half if peak and first.matmul_dtype != "float32" else None
    bandwidth = peak.memory_gb_per_s / 1000 if peak else None
    rows = (
        _pace_row(
            f"Matrix product, {size}, {first.matmul_dtype}",
            "TFLOP/s",
            product,
            half,
            product_share(name, run.canaries),
        ),
        _pace_row(
            f"Copy of {significant(first.copy_bytes / 2**30)} GiB",
            "TB/s",
            copy,
            bandwidth,
            copy_share(name, run.canaries),
        ),
    )
    titles = numbers("Median", "Lowest – highest", "Drift", "Datasheet", "Share of datasheet")
    caption = f"Speed of the device itself, measured {len(run.canaries)} times in the newest run"
    yield table("paces", caption, [Column("Canary", kind=""), *titles], rows)
    source = (
        f"Datasheet: dense peaks, from {peak.source}."
        if peak
        else "No datasheet of this device is on file."
    )
    drift = "Drift: change of the median from the first half of the run to the second."
    yield note(f"{source} {drift}")


def _pace_row(name: str, unit: str, pace: Pace, peak: float | None, share: float | None) -> Element:
    return row(
        heading(name, class_="name"),
        number(f"{significant(pace.median)} {unit}"),
        number(_range(pace)),
        number(_drift(pace)),
        number("–" if peak is None else f"{significant(peak)} {unit}"),
        number("–" if share is None else percent(share)),
    )


def _row(run: RunSummary) -> Element:
    """The row of one run, for comparing days and machines."""
    where, clocks = run.run.environment, run.clocks
    product, copy = product_pace(run.canaries), copy_pace(run.canaries)
    low, high = clocks.sm_mhz if clocks else (0, 0)
    return row(
        heading(run_link(run.run.id)),
        number(f"{where.power_limit_w:.0f} W" if where.power_limit_w else "–"),
        number(_pace(product)),
        number(_drift(product) if product else "–"),
        number(_pace(copy)),
        number(f"{low:,} – {high:,}" if clocks else "–"),
        number(throttled(clocks) if clocks else "–"),
        number(one_line(where.driver or "–")),
        number(one_line(where.torch)),
    )


def _pace(pace: Pace | None) -> Content:
    return element("span", significant(pace.median), title=_range(pace)) if pace else "–"


def _range(pace: Pace) -> str:
    return " – ".join(map(significant, pace.range))


def _drift(pace: Pace) -> str:
    return "–" if pace.drift is None else f"{signed(pace.drift * 100, 2)}{SPACE}%"
