"""What surrounds a run, as the browser knows it: a small script for each, to tell two apart."""

import html

import msgspec

from bench.records.record import Protocol
from bench.text import one_line
from hooks.charts.payload import PINNED, script
from hooks.reading.digest import ClockRange, RunDigest, line_name
from hooks.reading.report import Report
from hooks.tables.environment import THROTTLE, device_facts, software_facts


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """One run; all of it is text to be shown."""

    id: str
    started: str
    file: str
    """Where the site serves it, from its root."""
    facts: dict[str, str]
    """Hardware, software, protocol and clocks, by what each is called."""
    packages: dict[str, str]
    """Of each line, by its name."""
    code: dict[str, str]
    """The code as measured: the hash of each line's, by its name."""


def run_views(report: Report) -> dict[str, bytes]:
    """The scripts by their path on the site, for each run that a link may name."""
    return {
        f"data/v1/about/{one.run.id}.js": script(
            f"about/{one.run.id}", msgspec.json.encode(_view(one))
        )
        for one in report.runs[-PINNED:]
    }


def _view(one: RunDigest) -> RunView:
    run = one.run
    known = [*device_facts(run.environment), *software_facts(run.environment)]
    facts = {name: html.unescape(value) for name, value in known if value}
    return RunView(
        id=run.id,
        started=f"{run.started:%Y-%m-%d %H:%M} UTC",
        file=one.served,
        facts=facts | _clocks(one.clocks) | _protocol(run.protocol) | _made(one),
        packages={
            name: ", ".join(f"{key} {value}" for key, value in sorted(found.items()))
            for name, found in one.packages.items()
        },
        code={line_name(c.implementation, c.variant): c.code_sha256[:12] for c in one.cases},
    )


def _clocks(clocks: ClockRange | None) -> dict[str, str]:
    """What NVML read while the cases were timed."""
    if clocks is None:
        return {}
    words: dict[str, str] = {str(name): word for name, word in THROTTLE.items()}
    lowered = [f"{words.get(why, why)} in {n:,}" for why, n in sorted(clocks.throttle.items())]
    return {
        "SM clock": f"{_ends(clocks.sm_mhz)} MHz",
        "Power": f"{_ends(clocks.power_w)} W",
        "Temperature": f"{_ends(clocks.temperature_c)} °C",
        "Clock lowered": f"{', '.join(lowered) or 'never'} of {clocks.rounds:,} rounds",
    }


def _ends(ends: tuple[float, float]) -> str:
    low, high = (f"{end:,.0f}" for end in ends)
    return low if low == high else f"{low} – {high}"


def _protocol(protocol: Protocol) -> dict[str, str]:
    """Every parameter under its own name: a reader looks it up in the record."""
    values = ((name, getattr(protocol, name)) for name in protocol.__struct_fields__)
    return {f"Protocol: {name}": str(value) for name, value in values if value is not None}


def _made(one: RunDigest) -> dict[str, str]:
    run = one.run
    commit = f"{run.commit[:12]}{' with local changes' if run.dirty else ''}" if run.commit else ""
    made = {"Bench": run.bench, "Commit": commit, "Command": run.command}
    return {name: one_line(value) for name, value in made.items() if value}
