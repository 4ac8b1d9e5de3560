"""Links between the pages of the report."""

from urllib.parse import quote

from hooks.markup import escape


def run_link(name: str) -> str:
    """A link (HTML) to the run called `name` on the page of all runs."""
    return f'<a href="~/runs/#{quote(name)}">{escape(name)}</a>'


def file_link(path: str, label: str) -> str:
    """A link (HTML) that downloads the file at `path`, from the root of the site."""
    return f'<a href="~/{quote(path)}" download>{escape(label)}</a>'
