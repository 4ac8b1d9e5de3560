"""Implementations: each page in `docs/impls/` is one, and each of its fences is a variant."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from bench.devices import NAMES, Device
from bench.errors import BenchError, Problem, did_you_mean, read_all
from bench.operations.discovery import operation_of
from bench.operations.operation import FLOAT8, Workload
from bench.pages.contract import contract_problems, functions_of
from bench.pages.page import Page, ThemeKeys, page_files, read_page
from bench.project import Project
from bench.text import Words

Precision = Literal["exact", "int8"]
"""Precision class: `exact` rounds as its dtype does; others quantise and are not ranked."""

SLUG = re.compile(r"[a-z][a-z0-9_]*")


class FrontMatter(ThemeKeys, frozen=True, kw_only=True):
    """The keys of a page's front matter."""

    title: Words
    provider: Words
    homepage: Words
    description: str = ""
    dependencies: tuple[str, ...] = ()
    devices: Annotated[tuple[Device, ...], msgspec.Meta(min_length=1)] = NAMES
    precision: Precision = "exact"
    float8: bool = False
    """Whether the code takes float8 inputs; if not, it is not called with any."""


@dataclass(frozen=True)
class Variant:
    """One fence of a page: a line in every chart."""

    id: str | None
    title: str
    code: str
    line: int
    """Line of the page on which the code begins, from 1."""
    functions: Mapping[str, tuple[str, ...]] = field(hash=False)
    """The operations that the code implements, each with the options that its function takes."""

    @property
    def code_sha256(self) -> str:
        """Hash by which records distinguish versions of the code."""
        return hashlib.sha256(self.code.encode()).hexdigest()

    def implements(self, workload: Workload) -> bool:
        """Whether the code defines the function of the workload's operation."""
        return operation_of(workload).name in self.functions

    def lacking(self, workload: Workload) -> tuple[str, ...]:
        """The options of the workload that the function of its operation does not take."""
        taken = self.functions[operation_of(workload).name]
        return tuple(option for option in workload.options if option not in taken)


@dataclass(frozen=True)
class Implementation:
    """One page: its front matter, and the variants to measure."""

    slug: str
    path: Path
    about: FrontMatter
    variants: tuple[Variant, ...]

    @property
    def title(self) -> str:
        """The page's title."""
        return self.about.title

    def refusal(self, variant: Variant, workload: Workload) -> str | None:
        """Why a variant is not called on a workload; None if it is."""
        if lacking := variant.lacking(workload):
            return f"the page's function does not take {' and '.join(lacking)}"
        if workload.narrowest_dtype == FLOAT8 and not self.about.float8:
            return "the page does not take float8 inputs"
        return None

    @cached_property
    def code_hashes(self) -> dict[str | None, str]:
        """The hash of each variant's code, by the variant's id."""
        return {variant.id: variant.code_sha256 for variant in self.variants}

    @cached_property
    def packages(self) -> frozenset[str]:
        """The normalised names of the packages that the page depends on."""
        requirements = map(Requirement, self.about.dependencies)
        return frozenset(canonicalize_name(requirement.name) for requirement in requirements)


def load_implementations(project: Project) -> tuple[Implementation, ...]:
    """Every implementation, in the order of the file names.

    Raises:
        BenchError: with every problem of every page.
    """
    return read_all(partial(load_implementation, project=project), page_files(project.pages))


def select(implementations: tuple[Implementation, ...], names: list[str]) -> list[Implementation]:
    """The implementations called `names`, in that order.

    Raises:
        BenchError: a name is unknown; the message gives the closest known one.
    """
    names = [name.removeprefix("docs/impls/").removesuffix(".md") for name in names]
    known = {implementation.slug: implementation for implementation in implementations}
    unknown = [name for name in names if name not in known]
    if unknown:
        raise BenchError(
            *(f"no page docs/impls/{name}.md{did_you_mean(name, known)}" for name in unknown)
        )
    return [known[name] for name in dict.fromkeys(names)]


def load_implementation(path: Path, project: Project) -> Implementation:
    """The implementation of the page at `path`.

    Raises:
        BenchError: the page breaks the contract; each problem names its line.
    """
    page = read_page(path, project)
    about = _about(page)
    if not SLUG.fullmatch(path.stem):
        raise BenchError(Problem("name the file in lower-case letters, digits and _", page.path))
    return Implementation(path.stem, path, about, _variants(page, about))


def _about(page: Page) -> FrontMatter:
    about = page.about(FrontMatter)
    for dependency in about.dependencies:
        try:
            Requirement(dependency)
        except InvalidRequirement as error:
            reason = str(error).splitlines()[0]
            message = f"dependency {dependency!r} is not in PEP 508 form: {reason}"
            raise BenchError(Problem(message, page.path, 1)) from None
    return about


def _variants(page: Page, about: FrontMatter) -> tuple[Variant, ...]:
    if problems := contract_problems(page):
        raise BenchError(*problems)
    return tuple(
        Variant(
            fence.id, fence.title or about.title, fence.code, fence.line, functions_of(fence.code)
        )
        for fence in page.fences
    )
