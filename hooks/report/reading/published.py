"""Rates that papers and vendors published, from `docs/published.csv`; they are never ranked."""

import csv
import io
import os
from typing import Annotated, Literal, get_args

import msgspec

from bench.errors import BenchError, Problem
from bench.files import read_text
from bench.operations.operation import Direction, Workload
from bench.pages.suites import workload_of
from bench.project import Project
from bench.text import Words

FILE = "published.csv"
"""Name of the file under `docs/`, which the site also serves."""


class _Figure(msgspec.Struct, frozen=True, kw_only=True):
    """The columns that describe a figure; all other columns are axes of its workload."""

    device: Words
    """GPU name as the driver reports it."""
    implementation: Words
    """Name that the source uses."""
    pages: str
    """Slugs of our pages that measure the same library, separated by spaces."""
    direction: Words
    """`forward`, `backward`, or both together in one figure: `forward+backward`."""
    rate: Annotated[float, msgspec.Meta(gt=0)]
    unit: Literal["TFLOP/s", "TB/s"]
    source: Words
    url: Words
    note: str = ""


class Published(_Figure, frozen=True, kw_only=True):
    """A figure that somebody else measured."""

    workload: Workload
    """The measured problem; forward if the figure is for both directions together."""

    @property
    def comparable(self) -> bool:
        """Whether the figure is for a single direction, as our results are."""
        return self.direction == self.workload.direction


def read_published(project: Project) -> tuple[Published, ...]:
    """The published figures in the order of the file; none without a file.

    Raises:
        BenchError: with every line that cannot be read.
    """
    path = project.root / "docs" / FILE
    if not os.path.lexists(path):
        return ()
    text = read_text(path, project)
    figures, problems = [], []
    rows = csv.DictReader(io.StringIO(text), strict=True, restkey="more", restval="")
    while True:
        try:
            figures.append(_published(next(rows)))
        except StopIteration:
            break
        except (csv.Error, ValueError) as error:
            message = f"{error}: the other lines show what a figure needs"
            problems.append(Problem(message, project.relative(path), rows.line_num))
    if problems:
        raise BenchError(*problems)
    return tuple(figures)


def _published(row: dict[str, str]) -> Published:
    """The figure in a row; all columns but those of `_Figure` are axes of its workload.

    Raises:
        ValueError: a value is missing or impossible.
    """
    figure = msgspec.convert(row, _Figure, strict=False)
    known = {name: getattr(figure, name) for name in _Figure.__struct_fields__}
    axes = {name: value for name, value in row.items() if value and name not in known}
    single = figure.direction in get_args(Direction)
    workload = workload_of(axes | ({"direction": figure.direction} if single else {}))
    return Published(**known, workload=workload)
