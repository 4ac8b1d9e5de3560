"""constraints.txt pins every distribution that any extra installs, at the version tested here."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PROJECT["project"]["optional-dependencies"]
PINS = [
    Requirement(line)
    for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
PINNED = {canonicalize_name(pin.name): next(iter(pin.specifier)).version for pin in PINS}


def applying(
    requirements: Iterable[Requirement], extras: set[str], python: str
) -> Iterator[Requirement]:
    """Those that a package installed with `extras` asks for under `python`, such as "3.12"."""
    for requirement in requirements:
        environments = [
            {"extra": extra, "python_version": python, "python_full_version": f"{python}.0"}
            for extra in extras | {""}
        ]
        if not requirement.marker or any(map(requirement.marker.evaluate, environments)):
            yield requirement


def installs(extras: Iterable[str], python: str = "3.11") -> set[str]:
    """The names of all that our `extras` install, as far as the packages installed here tell."""
    asked = [
        *PROJECT["project"]["dependencies"],
        *(word for extra in extras for word in EXTRAS[extra]),
    ]
    left = [Requirement(word) for word in asked]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        requirement = left.pop()
        name = canonicalize_name(requirement.name)
        if name == "attention-bench" or (name, frozenset(requirement.extras)) in seen:
            continue
        seen.add((name, frozenset(requirement.extras)))
        try:
            theirs = [Requirement(word) for word in distribution(name).requires or ()]
        except PackageNotFoundError:
            continue  # another Python's or system's: its name counts, what it asks for is unknown
        left.extend(applying(theirs, requirement.extras, python))
    return {name for name, _ in seen}


def test_each_line_pins_one_public_version():
    for pin in PINS:
        [specifier] = pin.specifier
        assert specifier.operator == "==", pin
        assert specifier.version == Version(specifier.version).public, pin
    assert len(PINNED) == len(PINS), "a name is pinned twice"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_all_that_our_extras_install_is_pinned(python: str):
    assert installs(EXTRAS, python) <= PINNED.keys()


def test_what_is_installed_here_is_what_is_pinned():
    """Torch's CPU and CUDA builds differ in their local version only, which is not compared."""
    found = {}
    for name in installs(EXTRAS):
        try:
            found[name] = Version(version(name)).public
        except PackageNotFoundError:
            continue
    assert found == {name: PINNED[name] for name in found}


MUTMUT_BRINGS = {
    "coverage",
    "libcst",
    "linkify-it-py",
    "mdit-py-plugins",
    "setproctitle",
    "textual",
}
"""Only `make mutants` installs mutmut, so that what it asks for may be unknown here."""


def test_nothing_is_pinned_in_vain():
    """Beside what is installed here: pip, Windows' two, and what torch for CUDA brings on Linux."""
    conditional = {canonicalize_name(pin.name) for pin in PINS if pin.marker}
    others = {"pip", "colorama", "tzdata"}
    assert PINNED.keys() - installs(EXTRAS) <= conditional | others | MUTMUT_BRINGS


def test_the_site_needs_no_torch():
    assert not {"torch", "triton"} & installs(["site"])


def test_the_build_backend_is_the_pinned_one():
    assert PROJECT["build-system"]["requires"] == [f"setuptools=={PINNED['setuptools']}"]
