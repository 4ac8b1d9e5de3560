"""A case as parent, worker and referee lead it, all in one process: their own code, no start-up."""

import queue
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import msgspec
from bench_fixtures import QUICK, REQUEST
from records import CPU

from bench.machine.gauge import gauge
from bench.machine.share import SharedMemory
from bench.pages.implementation import Device, Precision
from bench.records.outcome import Failure, Ok, Passed
from bench.runs.conduct import Conduct
from bench.runs.desk import Desk
from bench.runs.messages import Judge, Order, Report, Request, Verdict
from bench.runs.schedule import Kind
from bench.worker.guard import Guard
from bench.worker.inputs import Inputs
from bench.worker.obey import _take_cases
from bench.worker.referee import Referee
from bench.worker.share import Share
from bench.worker.talk import Talk
from bench.workload import Workload, attention

WORKLOAD = attention(32, 2, 64, "float32")

Page = Callable[[str, Inputs], object]
"""A page's code, which is told what its worker has said last: so it knows where it is."""


class Queues(Talk):
    """The worker's side of the conversation; what it said last tells where it is."""

    def __init__(self) -> None:
        self.orders: queue.Queue[Order | None] = queue.Queue()
        self.reports: queue.Queue[Report] = queue.Queue()
        self.said = ""

    def order(self) -> Order | None:
        return self.orders.get()

    def say(self, report: Report) -> None:
        self.said = type(report).__name__
        self.reports.put(msgspec.json.decode(msgspec.json.encode(report), type=Report))


class Worker:
    """A worker in a thread, in the place of a child process."""

    def __init__(self, page: Page, share: SharedMemory, request: Request) -> None:
        self._talk = Queues()
        module: Any = ModuleType("page")
        module.attention = lambda q, k, v, **_: page(self._talk.said, Inputs(q, k, v))
        given = (module, request, self._talk, Share(share.descriptor), Guard())
        self._thread = threading.Thread(target=_take_cases, args=given, daemon=True)
        self._thread.start()

    def begin_case(self) -> None: ...

    def tell(self, order: Order) -> None:
        self._talk.orders.put(order)

    def hear(self, timeout_s: float) -> Report:
        return self._talk.reports.get(timeout=timeout_s)

    def end(self) -> None:
        self._talk.orders.put(None)
        self._thread.join(10)


class Judging:
    """The referee, without a process of its own."""

    def __init__(self, share: SharedMemory) -> None:
        self._referee = Referee("cpu", Share(share.descriptor))

    def judge(self, workload: Workload, seed: int, precision: Precision) -> Verdict:
        verdict = self._referee.judge(Judge(workload=workload, seed=seed, precision=precision))
        return msgspec.json.decode(msgspec.json.encode(verdict), type=Verdict)


class InProcess:
    """Leads cases through one desk, each in a worker of its own."""

    def __init__(self, scratch: Path, device: Device = "cpu", **protocol: Any) -> None:
        self._scratch = scratch
        self._share = SharedMemory()
        referee: Any = Judging(self._share)
        watched = partial(gauge, None)
        rules = msgspec.structs.replace(QUICK, **protocol)
        self.desk = Desk(referee, self._share, rules, CPU, device, 30, 1 << 40, watched)

    def __call__(self, page: Page, kind: Kind = "time", round_: int = 1) -> Passed | Ok | Failure:
        """What a case of `page` comes to."""
        request = msgspec.structs.replace(
            REQUEST,
            device=self.desk.device,
            protocol=self.desk.protocol,
            scratch=str(self._scratch),
        )
        worker: Any = Worker(page, self._share, request)
        try:
            return Conduct(self.desk, worker, WORKLOAD, kind, "exact", round_).lead()[0]
        finally:
            worker.end()
