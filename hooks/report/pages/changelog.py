"""The page of changes: the repository's CHANGELOG.md, so that there is no second copy of it."""

import os

from bench.files import read_text
from bench.project import Project

FILE = "CHANGELOG.md"

_HEAD = """\
---
title: Changelog
description: Notable changes, and corrections to what was published.
---

"""


def changelog(project: Project) -> str:
    """The page as Markdown; one that says so where a project notes no changes.

    Raises:
        BenchError: the file is there and cannot be read.
    """
    path = project.root / FILE
    if not os.path.lexists(path):
        return f"{_HEAD}# Changelog\n\nNo changes are noted yet.\n"
    return _HEAD + read_text(path, project)
