"""The numbers themselves: a CSV of all results, every run's file as recorded, and the schema."""

import csv
import io
import re
from collections.abc import Iterator

from bench.check import schema_text
from bench.metrics import tflops_per_second
from bench.outcome import Ok
from bench.record import Result, Run
from bench.stats import quantiles
from bench.summary import SPREAD
from bench.text import one_line
from hooks.environment import run_path
from hooks.markup import escape, number, table
from hooks.report import Report

Value = str | int | float | bool | None

_FORMULA = re.compile(r"^[=+\-@\t\r]")


def downloads(report: Report) -> dict[str, bytes]:
    """Every file to download, by its path on the site."""
    runs = {run_path(report, file.run): file.path.read_bytes() for file in report.files}
    return {
        "data/results.csv": results_csv(report).encode(),
        "data/schema.json": schema_text().encode(),
        **runs,
    }


def results_csv(report: Report) -> str:
    """One row for each result of each run, the failures too; latencies in µs."""
    rows = [_row(file.run, result) for file in report.files for result in file.results]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def runs_table(report: Report, base: str) -> str:
    """The list of all runs, the newest first, as HTML."""
    head = [f'<th scope="col">{name}</th>' for name in ("Measured", "Device", "Suite")]
    head += [f'<th scope="col" class="number">{name}</th>' for name in ("Results", "Size")]
    head += [f'<th scope="col">{name}</th>' for name in ("Commit", "File")]
    return table("runs", "Every run, the newest first", head, reversed([*_runs(report, base)]))


def _runs(report: Report, base: str) -> Iterator[str]:
    for file in report.files:
        run = file.run
        ok = sum(result.status == "ok" for result in file.results)
        commit = f"<code>{escape(one_line(run.commit[:12]))}</code>" if run.commit else "–"
        path = escape(base + run_path(report, run))
        yield (
            f"<tr><td>{run.started:%Y-%m-%d %H:%M}</td>"
            f"<td>{escape(one_line(run.environment.name))}</td><td>{escape(one_line(run.suite))}</td>"
            f'<td class="number">{ok} of {len(file.results)} ok</td>'
            f'<td class="number">{number(file.path.stat().st_size / 1000)} kB</td>'
            f'<td>{commit}</td><td><a href="{path}" download>{escape(run.id)}.jsonl</a></td></tr>'
        )


def _row(run: Run, result: Result) -> dict[str, Value]:
    workload, where = result.workload, run.environment
    return {
        "run": run.id,
        "finished": result.finished.isoformat(),
        "device": where.name,
        "suite": run.suite,
        "implementation": result.implementation,
        "variant": result.variant,
        "title": result.title,
        "precision": result.precision,
        "local_kernels": " ".join(result.local_kernels),
        "workload": workload.name,
        **{name: getattr(workload, name) for name in workload.__struct_fields__},
        "direction": result.direction,
        "status": result.status,
        **_measured(result),
        "torch": where.torch,
        "cuda": where.cuda,
        "driver": where.driver,
        "packages": " ".join(f"{k}=={v}" for k, v in sorted(result.packages.items())),
        "code_sha256": result.code_sha256,
        "commit": run.commit,
    }


def _measured(result: Result) -> dict[str, Value]:
    outcome = result.outcome
    samples = outcome.latency_us if isinstance(outcome, Ok) else ()
    p05, p50, p95 = quantiles(samples, SPREAD) if samples else (None, None, None)
    accuracy = getattr(outcome, "accuracy", None)
    return {
        "reason": getattr(outcome, "reason", None),
        "samples": len(samples) or None,
        "late_samples": getattr(outcome, "late_samples", None),
        "latency_us_p05": p05,
        "latency_us_p50": p50,
        "latency_us_p95": p95,
        "tflops_per_second": tflops_per_second(result.workload, p50) if p50 else None,
        "max_abs_error": getattr(accuracy, "max_abs_error", None),
        "max_abs_bound": getattr(accuracy, "max_abs_bound", None),
        "relative_error": getattr(accuracy, "relative_error", None),
        "relative_bound": getattr(accuracy, "relative_bound", None),
        "peak_memory_bytes": getattr(outcome, "peak_memory_bytes", None),
        "first_call_ms": getattr(outcome, "first_call_ms", None),
        "settled": getattr(outcome, "settled", None),
    }


def _safe(value: Value) -> Value:
    """No text that a spreadsheet would take for a formula; floats without their noise."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
