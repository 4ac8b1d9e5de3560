"""The pages that `python -m bench new` and `new-suite` write; each works, and is to be edited."""

from pathlib import Path

from bench import files
from bench.errors import BenchError
from bench.operations.discovery import OPERATIONS
from bench.pages import suites
from bench.pages.implementation import SLUG
from bench.project import Project

PAGE = """\
---
title: {title}
provider: Who ships it
homepage: https://example.org
description: One sentence for lists and search results.
dependencies: []        # PEP 508, for example flash-attn==2.8.3.post2
devices: [cuda, cpu]    # where it can run
---

# {title}

What it is, when to choose it, what it needs; links to its source and its paper.

```{{.python .bench}}
from torch.nn.functional import scaled_dot_product_attention


def attention(q, k, v, *, causal):  # tensors [batch, seqlen, heads, head_dim]
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    return scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2)
```
"""


SUITE = """\
---
title: {title}
description: One sentence for lists and search results.
workloads:                     # a list of values stands for one workload with each of them
  - operation: attention       # {operations}
    seqlen: [1024, 4096]       # or seqlen_q and seqlen_kv
    heads: 16                  # or q_heads and kv_heads
    head_dim: 128
    dtype: bfloat16            # float16, float32, float8_e4m3fn
    causal: true
    direction: [forward, backward]
---

# {title}

Where these shapes come from, with links.

## What to read in them

Which question the suite answers, and which it does not.
"""


def write_page(name: str, project: Project) -> Path:
    """Write `docs/impls/<name>.md`.

    Raises:
        BenchError: a page cannot have that name, the page exists already, or it cannot be written.
    """
    if not SLUG.fullmatch(name) or name == "index":
        raise BenchError(f"a page cannot be named {name!r}: use lower-case letters, digits and _")
    path = project.pages / f"{name}.md"
    return _write(path, PAGE, project)


def write_suite(name: str, project: Project) -> Path:
    """Write `docs/suites/<name>.md`.

    Raises:
        BenchError: a suite cannot have that name, the page exists already, or it cannot be written.
    """
    if not suites.SLUG.fullmatch(name) or name == "index":
        raise BenchError(f"a suite cannot be named {name!r}: use lower-case letters, digits and -")
    return _write(project.suites / f"{name}.md", SUITE, project)


def _write(path: Path, template: str, project: Project) -> Path:
    title = path.stem.replace("_", " ").replace("-", " ").capitalize()
    shown = project.relative(path)
    if path.exists():
        raise BenchError(f"{shown} exists already: choose another name")
    files.write(
        path,
        template.format(title=title, operations=" or ".join(OPERATIONS)).encode(),
        new=True,
        shown=shown,
    )
    return path
