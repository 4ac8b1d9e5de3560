"""The changelog page, made from the repository's CHANGELOG.md."""

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
    """The page as Markdown; it says so if the project has no changelog.

    Raises:
        BenchError: the file exists but cannot be read.
    """
    path = project.root / FILE
    if not os.path.lexists(path):
        return f"{_HEAD}# Changelog\n\nNo changes have been recorded yet.\n"
    return _HEAD + read_text(path, project)
