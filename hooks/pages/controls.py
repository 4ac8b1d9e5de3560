"""The controls of the combined page; a script shows them, as without one they would do nothing."""

from bench.text import one_line
from bench.verdicts.summary import BASELINE
from hooks.charts.views import View
from hooks.markup import escape
from hooks.reading.digest import line_name
from hooks.reading.report import Report

SCOPE_PARTS = {
    "device": "GPU",
    "suite": "Suite",
    "dtype": "Type",
    "mask": "Mask",
    "direction": "Direction",
}
"""What a scope is made of, and how the selectors call it."""

_METRICS = {
    "latency": "Latency",
    "tflops": "TFLOP/s",
    "peak": "% of peak",
    "speedup": "Speed-up",
}


def scope_form(views: tuple[View, ...]) -> str:
    """A selector for each part in which the boards differ; hidden where there is one board."""
    parts = []
    for part, label in SCOPE_PARTS.items():
        values = dict.fromkeys(str(getattr(view.board.scope, part)) for view in views)
        options = "".join(f"<option>{_text(value)}</option>" for value in values)
        hidden = "" if len(values) > 1 else " hidden"
        parts.append(f'<label{hidden}>{label} <select name="{part}">{options}</select></label>')
    return f'<form class="report-select" autocomplete="off" hidden>{"".join(parts)}</form>'


def tools_form(report: Report, view: View) -> str:
    """What the chart shows, over which baseline, and the results of which run."""
    name = f"metric-{_text(view.name)}"
    radios = "".join(
        f'<label><input type="radio" name="{name}" data-state="metric" value="{metric}"'
        f"{' checked' if metric == 'latency' else ''}><span>{label}</span></label>"
        for metric, label in _METRICS.items()
        if metric in view.charts
    )
    return (
        '<form class="report-tools" autocomplete="off" hidden>'
        f'<fieldset class="report-switch"><legend class="report-unseen">Show</legend>{radios}'
        f"</fieldset>{_baselines(view)}{_runs(report, view)}"
        '<button type="button" class="report-copy">Copy link</button>'
        '<output class="report-copied" aria-live="polite"></output></form>'
    )


def _baselines(view: View) -> str:
    options = "".join(
        f'<option value="{key}"{" selected" if key == BASELINE else ""}>{_text(row.label)}</option>'
        for row in view.rows
        if row.measured
        for key in (_text(line_name(row.line.implementation, row.line.variant)),)
    )
    return f'<label>Baseline <select data-state="baseline">{options}</select></label>'


def _runs(report: Report, view: View) -> str:
    """The newest results, and each run that holds some of the same scope."""
    scope = view.board.scope
    runs = [
        one.run
        for one in report.recent
        if (one.run.environment.name, one.run.suite) == (scope.device, scope.suite)
    ]
    options = "".join(
        f'<option value="{_text(run.id)}">{run.started:%Y-%m-%d %H:%M}</option>'
        for run in reversed(runs)
    )
    newest = '<option value="">newest of each</option>'
    return f'<label>Results <select data-state="run">{newest}{options}</select></label>'


def _text(text: str) -> str:
    return escape(one_line(text))
