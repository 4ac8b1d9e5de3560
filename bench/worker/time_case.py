"""One round of a case: warms up, takes samples and lets the parent's clock check them."""

import time

from bench.devices.runtime import Clock
from bench.operations.operation import Workload
from bench.runner.messages import Done, Go, Ready, RunBurst, Seed, Timed
from bench.worker.case_under_test import CaseUnderTest, Worker, begin
from bench.worker.timing import take_samples, warm_up


def time_case(worker: Worker, workload: Workload) -> None:
    """Time `workload` for one round, report the samples and hand over outputs for judgement.

    Raises:
        WrongError: an output or the behaviour of the page's code is wrong.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    case, channel = begin(worker, workload), worker.channel
    clock = worker.runtime.make_clock(l2_flush_factor=worker.request.protocol.l2_flush_factor)
    while isinstance(order := channel.wait(Seed, Go), Seed):
        case.hand_over_pattern(order)
    case.last_batch(clock, channel.ask(_sampled(case, clock), Seed).seed)
    while True:  # until the parent stops the case
        _burst(case, channel.wait(RunBurst))


def _sampled(case: CaseUnderTest, clock: Clock) -> Timed:
    protocol = case.worker.request.protocol
    began = time.monotonic()
    warm = warm_up(clock, case.fresh_calls, protocol)
    samples = take_samples(
        lambda length: case.checked_batch(clock, length), protocol, warm.latency_us
    )
    return Timed(
        latency_us=tuple(round(us, 3) for us in samples.latency_us),
        late_samples=samples.late,
        enqueue_us=None if samples.enqueue_us is None else round(samples.enqueue_us, 1),
        warmup_calls=warm.calls,
        settled=warm.settled,
        busy_s=round(time.monotonic() - began, 4),
        checked_batches=samples.batches,
    )


def _burst(case: CaseUnderTest, burst: RunBurst) -> None:
    """Make calls back to back while the parent times them; hand over the last output."""
    case.fill(burst.seed)
    calls, worker = case.calls(burst.calls), case.worker
    worker.runtime.synchronize()
    worker.channel.ask(Ready(), Go)
    output = None
    for call in calls:
        output = call.run()
    worker.runtime.synchronize()
    worker.channel.send(Done())
    case.hand_over(output)
