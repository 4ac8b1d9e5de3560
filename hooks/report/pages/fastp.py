"""The fast_p section of the front page: a chart, a slider for p, and a table."""

from collections.abc import Iterator, Mapping

from bench.analysis.leaderboard import Leaderboard
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.charts.fastp import share, speedups
from hooks.report.charts.figure import figure, images
from hooks.report.formats import significant

_FIRST_P = 1.0


def fastp(board: Leaderboard, pictures: Mapping[str, bytes]) -> Iterator[h.Element]:
    """Heading, slider, chart and table; empty if no line has a speed-up."""
    if not any(speedups(board, line) for line in board.lines):
        return
    alternative = "Share of workloads over p; the table below contains the numbers"
    still = images(pictures, "fastp", alternative)
    yield h.element("h2", "How often is it faster, and by how much?")
    yield h.element(
        "p",
        "The share of workloads for which an implementation is correct and more than ",
        h.element("em", "p"),
        " times as fast as the baseline, for every ",
        h.element("em", "p"),
        " (KernelBench’s ",
        h.element("em", "fast_p"),
        ").",
    )
    slider = h.element("input", type="range", min="-1", max="1", step="0.002", value="0")
    label = h.element("label", "p ", slider)
    yield h.element(
        "form", label, " ", h.element("output"), class_="report-p", autocomplete="off", hidden=True
    )
    yield figure("fastp", {"board": one_line(board.scope.name)}, still)
    yield _table(board)


def _table(board: Leaderboard) -> h.Element:
    titles = (
        h.Column("Implementation", kind=""),
        h.Column(f"At p = {significant(_FIRST_P)}", kind="number chosen"),
        h.Column("p for all", "Below this p, the share is 100 %"),
        h.Column("p for any", "Below this p, the share is above zero"),
    )
    over = board.baseline.label if board.baseline else "the baseline"
    caption = f"Share of workloads more than p times as fast as {over}"
    return h.table("fastp", caption, titles, _rows(board))


def _rows(board: Leaderboard) -> Iterator[tuple[h.Contents, ...]]:
    count = len(board.workloads)
    for line in board.lines:
        if ratios := speedups(board, line):
            yield (
                line.label,
                h.cell(f"{share(ratios, _FIRST_P, count):.0f} %", class_="number"),
                f"{significant(ratios[0])}×" if len(ratios) == count else "–",
                f"{significant(ratios[-1])}×",
            )
