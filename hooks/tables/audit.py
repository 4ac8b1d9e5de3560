"""What a reader's browser recomputes from the samples: the published values, digit by digit."""

from bench.text import one_line
from bench.verdicts.cell import Cell
from bench.verdicts.summary import Board, Line
from hooks.markup import details, escape, table
from hooks.reading.digest import case_name
from hooks.reading.report import Report
from hooks.reading.rows import columns, labels
from hooks.tables.cases import between, counted
from hooks.tables.environment import run_path
from hooks.tables.page import group_row

_COLUMNS = ("Samples", "Median", "95 % interval", "Mean of all")


def samples_name(slug: str) -> str:
    """What the samples of a page are called among the scripts under `data/v1/`."""
    return f"samples/{slug}"


def audit(report: Report, board: Board, lines: tuple[Line, ...]) -> str:
    """A sentence, and a row for each case with a latency; a script puts its finding into both."""
    cells = [cell for line in lines for cell in line.cells.values() if cell.timed]
    if not cells:
        return ""
    # What was found stands first, where a narrow page shows it.
    head = [f'<th scope="col">{name}</th>' for name in ("Tokens", "Recomputed in your browser")]
    head += [f'<th scope="col" class="number">{name}</th>' for name in _COLUMNS]
    body = []
    for line, label in zip(lines, labels(lines), strict=True):
        if len(lines) > 1:
            body.append(group_row(report, line, label, len(head)))
        body += _rows(board, line)
    caption = escape(one_line(f"Published values and their samples, {board.scope.name}; in µs"))
    cases = details("Case by case", table("audit", caption, head, body))
    return (
        f'<div class="report-audit" data-samples="{samples_name(lines[0].implementation)}">'
        f'<p class="report-audit-finding" aria-live="polite">{_said(report, cells)}</p>'
        f"{cases}</div>"
    )


def _said(report: Report, cells: list[Cell]) -> str:
    """What stands there without a script: what would be checked, and where the samples are."""
    runs = {cell.run.id: cell.run for cell in cells}.values()
    files = ", ".join(
        f'<a href="~/{escape(run_path(report, run))}">{escape(one_line(run.id))}.jsonl</a>'
        for run in runs
    )
    count = counted(sum(len(cell.samples_us) for cell in cells), "sample")
    return (
        f"Each median and interval follows from samples, {count} in all: with JavaScript your "
        f"browser recomputes them here. Every sample is in {files}."
    )


def _rows(board: Board, line: Line) -> list[str]:
    names = columns(board.workloads)
    timed = ((name, line.cells.get(workload)) for workload, name in names.items())
    return [_row(name, cell) for name, cell in timed if cell and cell.timed]


def _row(name: int | str, cell: Cell) -> str:
    """The values as text, and in the attributes with all their digits."""
    interval = cell.interval_us
    published = {
        "case": case_name(cell.run, cell.newest).key,
        "us": repr(cell.latency_us),
        "mean": repr(cell.mean_us),
        "rounds": str(len(cell.timed)),
        "samples": str(len(cell.samples_us)),
        **({"low": repr(interval[0]), "high": repr(interval[1])} if interval else {}),
    }
    attributes = "".join(f' data-{key}="{escape(value)}"' for key, value in published.items())
    values = (
        f"{len(cell.samples_us):,}",
        f"{cell.latency_us:,.3f}",
        between(interval, digits=3) if interval else "–",
        f"{cell.mean_us:,.3f}",
    )
    numbers = "".join(f'<td class="number">{value}</td>' for value in values)
    return (
        f'<tr{attributes}><th scope="row">{escape(str(name))}</th>'
        f'<td class="found">–</td>{numbers}</tr>'
    )
