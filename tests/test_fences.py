"""A fence is what a reader of the built site sees as code: no more, no less, text for text."""

import itertools
import re
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from builds import build
from playwright.sync_api import Browser

from bench.errors import BenchError
from bench.pages.implementation import load_implementation
from bench.pages.markdown import Fence, fences, seen_as_text
from bench.project import Project

Wrap = Callable[[str], str]


def _indented(width: int) -> Wrap:
    return lambda text: textwrap.indent(text, " " * width)


def _within(before: str, after: str) -> Wrap:
    return lambda text: f"{before}\n{text}\n{after}"


def _admonition(before: str) -> Wrap:
    return lambda text: f"{before}\n\n{textwrap.indent(text, '    ')}"


WRAPS: dict[str, Wrap] = {
    "nothing": lambda text: text,
    "a comment": _within("<!--", "-->"),
    "a comment with blank lines": _within("<!-- words\n", "\n-->"),
    "a comment on one line before": _within("<!-- words -->", ""),
    "a comment that ends early": _within("<!-- a -->b", "-->"),
    "a comment without end": _within("<!--", ""),
    "a div": _within("<div>", "</div>"),
    "a div with blank lines": _within("<div>\n", "\n</div>"),
    "a div of Markdown": _within("<div markdown>\n", "\n</div>"),
    "a hidden div of Markdown": _within("<div hidden markdown>\n", "\n</div>"),
    "a hidden div": _within("<div hidden>", "</div>"),
    "details": _within("<details><summary>More</summary>", "</details>"),
    "details of Markdown": _within("<details markdown>\n<summary>More</summary>\n", "\n</details>"),
    "pre": _within("<pre>", "</pre>"),
    "pre and code": _within("<pre><code>\n", "\n</code></pre>"),
    "a script": _within("<script>", "</script>"),
    "a script of text": _within('<script type="text/plain">\n', "\n</script>"),
    "a style": _within("<style>", "</style>"),
    "a template": _within("<template>\n", "\n</template>"),
    "a textarea": _within("<textarea>\n", "\n</textarea>"),
    "a fence of four": _within("````markdown", "````"),
    "a fence of tildes": _within("~~~~ text", "~~~~"),
    "a fence of three tildes": _within("~~~", "~~~"),
    "a fence without end": _within("`````", ""),
    "code by indentation": _indented(4),
    "an indentation of two": _indented(2),
    "a list": _admonition("- An item:"),
    "a numbered list": _admonition("1. An item:"),
    "a tight list": lambda text: f"- An item:\n{textwrap.indent(text, '    ')}",
    "a quotation": lambda text: "\n".join(f"> {line}".rstrip() for line in text.split("\n")),
    "an admonition": _admonition("!!! note"),
    "a footnote": lambda text: (
        f"Words.[^1]\n\n[^1]:\n    A note.\n\n{textwrap.indent(text, '    ')}"
    ),
    "a paragraph": _within("Words before", "words behind"),
    "code in a line": _within("Words `before", "behind` words"),
    "an instruction": _within("<?php", "?>"),
    "a paragraph that is hidden": _within("<p hidden>", "</p>"),
    "a paragraph that is hidden and does not end": _within("<p hidden>\n", ""),
}
"""What may be around a fence."""

HEADERS = {
    "as usual": "```{.python .bench}",
    "the other way round": "```{.bench .python}",
    "with all": '``` { .python .bench #id-1 title="A title" }',
    "id first": "```{#id .python .bench}",
    "the language in front": "```python {.bench}",
    "tildes": "~~~{.python .bench}",
    "five marks": "`````{.python .bench}",
    "a number of lines": '```{.python .bench linenums="1" hl_lines="2"}',
    "words behind": "```{.python .bench} words",
    "an unknown option": '```{.python .bench colour="red"}',
    "no braces": "```python .bench",
    "a space in the braces": "```{ .python.bench }",
}

CODE = """\
def attention(q, k, v, *, causal):
    \"\"\"<b>&amp; `x` _y_ <!-- --> {{ z }}.

    \tTabs, too.
    \"\"\"

    return f"{q}"  # noqa"""


def _fence(header: str, mark: str) -> str:
    marks = header[: len(header) - len(header.lstrip("`~"))]
    return f"{header}\n# {mark}\n{CODE}\n{marks}"


INNER = ("nothing", "a comment", "a list", "a quotation", "a fence of four", "code by indentation")


def _pages() -> Iterator[tuple[str, str]]:
    """Pages by what is in them, each with a fence at its end that nothing surrounds."""
    last = _fence(HEADERS["as usual"], "last")
    for outer, inner in itertools.product(WRAPS, INNER):
        body = WRAPS[outer](WRAPS[inner](_fence(HEADERS["as usual"], "first")))
        yield f"{inner} in {outer}", f"# Page\n\n{body}\n\n{last}\n"
    for name, header in HEADERS.items():
        yield name, f"# Page\n\n{_fence(header, 'first')}\n\n{last}\n"


PAGES = dict(_pages())

_SEEN = """() => {
    document.querySelectorAll("details").forEach((one) => { one.open = true; });
    return [...document.querySelectorAll("pre code")]
        .filter((one) => one.checkVisibility() && !one.querySelector("code"))
        .map((one) => one.textContent.replace(/^\\n+|\\n+$/g, ""))
        .filter((text) => text.startsWith("# "))
        .sort();
}"""
"""The blocks of code that begin as our fences do, and not with the marks of a fence."""


def _read(text: str, project: Project) -> list[Fence]:
    return [one for one in fences(text, project) if one.shown and "bench" in one.words]


@pytest.mark.slow
@pytest.mark.browser
def test_the_fences_that_are_read_are_those_that_a_browser_shows(
    measured: Path, bare: Browser
) -> None:
    (measured / "docs" / "fences").mkdir()
    for number, text in enumerate(PAGES.values()):
        (measured / "docs" / "fences" / f"{number}.md").write_text(text, encoding="utf-8")
    done = build(measured)
    assert done.code == 0, done.output
    context = bare.new_context(java_script_enabled=False)
    view, project, differences = context.new_page(), Project(measured), {}
    for number, (name, text) in enumerate(PAGES.items()):
        article = re.search(r"<article.*</article>", done.read(f"fences/{number}/index.html"), re.S)
        assert article
        view.set_content(article[0])
        seen = view.evaluate(_SEEN)
        read = sorted(one.text for one in _read(text, project))
        if read != seen:
            differences[name] = (text, read, seen)
    context.close()
    assert differences == {}


HIDDEN = ("a hidden div of Markdown", "a hidden div", "a comment", "a template")


@pytest.mark.parametrize("name", HIDDEN)
def test_what_a_page_hides_is_not_read(name: str, project: Project) -> None:
    marks = [one.text.partition("\n")[0] for one in _read(PAGES[f"nothing in {name}"], project)]
    assert "# first" not in marks


def test_a_block_of_code_ends_a_paragraph_that_is_hidden_and_is_read(project: Project) -> None:
    page = PAGES["nothing in a paragraph that is hidden and does not end"]
    marks = [one.text.partition("\n")[0] for one in _read(page, project)]
    assert marks == ["# first", "# last"]


@pytest.mark.parametrize("name", PAGES)
def test_a_fence_knows_its_lines(name: str, project: Project) -> None:
    lines = PAGES[name].expandtabs(4).split("\n")
    for one in _read(PAGES[name], project):
        block = lines[one.first - 1 : one.last]
        depth = len(block[0]) - len(block[0].lstrip("> "))
        opening, *code, closing = (line[depth:] for line in block)
        assert opening.startswith(closing)
        assert "\n".join(code) == one.text


@pytest.mark.parametrize(
    ("header", "advice"),
    [
        ("```{.python .bench} words", "correct its attributes"),
        ("```python .bench", "correct its attributes"),
        ("- ```{.python .bench}", "begin it on its own line"),
        ("1. > ```{.python .bench}", "begin it on its own line"),
        ("```{.python .bench #a title='A}", "No closing quotation"),
        ("    ```{.python .bench}", "has no code to measure"),
        ("<!-- ```{.python .bench} -->", "has no code to measure"),
    ],
)
def test_a_fence_is_never_left_out_in_silence(header: str, advice: str, project: Project) -> None:
    path = project.pages / "bad.md"
    front = "---\ntitle: T\nprovider: P\nhomepage: https://example.org\n---\n\n"
    path.write_text(f"{front}{header}\n{CODE}\n```\n", encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        load_implementation(path, project)
    (problem,) = caught.value.problems
    assert advice in problem.message
    assert problem.line == (None if "no code" in advice else 7)


@pytest.mark.parametrize("wrap", ["a comment", "a fence of four", "code by indentation"])
def test_what_is_no_fence_for_readers_may_be_as_wrong_as_it_likes(
    wrap: str, project: Project
) -> None:
    for header in ("```{.python .bench} words", "```{.python .bench}", "- ```{.bench}"):
        wrong = WRAPS[wrap](header)
        assert not list(seen_as_text(f"Words.\n\n{wrong}\n", project, lambda _: True))


def test_a_fence_in_a_comment_is_not_measured(project: Project) -> None:
    path = project.pages / "mine.md"
    front = "---\ntitle: T\nprovider: P\nhomepage: https://example.org\n---\n\n"
    usual = HEADERS["as usual"]
    hidden = WRAPS["a comment"](_fence(usual, "old"))
    path.write_text(f"{front}{hidden}\n\n{_fence(usual, 'new')}\n", encoding="utf-8")
    (variant,) = load_implementation(path, project).variants
    assert variant.code.startswith("# new\n")
