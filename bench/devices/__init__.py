"""Kinds of devices: each folder is one kind, and no code outside asks which kind a device is.

Any package may import the names from here; only packages after `analysis` may import the rest.
"""

import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

_FALLBACK = "cpu"

_MODULES = pkgutil.iter_modules([str(Path(__file__).parent)])

NAMES: tuple[str, ...] = tuple(
    sorted((each.name for each in _MODULES if each.ispkg), key=lambda name: name == _FALLBACK)
)
"""The kinds of devices, the preferred ones first; the last one is on every machine."""

if TYPE_CHECKING:
    Device: TypeAlias = str
else:
    Device = Literal[NAMES]
"""The name of a kind of device."""
