"""A new page, and nothing else, is in the runs, the navigation, the chart and the tables."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from bench_fixtures import SDPA, bench_environment
from builds import build, copy_project

pytestmark = pytest.mark.slow

PAGE = f"""\
---
title: Brand New Attention
provider: Somebody
homepage: https://example.org
---

# Brand New Attention

It was not here before.

```{{.python .bench}}
{SDPA}```
"""


def _contents(folder: Path) -> dict[str, bytes]:
    skipped = {"data", "site", ".cache", "__pycache__"}
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not skipped & set(path.relative_to(folder).parts)
    }


def test_a_new_page_is_in_everything_with_no_other_file_touched(tmp_path: Path) -> None:
    root = copy_project(tmp_path / "project")
    (root / "docs" / "impls" / "brand_new.md").write_text(PAGE, encoding="utf-8")
    before = _contents(root)

    run = subprocess.run(
        [sys.executable, "-m", "bench", "run", "brand_new", "--device", "cpu", "--rounds", "1"],
        cwd=root,
        env=bench_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "Brand New Attention" in run.stdout
    built = build(root, "--strict")
    assert built.code == 0, built.output

    assert "✓ found    Brand New Attention: 3 of 3 workloads" in built.output
    spec = json.loads(built.read("charts/latency.vl.json"))
    assert "Brand New Attention" in {point["line"] for point in spec["datasets"]["points"]}
    front = built.read("index.html")
    assert 'href="impls/brand_new/"' in front
    assert "Brand New Attention" in built.read("impls/index.html")
    assert "Brand New Attention" in built.read("charts/latency.svg")
    assert "brand_new" in built.read("data/v1/results.csv")
    navigation = built.read("impls/math_attention/index.html").split('class="md-content"')[0]
    assert "Brand New Attention" in navigation
    assert "Results" in built.read("impls/brand_new/index.html")
    assert _contents(root) == before
