"""How each kind of chart is drawn: Altair specifications without data.

A specification names its data sets and parameters; whoever draws sets them: the build for still
pictures and downloads, the browser for live charts. Importing this package imports Altair, which
takes a fifth of a second: `hooks.charts.specifications` does so only when a kind has changed.
"""

from collections.abc import Callable, Mapping
from functools import partial

from hooks.charts.kinds.accuracy import accuracy
from hooks.charts.kinds.dots import dots
from hooks.charts.kinds.fastp import fastp
from hooks.charts.kinds.footprint import footprint
from hooks.charts.kinds.history import history
from hooks.charts.kinds.lines import lines
from hooks.charts.kinds.parts import Chart
from hooks.charts.kinds.ratios import ratios
from hooks.charts.kinds.samples import samples

KINDS: Mapping[str, Callable[[], Chart]] = {
    "lines": partial(lines, log=False, named=False),
    "log_lines": partial(lines, log=True, named=False),
    "named_lines": partial(lines, log=False, named=True),
    "log_named_lines": partial(lines, log=True, named=True),
    "fastp": fastp,
    "samples": samples,
    "history": history,
    "ratios": ratios,
    "dots": dots,
    "accuracy": accuracy,
    "footprint": footprint,
}
"""What makes the specification of each kind."""
