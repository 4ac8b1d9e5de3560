"""Compares the packages that a page's code really imports with its dependencies."""

import importlib.metadata
import sys
import sysconfig
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement

from bench.runner.messages import Request


def package_versions(request: Request) -> dict[str, str]:
    """The versions of the page's dependencies, and of all packages in its own environment.

    If a package has several versions, Python imports the one that it finds first.
    """
    names = {Requirement(dependency).name for dependency in request.dependencies}
    if request.layer:
        layer = importlib.metadata.distributions(path=[sysconfig.get_path("purelib")])
        names |= {package.name for package in layer}
    packages = filter(None, map(_first, names))
    return {package.name: package.version for package in sorted(packages, key=lambda p: p.name)}


def package_problem(request: Request) -> str | None:
    """How the imported packages differ from what the page asks for; None if they do not."""
    for dependency in request.dependencies:
        requirement = Requirement(dependency)
        package = _first(requirement.name)
        if package is None or not (requirement.marker is None or requirement.marker.evaluate()):
            continue
        first = f"{package.name} {package.version}"
        if not requirement.specifier.contains(package.version, prereleases=True):
            return f"Python finds {first} first, but the page asks for {requirement}"
        if foreign := _imported_elsewhere(package):
            return f"{foreign} was not imported from {first}, which the page asks for"
    return None


def _first(name: str) -> Distribution | None:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _imported_elsewhere(package: Distribution) -> str | None:
    """A module of the package, if all of its imported modules lie outside of the package."""
    if "__editable__" in str(package.files):
        return None  # its modules are in its author's folder
    place = Path(str(package.locate_file(""))).resolve()
    modules = ((name, sys.modules.get(name)) for name in sorted(_top_level(package)))
    files = {name: getattr(module, "__file__", None) for name, module in modules if module}
    inside = {
        name: Path(file).resolve().is_relative_to(place) for name, file in files.items() if file
    }
    return None if any(inside.values()) else next(iter(inside), None)


def _top_level(package: Distribution) -> set[str]:
    """The names under which the package's modules are imported."""
    declared = (package.read_text("top_level.txt") or "").split()
    files = [file for file in package.files or () if file.suffix in (".py", ".so")]
    return {*declared, *(file.parts[0].split(".")[0] for file in files)}
