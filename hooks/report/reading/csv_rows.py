"""The cases of a run as flat rows, for spreadsheets and scripts."""

import csv
import io
import re

import msgspec

from bench.analysis.alternate_timings import per_call_us, timing_us
from bench.analysis.case_records import CaseRecords
from bench.analysis.marks import marks
from bench.analysis.rates import tb_per_second, tflops_per_second
from bench.analysis.stats import median
from bench.operations.discovery import OPERATIONS, operation_of
from bench.records.outcome import Accuracy

Value = str | int | float | bool | None
Row = dict[str, Value]

_AXES = dict.fromkeys(
    axis for each in OPERATIONS.values() for axis in each.workload.__struct_fields__
)
"""The axes of all operations. Every row has them, because the rows of all runs form one table."""

_FORMULA = re.compile(r"^[=+\-@\t\r]")


def as_csv(rows: list[Row]) -> bytes:
    """The rows as CSV with a header; empty if there are none."""
    out = io.StringIO()
    if rows:
        writer = csv.DictWriter(out, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return out.getvalue().encode()


def as_jsonl(rows: list[Row]) -> bytes:
    """The rows as JSON lines; fields without a value are left out."""
    known = ({name: value for name, value in row.items() if value is not None} for row in rows)
    return b"".join(msgspec.json.encode(row) + b"\n" for row in known)


def flat_row(records: CaseRecords) -> Row:
    """Everything known about a case as single values; latencies in µs."""
    case, run = records.newest, records.run
    where = run.environment
    return {
        "run": run.id,
        "finished": case.finished.isoformat(),
        "device": where.name,
        "suite": run.suite,
        "implementation": case.implementation,
        "variant": case.variant,
        "title": case.title,
        "precision": case.precision,
        "local_kernels": " ".join(case.local_kernels),
        "operation": operation_of(case.workload).name,
        "workload": case.workload.name,
        **_AXES | case.workload.axes,
        "status": records.status,
        "reason": records.reason or None,
        **_timed(records),
        "marks": " ".join(marks(records)),
        **{name: getattr(records.accuracy, name, None) for name in Accuracy.__struct_fields__},
        "peak_memory_bytes": records.peak_memory_bytes,
        "first_call_ms": records.first_call_ms,
        "plan_us": records.plan_us,
        **_other_clocks(records),
        "torch": where.torch,
        "cuda": where.cuda,
        "driver": where.driver,
        "packages": " ".join(f"{k}=={v}" for k, v in sorted(case.packages.items())),
        "code_sha256": case.code_sha256,
        "commit": run.commit,
    }


def _timed(records: CaseRecords) -> Row:
    latency, timed = records.latency_us, records.timed
    low, high = records.interval_us or (None, None)
    p05, _, p95 = records.spread_us or (None, None, None)
    enqueue_us = [ok.enqueue_us for ok in timed if ok.enqueue_us is not None]
    workload = records.newest.workload
    return {
        "rounds": len(timed) or None,
        "samples": len(records.samples_us) or None,
        "late_samples": sum(ok.late_samples for ok in timed) if timed else None,
        "enqueue_us": median(enqueue_us) if enqueue_us else None,
        "latency_us": latency,
        "latency_us_low": low,
        "latency_us_high": high,
        "latency_us_p05": p05,
        "latency_us_p95": p95,
        "tflops_per_second": tflops_per_second(workload, latency) if latency else None,
        "tb_per_second": tb_per_second(workload, latency) if latency else None,
    }


def _other_clocks(records: CaseRecords) -> Row:
    lanes, trace, sustained = records.lanes, records.trace, records.sustained
    return {
        **{
            f"{lane}_us": timing_us(getattr(lanes, lane, None))
            for lane in ("warm", "graph", "wall")
        },
        "cupti_us": median(trace.span_us) if trace and trace.span_us else None,
        "burst_us": per_call_us(records.timed),
        "sustained_us": sustained.call_us if sustained else None,
        "energy_j": sustained.call_energy_j if sustained else None,
    }


def _safe(value: Value) -> Value:
    """A value that no spreadsheet takes for a formula; floats to six significant digits."""
    if isinstance(value, float):
        return f"{value:.6g}"
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
