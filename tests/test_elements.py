"""HTML is a tree: text from untrusted hands stays text, and what is None is left out."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hooks.report.elements import Column, element, facts, html, joined, link, listed, table
from hooks.report.output import fill, placeholder

Parts = list[tuple[str, object]]


class _Reader(HTMLParser):
    """Reads HTML as a browser does: elements with their attributes, and text."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: Parts = []
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.end_text()
        self.parts.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        self.end_text()
        self.parts.append(("end", tag))

    def handle_data(self, data: str) -> None:
        self._text += data

    def end_text(self) -> None:
        if self._text:
            self.parts.append(("text", self._text))
        self._text = ""


def read(text: str) -> Parts:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    reader.end_text()
    return reader.parts


MEANINGFUL = st.text(st.sampled_from("<>&\"'`=/ -!ab;#~{}\u2028"), min_size=1)


@given(MEANINGFUL, MEANINGFUL)
def test_text_and_attributes_are_read_as_they_were_given(text: str, value: str) -> None:
    written = html(element("p", text, title=value, data_case=value))
    attributes = {"title": value, "data-case": value}
    assert read(written) == [("p", attributes), ("text", text), ("end", "p")]
    assert not {'"', "<", ">"} & set(html(text))


def test_what_is_none_or_false_is_left_out_and_what_is_true_has_no_value() -> None:
    made = element("p", None, "a", [None, "b"], title=None, hidden=False, class_="x", open=True)
    assert html(made) == '<p class="x" open>ab</p>'
    assert html(None, ["a", None], element("br")) == "a<br/>"
    assert html(joined(["a", ["b", [None, "c"]]])) == "a, bc"


def test_zero_is_a_value_and_nothing_is_not_a_list_or_a_fact() -> None:
    assert html(element("p", tabindex=0)) == '<p tabindex="0"></p>'
    assert listed([]) is None
    assert "<div>" not in html(facts(("Driver", None), ("CUDA", "")))


def test_a_table_names_its_columns_and_rows_and_says_what_they_show() -> None:
    columns = [Column("Kernel", kind=""), Column("µs", "A median")]
    spanning = element("td", "none", colspan=1)
    rows = [("a", "1"), ("b", spanning), (None, "2"), element("tr", element("td", "3"))]
    written = html(table("page", "All <b>", columns, rows))
    assert "<caption>All &lt;b&gt;</caption>" in written
    assert '<th scope="col">Kernel</th>' in written
    assert '<th scope="col" class="number" title="A median">µs</th>' in written
    assert '<tr><th scope="row">a</th><td class="number">1</td></tr>' in written
    assert '<tr><th scope="row">b</th><td colspan="1">none</td></tr>' in written
    assert '<tr><td class="number">2</td></tr><tr><td>3</td></tr>' in written


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("javascript:alert(1)", False),
        ("JavaScript:alert(1)", False),
        ("data:text/html,x", False),
        ("//elsewhere.example", False),
        ('https://x/"y', True),
        ("HTTP://x", True),
        ("~/runs/", True),
        ("#why-0-1", True),
    ],
)
def test_only_addresses_of_the_web_and_of_the_site_become_links(url: str, links: bool) -> None:
    written = html(link("a<b", url))
    label: Parts = [("text", "a<b")]
    assert read(written) == ([("a", {"href": url}), *label, ("end", "a")] if links else label)


def test_a_link_to_the_site_is_one_from_every_page_and_other_text_stays() -> None:
    """A reason may begin with a home folder, which records have as `~/`."""
    reason = "~/.cache/x: permission denied"
    parts = {"x": html(link("Runs", "~/runs/"), element("abbr", '"~/x"', title=reason))}
    filled = fill(f"# A\n{placeholder('x')}", parts, "../../")
    assert '<a href="../../runs/">Runs</a>' in filled
    assert f'<abbr title="{reason}">&#34;~/x&#34;</abbr>' in filled
