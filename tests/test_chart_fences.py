"""Charts that a page asks for by a fence: what they show, and every mistake told with its line."""

import html
import json
import re
from pathlib import Path

import pytest
from records import CPU, Entry, run, write_run
from reports import Made, made

from bench.errors import BenchError
from hooks.report.output import chart_name

LINES = [Entry("a", "A <b>", 100), Entry("b", "B", 200), Entry("sdpa", "SDPA", 900)]


def project(tmp_path: Path, page: str) -> Made:
    """A report of three lines, and a page `docs/more.md` beside it."""
    found = made(tmp_path, LINES)
    (tmp_path / "docs" / "more.md").write_text(page, encoding="utf-8")
    return found


def chart(tmp_path: Path, *keys: str) -> tuple[dict[str, object], str]:
    """The options of the chart of a fence with `keys`, and its HTML."""
    found = project(tmp_path, "\n".join(["# A page", "```chart", *keys, "```"]))
    placed = found.build.pages["more.md"].placed[chart_name("\n".join(keys))]
    options = re.search(r'data-chart="([^"]*)"', placed)
    assert options
    return json.loads(html.unescape(options[1])), placed


def told(tmp_path: Path, page: str) -> list[str]:
    """What the build says of `page`."""
    with pytest.raises(BenchError) as caught:
        _ = project(tmp_path, page).build
    return str(caught.value).splitlines()


def test_a_fence_becomes_a_chart_of_the_lines_it_names(tmp_path: Path) -> None:
    options, placed = chart(tmp_path, "implementations: [b, a]", "title: 'Two, <i>compared</i>'")
    assert options["kind"] == "lines"
    assert options["metric"] == "latency"
    assert options["only"] == ["a", "b"]  # as the chart has them, the best first
    assert "<figcaption>Two, &lt;i&gt;compared&lt;/i&gt;</figcaption>" in placed


def test_an_empty_choice_is_all_lines(tmp_path: Path) -> None:
    assert chart(tmp_path)[0]["only"] == ["a", "b", "sdpa"]


def test_the_table_below_holds_the_chart_s_numbers(tmp_path: Path) -> None:
    _, placed = chart(tmp_path, "metric: speedup", "implementations: [a]", "baseline: b")
    assert "Speed-up over B" in placed
    assert '<details class="report-more">' in placed
    (row,) = re.findall(r"<tr><th scope=\"row\">.*?</tr>", placed)
    assert "A &lt;b&gt;" in row
    values = re.findall(r'<td class="number">([\d.]+) <small>([\d.]+) – ([\d.]+)</small>', row)
    assert len(values) == 6
    assert {value for value, _, _ in values} <= {"1.99", "2.00", "2.01"}


def test_a_chart_is_of_the_results_that_hold_its_lines(tmp_path: Path) -> None:
    (tmp_path / "docs" / "impls").mkdir(parents=True)
    only = [Entry("b", "B", 900)]
    write_run(tmp_path, only, run=run(CPU, suite="cpu", day=1), samples=5)
    assert "H200" in str(chart(tmp_path, "implementations: [a, b]")[0]["board"])
    assert "EPYC" in str(chart(tmp_path, "implementations: [a, b]", "suite: cpu")[0]["board"])


def test_without_results_a_page_says_so(tmp_path: Path) -> None:
    keys = "metric: limit\nimplementations: [sleepy]"
    found = project(tmp_path, f"```chart\n{keys}\n```\n")
    page = (tmp_path / "docs" / "impls" / "b.md").read_text()
    (tmp_path / "docs" / "impls" / "sleepy.md").write_text(page.replace("title: B", "title: S"))
    assert "No results yet for a chart" in found.build.pages["more.md"].placed[chart_name(keys)]


def test_every_mistake_of_every_fence_is_told_at_once(tmp_path: Path) -> None:
    page = "\n".join(
        [
            "# A page",
            "```chart",
            "metric: latenzy",
            "implementations:",
            "  - a",
            "  - sdqa",
            "gpu: NVIDIA H20",
            "```",
            "",
            "~~~chart",
            "suit: flux",
            "baseline: [a]",
            "suite: flix",
            "~~~",
        ]
    )
    lines = told(tmp_path, page)
    assert [line.split(" ")[0] for line in lines] == [
        f"docs/more.md:{number}:" for number in (7, 3, 6, 11, 12, 13)
    ]
    for line, hint in zip(
        lines, ["NVIDIA H200", "latency", "sdpa", "suite", "", "flux"], strict=True
    ):
        assert not hint or f"did you mean '{hint}'?" in line


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("metric: [", 3, "not valid YAML"),
        ("just words", 3, "`key: value`"),
        ("metric: latency\nmetric: limit", 4, "twice"),
        ("suite: flux\ndtype: bfloat16\nmask: causal", 5, "unknown mask"),
        ("title: &a [*a]", 3, "title must be a single value"),
        ("? [a]\n: b", 3, "unknown key"),
        ("date: 2024-99-99", 3, "unknown key"),
    ],
)
def test_what_is_no_chart_is_refused(tmp_path: Path, text: str, line: int, message: str) -> None:
    (said,) = told(tmp_path, f"# A page\n```chart\n{text}\n```\n")
    assert said.startswith(f"docs/more.md:{line}: chart: ")
    assert message in said


def test_a_fence_that_never_ends_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, "\n```chart\nmetric: limit\n") == [
        "docs/more.md:2: chart: this fence never ends: close it with ```"
    ]


@pytest.mark.parametrize(
    ("written", "read"),
    [("2024", "2024"), ("1.10", "1.10"), ("yes", "yes"), ("2024-99-99", "2024-99-99")],
)
def test_a_title_is_the_text_that_was_written(tmp_path: Path, written: str, read: str) -> None:
    assert f"<figcaption>{read}</figcaption>" in chart(tmp_path, f"title: {written}")[1]


def test_a_key_without_a_value_is_as_if_it_was_left_out(tmp_path: Path) -> None:
    _, placed = chart(tmp_path, "title:", "metric:", "gpu: ~")
    assert "<figcaption>Median latency" in placed
