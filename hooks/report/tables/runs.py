"""The list of all runs, each with its environment, file, checksum and the command to repeat it."""

import re
import shlex
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import quote

import msgspec

from bench.analysis.summary import RunSummary
from bench.analysis.words_and_signs import STATUSES
from bench.records.run_lines import Protocol, Run
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.formats import counted, significant
from hooks.report.reading.report import Report
from hooks.report.tables.environment import clock_facts, commit, machine_facts

_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def runs_list(report: Report) -> Iterator[h.Element]:
    """A one-line summary of each run, the newest first, with its details folded away.

    Links to a run lead to this summary, so it is useful even while folded.
    """
    size = significant(sum(run.size for run in report.runs) / 1e6)
    yield h.note(f"{counted(len(report.runs), 'run')}, {size} MB in all.")
    entries = (_entry(report, run) for run in reversed(report.runs))
    yield h.element("div", entries, class_="report-runs")


def _entry(report: Report, run: RunSummary) -> h.Element:
    failed = len(run.cases) - run.ok
    parts = (
        h.element("time", f"{run.run.started:%Y-%m-%d %H:%M}"),
        h.element("strong", one_line(run.run.environment.name)),
        one_line(run.run.suite),
        f"{run.ok} ok, {failed} failed" if failed else f"{run.ok} ok",
        counted(run.run.protocol.rounds, "round"),
        h.code(run.run.id),
    )
    summary = h.element("summary", h.joined((h.element("span", part) for part in parts), " "))
    content = summary, _facts(report, run), _commands(run)
    return h.element("details", content, class_="report-more", id=run.run.id)


def _facts(report: Report, run: RunSummary) -> h.Element:
    return h.facts(
        ("Started", f"{run.run.started:%Y-%m-%d %H:%M:%S} UTC"),
        ("Cases", _cases(run)),
        *machine_facts(run.run.environment),
        *clock_facts(run.clocks),
        ("Canaries", str(len(run.canaries)) if run.canaries else None),
        ("Bench", one_line(run.run.bench)),
        ("Commit", commit(run.run.commit, dirty=run.run.dirty)),
        ("Schema", str(run.run.schema)),
        ("File", (_file(report, run), f", {run.size:,} bytes")),
    )


def _file(report: Report, run: RunSummary) -> h.Contents:
    if served := report.served(run):
        name = PurePosixPath(run.path).name
        return h.element("a", name, href=f"~/{quote(served)}", download=True)
    return h.code(f"data/{run.path}"), " in the repository"


def _cases(run: RunSummary) -> str:
    """The number of cases with each status; ok first."""
    count = Counter(case.status for case in run.cases)
    parts = (f"{count[status]} {label.word}" for status, label in STATUSES.items() if count[status])
    return ", ".join(parts) or "none"


def _commands(run: RunSummary) -> h.Element:
    file = PurePosixPath(run.path).name
    # An asterisk precedes the name because two spaces would not survive copying from a page.
    check = f"echo {shlex.quote(f'{run.sha256} *{file}')} | sha256sum --check"
    commands = {
        "Protocol": _protocol(run.run.protocol),
        "Repeat the run, in a clone of the repository": _repeat(run.run),
        "SHA-256": run.sha256,
        "Check the download": check,
    }
    parts = ((h.element("dt", dt), " ", h.element("dd", h.code(dd))) for dt, dd in commands.items())
    return h.element("dl", h.joined(parts, " "), class_="report-commands")


def _protocol(protocol: Protocol) -> str:
    values = msgspec.structs.asdict(protocol).items()
    return ", ".join(f"{name} {value}" for name, value in values if value is not None)


def _repeat(run: Run) -> str:
    """Commands that check out the run's commit, set up an environment and repeat the run."""
    command = f"make setup && .venv/bin/{one_line(run.command)}"
    known = run.commit is not None and _COMMIT.fullmatch(run.commit)
    return f"git checkout {run.commit} && {command}" if known else command
