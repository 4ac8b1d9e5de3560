"""Rates that papers and vendors published, from `docs/published.csv`: theirs, and never ranked."""

import csv
import io
import os

import msgspec

from bench.errors import BenchError, Problem
from bench.files import read_text
from bench.project import Project
from bench.text import Words
from bench.workload import Dtype

FILE = "published.csv"
"""Under `docs/`; the site serves it as it is."""


class Published(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One figure that somebody else measured; self-attention over `seqlen` tokens."""

    device: Words
    """The name that the driver gives the GPU."""
    implementation: Words
    """What the source calls it."""
    pages: str
    """Pages of ours that measure the same library, apart by spaces."""
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


def read_published(project: Project) -> tuple[Published, ...]:
    """Every published figure, in the order of the file; none where there is no file.

    Raises:
        BenchError: with every line that cannot be read.
    """
    path = project.root / "docs" / FILE
    if not os.path.lexists(path):
        return ()
    text = read_text(path, project)
    found, problems = [], []
    rows = csv.DictReader(io.StringIO(text), strict=True, restkey="more", restval="")
    while True:
        try:
            row = next(rows)
            found.append(msgspec.convert(row, Published, strict=False))
        except StopIteration:
            break
        except (csv.Error, msgspec.ValidationError) as error:
            message = f"{error}: see the other lines for what a figure needs"
            problems.append(Problem(message, project.relative(path), rows.line_num))
    if problems:
        raise BenchError(*problems)
    return tuple(found)
