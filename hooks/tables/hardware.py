"""Each device: its driver and limits, what it did while it was measured, and what it could do."""

from collections.abc import Iterable
from itertools import combinations
from urllib.parse import quote

from bench.text import one_line, signed
from bench.verdicts.canaries import Pace, copy_pace, copy_share, product_pace, product_share
from bench.verdicts.peaks import PEAKS
from hooks.markup import escape, facts, number, table
from hooks.reading.digest import RunDigest
from hooks.reading.report import Report
from hooks.tables.environment import device_facts, software_facts
from hooks.tables.links import run_link
from hooks.tables.runs import clock_facts, throttled

_COLUMNS = (
    ("Power limit", "What the GPU was allowed to draw"),
    ("Product, TFLOP/s", "Median of the canary’s matrix product; lowest and highest on hovering"),
    ("Drift", "Of the product: the second half of the run against the first"),
    ("Copy, TB/s", "Median of the canary’s copy; lowest and highest on hovering"),
    ("SM clock, MHz", "Lowest and highest reading while cases were timed"),
    ("Clock lowered", "Rounds in which NVML gave a reason for a lower clock"),
    ("Driver", "As NVML names it"),
    ("PyTorch", "The one that all implementations used"),
)


def hardware(report: Report) -> str:
    """A section for each device, GPUs first, the most recently measured in front; HTML."""
    by_device: dict[str, list[RunDigest]] = {}
    for one in reversed(report.runs):
        by_device.setdefault(one.run.environment.name, []).append(one)
    found = sorted(by_device.items(), key=lambda item: item[1][0].run.environment.device == "cpu")
    newest = [runs[0] for _, runs in found if runs[0] in report.recent]
    return _beside(newest) + "".join(_section(name, runs) for name, runs in found)


def _beside(newest: list[RunDigest]) -> str:
    """Links to the comparison of each device with those after it, where both ran the same suite."""
    links = [
        f'<a href="~/compare/?a=run:{quote(one.run.id)}&amp;b=run:{quote(other.run.id)}">'
        f"{_text(one.run.environment.name)} beside {_text(other.run.environment.name)}</a>"
        for one, other in combinations(newest, 2)
        if one.run.suite == other.run.suite
    ]
    return f"<p>Kernel by kernel: {', '.join(links)}.</p>" if links else ""


def _section(name: str, runs: list[RunDigest]) -> str:
    newest = runs[0]
    where = newest.run.environment
    made = facts([*device_facts(where), *software_facts(where), *clock_facts(newest.clocks)])
    when = f"{newest.run.started:%Y-%m-%d %H:%M} UTC"
    return (
        f"<h2>{_text(name)}</h2><p>In its newest run, {run_link(newest.run.id)} of {when}:</p>"
        f"{made}{_peaks(name, newest)}{_over_runs(name, runs)}"
    )


def _peaks(name: str, one: RunDigest) -> str:
    """What the canaries of a run reached, beside what the maker says."""
    product, copy = product_pace(one.canaries), copy_pace(one.canaries)
    if product is None or copy is None:
        return (
            "<p>The newest run took no canaries: how fast the device itself was is not known.</p>"
        )
    peak, first = PEAKS.get(name), one.canaries[0]
    what = f"Matrix product, {first.matmul_n} × {first.matmul_n}, {first.matmul_dtype}"
    half = peak is not None and first.matmul_dtype != "float32"
    rows = [
        (what, "TFLOP/s", product, peak.half if peak and half else None,
         product_share(name, one.canaries)),
        (f"Copy of {number(first.copy_bytes / 2**30)} GiB", "TB/s", copy,
         peak.memory_gb_per_s / 1000 if peak else None, copy_share(name, one.canaries)),
    ]  # fmt: skip
    head = ['<th scope="col">Canary</th>']
    names = ("Median", "Lowest – highest", "Drift", "Datasheet", "Share of it")
    head += [f'<th scope="col" class="number">{column}</th>' for column in names]
    caption = f"The pace of the device itself, {len(one.canaries)} times over the newest run"
    return table("paces", caption, head, (_peak_row(*row) for row in rows)) + _source(name)


def _peak_row(what: str, unit: str, pace: Pace, peak: float | None, share: float | None) -> str:
    values = (
        f"{number(pace.median)} {unit}",
        _range(pace),
        _drift(pace),
        "–" if peak is None else f"{number(peak)} {unit}",
        "–" if share is None else f"{share * 100:.1f}&nbsp;%",
    )
    cells = "".join(f'<td class="number">{value}</td>' for value in values)
    return f'<tr><th scope="row" class="name">{what}</th>{cells}</tr>'


def _source(name: str) -> str:
    peak = PEAKS.get(name)
    said = (
        f"Datasheet: dense peaks, from {escape(peak.source)}."
        if peak
        else "No datasheet of this device is known here."
    )
    drift = "Drift: the median of the run’s second half against that of its first."
    return f'<p class="report-note">{said} {drift}</p>'


def _over_runs(name: str, runs: list[RunDigest]) -> str:
    """One row for each run, so that what changed between days and machines shows."""
    head = ['<th scope="col">Run</th>']
    head += [
        f'<th scope="col" class="number" title="{why}">{column}</th>' for column, why in _COLUMNS
    ]
    caption = escape(one_line(f"Every run on {name}, the newest first"))
    return table("hardware", caption, head, map(_over_runs_row, runs))


def _over_runs_row(one: RunDigest) -> str:
    where, clocks = one.run.environment, one.clocks
    product, copy = product_pace(one.canaries), copy_pace(one.canaries)
    low, high = clocks.sm_mhz if clocks else (0, 0)
    values = (
        f"{where.power_limit_w:.0f} W" if where.power_limit_w else "–",
        _pace(product),
        _drift(product) if product else "–",
        _pace(copy),
        f"{low:,} – {high:,}" if clocks else "–",
        throttled(clocks) if clocks else "–",
        _text(where.driver or "–"),
        _text(where.torch),
    )
    return f'<tr><th scope="row">{run_link(one.run.id)}</th>{_cells(values)}</tr>'


def _cells(values: Iterable[str]) -> str:
    return "".join(f'<td class="number">{value}</td>' for value in values)


def _pace(pace: Pace | None) -> str:
    return f'<span title="{_range(pace)}">{number(pace.median)}</span>' if pace else "–"


def _range(pace: Pace) -> str:
    return " – ".join(map(number, pace.range))


def _drift(pace: Pace) -> str:
    return "–" if pace.drift is None else f"{signed(pace.drift * 100, 2)}&nbsp;%"


def _text(text: str) -> str:
    return escape(one_line(text))
