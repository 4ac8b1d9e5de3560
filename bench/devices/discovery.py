"""All kinds of devices, found in the folders next to this file."""

from importlib import import_module

from bench.devices import NAMES, Device
from bench.devices.kind import DeviceKind
from bench.records.run_lines import Environment

KINDS: dict[Device, DeviceKind] = {
    name: import_module(f"bench.devices.{name}.kind").KIND for name in NAMES
}
"""The kinds of devices by their names, the preferred ones first."""


def detect_device() -> Device:
    """The preferred kind of device that this machine has."""
    return next(name for name, kind in KINDS.items() if kind.is_present())


def device_folder(environment: Environment) -> str:
    """The folder of a device's runs: `NVIDIA H200` is `nvidia-h200`, every CPU is `cpu`."""
    return KINDS[environment.device].folder(environment.name)
