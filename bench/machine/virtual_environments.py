"""An environment for each page: the shared one, or a layer over it with the page's dependencies.

A layer is a virtual environment. A `.pth` file adds the shared packages after the layer's own, so
that every implementation runs on the same torch and conflicting packages never meet. Layers are
kept and reused, named by a hash of everything that determines their content. pip installs the
packages, because it honours the machine's configuration (an index, wheels in a folder, no network)
and is available wherever Python is.
"""

import contextlib
import fcntl
import functools
import hashlib
import importlib.metadata
import json
import shutil
import site
import sys
import sysconfig
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from bench.machine.child_environment import search_path
from bench.machine.pip import install
from bench.pages.implementation import Implementation
from bench.project import Project
from bench.records.outcome import Unavailable

_SHARED = ("torch", "triton")
"""Packages never installed into a layer, so that all implementations run on the same ones."""


@dataclass(frozen=True)
class Layer:
    """The virtual environment of a page."""

    folder: Path
    dependencies: tuple[str, ...]

    @property
    def python(self) -> Path:
        """Path of the layer's interpreter."""
        return self.folder / "bin" / "python"

    @property
    def pins(self) -> Path:
        """A constraints file with the versions of the packages in `_SHARED`."""
        return self.folder / "shared.txt"

    @property
    def packages(self) -> Path:
        """The folder in which the layer's own packages are installed."""
        version = f"python{sys.version_info.major}.{sys.version_info.minor}"
        return self.folder / "lib" / version / "site-packages"

    @property
    def lacking(self) -> tuple[str, ...]:
        """The dependencies that neither the layer nor the shared environment satisfies."""
        path = [str(self.packages), *sys.path]  # with what .pth files of shared packages add
        needs = filter(_applies, map(Requirement, self.dependencies))
        return tuple(str(need) for need in needs if not _found(need, path))

    @property
    def ready(self) -> bool:
        """Whether the layer was installed successfully and still satisfies the page."""
        return (self.folder / "complete").is_file() and not self.lacking


def missing(implementation: Implementation) -> tuple[str, ...]:
    """The page's dependencies that the shared environment does not satisfy."""
    needs = filter(_applies, map(Requirement, implementation.about.dependencies))
    return tuple(str(need) for need in needs if not _satisfied(need))


def layer_of(implementation: Implementation, project: Project) -> Layer:
    """The page's layer, whether or not it has been made."""
    wanted = sorted(implementation.about.dependencies)
    content = [sys.version, sys.prefix, wanted, _installed(), _shared_folders()]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
    folder = project.environments / f"{implementation.slug}-{digest}"
    return Layer(folder, implementation.about.dependencies)


def prepare_python(
    implementation: Implementation, project: Project, *, build: bool
) -> Path | Unavailable:
    """The interpreter that can import the page's dependencies, which are installed if needed.

    The result is `Unavailable` if pip does not find or cannot install them. Nothing is compiled
    unless `build` is set.
    """
    if not missing(implementation):
        return Path(sys.executable)
    layer = layer_of(implementation, project)
    try:
        with _alone(layer):
            problem = None if layer.ready else _make(layer, build=build)
    except OSError as error:
        problem = f"the page's environment cannot be created: {error}"
    return Unavailable(reason=problem) if problem else layer.python


def _make(layer: Layer, *, build: bool) -> str | None:
    """Make a layer, replacing whatever was there; return the reason if that fails."""
    shutil.rmtree(layer.folder, ignore_errors=True)
    _create(layer)
    if problem := install(layer.python, layer.dependencies, layer.pins, build=build):
        return problem
    if lacking := layer.lacking:
        return f"pip reported no error, but did not install {', '.join(lacking)} for the page"
    (layer.folder / "complete").touch()
    return None


def _applies(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def _satisfied(requirement: Requirement) -> bool:
    """Whether the shared environment certainly satisfies `requirement`."""
    if requirement.url or requirement.extras:
        return False  # installed metadata does not show this, so pip decides
    return _found(requirement, sys.path)


def _found(requirement: Requirement, path: list[str]) -> bool:
    """Whether the first package of that name on `path` has an allowed version."""
    packages = importlib.metadata.distributions(name=requirement.name, path=path)
    first = next(iter(packages), None)
    return first is not None and requirement.specifier.contains(first.version, prereleases=True)


@functools.cache
def _installed() -> tuple[str, ...]:
    """The shared packages with their versions; if they change, layers have to be made again."""
    packages = importlib.metadata.distributions()
    return tuple(sorted({f"{package.name}=={package.version}" for package in packages}))


def _shared_folders() -> list[str]:
    """The folders of the shared packages, in the order in which Python searches them."""
    return [*search_path(), *_installed_in()]


def _installed_in() -> list[str]:
    """The folders that Python itself adds to its search path."""
    folders = [*site.getsitepackages(), *map(sysconfig.get_path, ("purelib", "platlib"))]
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return list(dict.fromkeys([*user, *folders]))


def _pins() -> list[str]:
    return [pin for pin in _installed() if pin.split("==")[0] in _SHARED]


@contextlib.contextmanager
def _alone(layer: Layer) -> Iterator[None]:
    """Keep other runs from making the same layer at the same time."""
    layer.folder.parent.mkdir(parents=True, exist_ok=True)
    with layer.folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _create(layer: Layer) -> None:
    venv.create(layer.folder, symlinks=True, with_pip=False)
    # addsitedir, not the bare path: the shared packages may have .pth files of their own.
    added = [f"import site; site.addsitedir({folder!r})" for folder in _installed_in()]
    lines = "\n".join([*search_path(), *added])
    (layer.packages / "shared.pth").write_text(lines + "\n", encoding="utf-8")
    layer.pins.write_text("\n".join(_pins()) + "\n", encoding="utf-8")
