"""The part of the combined page about fast_p: the curve, a slider for p, the same as a table."""

from collections.abc import Iterator, Mapping

from bench.text import one_line
from hooks.charts.fastp import share, speedups
from hooks.charts.pictures import images
from hooks.charts.views import View, figure
from hooks.markup import escape, number, table

_STEPS = 1000
_FIRST_P = 1.0


def fastp(view: View, pictures: Mapping[str, bytes]) -> str:
    """Curve, slider and table as HTML; nothing where no line has a speed-up."""
    if "fastp" not in view.charts:
        return ""
    alternative = "Share of workloads over p; the table below holds the numbers"
    still = images(pictures, "fastp", alternative)
    return (
        "<h2>How often, how much faster</h2>"
        "<p>The share of workloads that an implementation gets right and more than <em>p</em> "
        "times as fast as the baseline, for every <em>p</em> (KernelBench’s <em>fast_p</em>).</p>"
        '<form class="report-p" autocomplete="off" hidden><label>p '
        f'<input type="range" min="0" max="{_STEPS}" step="1"></label> <output></output></form>'
        f"{figure('fastp', {'board': view.name}, still)}{_table(view)}"
    )


def _table(view: View) -> str:
    head = (
        '<th scope="col">Implementation</th>'
        f'<th scope="col" class="number chosen">At p = {number(_FIRST_P)}</th>'
        '<th scope="col" class="number" title="Below this p every workload counts">'
        "p for all</th>"
        '<th scope="col" class="number" title="Below this p at least one workload counts">'
        "p for any</th>"
    )
    baseline = view.board.baseline
    over = baseline.title if baseline else "the baseline"
    caption = escape(one_line(f"Share of workloads more than p times as fast as {over}"))
    return table("fastp", caption, [head], _rows(view))


def _rows(view: View) -> Iterator[str]:
    count = len(view.board.workloads)
    for row in view.rows:
        ratios = speedups(view.board, row.line)
        if not ratios:
            continue
        least = f"{number(ratios[0])}×" if len(ratios) == count else "–"
        yield (
            f'<tr><th scope="row">{escape(row.label)}</th>'
            f'<td class="number">{share(ratios, _FIRST_P, count):.0f} %</td>'
            f'<td class="number">{least}</td><td class="number">{number(ratios[-1])}×</td></tr>'
        )
