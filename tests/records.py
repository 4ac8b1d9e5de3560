"""Makes pages and run files for tests, through the real record types and the real writer."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.outcome import Accuracy, Ok, Outcome
from bench.record import SCHEMA_VERSION, Environment, Protocol, Result, Run
from bench.runwriter import RunWriter
from bench.workload import SUITES, Workload

START = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)

H200 = Environment(
    device="cuda",
    name="NVIDIA H200",
    python="3.11.9",
    torch="2.13.0",
    os="Linux 6.1",
    compute_capability="9.0",
    multiprocessors=132,
    memory_bytes=150_000_000_000,
    l2_cache_bytes=62_914_560,
    power_limit_w=700.0,
    driver="580.82",
    cuda="13.0",
    cudnn="9.13.0",
    triton="3.5.0",
)
CPU = Environment(
    device="cpu", name="AMD EPYC 9B14", python="3.11.9", torch="2.13.0", os="Linux 6.1", threads=2
)


@dataclass(frozen=True)
class Entry:
    """One line of a made-up run: a latency at the first workload, or how every case ended."""

    slug: str
    title: str
    us: float = 0.0
    variant: str | None = None
    outcome: Outcome | None = None
    more: dict[str, Any] = field(default_factory=dict)


def page(root: Path, slug: str, title: str, **front_matter: str) -> Path:
    """Write a page with one fence; the values are YAML as it should stand in the front matter."""
    keys = {"provider": "PyTorch", "homepage": "https://example.org/project"} | front_matter
    path = root / "docs" / "impls" / f"{slug}.md"
    path.write_text(
        "\n".join(
            [
                "---",
                f"title: {title}",
                *(f"{key}: {value}" for key, value in keys.items()),
                "---",
                "",
                f"# The page {slug}",
                "",
                "What it is and when to choose it.",
                "",
                "```{.python .bench}",
                "from torch.nn.functional import scaled_dot_product_attention",
                "",
                "",
                "def attention(q, k, v, *, causal):",
                "    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))",
                "    out = scaled_dot_product_attention(q, k, v, is_causal=causal)",
                "    return out.transpose(1, 2)",
                "```",
                "",
            ]
        ),
        encoding="utf-8",
    )
    return path


def run(environment: Environment = H200, *, suite: str = "flux", day: int = 0, **more: Any) -> Run:
    """The first line of a run file, `day` days after the first."""
    started = START + timedelta(days=day)
    values = {
        "schema": SCHEMA_VERSION,
        "id": f"{started:%Y%m%dT%H%M%SZ}-{suite}",
        "started": started,
        "suite": suite,
        "protocol": Protocol(),
        "environment": environment,
        "command": f"python -m bench all --suite {suite}",
        "bench": "0.1.0",
        "commit": "0123456789abcdef0123456789abcdef01234567",
        "dirty": False,
    }
    return Run(**(values | more))


def ok(us: float, *, samples: int = 40, seed: int = 0) -> Ok:
    """A correct result whose samples lie about `us` microseconds."""
    rng = random.Random(f"{us}/{seed}")  # noqa: S311 -- made-up numbers
    return Ok(
        latency_us=tuple(round(us * rng.lognormvariate(0, 0.006), 3) for _ in range(samples)),
        late_samples=0,
        first_call_ms=round(rng.uniform(1, 80), 2),
        warmup_calls=320,
        settled=True,
        accuracy=Accuracy(
            max_abs_error=0.00061, max_abs_bound=0.00195, relative_error=0.0021, relative_bound=0.01
        ),
        peak_memory_bytes=26_000_000,
    )


def result(entry: Entry, workload: Workload, outcome: Outcome, finished: datetime) -> Result:
    """What a run found for one case of `entry`."""
    values = {
        "implementation": entry.slug,
        "variant": entry.variant,
        "title": entry.title,
        "precision": "exact",
        "code_sha256": "0" * 64,
        "workload": workload,
        "finished": finished,
        "packages": {"torch": "2.13.0"},
        "outcome": outcome,
    }
    return Result(**(values | entry.more))


def write(root: Path, run: Run, results: Iterable[Result]) -> Path:
    """Write a run file into `root`'s data folder, as a run would."""
    with RunWriter(root / "data", run) as writer:
        for item in results:
            writer.append(item)
    return writer.path


def write_run(
    root: Path, entries: Sequence[Entry], *, run: Run | None = None, samples: int = 40
) -> Path:
    """Write a run of every entry on every workload of the suite; latency grows with the square."""
    run = run or _default_run()
    workloads = SUITES[run.suite].workloads
    first = workloads[0].seqlen_q
    results = []
    for entry in entries:
        for place, workload in enumerate(workloads):
            us = entry.us * (workload.seqlen_q / first) ** 2
            outcome = entry.outcome or ok(us, samples=samples, seed=place)
            finished = run.started + timedelta(seconds=len(results))
            results.append(result(entry, workload, outcome, finished))
    return write(root, run, results)


def _default_run() -> Run:
    return run()
