"""Every run: where and how it was made, its file with a checksum, and how to repeat it."""

import re
import shlex
from pathlib import PurePosixPath

from bench.records.record import Protocol, Run
from bench.text import one_line
from hooks.markup import details, escape, facts, number
from hooks.reading.digest import ClockRange, RunDigest
from hooks.reading.report import Report
from hooks.tables.cases import WORDS, counted
from hooks.tables.environment import THROTTLE, commit, device_facts, software_facts
from hooks.tables.links import file_link

_COMMIT = re.compile(r"[0-9a-f]{7,64}")


def runs_list(report: Report) -> str:
    """A line for each run, the newest first, with its details folded away; HTML.

    The line is what a link to a run leads to, so that it says the most even while folded.
    """
    total = counted(len(report.runs), "run")
    size = number(sum(one.size for one in report.runs) / 1e6)
    entries = "".join(_run(report, one) for one in reversed(report.runs))
    note = f'<p class="report-note">{total}, {size} MB in all.</p>'
    return f'{note}<div class="report-runs">{entries}</div>'


def _run(report: Report, one: RunDigest) -> str:
    run = one.run
    ok = sum(case.status == "ok" for case in one.cases)
    failed = len(one.cases) - ok
    told = [
        f"<time>{run.started:%Y-%m-%d %H:%M}</time>",
        f"<strong>{_text(run.environment.name)}</strong>",
        _text(run.suite),
        f"{ok} ok, {failed} failed" if failed else f"{ok} ok",
        counted(run.protocol.rounds, "round"),
        f"<code>{escape(run.id)}</code>",
    ]
    summary = " ".join(f"<span>{part}</span>" for part in told)
    folded = details(summary, _facts(report, one) + _commands(one))
    return folded.replace("<details", f'<details id="{escape(run.id)}"', 1)


def _facts(report: Report, one: RunDigest) -> str:
    run = one.run
    return facts(
        [
            ("Started", f"{run.started:%Y-%m-%d %H:%M:%S} UTC"),
            ("Cases", _cases(one)),
            *device_facts(run.environment),
            *software_facts(run.environment),
            *clock_facts(one.clocks),
            ("Canaries", str(len(one.canaries)) if one.canaries else None),
            ("Bench", _text(run.bench)),
            ("Commit", commit(run.commit, dirty=run.dirty)),
            ("Schema", str(run.schema)),
            ("File", f"{_file(report, one)}, {one.size:,} bytes"),
        ]
    )


def _file(report: Report, one: RunDigest) -> str:
    served = report.served(one)
    if served is None:
        return f"<code>data/{escape(one.path)}</code> in the repository"
    return file_link(served, PurePosixPath(one.path).name)


def _cases(one: RunDigest) -> str:
    """How many cases ended in each way; ok first."""
    ended: dict[str, int] = {}
    for case in one.cases:
        ended[case.status] = ended.get(case.status, 0) + 1
    order = sorted(ended, key=lambda status: (status != "ok", status))
    return ", ".join(f"{ended[status]} {WORDS.get(status, status)}" for status in order) or "none"


def clock_facts(clocks: ClockRange | None) -> list[tuple[str, str | None]]:
    """What NVML read while cases were timed: the lowest and the highest of a run."""
    if clocks is None:
        return []
    return [
        ("SM clock", f"{_ends(clocks.sm_mhz)} MHz"),
        ("Power", f"{_ends(clocks.power_w)} W"),
        ("Temperature", f"{_ends(clocks.temperature_c)} °C"),
        ("Clock lowered", throttled(clocks)),
    ]


def throttled(clocks: ClockRange) -> str:
    """In how many of the rounds that were watched a clock was lowered, by the reason."""
    known: dict[str, str] = {str(why): word for why, word in THROTTLE.items()}
    found = (
        f"{escape(known.get(why, why))} in {count:,} of {clocks.rounds:,} rounds"
        for why, count in sorted(clocks.throttle.items())
    )
    return "; ".join(found) or f"never in {clocks.rounds:,} rounds"


def _ends(ends: tuple[float, float]) -> str:
    low, high = (f"{end:,.0f}" for end in ends)
    return low if low == high else f"{low} – {high}"


def _commands(one: RunDigest) -> str:
    name = PurePosixPath(one.path).name
    # An asterisk before the name, as two spaces would not survive being copied from a page.
    check = f"echo {shlex.quote(f'{one.sha256} *{name}')} | sha256sum --check"
    return (
        '<dl class="report-commands">'
        f"<dt>Protocol</dt> <dd><code>{_protocol(one.run.protocol)}</code></dd>"
        f"<dt>Repeat it, in a clone of the repository</dt> <dd><code>{_repeat(one.run)}</code></dd>"
        f"<dt>SHA-256</dt> <dd><code>{one.sha256}</code></dd>"
        f"<dt>Check the download</dt> <dd><code>{escape(check)}</code></dd></dl>"
    )


def _protocol(protocol: Protocol) -> str:
    values = ((name, getattr(protocol, name)) for name in protocol.__struct_fields__)
    return escape(", ".join(f"{name} {value}" for name, value in values if value is not None))


def _repeat(run: Run) -> str:
    """The command as it was given, at the commit it was given at, in an environment of its own."""
    command = f"make setup && .venv/bin/{one_line(run.command)}"
    known = run.commit is not None and _COMMIT.fullmatch(run.commit)
    return escape(f"git checkout {run.commit} && {command}" if known else command)


def _text(text: str) -> str:
    return escape(one_line(text))
