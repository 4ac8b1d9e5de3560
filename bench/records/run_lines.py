"""The records of a run: a `run` line, then a log of what the run did, one line at a time.

Each case is timed in rounds (one `result` for each round) and, unless the run only judges, examined
once (`examination`). The speed of the device itself is measured before each worker process and
after the last one (`canary`).

Decoding is validation. `data/schema.json` is generated from these types. Nothing here identifies a
person or a machine: no host name, user name, path, address or serial number.
"""

from datetime import datetime
from typing import Annotated, Any, Literal, NamedTuple

import msgspec

from bench.devices import Device
from bench.operations.discovery import schema_hook
from bench.operations.operation import Dtype, Workload
from bench.pages.implementation import Precision
from bench.records.outcome import Closed, Failure, Outcome, Passed, Status
from bench.text import Words

SCHEMA_VERSION = 3

Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Environment(Closed, frozen=True, kw_only=True):
    """The machine of a run: its hardware, its driver, and the software that all pages share."""

    device: Device
    name: Words
    """Name as the driver reports it, for example `NVIDIA H200`; for a CPU, its model name."""
    python: str
    torch: str
    os: str
    compute_capability: str | None = None
    multiprocessors: int | None = None
    memory_bytes: int | None = None
    l2_cache_bytes: int | None = None
    l2_set_aside_bytes: int | None = None
    """Bytes of L2 that the driver reserves for persisting data by default."""
    power_limit_w: float | None = None
    driver: str | None = None
    cuda: str | None = None
    cudnn: str | None = None
    triton: str | None = None
    sm_clock_max_mhz: int | None = None
    memory_clock_max_mhz: int | None = None
    ecc: bool | None = None
    mig: bool | None = None
    other_processes: int | None = None
    """Number of other processes that used the GPU when the run began."""
    threads: int | None = None
    """Number of threads that torch computes with; CPU runs only."""


class Protocol(Closed, frozen=True, kw_only=True):
    """How cases are timed; see the methodology page. Defaults stand for runs without the field."""

    seed: int = 0
    input_sets: int = 2
    warmup_s: float = 0.2
    warmup_max_s: float = 2.0
    settled_within: float = 0.005
    """Warm-up ends once the medians of two windows in a row differ by at most this share."""
    min_samples: int = 30
    min_time_s: float = 0.2
    """Sampling goes on until the samples of a round add up to at least this."""
    many_samples: int | None = None
    """Number of samples from which `min_time_s` no longer counts; short kernels need no more."""
    l2_flush_factor: float = 2.0
    """Size of the buffer written before each sample, as a multiple of the L2 cache."""
    flush_awaited: bool = False
    """Whether the host waits for that write before it enqueues the call; earlier runs did not."""
    rounds: Annotated[int, msgspec.Meta(ge=1)] = 1
    """Number of fresh processes that time each case; each round has its own random order."""
    interval_within: float | None = None
    """Sampling ends once the 95 % interval of the median is within ± this share of it."""
    max_time_s: float | None = None
    """Wall time after which sampling ends even if the interval is wider than `interval_within`."""
    lane_samples: int = 0
    """Number of samples in each alternate timing; these timings are never ranked."""
    sustained_after_s: float | None = None
    """Wall time for which calls run back to back before the sustained calls begin."""
    sustained_s: float | None = None
    """Wall time of the sustained calls (`Sustained`); None in runs without any."""
    judged_only: bool = False
    """Whether only outcomes count; a few samples are taken, because outputs are judged in them."""

    @property
    def steps(self) -> int:
        """Number of steps of a case: its rounds and, unless it is only judged, its examination."""
        return self.rounds + (not self.judged_only)


PROTOCOL = Protocol(
    flush_awaited=True,
    rounds=3,
    interval_within=0.005,
    max_time_s=3.0,
    lane_samples=12,
    many_samples=500,
)
"""The protocol of new runs; a kind of device may change it."""


def without_sustained(protocol: Protocol) -> Protocol:
    """`protocol` without sustained calls."""
    return msgspec.structs.replace(protocol, sustained_after_s=None, sustained_s=None)


def judging(protocol: Protocol) -> Protocol:
    """`protocol` for a run in which only outcomes count: one round of few samples, no warm-up."""
    return msgspec.structs.replace(
        without_sustained(protocol),
        judged_only=True,
        rounds=1,
        warmup_s=0.0,
        warmup_max_s=0.0,
        min_samples=6,
        min_time_s=0.0,
        many_samples=None,
        interval_within=None,
        max_time_s=None,
        lane_samples=0,
    )


class Run(Closed, frozen=True, kw_only=True, tag_field="type", tag="run"):
    """The first line of a run file."""

    schema: Annotated[int, msgspec.Meta(ge=1)]
    id: str
    started: Moment
    suite: str
    protocol: Protocol
    environment: Environment
    command: Words
    bench: str
    """Version of the harness."""
    commit: str | None = None
    dirty: bool | None = None
    """Whether the checkout differed from `commit`."""
    workloads: tuple[Workload, ...] = ()
    """The workloads of the suite, in its order; empty before schema 3."""


class LineKey(NamedTuple):
    """The identity of one line of the report: an implementation, or one of its variants."""

    implementation: str
    """The page's slug."""
    variant: str | None

    @property
    def name(self) -> str:
        """The key in links and addresses: `slug`, or `slug.variant`."""
        return f"{self.implementation}.{self.variant}" if self.variant else self.implementation

    @property
    def order(self) -> tuple[str, str]:
        """A key to sort by, because None does not compare with text."""
        return self.implementation, self.variant or ""


class CaseKey(NamedTuple):
    """The identity of a case within a run."""

    line: LineKey
    workload: Workload


class Case(Closed, frozen=True, kw_only=True):
    """One variant of a page on one workload, and the packages that it was measured with."""

    implementation: str
    """The page's slug."""
    variant: str | None
    title: Words
    precision: Precision
    code_sha256: str
    workload: Workload
    direction: Literal["forward"] | msgspec.UnsetType = msgspec.UNSET
    """The direction, in runs before schema 3 only; later runs record it in the workload."""
    finished: Moment
    packages: dict[str, str] = msgspec.field(default_factory=dict)
    """Versions of the page's own dependencies, as installed."""
    local_kernels: tuple[str, ...] = ()
    """Hub kernels that a local build replaced (`LOCAL_KERNELS`)."""

    @property
    def line(self) -> LineKey:
        """The implementation and variant."""
        return LineKey(self.implementation, self.variant)

    @property
    def key(self) -> CaseKey:
        """The identity of the case."""
        return CaseKey(self.line, self.workload)


class Examination(Case, frozen=True, kw_only=True, tag_field="type", tag="examination"):
    """The examination of a case, made once and never ranked; a failure ends the case."""

    outcome: Passed | Failure

    @property
    def status(self) -> str:
        """The tag of the outcome."""
        return str(self.outcome.__struct_config__.tag)


class Result(Case, frozen=True, kw_only=True, tag_field="type", tag="result"):
    """The result of one round of a case."""

    round: Annotated[int, msgspec.Meta(ge=1)] = 1
    outcome: Outcome

    @property
    def status(self) -> Status:
        """The tag of the outcome."""
        status: Status = self.outcome.__struct_config__.tag  # type: ignore[assignment]
        return status


class Canary(Closed, frozen=True, kw_only=True, tag_field="type", tag="canary"):
    """The speed of the device itself, measured before each worker process and after the last one.

    It is the time of a matrix product `[n, n] @ [n, n]` and of a copy, each the median of a few.
    """

    finished: Moment
    matmul_n: int
    matmul_dtype: Dtype
    matmul_us: float
    copy_bytes: int
    """Bytes that are read once and written once."""
    copy_us: float


Record = Run | Examination | Result | Canary


def json_schema() -> dict[str, Any]:
    """The JSON Schema of a line of a run file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"One line of a run file, schema version {SCHEMA_VERSION}",
        **msgspec.json.schema(Record, schema_hook=schema_hook),
    }
