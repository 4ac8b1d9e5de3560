"""Where a page's results come from: hardware, software, and the file that holds every sample."""

from bench.records.outcome import Clocks, Throttle
from bench.records.record import Environment, Run
from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.summary import Line
from hooks.markup import escape, facts, number
from hooks.reading.report import Report

THROTTLE: dict[Throttle, str] = {
    "power_cap": "power limit",
    "hw_slowdown": "hardware slow-down",
    "hw_thermal": "heat (hardware)",
    "hw_power_brake": "power brake",
    "sw_thermal": "heat (driver)",
    "sync_boost": "sync boost",
    "display": "display",
}
"""NVML's reasons for a lower clock, as the report reads them."""


def environments(report: Report, lines: tuple[Line, ...]) -> str:
    """One list of facts for each run that the lines' results come from, the newest first."""
    cells = [cell for line in lines for cell in line.cells.values()]
    runs = {cell.run.id: cell.run for cell in cells}
    newest = sorted(runs.values(), key=lambda run: (run.started, run.id), reverse=True)
    return "".join(
        _facts(report, run, [cell for cell in cells if cell.run.id == run.id]) for run in newest
    )


def run_path(report: Report, run: Run) -> str:
    """Where the site serves the file of `run`, from its root."""
    return report.by_run[run.id].served


def _facts(report: Report, run: Run, cells: list[Cell]) -> str:
    where = run.environment
    packages = {name: text for cell in cells for name, text in cell.newest.packages.items()}
    kernels = sorted({kernel for cell in cells for kernel in cell.newest.local_kernels})
    path = run_path(report, run)
    return facts(
        [
            *device_facts(where),
            *software_facts(where),
            ("Packages", ", ".join(f"{_text(k)} {_text(v)}" for k, v in sorted(packages.items()))),
            ("Local kernels", ", ".join(f"<code>{_text(kernel)}</code>" for kernel in kernels)),
            *_readings(cells),
            ("Measured", f"{run.started:%Y-%m-%d %H:%M} UTC"),
            ("Commit", commit(run.commit, dirty=run.dirty)),
            ("Command", f"<code>{_text(run.command)}</code>"),
            ("Samples", f'<a href="~/{escape(path)}">{_text(run.id)}.jsonl</a>'),
        ]
    )


def device_facts(where: Environment) -> list[tuple[str, str | None]]:
    """The hardware, and how it was set up; HTML."""
    compute = f", compute capability {where.compute_capability}" if where.compute_capability else ""
    return [
        ("Device", _text(f"{where.name}{compute}")),
        ("Memory", _gib(where.memory_bytes)),
        ("Power limit", f"{where.power_limit_w:.0f} W" if where.power_limit_w else None),
        ("Threads", str(where.threads) if where.threads else None),
        ("Clock limits", _limits(where)),
        ("ECC", _switch(where.ecc)),
        ("MIG", _switch(where.mig)),
        ("Other users", _others(where)),
    ]


def software_facts(where: Environment) -> list[tuple[str, str | None]]:
    """The driver and what all implementations share; HTML."""
    return [
        ("Driver", _text(where.driver)),
        ("CUDA", _text(where.cuda)),
        ("cuDNN", _text(_cudnn(where.cudnn))),
        ("PyTorch", _text(where.torch)),
        ("Triton", _text(where.triton)),
        ("Python", _text(f"{where.python} on {where.os}")),
    ]


def _readings(cells: list[Cell]) -> list[tuple[str, str | None]]:
    """What NVML said while the cases were timed: lowest and highest reading of all rounds."""
    found = [ok.clocks for cell in cells for ok in cell.timed if ok.clocks]
    reasons = dict.fromkeys(why for clocks in found for why in clocks.throttle)
    return [
        ("SM clock", _range(found, "sm_mhz", "MHz")),
        ("Power", _range(found, "power_w", "W")),
        ("Temperature", _range(found, "temperature_c", "°C")),
        ("Clock lowered", ", ".join(THROTTLE[why] for why in reasons)),
    ]


def _range(found: list[Clocks], name: str, unit: str) -> str | None:
    values = [value for clocks in found for value in getattr(clocks, name)]
    if not values:
        return None
    low, high = (f"{end:,.0f}" for end in (min(values), max(values)))
    return f"{low if low == high else f'{low} – {high}'} {unit}"


def _limits(where: Environment) -> str | None:
    ends = {"SM": where.sm_clock_max_mhz, "memory": where.memory_clock_max_mhz}
    return ", ".join(f"{name} {mhz:,} MHz" for name, mhz in ends.items() if mhz)


def _switch(on: bool | None) -> str | None:
    return None if on is None else ("on" if on else "off")


def _others(where: Environment) -> str | None:
    """Only where somebody else used the GPU: the run is then not to be trusted."""
    return f"{where.other_processes} processes at the start" if where.other_processes else None


def commit(name: str | None, *, dirty: bool | None) -> str | None:
    """A commit as the report names it (HTML), and whether the checkout differed from it."""
    changed = " with local changes" if dirty else ""
    return f"<code>{_text(name[:12])}</code>{changed}" if name else None


def _cudnn(version: str | None) -> str | None:
    """CuDNN gives its version as one number: 91900 is 9.19.0."""
    if version is None or not version.isdecimal():
        return version
    return f"{int(version) // 10000}.{int(version) // 100 % 100}.{int(version) % 100}"


def _gib(amount: int | None) -> str | None:
    return f"{number(amount / 2**30)} GiB" if amount else None


def _text(text: str | None) -> str | None:
    return escape(one_line(text)) if text else None
