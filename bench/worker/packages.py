"""The packages that a page's code really imports, beside those that the page asks for."""

import importlib.metadata
import sys
import sysconfig
from importlib.metadata import Distribution
from pathlib import Path

from packaging.requirements import Requirement

from bench.runs.messages import Request


def package_versions(request: Request) -> dict[str, str]:
    """The versions of the page's dependencies, and of all that its own environment holds.

    Of several versions of one package Python imports the one that it finds first.
    """
    names = {Requirement(dependency).name for dependency in request.dependencies}
    if request.layer:
        own = importlib.metadata.distributions(path=[sysconfig.get_path("purelib")])
        names |= {package.name for package in own}
    found = filter(None, map(_first, names))
    return {package.name: package.version for package in sorted(found, key=lambda p: p.name)}


def package_problem(request: Request) -> str | None:
    """How what has been imported differs from what the page asks for; none where it does not."""
    for dependency in request.dependencies:
        requirement = Requirement(dependency)
        package = _first(requirement.name)
        if package is None or not (requirement.marker is None or requirement.marker.evaluate()):
            continue
        found = f"{package.name} {package.version}"
        if not requirement.specifier.contains(package.version, prereleases=True):
            return f"Python finds {found} first, and the page asks for {requirement}"
        if foreign := _imported_elsewhere(package):
            return f"{foreign} was not imported from {found}, which the page asks for"
    return None


def _first(name: str) -> Distribution | None:
    try:
        return importlib.metadata.distribution(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _imported_elsewhere(package: Distribution) -> str | None:
    """A module of the package's name, where all that was imported of it lies in other places."""
    if "__editable__" in str(package.files):
        return None  # its modules lie wherever their author works
    place = Path(str(package.locate_file(""))).resolve()
    modules = ((name, sys.modules.get(name)) for name in sorted(_top_level(package)))
    files = {name: getattr(module, "__file__", None) for name, module in modules if module}
    own = {name: Path(file).resolve().is_relative_to(place) for name, file in files.items() if file}
    return None if any(own.values()) else next(iter(own), None)


def _top_level(package: Distribution) -> set[str]:
    """The names by which the package's modules are imported."""
    declared = (package.read_text("top_level.txt") or "").split()
    files = [file for file in package.files or () if file.suffix in (".py", ".so")]
    return {*declared, *(file.parts[0].split(".")[0] for file in files)}
