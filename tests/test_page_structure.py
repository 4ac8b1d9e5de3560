"""Every page as a screen reader hears it: its headings, names of links, pictures and tables."""

import itertools
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from builds import Built

pytestmark = pytest.mark.slow

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Structure(HTMLParser):
    """The structure of a page's article, and the ids of the whole page."""

    def __init__(self) -> None:
        super().__init__()
        self.ids: Counter[str] = Counter()
        self.headings: list[int] = []
        self.problems: list[str] = []
        self._inside = False
        self._link: tuple[str, str] | None = None
        """The address of the link that is open, and its name so far."""
        self._headless = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if "id" in attributes:
            self.ids[attributes["id"]] += 1
        self._inside |= tag == "article"
        if not self._inside:
            return
        if tag in HEADINGS:
            self.headings.append(HEADINGS.index(tag) + 1)
        if tag == "img" and "alt" not in attributes:
            self.problems.append(f"a picture without words: {attributes.get('src')}")
        if tag == "a" and "href" in attributes and self._link is None:
            named = attributes.get("aria-label") or attributes.get("title") or ""
            self._link = (attributes["href"], named)
        elif tag == "img" and self._link:
            self._link = (self._link[0], self._link[1] + attributes.get("alt", ""))
        if tag == "table":
            self._headless += 1
        if tag == "th":
            self._headless = 0

    def handle_data(self, data: str) -> None:
        if self._link:
            self._link = (self._link[0], self._link[1] + data.strip())

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self._inside = False
        if tag == "a" and self._link:
            if not self._link[1]:
                self.problems.append(f"a link without a name: {self._link[0]}")
            self._link = None
        if tag == "table" and self._headless:
            self.problems.append("a table without headings")


def _problems(page: str) -> Iterator[str]:
    structure = Structure()
    structure.feed(page)
    yield from structure.problems
    yield from (
        f"{count} elements have the id {id_}" for id_, count in structure.ids.items() if count > 1
    )
    levels = structure.headings
    if levels.count(1) != 1 or levels[0] != 1:
        yield f"its headings do not begin with the only one of the first level: {levels}"
    for before, after in itertools.pairwise(levels):
        if after > before + 1:
            yield f"a heading of level {after} follows one of level {before}"


def test_every_page_has_headings_in_order_and_names_for_links_pictures_and_tables(
    built: Built,
) -> None:
    told = [
        f"{path}: {problem}"
        for path in built.pages
        for problem in _problems(built.read(f"{path}index.html"))
    ]
    assert not told, "\n".join(told)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("<h1>a</h1><h3>b</h3>", "a heading of level 3 follows one of level 1"),
        ("<h1>a</h1><h1>b</h1>", "its headings do not begin with the only one of the first level"),
        ("<h1>a</h1><img src=x>", "a picture without words: x"),
        ("<h1>a</h1><a href=x> </a>", "a link without a name: x"),
        ("<h1>a</h1><table><tr><td>1</td></tr></table>", "a table without headings"),
        ("<h1>a</h1><p id=x><p id=x>", "2 elements have the id x"),
    ],
)
def test_each_fault_of_structure_is_told(body: str, problem: str) -> None:
    (told,) = _problems(f"<article>{body}</article>")
    assert told.startswith(problem)
