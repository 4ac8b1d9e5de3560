"""Rates that papers and vendors published, from `docs/published.csv`; they are never ranked."""

import csv
import io
import os

import msgspec

from bench.errors import BenchError, Problem
from bench.files import read_text
from bench.operations.operation import Dtype
from bench.project import Project
from bench.text import Words

FILE = "published.csv"
"""Name of the file under `docs/`, which the site also serves."""


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A figure that somebody else measured, for self-attention over `seqlen` tokens."""

    device: Words
    """GPU name as the driver reports it."""
    implementation: Words
    """Name that the source uses."""
    pages: str
    """Slugs of our pages that measure the same library, separated by spaces."""
    direction: Words
    dtype: Dtype
    batch: int
    seqlen: int
    q_heads: int
    kv_heads: int
    head_dim: int
    causal: bool
    tflops: float
    source: Words
    url: Words
    note: str = ""

    @property
    def mask(self) -> str:
        """`causal` or `no mask`."""
        return "causal" if self.causal else "no mask"


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
            row = next(rows)
            figures.append(msgspec.convert(row, Published, strict=False))
        except StopIteration:
            break
        except (csv.Error, msgspec.ValidationError) as error:
            message = f"{error}: the other lines show what a figure needs"
            problems.append(Problem(message, project.relative(path), rows.line_num))
    if problems:
        raise BenchError(*problems)
    return tuple(figures)
