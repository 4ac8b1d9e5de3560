"""What NVIDIA's driver reports: the GPUs, their limits and clocks, and the processes on them."""

import contextlib
import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pynvml

from bench.devices.kind import ClockSampler
from bench.records.outcome import Clocks, Throttle

_INTERVAL_S = 0.1

_REASONS: dict[Throttle, str] = {
    "power_cap": "SwPowerCap",
    "hw_slowdown": "HwSlowdown",
    "hw_thermal": "HwThermalSlowdown",
    "hw_power_brake": "HwPowerBrakeSlowdown",
    "sw_thermal": "SwThermalSlowdown",
    "sync_boost": "SyncBoost",
    "display": "DisplayClockSetting",
}
"""Our names for throttle reasons, with NVML's for the same bits (nvml.h, Clocks event reasons)."""


def has_gpu() -> bool:
    """Whether the driver reports a GPU that the environment does not hide."""
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return False
    try:
        pynvml.nvmlInit()
        return bool(pynvml.nvmlDeviceGetCount())
    except pynvml.NVMLError:
        return False


def other_processes(uuid: str) -> int:
    """How many processes besides our referee use the GPU; 0 if the driver cannot report it."""
    try:
        gpu = _gpu(uuid)
        return max(0, len(pynvml.nvmlDeviceGetComputeRunningProcesses(gpu)) - 1)
    except pynvml.NVMLError:
        return 0


def limits(uuid: str) -> dict[str, object]:
    """The driver's version, and the GPU's limits and modes as far as the driver reports them."""
    gpu = _gpu(uuid)
    readers: dict[str, Callable[[], object]] = {
        "driver": pynvml.nvmlSystemGetDriverVersion,
        "power_limit_w": lambda: pynvml.nvmlDeviceGetEnforcedPowerLimit(gpu) / 1e3,
        "sm_clock_max_mhz": lambda: pynvml.nvmlDeviceGetMaxClockInfo(gpu, pynvml.NVML_CLOCK_SM),
        "memory_clock_max_mhz": lambda: pynvml.nvmlDeviceGetMaxClockInfo(
            gpu, pynvml.NVML_CLOCK_MEM
        ),
        "ecc": lambda: bool(pynvml.nvmlDeviceGetEccMode(gpu)[0]),
        "mig": lambda: bool(pynvml.nvmlDeviceGetMigMode(gpu)[0]),
    }
    values = {}
    for name, read in readers.items():
        with contextlib.suppress(pynvml.NVMLError):
            values[name] = read()
    return values


class NvmlClockSampler(ClockSampler):
    """Readings of the SM clock, power, temperature and throttle reasons, ten times a second."""

    def __init__(self, uuid: str) -> None:
        self._gpu = _gpu(uuid)
        self._energy_j: list[float] = []
        self._readings: list[tuple[int, float, int]] = []
        self._reasons: set[Throttle] = set()

    @property
    def clocks(self) -> Clocks | None:
        """The readings; None if the driver gave none."""
        if not self._readings:
            return None
        sm, power, temperature = zip(*self._readings, strict=True)
        return Clocks(
            sm_mhz=sm,
            power_w=power,
            temperature_c=temperature,
            throttle=tuple(sorted(self._reasons)),
        )

    @property
    def energy_j(self) -> float | None:
        """The energy used, in J; None unless the driver reported it at the start and at the end."""
        return round(self._energy_j[1] - self._energy_j[0], 3) if len(self._energy_j) == 2 else None

    def read_energy(self) -> None:
        """Read the counter of the energy used since the driver was loaded, if there is one."""
        with contextlib.suppress(pynvml.NVMLError):
            millijoules = pynvml.nvmlDeviceGetTotalEnergyConsumption(self._gpu)
            self._energy_j.append(millijoules / 1e3)

    def read_until(self, over: threading.Event) -> None:
        """Read until `over` is set, or until the driver refuses."""
        with contextlib.suppress(pynvml.NVMLError):
            while not over.wait(_INTERVAL_S):
                self._read()

    def _read(self) -> None:
        bits = pynvml.nvmlDeviceGetCurrentClocksEventReasons(self._gpu)
        self._readings.append(
            (
                pynvml.nvmlDeviceGetClockInfo(self._gpu, pynvml.NVML_CLOCK_SM),
                round(pynvml.nvmlDeviceGetPowerUsage(self._gpu) / 1e3, 1),
                pynvml.nvmlDeviceGetTemperature(self._gpu, pynvml.NVML_TEMPERATURE_GPU),
            )
        )
        self._reasons |= {ours for ours, theirs in _REASONS.items() if bits & _bit(theirs)}


@contextlib.contextmanager
def sample_clocks(uuid: str) -> Iterator[ClockSampler]:
    """Read the GPU's clocks in a thread of the parent, while a child uses the GPU."""
    sampler, over = NvmlClockSampler(uuid), threading.Event()
    thread = threading.Thread(target=sampler.read_until, args=[over], daemon=True)
    thread.start()
    sampler.read_energy()
    try:
        yield sampler
    finally:
        sampler.read_energy()
        over.set()
        thread.join()


def _gpu(uuid: str) -> Any:
    pynvml.nvmlInit()
    return pynvml.nvmlDeviceGetHandleByUUID(uuid)


def _bit(theirs: str) -> int:
    """NVML's bit for a reason, which older bindings call a throttle reason, not an event reason."""
    names = (f"nvmlClocksEventReason{theirs}", f"nvmlClocksThrottleReason{theirs}")
    return next(filter(None, (getattr(pynvml, name, 0) for name in names)), 0)
