"""The page of changes: the repository's CHANGELOG.md, so that there is no second copy of it."""

from bench.errors import BenchError, unreadable
from bench.project import Project

FILE = "CHANGELOG.md"

_HEAD = """\
---
title: Changelog
description: Notable changes, and corrections to what was published.
hide: [navigation]
---

"""


def changelog(project: Project) -> str:
    """The page as Markdown.

    Raises:
        BenchError: the file cannot be read.
    """
    try:
        return _HEAD + (project.root / FILE).read_text(encoding="utf-8")
    except OSError as error:
        raise BenchError(unreadable(project.relative(project.root / FILE), error)) from None
