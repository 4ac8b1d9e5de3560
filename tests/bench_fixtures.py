"""Fixtures for the measuring half: small projects, and pages written for one test."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.pages.implementation import Implementation, load_implementation
from bench.project import Project

ROOT = Path(__file__).parents[1]

PAGE = """\
---
title: {title}
provider: Nobody
homepage: https://example.org
dependencies: {dependencies}
---

# {title}

```{{.python .bench}}
{code}
```
"""

SDPA = """\
from torch.nn.functional import scaled_dot_product_attention


def attention(q, k, v, *, causal):
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    return scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2)
"""

WritePage = Callable[..., Implementation]
Bench = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project: no pages, no data."""
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "docs" / "impls").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    return Project(tmp_path)


@pytest.fixture
def write_page(project: Project) -> WritePage:
    """Writes a page with the given code and loads it."""

    def write(
        code: str = SDPA, *, name: str = "mine", dependencies: str = "[]", **_: str
    ) -> Implementation:
        title = name.replace("_", " ").capitalize()
        path = project.pages / f"{name}.md"
        page = PAGE.format(title=title, dependencies=dependencies, code=code.strip())
        path.write_text(page, encoding="utf-8")
        return load_implementation(path, project)

    return write


@pytest.fixture
def bench(project: Project) -> Bench:
    """Runs `python -m bench` in the project, as a person would."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bench", *words],
            cwd=project.root,
            env=bench_environment() | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


def bench_environment() -> dict[str, str]:
    """The environment in which a copy of the project finds the code under test."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}
