"""A folder adds an operation and a page adds a suite: nothing else is changed for either."""

import hashlib
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from bench_fixtures import PAGE
from builds import build, clean_environment

WORKLOAD = '''\
"""The workloads of a toy: the squares of some numbers."""

import msgspec

from bench.operations.operation import ITEMSIZE, Direction, Dtype, Operation, Shape, Workload


class SquareWorkload(
    Workload,
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    tag_field="operation",
    tag="square",
):
    """y = x · x, element by element."""

    count: int
    dtype: Dtype
    direction: Direction = "forward"

    @property
    def problem(self) -> str | None:
        return "count is less than 1" if self.count < 1 else None

    @property
    def name(self) -> str:
        backward = "-backward" if self.direction == "backward" else ""
        return f"n{self.count}-{self.dtype}{backward}"

    @property
    def size(self) -> int:
        return self.count

    @property
    def shape(self) -> str:
        return f"{self.count:,}"

    @property
    def label(self) -> str:
        return f"{self.count:,} numbers ({self.dtype})"

    @property
    def group(self) -> str:
        return ""

    @property
    def flops(self) -> int:
        return self.count * (2 if self.direction == "backward" else 1)

    @property
    def moved_bytes(self) -> int:
        return self.count * (3 if self.direction == "backward" else 2) * ITEMSIZE[self.dtype]

    @property
    def outputs(self) -> dict[str, Shape]:
        return {"dx" if self.direction == "backward" else "output": (self.count,)}


OPERATION = Operation(
    name="square",
    title="Squares",
    signature="def square(x)",
    workload=SquareWorkload,
    ordinary="",
    size_axes=("count",),
    bound="memory",
    baselines=("square_torch",),
)
'''

KERNELS = '''\
"""The toy with tensors."""

import msgspec
import torch

from bench.operations.kernels import Part

ROWS = 256


def make_tensors(workload, device):
    x = torch.empty(workload.count, dtype=getattr(torch, workload.dtype), device=device)
    backward = workload.direction == "backward"
    return {"x": x, "d_output": torch.empty_like(x)} if backward else {"x": x}


def call(function, workload, inputs):
    return function(inputs["x"])


def reference(workload, inputs, dtype):
    x = inputs["x"].to(dtype)
    if workload.direction == "forward":
        return {"output": x * x}
    return {"dx": 2 * x * inputs["d_output"].to(dtype)}


def draw_part(workload, inputs, outputs):
    part = msgspec.structs.replace(workload, count=min(workload.count, ROWS))
    cut = [{name: each[:ROWS] for name, each in tensors.items()} for tensors in (inputs, outputs)]
    return Part(part, *cut, "the first numbers")
'''

TOY = {
    "bench/operations/square/__init__.py": '"""A toy."""\n',
    "bench/operations/square/workload.py": WORKLOAD,
    "bench/operations/square/kernels.py": KERNELS,
    "docs/impls/square_torch.md": PAGE.format(
        title="Square (PyTorch)", dependencies="[]", code="def square(x):\n    return x * x"
    ),
    "docs/suites/toys.md": """\
---
title: Toys
description: A few numbers.
workloads:
  - {operation: square, count: [4096, 65536], dtype: float32, direction: [forward, backward]}
---

# Toys

Some numbers.
""",
}
"""All of a toy operation, an implementation and a suite: each file by its path."""


def bench(root: Path, *words: str) -> str:
    command = [sys.executable, "-m", "bench", *words]
    done = subprocess.run(
        command, cwd=root, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def sources(root: Path) -> dict[str, str]:
    """The hash of each file that a person or the project's own code wrote."""
    made = re.compile(r"(data|site|\.cache)/|.*__pycache__/")
    names = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in names.items()
        if not made.match(name)
    }


@pytest.mark.slow
def test_a_toy_operation_and_its_suite_are_measured_and_shown_without_another_change(
    checkout: Path,
) -> None:
    before = sources(checkout)
    for name, text in TOY.items():
        path = checkout / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert re.search(r"toys +Squares +n4096-float32", bench(checkout, "list", "--suites"))

    bench(checkout, "all", "--suite", "toys", "--device", "cpu", "--rounds", "1")
    (path,) = (checkout / "data" / "cpu").glob("*-toys.jsonl")
    records = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    ended = [
        (record["workload"]["count"], record["workload"]["direction"], record["outcome"]["status"])
        for record in records
        if "workload" in record
    ]
    cases = itertools.product((4096, 65536), ("forward", "backward"), ("ok", "passed"))
    assert sorted(ended) == sorted(cases)
    assert "toys, Squares, float32, backward: latency in µs" in bench(checkout, "summary")
    bench(checkout, "check")

    built = build(checkout, "--strict")
    assert built.code == 0, built.output
    page = built.read("suites/toys/index.html")
    for board in ("toys, Squares, float32", "toys, Squares, float32, backward"):
        charts = re.findall(rf'data-chart="([^"]*, {board}&#34;[^"]*)"', page)
        metrics = [json.loads(chart.replace("&#34;", '"'))["metric"] for chart in charts]
        assert metrics == ["latency", "bandwidth"]
        (table,) = re.findall(rf"<table[^>]*>\s*<caption>[^<]*, {board}\b(?!,).*?</table>", page)
        assert "Square (PyTorch)" in table
    assert re.search(r">Squares</h2>.*>Square \(PyTorch\)<", built.read("impls/index.html"), re.S)
    now = sources(checkout)
    assert {name for name in now if name not in before} == TOY.keys()
    assert before.items() <= now.items()
