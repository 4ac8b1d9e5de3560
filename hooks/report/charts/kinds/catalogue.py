"""The Altair specification of each kind of chart, without data.

A specification names its data sets and parameters. The build sets them for still pictures and
downloads, the browser for live charts. Importing this package imports Altair, which takes a fifth
of a second, so `specifications.py` does it only when code has changed.
"""

from collections.abc import Callable, Mapping
from functools import partial

from hooks.report.charts.kinds import common
from hooks.report.charts.kinds.accuracy import accuracy
from hooks.report.charts.kinds.dot_plots import memory, ranked, ratios
from hooks.report.charts.kinds.fastp import fastp
from hooks.report.charts.kinds.history import history
from hooks.report.charts.kinds.lines import lines
from hooks.report.charts.kinds.samples import samples

KINDS: Mapping[str, Callable[[], common.Chart]] = {
    "lines": partial(lines, log=False, named=False),
    "log_lines": partial(lines, log=True, named=False),
    "named_lines": partial(lines, log=False, named=True),
    "log_named_lines": partial(lines, log=True, named=True),
    "fastp": fastp,
    "samples": samples,
    "history": history,
    "ratios": ratios,
    "ranked": ranked,
    "accuracy": accuracy,
    "memory": memory,
}
"""The function that makes the specification of each kind."""
