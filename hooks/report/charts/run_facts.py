"""The facts of each run, with which the browser shows how two runs differ."""

from packaging.utils import canonicalize_name

from bench.analysis.summary import RunSummary
from bench.records.record import Protocol, Run
from bench.text import one_line
from hooks.report.charts.chart import DataRow
from hooks.report.reading.report import Report
from hooks.report.scripts import Data
from hooks.report.tables.environment import clock_facts, machine_facts


def run_facts(report: Report) -> Data:
    """The facts of the runs that a link may name."""
    for run in report.recent:
        yield f"about/{run.run.id}", _facts(report, run)


def _facts(report: Report, summary: RunSummary) -> DataRow:
    """The facts of a run by their names in the report, and those of each line by its name."""
    run, where = summary.run, summary.run.environment
    facts = [*machine_facts(where), *clock_facts(summary.clocks)]
    return {
        "id": run.id,
        "started": f"{run.started:%Y-%m-%d %H:%M} UTC",
        "file": report.served(summary) or "",
        "facts": {name: value for name, value in facts if value}
        | _protocol(run.protocol)
        | _origin(run),
        "packages": {
            line: _packages(report, line, versions) for line, versions in summary.packages.items()
        },
        "kernel": {case.line.name: "built locally" for case in summary.cases if case.local_kernels},
        "code": {case.line.name: case.code_sha256[:12] for case in summary.cases},
    }


def _packages(report: Report, line: str, versions: dict[str, str]) -> str:
    """The packages that the line's page names, then their dependencies."""
    page = report.by_slug.get(line.partition(".")[0])
    named = page.packages if page else frozenset()
    order = sorted(versions, key=lambda name: (canonicalize_name(name) not in named, name))
    return ", ".join(f"{name} {versions[name]}" for name in order)


def _protocol(protocol: Protocol) -> dict[str, str]:
    """The parameters of the protocol, under their names in records."""
    values = ((name, getattr(protocol, name)) for name in protocol.__struct_fields__)
    return {f"Protocol: {name}": str(value) for name, value in values if value is not None}


def _origin(run: Run) -> dict[str, str]:
    """The version, commit and command of the run."""
    commit = f"{run.commit[:12]}{' with local changes' if run.dirty else ''}" if run.commit else ""
    origin = {"Bench": run.bench, "Commit": commit, "Command": run.command}
    return {name: one_line(value) for name, value in origin.items() if value}
