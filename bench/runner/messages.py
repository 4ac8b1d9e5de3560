"""Messages between the parent and its processes: JSON lines, typed on both sides.

A worker runs a page's code and cannot be trusted; the referee judges outputs and runs no page's
code.
"""

import msgspec

from bench.analysis.alternate_timings import ClockPair
from bench.devices import Device
from bench.operations.operation import Workload
from bench.pages.implementation import Precision
from bench.records.outcome import Accuracy, Failure, Findings, Sampled
from bench.records.run_lines import Canary, Environment, Protocol
from bench.text import Words


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """One message in either direction."""


# To a worker.


class Request(Message, frozen=True, kw_only=True):
    """The first message: the code to load, and how it will be measured."""

    page: str
    """Path of the page, for tracebacks."""
    code: str
    line: int
    """Line of the page on which the code begins, from 1."""
    precision: Precision
    dependencies: tuple[str, ...]
    layer: bool
    """Whether the worker runs in the page's own environment."""
    device: Device
    l2_set_aside_bytes: int | None
    """Bytes of L2 reserved for persisting data in a process in which no page's code has run."""
    protocol: Protocol
    scratch: str
    """Folder in which a process of this variant leaves files for the next one."""


class Examine(Message, frozen=True, kw_only=True):
    """Examine this workload: make the measurements that are made once and never ranked."""

    workload: Workload


class Time(Message, frozen=True, kw_only=True):
    """Time this workload for one round."""

    workload: Workload


class Seed(Message, frozen=True, kw_only=True):
    """Fill the inputs from this seed, which nobody knew before, and continue."""

    seed: int
    pattern: str | None = None
    """The pattern of the inputs; None for N(0, 1)."""


class RunBurst(Message, frozen=True, kw_only=True):
    """Fill the inputs from the seed, send `Ready`, and after `Go` make the calls back to back."""

    calls: int
    seed: int


class Go(Message, frozen=True, kw_only=True):
    """Begin: the parent's clock is running."""


class Stop(Message, frozen=True, kw_only=True):
    """End the case; another order follows, or the end of the pipe."""


Order = Request | Examine | Time | Seed | RunBurst | Go | Stop

# From a worker.


class Loaded(Message, frozen=True, kw_only=True):
    """The page's code is loaded; orders may follow."""

    packages: dict[Words, Words]


class Refused(Message, frozen=True, kw_only=True):
    """The page's code could not be loaded; nothing follows."""

    outcome: Failure


class Prepared(Message, frozen=True, kw_only=True):
    """`prepare` and `plan` have run without knowing any input; a seed may follow."""


class Handed(Message, frozen=True, kw_only=True):
    """An output of the right form is in the memory that the referee shares."""

    first_call_ms: float | None = None


class Timed(Sampled, frozen=True, kw_only=True, tag=True):
    """The samples of a round; the parent now asks for a last batch and a burst on new inputs."""

    latency_us: tuple[float, ...]
    """Not to be trusted yet: a worker may claim anything."""


class Ready(Message, frozen=True, kw_only=True):
    """The inputs of the burst are in place and the device is idle."""


class Done(Message, frozen=True, kw_only=True):
    """The calls of the burst have ended, on the device too."""


class Examined(Findings, frozen=True, kw_only=True, tag=True):
    """The measurements that are made once; the parent then judges a last output on new inputs."""


class Ended(Message, frozen=True, kw_only=True):
    """The case is over: with this failure or, if there is none, with the parent's verdict."""

    outcome: Failure | None
    local_kernels: tuple[Words, ...]
    """Hub kernels that a local build replaced; known only now, because any call may load one."""


Report = Loaded | Refused | Prepared | Handed | Timed | Ready | Done | Examined | Ended

# To the referee, and from it.


class Judge(Message, frozen=True, kw_only=True):
    """Compare the output in the shared memory with the reference for the inputs of `seed`."""

    workload: Workload
    seed: int
    precision: Precision
    pattern: str | None = None


class TimeCanary(Message, frozen=True, kw_only=True):
    """Time the canary."""


class Hello(Message, frozen=True, kw_only=True):
    """The referee is ready; this is the environment as torch sees it."""

    environment: Environment
    uuid: str | None
    """UUID by which NVML finds the GPU; never recorded."""


class Verdict(Message, frozen=True, kw_only=True):
    """The errors of an output, and the problem with it, if any."""

    accuracy: Accuracy | None = None
    problem: str | None = None
    out_of_memory: bool = False
    """Whether the output could not be judged because the reference did not fit into memory."""


RefereeOrder = Judge | TimeCanary
RefereeReport = Hello | Verdict | Canary

# From the process that times kernels by NVBench's clock and by ours.


class ClocksCompared(Message, frozen=True, kw_only=True):
    """The kernels that both clocks timed, and why others are missing."""

    pairs: tuple[ClockPair, ...] = ()
    problem: str | None = None
