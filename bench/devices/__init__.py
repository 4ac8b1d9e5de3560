"""What can be measured on: each folder is one kind of devices, and nothing else asks for a kind.

Any package may import the names from here, and only packages after `analysis` the rest.
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
"""The name of a kind of devices."""
