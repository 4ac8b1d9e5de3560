"""The environment of a page's results: hardware, software, and the file with every sample."""

from collections.abc import Iterable, Iterator, Sequence

from bench.analysis.leaderboard import Line
from bench.analysis.summary import CaseSummary, ClockRange, RunSummary, clock_range
from bench.records.outcome import Throttle
from bench.records.run_lines import Environment
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import ends, significant
from hooks.report.reading.report import Report

Fact = tuple[str, str | None]
"""A name and its value; None if it is unknown."""

THROTTLE: dict[Throttle, str] = {
    "power_cap": "power limit",
    "hw_slowdown": "hardware slow-down",
    "hw_thermal": "heat (hardware)",
    "hw_power_brake": "power brake",
    "sw_thermal": "heat (driver)",
    "sync_boost": "sync boost",
    "display": "display",
}
"""The report's words for NVML's reasons for a lower clock."""


def environments(report: Report, lines: Iterable[Line]) -> Iterator[h.Element]:
    """A list of facts for each run with a result of `lines`, the newest first."""
    cases = [case for line in lines for case in line.cases.values()]
    sources = {case.run for case in cases}
    for run in reversed(report.runs):
        if run.run.id in sources:
            yield _facts(report, run, [case for case in cases if case.run == run.run.id])


def _facts(report: Report, run: RunSummary, cases: Sequence[CaseSummary]) -> h.Element:
    packages: dict[str, str] = {}
    for line in sorted({case.line.name for case in cases}):
        packages |= run.packages.get(line, {})
    kernels = sorted({kernel for case in cases for kernel in case.local_kernels})
    readings = [clocks for case in cases for clocks in report.evidence(case).clocks]
    versions = (one_line(f"{name} {version}") for name, version in sorted(packages.items()))
    return h.facts(
        *machine_facts(run.run.environment),
        ("Packages", ", ".join(versions)),
        ("Local kernels", tuple(h.joined(map(h.code, kernels)))),
        *clock_facts(clock_range(readings)),
        ("Measured", f"{run.run.started:%Y-%m-%d %H:%M} UTC"),
        ("Commit", commit(run.run.commit, dirty=run.run.dirty)),
        ("Command", h.code(run.run.command)),
        ("Samples", h.link(f"{one_line(run.run.id)}.jsonl", f"~/{report.served(run)}")),
    )


def machine_facts(where: Environment) -> list[Fact]:
    """The hardware with its settings, the driver, and the software that all pages share."""
    compute = f", compute capability {where.compute_capability}" if where.compute_capability else ""
    memory, users = where.memory_bytes, where.other_processes
    return [
        ("Device", one_line(f"{where.name}{compute}")),
        ("Memory", f"{significant(memory / 2**30)} GiB" if memory else None),
        ("Power limit", f"{where.power_limit_w:.0f} W" if where.power_limit_w else None),
        ("Threads", str(where.threads) if where.threads else None),
        ("Clock limits", _limits(where)),
        ("ECC", _switch(where.ecc)),
        ("MIG", _switch(where.mig)),
        # Shown only if other processes used the GPU: such a run cannot be trusted.
        ("Other users", f"{users} processes at the start" if users else None),
        ("Driver", one_line(where.driver or "")),
        ("CUDA", one_line(where.cuda or "")),
        ("cuDNN", _cudnn(where.cudnn)),
        ("PyTorch", one_line(where.torch)),
        ("Triton", one_line(where.triton or "")),
        ("Python", one_line(f"{where.python} on {where.os}")),
    ]


def clock_facts(clocks: ClockRange | None) -> list[Fact]:
    """The range of NVML's readings while cases were timed, and why the clock was lowered."""
    if clocks is None:
        return []
    return [
        ("SM clock", ends(*clocks.sm_mhz, "MHz")),
        ("Power", ends(*clocks.power_w, "W")),
        ("Temperature", ends(*clocks.temperature_c, "°C")),
        ("Clock lowered", throttled(clocks)),
    ]


def throttled(clocks: ClockRange) -> str:
    """For each reason, the number of monitored rounds in which the clock was lowered."""
    reasons = (
        f"{THROTTLE[reason]} in {count:,} of {clocks.rounds:,} rounds"
        for reason, count in sorted(clocks.throttle.items())
    )
    return "; ".join(reasons) or f"never in {clocks.rounds:,} rounds"


def commit(name: str | None, *, dirty: bool | None) -> tuple[h.Content, ...]:
    """The abbreviated commit, and whether the checkout had local changes."""
    if not name:
        return ()
    return (h.code(name[:12]), " with local changes") if dirty else (h.code(name[:12]),)


def _limits(where: Environment) -> str:
    limits = {"SM": where.sm_clock_max_mhz, "memory": where.memory_clock_max_mhz}
    return ", ".join(f"{name} {mhz:,} MHz" for name, mhz in limits.items() if mhz)


def _switch(on: bool | None) -> str | None:
    return None if on is None else ("on" if on else "off")


def _cudnn(version: str | None) -> str:
    """The version of cuDNN, which gives it as one number: 91900 is 9.19.0."""
    if version is None or not version.isdecimal():
        return one_line(version or "")
    return f"{int(version) // 10000}.{int(version) // 100 % 100}.{int(version) % 100}"
