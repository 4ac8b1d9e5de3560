"""Makes up what is measured of a case: rounds, examinations, traces and the device's own pace."""

import random
from datetime import datetime
from typing import Any

from bench.records.outcome import (
    Accuracy,
    AlternateTiming,
    AlternateTimings,
    Burst,
    Clocks,
    Kernel,
    Ok,
    Passed,
    Trace,
)
from bench.records.run_lines import Canary, Environment

ACCURACY = Accuracy(
    max_abs_error=0.00061, max_abs_bound=0.00195, relative_error=0.0021, relative_bound=0.01
)

COOL = Clocks(sm_mhz=(1755, 1980), power_w=(431.2, 655.0), temperature_c=(41, 52))
HOT = Clocks(sm_mhz=(1410,), power_w=(402.0,), temperature_c=(88,), throttle=("sw_thermal",))
CAPPED = Clocks(
    sm_mhz=(1620, 1725), power_w=(688.4, 699.9), temperature_c=(58, 61), throttle=("power_cap",)
)


def ok(us: float, *, samples: int = 40, seed: object = 0, noise: float = 0.006, **more: Any) -> Ok:
    """A round whose samples lie about `us` microseconds."""
    rng = random.Random(f"{us}/{seed}")
    values = {
        "latency_us": tuple(round(us * rng.lognormvariate(0, noise), 3) for _ in range(samples)),
        "late_samples": 0,
        "first_call_ms": round(rng.uniform(1, 8), 2),
        "warmup_calls": 320,
        "settled": True,
        "accuracy": ACCURACY,
        "seeds": tuple(rng.randrange(2**32) for _ in range(3)),
        "busy_s": 0.52,
        "checked_batches": 4,
        "burst": Burst(calls=50, wall_us=round(us * 50 * 1.01 + 40, 1)),
    }
    return Ok(**(values | more))


def passed(us: float, environment: Environment, **more: Any) -> Passed:
    """An examination that went well, of a call of about `us` microseconds."""
    gpu = environment.device == "cuda"
    values: dict[str, Any] = {
        "accuracy": ACCURACY,
        "busy_s": 1.9,
        "lanes": AlternateTimings(
            cold=_timing(us * 1.002),
            wall=_timing(us * 1.05 + 30),
            warm=_timing(us * 0.985) if gpu else None,
            graph=_timing(us * 0.99) if gpu else None,
        ),
    }
    if gpu:
        values |= {"peak_memory_bytes": 52_000_000, "trace": trace(us)}
    return Passed(**(values | more))


def trace(us: float, *names: str, difference: float = 0.001) -> Trace:
    """CUPTI's view of a few calls, with a kernel for each name."""
    names = names or ("void flash_fwd_kernel<Flash_fwd_kernel_traits<128, 128, 64, 4>>(Params)",)
    return Trace(
        span_us=(us, us * 1.001, us * 0.999),
        event_us=tuple(us * (1 + difference) * pace for pace in (1, 1.001, 0.999)),
        kernels=tuple(
            Kernel(name=name, stream=7, duration_us=round(us / len(names), 2)) for name in names
        ),
    )


def _timing(us: float) -> AlternateTiming:
    return AlternateTiming(latency_us=tuple(round(us * pace, 3) for pace in (0.998, 1, 1.003)))


def canary(finished: datetime, *, pace: float = 1.0) -> Canary:
    """The device's own pace; larger is slower."""
    return Canary(
        finished=finished,
        matmul_n=8192,
        matmul_dtype="bfloat16",
        matmul_us=1520.0 * pace,
        copy_bytes=2**30,
        copy_us=560.0 * pace,
    )
