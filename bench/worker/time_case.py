"""One round of a case: warms up, takes samples and lets the parent's clock check them."""

import time
from types import ModuleType

from bench.operations.operation import Workload
from bench.runner.messages import Done, Go, Ready, Request, RunBurst, Seed, Timed
from bench.worker.case_under_test import CaseUnderTest, begin
from bench.worker.channel import Channel
from bench.worker.clock import Clock, make_clock
from bench.worker.guard import Guard
from bench.worker.output_buffer import OutputBuffer
from bench.worker.timing import take_samples, warm_up


def time_case(
    module: ModuleType,
    workload: Workload,
    request: Request,
    channel: Channel,
    output_buffer: OutputBuffer,
    guard: Guard,
) -> None:
    """Time `workload` for one round, report the samples and hand over outputs for judgement.

    Raises:
        WrongError: an output or the behaviour of the page's code is wrong.
        Stopped: the parent ended the case.
        Exception: whatever the page's code raises.
    """
    case = begin(module, workload, request, channel, output_buffer, guard)
    clock = make_clock(request.device, l2_flush_factor=request.protocol.l2_flush_factor)
    while isinstance(order := channel.wait(Seed, Go), Seed):
        case.hand_over_pattern(order)
    case.last_batch(clock, channel.ask(_sampled(case, clock), Seed).seed)
    while True:  # until the parent stops the case
        _burst(case, clock, channel.wait(RunBurst))


def _sampled(case: CaseUnderTest, clock: Clock) -> Timed:
    protocol = case.request.protocol
    began = time.monotonic()
    warm = warm_up(clock, case.fresh_calls, protocol)
    samples = take_samples(
        lambda length: case.checked_batch(clock, length), protocol, warm.latency_us
    )
    return Timed(
        latency_us=tuple(round(us, 3) for us in samples.latency_us),
        late_samples=samples.late,
        warmup_calls=warm.calls,
        settled=warm.settled,
        busy_s=round(time.monotonic() - began, 4),
        checked_batches=samples.batches,
    )


def _burst(case: CaseUnderTest, clock: Clock, burst: RunBurst) -> None:
    """Make calls back to back while the parent takes the time; hand over the last output."""
    case.fill(burst.seed)
    calls = case.calls(burst.calls)
    clock.finish()
    case.channel.ask(Ready(), Go)
    output = None
    for call in calls:
        output = call.run()
    clock.finish()
    case.channel.send(Done())
    case.hand_over(output)
