"""The facts of each run, with which the browser shows how two runs differ."""

import msgspec
from packaging.utils import canonicalize_name

from bench.analysis.summary import RunSummary
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
    protocol = msgspec.structs.asdict(run.protocol).items()
    changed = " with local changes" if run.dirty else ""
    facts = {
        **dict([*machine_facts(where), *clock_facts(summary.clocks)]),
        **{f"Protocol: {name}": None if value is None else str(value) for name, value in protocol},
        "Bench": one_line(run.bench),
        "Commit": f"{one_line(run.commit)[:12]}{changed}" if run.commit else None,
        "Command": one_line(run.command),
    }
    return {
        "id": run.id,
        "started": f"{run.started:%Y-%m-%d %H:%M} UTC",
        "file": report.served(summary) or "",
        "facts": {name: value for name, value in facts.items() if value},
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
