"""Readings of the GPU from the NVIDIA driver, taken in the parent while a child uses the GPU."""

import threading
from types import TracebackType
from typing import Any, Protocol, Self

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


class ClockSampler(Protocol):
    """Reads the GPU's clocks while its `with` block runs."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    @property
    def clocks(self) -> Clocks | None:
        """The readings; None if there are none."""
        ...


class NoClockSampler:
    """The sampler for a device that NVML does not know: it reads nothing."""

    clocks: Clocks | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Do nothing, because nothing was started."""


class NvmlClockSampler:
    """Reads the SM clock, power, temperature and throttle reasons ten times a second."""

    def __init__(self, uuid: str) -> None:
        import pynvml

        pynvml.nvmlInit()
        self._nvml: Any = pynvml
        self._gpu = pynvml.nvmlDeviceGetHandleByUUID(uuid)
        self._readings: list[tuple[int, float, int]] = []
        self._reasons: set[Throttle] = set()
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

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

    def _watch(self) -> None:
        while not self._over.wait(_INTERVAL_S):
            try:
                self._read()
            except self._nvml.NVMLError:
                return

    def _read(self) -> None:
        nvml, gpu = self._nvml, self._gpu
        bits = nvml.nvmlDeviceGetCurrentClocksEventReasons(gpu)
        self._readings.append(
            (
                nvml.nvmlDeviceGetClockInfo(gpu, nvml.NVML_CLOCK_SM),
                round(nvml.nvmlDeviceGetPowerUsage(gpu) / 1e3, 1),
                nvml.nvmlDeviceGetTemperature(gpu, nvml.NVML_TEMPERATURE_GPU),
            )
        )
        self._reasons |= {ours for ours, bit in _bits(nvml).items() if bits & bit}


def make_sampler(uuid: str | None) -> ClockSampler:
    """The sampler for the GPU that `uuid` names; without a GPU, a sampler that reads nothing."""
    return NvmlClockSampler(uuid) if uuid else NoClockSampler()


def other_processes(uuid: str) -> int:
    """Number of processes besides our referee that use the GPU; 0 if the driver gives none."""
    import pynvml

    try:
        pynvml.nvmlInit()
        gpu = pynvml.nvmlDeviceGetHandleByUUID(uuid)
        return max(0, len(pynvml.nvmlDeviceGetComputeRunningProcesses(gpu)) - 1)
    except pynvml.NVMLError:
        return 0


def _bits(nvml: Any) -> dict[Throttle, int]:
    """NVML's bit for each reason; older bindings call them throttle reasons, not event reasons."""
    return {
        ours: getattr(nvml, f"nvmlClocksEventReason{theirs}", 0)
        or getattr(nvml, f"nvmlClocksThrottleReason{theirs}", 0)
        for ours, theirs in _REASONS.items()
    }
