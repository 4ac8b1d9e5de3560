"""Sustained calls: which cases have them, what is timed, and which energy is counted."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pynvml
import pytest
import torch
from bench_fixtures import WritePage
from in_process import InProcess

from bench.analysis.stats import median
from bench.cli.make_config import make_config
from bench.cli.options import RunOptions
from bench.devices.cuda.nvml import NvmlClockSampler, limits, sample_clocks
from bench.devices.kind import ClockSampler
from bench.operations.attention.workload import attention
from bench.operations.rms_norm.workload import RmsNormWorkload
from bench.pages.suites import Suite
from bench.project import Project
from bench.records.outcome import Burst, Clocks, Ok
from bench.runner.measure_case import CaseExchange

FORWARD = [attention(length, 2, 64, "float32") for length in (32, 64, 128)]
BACKWARD = [attention(length, 2, 64, "float32", direction="backward") for length in (32, 64)]
ROWS = RmsNormWorkload(rows=64, columns=512, dtype="float32")


def test_the_forward_workloads_of_a_suite_with_the_middle_and_the_most_work_are_sustained() -> None:
    workloads = (FORWARD[2], BACKWARD[0], *FORWARD[:2], BACKWARD[1])
    assert Suite("s", "s", "", workloads).sustained == set(FORWARD[1:])
    assert Suite("s", "s", "", tuple(FORWARD[:2])).sustained == set(FORWARD[:2])
    assert Suite("s", "s", "", (FORWARD[1],)).sustained == {FORWARD[1]}
    assert Suite("s", "s", "", tuple(BACKWARD)).sustained == frozenset()


def test_a_run_of_a_part_of_a_suite_chooses_sustained_workloads_from_that_part(
    project: Project, write_page: WritePage
) -> None:
    whole, part = (
        make_config(project, [write_page()], RunOptions(device="cuda", suite="flux", only=only))
        for only in (None, ["*s42*", "*s43*"])
    )
    assert {workload.size for workload in whole.suite.sustained} == {4416, 4608}
    assert {workload.size for workload in part.suite.sustained} == {4224, 4352}


@pytest.mark.parametrize("keys", ["", "sustained: false\n"])
def test_a_suite_may_leave_out_sustained_calls_and_its_run_s_protocol_says_so(
    keys: str, project: Project, write_page: WritePage
) -> None:
    flux = (project.suites / "flux.md").read_text(encoding="utf-8")
    page = flux.replace("workloads:\n", f"{keys}workloads:\n", 1)
    (project.suites / "mine.md").write_text(page, encoding="utf-8")
    options = RunOptions(device="cuda", suite="mine")
    protocol = make_config(project, [write_page()], options).protocol
    times = (None, None) if keys else (1.5, 2.0)
    assert (protocol.sustained_after_s, protocol.sustained_s) == times


def slow(x: torch.Tensor, weight: torch.Tensor, *, eps: float) -> torch.Tensor:
    """RMSNorm that takes some milliseconds whatever else the machine does."""
    time.sleep(0.004)
    return torch.nn.functional.rms_norm(x, weight.shape, weight, eps)


def timed(tmp_path: Path, *, chosen: bool) -> Ok:
    run_case = InProcess(tmp_path, sustained_after_s=0.1, sustained_s=0.3)
    sustained = frozenset([ROWS] if chosen else FORWARD)
    run_case.context = replace(run_case.context, sustained=sustained)
    outcome = run_case.run(slow, ROWS)
    assert isinstance(outcome, Ok)
    return outcome


def test_sustained_calls_fill_the_time_of_the_protocol_and_are_timed_together(
    tmp_path: Path,
) -> None:
    outcome = timed(tmp_path, chosen=True)
    sustained = outcome.sustained
    assert sustained
    # A busy machine may be eight times slower in the one than in the other.
    assert 300_000 / 8 < sustained.wall_us < 300_000 * 8
    assert 1 / 8 < sustained.wall_us / sustained.calls / median(outcome.latency_us) < 8
    assert sustained.calls > 8  # so the time of one call alone would be seen
    assert sustained.calls % 2 == 1  # the last call is on the first of two input sets


def test_the_calls_that_only_bring_the_gpu_into_its_state_are_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    timing = InProcess(tmp_path, sustained_after_s=1.0, sustained_s=2.0).context
    context = replace(timing, sustained=frozenset([ROWS]))
    nobody: Any = SimpleNamespace()
    bursts = iter([Burst(calls=11, wall_us=100.0), Burst(calls=33, wall_us=450.0)])
    samplers = iter([SimpleNamespace(energy_j=joules, clocks=None) for joules in (1.0, 2.0)])
    monkeypatch.setattr(CaseExchange, "_burst", lambda *_: (next(bursts), next(samplers)))
    samples: Any = SimpleNamespace(enqueue_us=1.0, latency_us=(10.0,))
    case = CaseExchange(context, nobody, ROWS, "time", "exact", 1)
    sustained = case._sustained(samples, Burst(calls=1, wall_us=10.0), 1)
    assert sustained
    assert (sustained.calls, sustained.wall_us, sustained.energy_j) == (33, 450.0, 2.0)


def test_a_case_that_is_not_chosen_has_no_sustained_calls(tmp_path: Path) -> None:
    assert timed(tmp_path, chosen=False).sustained is None


def test_a_case_whose_calls_the_host_takes_longer_to_enqueue_has_no_sustained_calls(
    tmp_path: Path,
) -> None:
    context = replace(InProcess(tmp_path, sustained_s=0.3).context, sustained=frozenset([ROWS]))
    nobody: Any = SimpleNamespace()  # a worker that cannot be asked
    case = CaseExchange(context, nobody, ROWS, "time", "exact", 1)
    burst, slow_host, slow_device = Burst(calls=1, wall_us=1.0), (100.0, 90.0), (90.0, 100.0)
    for (enqueue_us, latency_us), asks in ((slow_host, False), (slow_device, True)):
        samples: Any = SimpleNamespace(enqueue_us=enqueue_us, latency_us=(latency_us,))
        if asks:
            with pytest.raises(AttributeError, match="send"):
                case._sustained(samples, burst, 1)
        else:
            assert case._sustained(samples, burst, 1) is None


class NVMLError(Exception):
    """What the fake driver raises."""


def use_driver(monkeypatch: pytest.MonkeyPatch, *millijoules: int) -> None:
    """A driver with these readings of its counter, and with no clocks."""
    counter = iter(millijoules)

    def energy(_: str) -> int:
        for reading in counter:
            return reading
        raise NVMLError

    def clocks(_: str) -> int:
        raise NVMLError

    nvml = ModuleType("pynvml")
    nvml.__dict__.update(
        NVMLError=NVMLError,
        nvmlInit=lambda: None,
        nvmlDeviceGetHandleByUUID=lambda uuid: uuid,
        nvmlDeviceGetTotalEnergyConsumption=energy,
        nvmlDeviceGetCurrentClocksEventReasons=clocks,
    )
    monkeypatch.setattr("bench.devices.cuda.nvml.pynvml", nvml)


def test_the_energy_is_what_the_counter_grew_by_in_joules(monkeypatch: pytest.MonkeyPatch) -> None:
    use_driver(monkeypatch, 5_000_000, 5_001_250)
    before = threading.active_count()
    with sample_clocks("GPU-1") as sampler:
        assert sampler.energy_j is None
    assert sampler.energy_j == 1.25
    assert sampler.clocks is None
    assert threading.active_count() == before


def test_a_driver_that_does_not_count_gives_no_energy(monkeypatch: pytest.MonkeyPatch) -> None:
    use_driver(monkeypatch, 5_000_000)
    with sample_clocks("GPU-1") as sampler:
        pass
    assert sampler.energy_j is None
    assert ClockSampler().energy_j is None


def use_answers(monkeypatch: pytest.MonkeyPatch, **answers: Callable[..., object]) -> None:
    """Let these functions of the real bindings, with their real constants, answer for a driver."""
    found = {"nvmlInit": lambda: None, "nvmlDeviceGetHandleByUUID": lambda uuid: uuid}
    for name, answer in (found | answers).items():
        monkeypatch.setattr(pynvml, name, answer)


def test_what_the_driver_reports_of_a_gpu_is_recorded_under_its_own_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    highest = {pynvml.NVML_CLOCK_SM: 1980, pynvml.NVML_CLOCK_MEM: 3201}
    use_answers(
        monkeypatch,
        nvmlSystemGetDriverVersion=lambda: "580.159.04",
        nvmlDeviceGetEnforcedPowerLimit=lambda _: 700_000,
        nvmlDeviceGetMaxClockInfo=lambda _, clock: highest[clock],
        nvmlDeviceGetEccMode=lambda _: (1, 1),
        nvmlDeviceGetMigMode=Mock(side_effect=pynvml.NVMLError(3)),
    )
    assert limits("GPU-1") == {
        "driver": "580.159.04",
        "power_limit_w": 700.0,
        "sm_clock_max_mhz": 1980,
        "memory_clock_max_mhz": 3201,
        "ecc": True,
    }


@pytest.mark.parametrize(
    ("bits", "reasons"),
    [
        (0x1, ()),  # the GPU is idle
        (0x4, ("power_cap",)),
        (0x8 | 0x40, ("hw_slowdown", "hw_thermal")),
        (0x10, ("sync_boost",)),
        (0x20, ("sw_thermal",)),
        (0x80, ("hw_power_brake",)),
        (0x100, ("display",)),
    ],
)
def test_the_reasons_for_a_lower_clock_are_those_of_nvml_s_bits(
    bits: int, reasons: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bits are those of nvml.h, Clocks event reasons."""
    use_answers(
        monkeypatch,
        nvmlDeviceGetCurrentClocksEventReasons=lambda _: bits,
        nvmlDeviceGetClockInfo=lambda *_: 1980,
        nvmlDeviceGetPowerUsage=lambda _: 650_000,
        nvmlDeviceGetTemperature=lambda *_: 60,
    )
    sampler, over = NvmlClockSampler("GPU-1"), Mock(wait=Mock(side_effect=[False, True]))
    sampler.read_until(over)
    assert sampler.clocks == Clocks(
        sm_mhz=(1980,), power_w=(650.0,), temperature_c=(60,), throttle=reasons
    )
