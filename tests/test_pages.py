"""A page that breaks the contract is told in one line: file, line, what to do."""

import pytest
from bench_fixtures import SDPA, Bench, WritePage

from bench.errors import BenchError
from bench.pages.implementation import load_implementation, load_implementations, select
from bench.pages.template import write_page as write_new_page
from bench.project import Project

GOOD = "---\ntitle: T\nprovider: P\nhomepage: https://example.org\n---\n"
FENCE = "```{.python .bench}\n" + SDPA + "```\n"

BAD_PAGES = {
    "no fence": (GOOD, None, "add a fence"),
    "a fence without .bench is no fence": (
        GOOD + FENCE.replace(" .bench", ""),
        None,
        "add a fence",
    ),
    "two fences of one id": (
        GOOD + 2 * FENCE.replace(".bench", '.bench #a title="A"'),
        6,
        "give each fence its own id",
    ),
    "two fences of one title": (
        GOOD
        + FENCE.replace(".bench", '.bench #a title="A"')
        + FENCE.replace(".bench", '.bench #b title="A"'),
        6,
        "2 fences are titled 'A'",
    ),
    "two fences without ids": (GOOD + 2 * FENCE, 6, "give it a name"),
    "two fences without titles": (
        GOOD + FENCE.replace(".bench", ".bench #a") + FENCE.replace(".bench", ".bench #b"),
        6,
        "give it a name",
    ),
    "an id with a space in it": (GOOD + FENCE.replace(".bench", ".bench #A"), 6, "lower-case"),
    "a fence that never ends": (GOOD + FENCE.removesuffix("```\n"), 6, "close it"),
    "a quote that never ends": (GOOD + FENCE.replace(".bench", '.bench title="A'), 6, "quotation"),
    "not Python": (GOOD + FENCE.replace("import scaled", "import +"), 7, "not valid Python"),
    "no attention": (
        GOOD + FENCE.replace("def attention", "def answer"),
        7,
        "defines no operation. Write",
    ),
    "attention misspelt": (
        GOOD + FENCE.replace("def attention", "def atention"),
        10,
        "defines no operation: did you mean 'attention'? Write `def attention(q, k, v, ",
    ),
    "a wrong signature": (
        GOOD + FENCE.replace("*, causal", "causal"),
        10,
        "def attention(q, k, v,",
    ),
    "a prepare of the wrong signature": (
        GOOD + FENCE.replace("```\n", "def prepare():\n    pass\n```\n"),
        13,
        "def prepare(workload)",
    ),
    "a plan of the wrong signature": (
        GOOD + FENCE.replace("```\n", "def plan(workload, seqlens):\n    pass\n```\n"),
        13,
        "def plan(workload)",
    ),
    "broken YAML": ("---\ntitle: T\nprovider: [\n---\n" + FENCE, 3, "not valid YAML"),
    "a date that is none": (GOOD.replace("title: T", "title: 2024-99-99") + FENCE, 1, "month"),
    "a colon in a title": (GOOD.replace("title: T", "title: T: U") + FENCE, 2, "not valid YAML"),
    "no title": (GOOD.replace("title: T\n", "") + FENCE, 1, "title"),
    "a title of two lines": (GOOD.replace("title: T", 'title: "T\\nU"') + FENCE, 2, "title"),
    "a title that colours the terminal": (
        GOOD.replace("title: T", 'title: "\\e[31mT"') + FENCE,
        2,
        "title",
    ),
    "an unknown key": (
        GOOD.replace("title", "titel: x\ntitle") + FENCE,
        2,
        "did you mean 'title'?",
    ),
    "a key that is a number": (GOOD.replace("title", "1: x\ntitle") + FENCE, 2, "has no key '1'"),
    "a key given twice": (
        GOOD.replace("title", "title: U\ntitle") + FENCE,
        3,
        "title is given twice",
    ),
    "a dependency in no known form": (
        GOOD.replace("title", "dependencies: [flash attn 2]\ntitle") + FENCE,
        1,
        "'flash attn 2' is not in PEP 508 form: Expected",
    ),
    "an unknown device": (GOOD.replace("title", "devices: [tpu]\ntitle") + FENCE, 2, "tpu"),
    "no front matter": (FENCE, 1, "has no front matter: begin with ---, `title: …`, and --- again"),
    "front matter that is a list": (
        "---\n- title: T\n---\n" + FENCE,
        1,
        "front matter must consist of `key: value` lines",
    ),
    "a fence of another language": (
        GOOD + FENCE.replace(".python", ".bash"),
        6,
        "a .bench fence holds Python: mark it {.python .bench}",
    ),
    "an empty file": ("", 1, "front matter"),
}


@pytest.mark.parametrize("name", BAD_PAGES)
def test_a_bad_page_is_one_problem_with_file_line_and_advice(name: str, project: Project) -> None:
    text, line, advice = BAD_PAGES[name]
    path = project.pages / "bad.md"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        load_implementation(path, project)
    problem = caught.value.problems[0]
    assert str(problem.path) == "docs/impls/bad.md"
    assert problem.line == line
    assert advice in problem.message
    assert "\n" not in str(problem)


def test_a_page_that_does_not_say_where_it_runs_is_for_gpus_and_cpus(project: Project) -> None:
    (project.pages / "mine.md").write_text(GOOD + FENCE, encoding="utf-8")
    (page,) = load_implementations(project)
    assert set(page.about.devices) == {"cuda", "cpu"}


def test_only_pages_of_the_folder_itself_are_measured(project: Project) -> None:
    (project.pages / "drafts").mkdir()
    for name in ("mine.md", "index.md", "drafts/mine.md"):
        (project.pages / name).write_text(GOOD + FENCE, encoding="utf-8")
    assert [page.path for page in load_implementations(project)] == [project.pages / "mine.md"]


def test_pages_are_chosen_by_name_or_path_each_once_in_the_order_that_was_asked_for(
    write_page: WritePage,
) -> None:
    pages = tuple(write_page(name=name) for name in ("one", "two", "three"))
    chosen = select(pages, ["three", "docs/impls/one.md", "three"])
    assert [page.slug for page in chosen] == ["three", "one"]
    with pytest.raises(BenchError) as caught:
        select(pages, ["thre", "one", "zzzzzz"])
    assert [str(problem) for problem in caught.value.problems] == [
        "no page docs/impls/thre.md: did you mean 'three'? Known: one, two, three",
        "no page docs/impls/zzzzzz.md. Known: one, two, three",
    ]


def test_a_page_of_another_encoding_is_told(project: Project) -> None:
    (project.pages / "bad.md").write_text(GOOD + FENCE, encoding="utf-16")
    with pytest.raises(BenchError, match="save it as UTF-8"):
        load_implementations(project)


def test_all_bad_pages_are_told_at_once(project: Project) -> None:
    (project.pages / "one.md").write_text("", encoding="utf-8")
    (project.pages / "two.md").write_text(GOOD, encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        load_implementations(project)
    assert [problem.path.name for problem in caught.value.problems] == ["one.md", "two.md"]


def test_the_command_line_tells_a_bad_page_without_a_traceback(
    project: Project, command: Bench
) -> None:
    (project.pages / "bad.md").write_text(GOOD, encoding="utf-8")
    answer = command("run", "bad")
    assert answer.returncode == 1
    assert answer.stderr.startswith("error: docs/impls/bad.md: has no code to measure")
    assert len(answer.stderr.splitlines()) == 1


def test_what_python_warns_of_in_a_page_has_the_line_of_the_page(project: Project) -> None:
    path = project.pages / "mine.md"
    path.write_text(GOOD + FENCE.replace("    q, k, v =", "    w = '\\d'\n    q, k, v ="))
    with pytest.warns((SyntaxWarning, DeprecationWarning)) as caught:
        load_implementation(path, project)
    assert {(one.filename, one.lineno) for one in caught} == {("docs/impls/mine.md", 11)}
    assert {str(one.message)[:23] for one in caught} == {"invalid escape sequence"}


def test_every_fence_that_breaks_the_contract_is_told(project: Project) -> None:
    bad = FENCE.replace("*, causal", "causal")
    fences = [bad.replace(".bench", f'.bench #{name} title="{name}"') for name in ("a", "b")]
    path = project.pages / "bad.md"
    path.write_text(GOOD + "".join(fences) + FENCE.replace(".bench", ".bench #c"))
    with pytest.raises(BenchError) as caught:
        load_implementation(path, project)
    told = {(problem.line, problem.message.partition(":")[0]) for problem in caught.value.problems}
    wrong = "found `def attention(q, k, v, causal)`"
    assert told == {(10, wrong), (18, wrong), (22, "one of several fences")}


@pytest.mark.parametrize(
    ("last", "found"),
    [
        ("window", "found `def attention(q, k, v, *, causal, window)`"),
        ("window=0", "found `def attention(q, k, v, *, causal, window=0)`"),
        ("windw=None", "found `def attention(q, k, v, *, causal, windw=None)`"),
    ],
)
def test_an_option_has_its_name_and_the_default_none(
    last: str, found: str, project: Project
) -> None:
    path = project.pages / "mine.md"
    path.write_text(GOOD + FENCE.replace("*, causal", "*, causal, window=None"), encoding="utf-8")
    (variant,) = load_implementation(path, project).variants
    assert variant.functions == {"attention": ("window",)}
    path.write_text(GOOD + FENCE.replace("*, causal", f"*, causal, {last}"), encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        load_implementation(path, project)
    (problem,) = caught.value.problems
    write = "write `def attention(q, k, v, *, causal)`, perhaps with `window=None` at the end"
    assert (problem.line, problem.message) == (10, f"{found}: {write}")


@pytest.mark.parametrize("name", ["one[extra]", "one[/]", "[red]one"])
def test_a_message_keeps_what_stands_in_brackets(
    name: str, write_page: WritePage, command: Bench
) -> None:
    write_page(name="one")
    answer = command("run", name)
    assert answer.returncode == 1
    assert answer.stderr.startswith(f"error: no page docs/impls/{name}.md")


def test_a_fence_inside_another_fence_is_text(project: Project) -> None:
    quoted = "````markdown\n" + FENCE + "````\n"
    path = project.pages / "good.md"
    path.write_text(GOOD + quoted + FENCE, encoding="utf-8")
    assert len(load_implementation(path, project).variants) == 1


def test_annotations_and_windows_line_ends_are_the_authors_choice(project: Project) -> None:
    page = GOOD + FENCE.replace("(q, k, v, *, causal)", "(q, k, v, *, causal: bool) -> object")
    path = project.pages / "good.md"
    path.write_bytes(page.replace("\n", "\r\n").encode())
    assert load_implementation(path, project).variants[0].line == 7


def test_a_page_that_begins_with_a_byte_order_mark_is_accepted(project: Project) -> None:
    path = project.pages / "good.md"
    path.write_bytes(b"\xef\xbb\xbf" + (GOOD + FENCE).encode())
    page = load_implementation(path, project)
    assert (page.title, page.variants[0].line) == ("T", 7)


def test_a_variant_takes_the_title_of_its_fence_and_else_of_its_page(
    write_page: WritePage, project: Project
) -> None:
    (only,) = write_page(name="some_kernel").variants
    assert (only.id, only.title) == (None, "Some kernel")
    fences = [FENCE.replace(".bench", f'.bench #{name} title="As {name}"') for name in ("a", "b")]
    path = project.pages / "two.md"
    path.write_text(GOOD + "".join(fences), encoding="utf-8")
    variants = load_implementation(path, project).variants
    assert [(one.id, one.title) for one in variants] == [("a", "As a"), ("b", "As b")]


def test_a_new_page_is_a_page_that_loads(project: Project, command: Bench) -> None:
    assert command("new", "my_kernel").returncode == 0
    page = load_implementation(project.pages / "my_kernel.md", project)
    assert page.title == "My kernel"


@pytest.mark.parametrize("name", ["My_Kernel", "my-kernel", "../kernel", "index", "1st"])
def test_a_new_page_needs_a_name_that_can_be_a_file(name: str, project: Project) -> None:
    before = sorted(project.root.rglob("*"))
    with pytest.raises(BenchError, match="a page cannot be named"):
        write_new_page(name, project)
    assert sorted(project.root.rglob("*")) == before


def test_a_new_page_never_overwrites_one(project: Project, command: Bench) -> None:
    command("new", "mine")
    path = project.pages / "mine.md"
    path.write_text("kept", encoding="utf-8")
    assert command("new", "mine").returncode == 1
    assert path.read_text(encoding="utf-8") == "kept"


def test_a_warning_about_a_page_names_its_line_once(project: Project, bench: Bench) -> None:
    code = '    if q is 1:\n        q = "\\d"\n'
    page = GOOD + FENCE.replace("    q, k, v =", f"{code}    q, k, v =")
    (project.pages / "mine.md").write_text(page, encoding="utf-8")
    answer = bench("run", "mine", "--suite", "cpu", "--rounds", "1", PYTHONWARNINGS="default")
    assert answer.returncode == 0, answer.stderr
    told = [line for line in answer.stderr.splitlines() if "Warning" in line]
    assert sorted(line.partition(" ")[0] for line in told) == [
        "docs/impls/mine.md:11:",
        "docs/impls/mine.md:12:",
    ]
