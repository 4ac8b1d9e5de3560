"""What a build comes to, apart from what makes it: a kept build is read without importing that."""

import msgspec

from hooks.report.pages.parts import Parts


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """All that a site gets of the report: plain text and bytes, for any site generator.

    A link that begins with `~/` leads to the root of the site.
    """

    written: dict[str, str]
    """Pages that no person writes, as Markdown, by their path under `docs/`."""
    files: dict[str, bytes]
    """Other generated files by their path on the site."""
    copies: dict[str, str]
    """Files to copy by their path on the site: where each lies on disk."""
    pages: dict[str, Parts]
    """What is added to a page, by its path under `docs/`."""
    shared: dict[str, str]
    """HTML for placeholders that any page may hold, by their names."""
    listed: tuple[str, ...]
    """Implementation pages for the navigation, in order."""
    said: tuple[str, ...]
    """What to tell who builds, a line each."""
