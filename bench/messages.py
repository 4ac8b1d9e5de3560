"""What the parent and a child process say to each other: JSON lines, typed on both sides."""

import msgspec

from bench.implementation import Device, Precision
from bench.outcome import Outcome
from bench.record import Protocol
from bench.workload import Workload


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Parent to child, once: measure this code on these workloads, in this order."""

    page: str
    """Path of the page, for tracebacks."""
    code: str
    line: int
    """Line of the page on which the code begins."""
    precision: Precision
    dependencies: tuple[str, ...]
    layer: bool
    """Whether the child runs in an environment of the page's own."""
    device: Device
    protocol: Protocol
    workloads: tuple[Workload, ...]


class Loaded(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Child to parent: the page's code runs; the workloads follow."""

    packages: dict[str, str]


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Child to parent: the page's code could not be loaded; no workload follows."""

    outcome: Outcome


class Started(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Child to parent: the next workload begins."""


class Finished(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Child to parent: the workload that began has this outcome."""

    outcome: Outcome
    local_kernels: tuple[str, ...]
    """Known only now: `prepare` or the call may have loaded them."""


Message = Loaded | Refused | Started | Finished
