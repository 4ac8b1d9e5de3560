"""What surrounds a run, as the browser knows it: a small script for each, to tell two apart."""

import msgspec
from packaging.utils import canonicalize_name

from bench.analysis.summary import RunSummary
from bench.records.record import Protocol, Run
from bench.text import one_line
from hooks.report.charts.payload import script
from hooks.report.reading.report import Report
from hooks.report.tables.environment import clock_facts, device_facts, software_facts


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
    kernel: dict[str, str]
    """Of each line that a local build took the place of a kernel from the Hub for, by its name."""
    code: dict[str, str]
    """The code as measured: the hash of each line's, by its name."""


def run_views(report: Report) -> dict[str, bytes]:
    """The scripts by their path on the site, for each run that a link may name."""
    return {
        f"data/v1/about/{run.run.id}.js": script(
            f"about/{run.run.id}", msgspec.json.encode(_view(report, run))
        )
        for run in report.recent
    }


def _view(report: Report, summary: RunSummary) -> RunView:
    run = summary.run
    where = run.environment
    facts = [*device_facts(where), *software_facts(where), *clock_facts(summary.clocks)]
    return RunView(
        id=run.id,
        started=f"{run.started:%Y-%m-%d %H:%M} UTC",
        file=report.served(summary) or "",
        facts={name: value for name, value in facts if value}
        | _protocol(run.protocol)
        | _origin(run),
        packages={line: _packages(report, line, found) for line, found in summary.packages.items()},
        kernel={case.line.name: "built locally" for case in summary.cases if case.local_kernels},
        code={case.line.name: case.code_sha256[:12] for case in summary.cases},
    )


def _packages(report: Report, line: str, found: dict[str, str]) -> str:
    """Those that the line's page names first, then what they brought."""
    page = report.by_slug.get(line.partition(".")[0])
    named = page.packages if page else frozenset()
    order = sorted(found, key=lambda name: (canonicalize_name(name) not in named, name))
    return ", ".join(f"{name} {found[name]}" for name in order)


def _protocol(protocol: Protocol) -> dict[str, str]:
    """Every parameter under its own name: a reader looks it up in the record."""
    values = ((name, getattr(protocol, name)) for name in protocol.__struct_fields__)
    return {f"Protocol: {name}": str(value) for name, value in values if value is not None}


def _origin(run: Run) -> dict[str, str]:
    """The version, commit and command that made the run."""
    commit = f"{run.commit[:12]}{' with local changes' if run.dirty else ''}" if run.commit else ""
    origin = {"Bench": run.bench, "Commit": commit, "Command": run.command}
    return {name: one_line(value) for name, value in origin.items() if value}
