"""An environment for each page: the shared one, or a layer over it with what the page asks for.

A layer is a virtual environment that sees the shared packages through a `.pth` file, so that every
implementation runs on the same torch, and conflicting packages never meet. It is cached by what is
in it. pip builds it, because pip honours the machine's own configuration (an index, wheels in a
folder, no network) and is there wherever Python is.
"""

import hashlib
import importlib.metadata
import json
import platform
import shutil
import subprocess
import sys
import sysconfig
import venv
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement

from bench.implementation import Implementation
from bench.outcome import Unavailable
from bench.project import Project

_SHARED = ("torch", "triton")
"""Never installed into a layer: all implementations are compared on the same ones."""

_INSTALL_TIMEOUT_S = 1800


@dataclass(frozen=True)
class Layer:
    """The virtual environment of a page."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def ready(self) -> bool:
        """Whether its installation once ended well."""
        return (self.folder / "complete").is_file()


def missing(implementation: Implementation) -> tuple[str, ...]:
    """The page's dependencies that the shared environment does not satisfy."""
    return tuple(
        dependency
        for dependency in implementation.about.dependencies
        if not _satisfied(Requirement(dependency))
    )


def layer_of(implementation: Implementation, project: Project) -> Layer:
    """Where the page's layer is, whether or not it has been made."""
    content = [sys.version, sys.prefix, sorted(implementation.about.dependencies), _pins()]
    digest = hashlib.sha256(json.dumps(content).encode()).hexdigest()[:12]
    return Layer(project.environments / f"{implementation.slug}-{digest}")


def prepare_python(
    implementation: Implementation, project: Project, *, build: bool
) -> Path | Unavailable:
    """The interpreter that can import what the page asks for; installs it where that is needed.

    `Unavailable` where pip did not find or install it; nothing is compiled unless `build`.
    """
    if not missing(implementation):
        return Path(sys.executable)
    layer = layer_of(implementation, project)
    if not layer.ready:
        shutil.rmtree(layer.folder, ignore_errors=True)
        _create(layer)
        if problem := _install(layer, implementation, build=build):
            return Unavailable(reason=problem)
        (layer.folder / "complete").touch()
    return layer.python


def _satisfied(requirement: Requirement) -> bool:
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return requirement.specifier.contains(version, prereleases=True)


def _pins() -> list[str]:
    pins = []
    for name in _SHARED:
        try:
            pins.append(f"{name}=={importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            continue
    return pins


def _create(layer: Layer) -> None:
    venv.create(layer.folder, symlinks=True, with_pip=False)
    shared = dict.fromkeys(sysconfig.get_path(name) for name in ("purelib", "platlib"))
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    packages = layer.folder / "lib" / version / "site-packages"
    # addsitedir, not the bare path: the shared packages may have .pth files of their own.
    lines = [f"import site; site.addsitedir({folder!r})" for folder in shared]
    (packages / "shared.pth").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _install(layer: Layer, implementation: Implementation, *, build: bool) -> str | None:
    """Install what the page asks for; the reason where that fails."""
    pins = layer.folder / "shared.txt"
    pins.write_text("\n".join(_pins()) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(layer.python), "install", "--quiet"]
    command += ["--retries", "1", "--constraint", str(pins)]
    command += ["--no-build-isolation"] if build else ["--only-binary", ":all:"]
    command += implementation.about.dependencies
    try:
        pip = subprocess.run(
            command, capture_output=True, text=True, timeout=_INSTALL_TIMEOUT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return f"pip did not end within {_INSTALL_TIMEOUT_S} s"
    return _reason(pip.stderr, implementation, build=build) if pip.returncode else None


def _reason(stderr: str, implementation: Implementation, *, build: bool) -> str:
    """What pip said went wrong, and what would help."""
    errors = [line[7:] for line in stderr.splitlines() if line.startswith("ERROR: ")]
    said = next((line for line in errors if "No matching" in line), (errors or ["pip failed"])[-1])
    if "connection" in stderr.lower() and "No matching" in said:
        return f"{said}; the package index could not be reached"
    if "No matching" in said and not build:
        python = platform.python_version()
        return (
            f"{said} as a wheel for Python {python}; "
            f"to build it from source: python -m bench run {implementation.slug} --build"
        )
    return said
