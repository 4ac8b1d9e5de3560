"""The list of all runs."""

from collections.abc import Iterator

from bench.text import one_line
from hooks.markup import escape, number, table
from hooks.reading.report import Report
from hooks.tables.environment import commit


def runs_table(report: Report) -> str:
    """Every run with its file, the newest first, as HTML."""
    head = [f'<th scope="col">{name}</th>' for name in ("Measured", "Device", "Suite")]
    head += [f'<th scope="col" class="number">{name}</th>' for name in ("Cases", "Rounds", "Size")]
    head += [f'<th scope="col">{name}</th>' for name in ("Commit", "File")]
    return table("runs", "Every run, the newest first", head, reversed([*_runs(report)]))


def _runs(report: Report) -> Iterator[str]:
    for one in report.runs:
        run = one.run
        ok = sum(case.status == "ok" for case in one.cases)
        changed = commit(run.commit, dirty=run.dirty) or "–"
        yield (
            f"<tr><td>{run.started:%Y-%m-%d %H:%M}</td>"
            f"<td>{escape(one_line(run.environment.name))}</td><td>{escape(one_line(run.suite))}</td>"
            f'<td class="number">{ok} of {len(one.cases)} ok</td>'
            f'<td class="number">{run.protocol.rounds}</td>'
            f'<td class="number">{number(one.size / 1000)} kB</td><td>{changed}</td>'
            f'<td><a href="~/{escape(one.served)}" download>{escape(run.id)}.jsonl</a></td></tr>'
        )
