"""A case as parent, worker and referee lead it, all in one process: their own code, no start-up."""

import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any

import msgspec
import torch
from bench_fixtures import QUICK, REQUEST
from records import CPU

from bench.devices import Device
from bench.devices.runtime import runtime_of
from bench.machine.shared_buffer import SharedBuffer
from bench.machine.worker_process import thread_waiting_us
from bench.operations.attention.workload import attention
from bench.operations.discovery import dec_hook, operation_of
from bench.operations.kernels import Tensors
from bench.operations.operation import Workload
from bench.pages.implementation import Precision
from bench.records.outcome import Failure, Ok, Passed
from bench.runner.context import RunContext
from bench.runner.measure_case import CaseExchange
from bench.runner.messages import Judge, Order, Report, Request, Verdict
from bench.runner.schedule import Kind
from bench.worker import case_under_test
from bench.worker.channel import Channel
from bench.worker.guard import Guard
from bench.worker.main_loop import _take_cases
from bench.worker.output_buffer import OutputBuffer
from bench.worker.referee import Referee

WORKLOAD = attention(32, 2, 64, "float32")

Page = Callable[[str, Tensors], object]
"""A page's code, which is told what its worker has said last: so it knows where it is."""


class Queues(Channel):
    """The worker's side of the conversation; what it said last tells where it is."""

    def __init__(self) -> None:
        self.orders: queue.Queue[Order | None] = queue.Queue()
        self.reports: queue.Queue[Report] = queue.Queue()
        self.said = ""

    def receive(self) -> Order | None:
        return self.orders.get()

    def send(self, report: Report) -> None:
        self.said = type(report).__name__
        self.reports.put(
            msgspec.json.decode(msgspec.json.encode(report), type=Report, dec_hook=dec_hook)
        )


class Worker:
    """A worker in a thread, in the place of a child process."""

    def __init__(
        self, module: ModuleType, channel: Queues, buffer: SharedBuffer, request: Request
    ) -> None:
        self._channel = channel
        runtime = runtime_of(request.device)
        output = OutputBuffer(buffer.descriptor)
        case = case_under_test.Worker(module, request, runtime, channel, output, Guard(runtime))
        self._thread = threading.Thread(target=_take_cases, args=[case], daemon=True)
        self._thread.start()

    def begin_case(self) -> None: ...

    def send(self, order: Order) -> None:
        self._channel.orders.put(order)

    def receive(self, timeout_s: float) -> Report:
        return self._channel.reports.get(timeout=timeout_s)

    def waiting_us(self) -> float:
        return thread_waiting_us(Path("/proc/self/task", str(self._thread.native_id)))

    def end(self) -> None:
        self._channel.orders.put(None)
        self._thread.join(10)


class Judging:
    """The referee, without a process of its own."""

    uuid = None

    def __init__(self, buffer: SharedBuffer) -> None:
        self._referee = Referee("cpu", OutputBuffer(buffer.descriptor), 1 << 30)

    def judge(
        self, workload: Workload, seed: int, precision: Precision, pattern: str | None = None
    ) -> Verdict:
        order = Judge(workload=workload, seed=seed, precision=precision, pattern=pattern)
        verdict = self._referee.judge(order)
        return msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict)


class InProcess:
    """Runs cases in one context, each in a worker of its own."""

    def __init__(self, scratch: Path, device: Device = "cpu", **protocol: Any) -> None:
        self._scratch = scratch
        self._buffer = SharedBuffer()
        referee: Any = Judging(self._buffer)
        environment = msgspec.structs.replace(CPU, device=device)
        rules = msgspec.structs.replace(QUICK, **protocol)
        self.context = RunContext(referee, self._buffer, environment, rules, 30, 1 << 40)

    def __call__(self, page: Page, kind: Kind = "time", round_: int = 1) -> Passed | Ok | Failure:
        """What a case of `page` comes to; patterns are judged in the first round only."""
        channel = Queues()

        def attention(q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, **_: object) -> object:
            return page(channel.said, {"q": q, "k": k, "v": v})

        return self._run(attention, WORKLOAD, kind, round_, channel)

    def run(
        self,
        function: Callable[..., object],
        workload: Workload,
        kind: Kind = "time",
        **hooks: Callable[[Workload], object],
    ) -> Passed | Ok | Failure:
        """What a case of `workload` comes to, for a page that defines `function` and `hooks`."""
        return self._run(function, workload, kind, 1, Queues(), hooks)

    def _run(
        self,
        function: Callable[..., object],
        workload: Workload,
        kind: Kind,
        round_: int,
        channel: Queues,
        hooks: Mapping[str, Callable[[Workload], object]] = MappingProxyType({}),
    ) -> Passed | Ok | Failure:
        module: Any = ModuleType("page")
        module.__dict__.update(hooks)
        setattr(module, operation_of(workload).name, function)
        request = msgspec.structs.replace(
            REQUEST,
            device=self.context.environment.device,
            protocol=self.context.protocol,
            scratch=str(self._scratch),
        )
        worker: Any = Worker(module, channel, self._buffer, request)
        try:
            return CaseExchange(self.context, worker, workload, kind, "exact", round_).run()[0]
        finally:
            worker.end()
