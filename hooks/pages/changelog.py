"""The page of changes: the repository's CHANGELOG.md, so that there is no second copy of it."""

from bench.errors import BenchError, unreadable
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
    if not path.exists():
        return f"{_HEAD}# Changelog\n\nNo changes are noted yet.\n"
    try:
        return _HEAD + path.read_text(encoding="utf-8")
    except OSError as error:
        raise BenchError(unreadable(project.relative(path), error)) from None
