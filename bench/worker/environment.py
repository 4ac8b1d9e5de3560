"""The environment as torch sees it."""

import contextlib
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

import msgspec
import torch

from bench.pages.implementation import Device
from bench.records.record import Environment
from bench.worker.l2_persisting import set_aside_bytes


def read_environment(device: Device) -> Environment:
    """The hardware and the versions that a run on `device` uses."""
    common = {
        "python": platform.python_version(),
        "torch": str(torch.__version__),
        "os": f"{platform.system()} {platform.machine()}",
        "triton": _version("triton"),
    }
    return _cuda(common) if device == "cuda" else _cpu(common)


def _cpu(common: dict[str, str | None]) -> Environment:
    return msgspec.convert(
        {**common, "device": "cpu", "name": _cpu_name(), "threads": torch.get_num_threads()},
        Environment,
    )


def _cuda(common: dict[str, str | None]) -> Environment:
    import pynvml

    gpu = torch.cuda.get_device_properties(0)
    torch.cuda.synchronize()  # creates the context that `set_aside_bytes` needs
    pynvml.nvmlInit()
    return msgspec.convert(
        {
            **common,
            "device": "cuda",
            "name": gpu.name,
            "compute_capability": f"{gpu.major}.{gpu.minor}",
            "multiprocessors": gpu.multi_processor_count,
            "memory_bytes": gpu.total_memory,
            "l2_cache_bytes": gpu.L2_cache_size,
            "l2_set_aside_bytes": set_aside_bytes(),
            **_limits(gpu_uuid()),
            "driver": pynvml.nvmlSystemGetDriverVersion(),
            "cuda": torch.version.cuda,
            "cudnn": str(torch.backends.cudnn.version()),
        },
        Environment,
    )


def gpu_uuid() -> str:
    """UUID by which NVML finds the GPU that torch uses; the two may number GPUs differently."""
    return f"GPU-{torch.cuda.get_device_properties(0).uuid}"


def _limits(uuid: str) -> dict[str, object]:
    """The GPU's limits and modes, as far as the driver reports them."""
    import pynvml

    gpu = pynvml.nvmlDeviceGetHandleByUUID(uuid)
    readers: dict[str, Callable[[], object]] = {
        "power_limit_w": lambda: pynvml.nvmlDeviceGetEnforcedPowerLimit(gpu) / 1e3,
        "sm_clock_max_mhz": lambda: pynvml.nvmlDeviceGetMaxClockInfo(gpu, pynvml.NVML_CLOCK_SM),
        "memory_clock_max_mhz": lambda: pynvml.nvmlDeviceGetMaxClockInfo(
            gpu, pynvml.NVML_CLOCK_MEM
        ),
        "ecc": lambda: bool(pynvml.nvmlDeviceGetEccMode(gpu)[0]),
        "mig": lambda: bool(pynvml.nvmlDeviceGetMigMode(gpu)[0]),
    }
    limits = {}
    for name, read in readers.items():
        with contextlib.suppress(pynvml.NVMLError):
            limits[name] = read()
    return limits


def _cpu_name() -> str:
    """The CPU's model name if the system gives it, else its architecture."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 no file of ours
            names = [line.split(":", 1)[1] for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return " ".join(names[0].split()) if names else f"{platform.machine()} CPU"


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
