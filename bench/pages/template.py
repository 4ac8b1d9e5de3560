"""The page that `python -m bench new` writes: a working implementation to change."""

from pathlib import Path

from bench import files
from bench.errors import BenchError
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


def write_page(name: str, project: Project) -> Path:
    """Write `docs/impls/<name>.md`.

    Raises:
        BenchError: a page cannot have that name, the page exists already, or it cannot be written.
    """
    if not SLUG.fullmatch(name) or name == "index":
        raise BenchError(f"a page cannot be named {name!r}: use lower-case letters, digits and _")
    path = project.pages / f"{name}.md"
    title = name.replace("_", " ").capitalize()
    shown = project.relative(path)
    if path.exists():
        raise BenchError(f"{shown} exists already: choose another name")
    files.write(path, PAGE.format(title=title).encode(), new=True, shown=shown)
    return path
