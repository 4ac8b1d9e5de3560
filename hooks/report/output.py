"""The result of a build, in a module of its own: reading a cached build imports little else."""

import msgspec

from hooks.report.pages.additions import Additions


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that the report adds to a site: text and bytes, for any site generator.

    A link that begins with `~/` starts at the root of the site.
    """

    generated: dict[str, str]
    """Generated pages as Markdown, by their paths under `docs/`."""
    files: dict[str, bytes]
    """Other generated files, by their paths on the site."""
    copies: dict[str, str]
    """Files to copy: paths on disk, by their paths on the site."""
    pages: dict[str, Additions]
    """Additions to pages, by their paths under `docs/`."""
    shared: dict[str, str]
    """HTML for placeholders that any page may contain, by their names."""
    navigation: tuple[str, ...]
    """Paths of the implementation pages that the navigation lists, in order."""
    messages: tuple[str, ...]
    """Lines that the build logs."""
