"""The pages that need no script: the matrix, hardware, runs, changes and published figures."""

import hashlib
import html
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builds import ROOT, build
from markupsafe import escape
from outcomes import CAPPED
from playwright.sync_api import Browser
from records import CPU, H200, SUITES, Entry, page, retire, run, write_old_run, write_run
from reports import Made, front, made
from seen import Seen, watch
from site_fixtures import HOSTILE

from bench.analysis.canaries import copy_share, product_pace, product_share
from bench.analysis.rates import tb_per_second, tflops_per_second
from bench.analysis.roofline import PEAKS
from bench.errors import BenchError
from bench.operations.attention.workload import attention
from bench.operations.rms_norm.workload import RmsNormWorkload
from bench.pages.implementation import load_implementations
from bench.project import Project
from bench.records.outcome import (
    Crashed,
    Failed,
    Incorrect,
    OutOfMemory,
    TimedOut,
    Unavailable,
    Unsupported,
)
from bench.records.run_lines import LineKey
from hooks.report.elements import html as written
from hooks.report.pages.build_log import status_lines
from hooks.report.reading.published import Published, read_published
from hooks.report.tables.published import published_tables
from hooks.report.tables.runs import runs_list

A = Entry("a", "A", 100)
B = Entry("b", "B", 200)

FAILED = {
    "incorrect": Incorrect(reason="is NaN"),
    "unsupported": Unsupported(reason="no head_dim 128"),
    "unavailable": Unavailable(reason="no package"),
    "out of memory": OutOfMemory(reason="asked for 90 GiB"),
    "timed out": TimedOut(reason="after 60 s"),
    "crashed": Crashed(reason="signal 11"),
    "error": Failed(reason="ValueError, line 12"),
}


def shared(found: Made, name: str) -> str:
    return found.build.shared[name]


def cells(content: str, title: str) -> list[str]:
    """The words of a row of the matrix."""
    (row,) = re.findall(rf"<tr><th[^>]*>(?:<a[^>]*>)?{title}[<& ].*?</tr>", content)
    found = re.findall(r"<td[^>]*>(.*?)</td>", row)
    return [re.sub(r"<[^>]+>", "", cell).replace("\N{NO-BREAK SPACE}", " ") for cell in found]


def in_overview(content: str) -> dict[str, str]:
    """The words on the only leaderboard of each line in the list of implementations."""
    found = re.findall(r"<tr><th[^>]*>(.*?)</th><td[^>]*>(.*?)</td></tr>", content)
    words = ([re.sub(r"<[^>]+>", "", part).strip() for part in row] for row in found)
    return {name.partition(" ")[0]: value for name, value in words}


def facts(content: str) -> dict[str, str]:
    """A list of facts as text."""
    found = re.findall(r"<dt>(.*?)</dt> <dd>(.*?)</dd>", content)
    return {name: html.unescape(re.sub(r"<[^>]+>", "", value)) for name, value in found}


def test_the_matrix_says_how_every_case_ended_in_a_word_and_a_sign(tmp_path: Path) -> None:
    bad = [Entry(f"f{n}", f"F{n}", outcome=outcome) for n, outcome in enumerate(FAILED.values())]
    quantised = Entry("q", "Q", 90, more={"precision": "int8"})
    content = shared(made(tmp_path, [A, B, quantised, *bad]), "matrix")
    assert cells(content, "A") == ["✓ ok 1"] * 6
    assert cells(content, "B") == ["✓ ok 2"] * 6
    assert cells(content, "Q") == ["✓ ok unranked"] * 6
    signs = set()
    for number, word in enumerate(FAILED):
        (cell,) = set(cells(content, f"F{number}"))
        sign, _, rest = cell.partition(" ")
        assert rest.startswith(f"{word} reason")
        signs.add(sign)
    assert len(signs) == len(FAILED)


def test_every_reason_stands_below_the_matrix_with_the_cases_it_holds_for(tmp_path: Path) -> None:
    same = Unsupported(reason="no head_dim <128>")
    lines = [A, Entry("x", "X", outcome=same), Entry("y", "Y", outcome=same)]
    content = shared(made(tmp_path, [*lines, Entry("z", "Z", outcome=FAILED["crashed"])]), "matrix")
    reasons = re.findall(r'<li id="(why-[^"]+)">(.*?)</li>', content)
    texts = [re.sub(r"<[^>]+>", " ", text) for _, text in reasons]
    assert len(reasons) == 2
    assert re.search("unsupported.*no head_dim &lt;128&gt;.*X: every workload; Y: every", texts[0])
    assert re.search("crashed.*signal 11.*Z: every workload", texts[1])
    assert set(re.findall(r'href="#(why-[^"]+)"', content)) == {name for name, _ in reasons}


def test_the_matrix_shows_ties_and_what_was_not_measured(tmp_path: Path) -> None:
    level = [Entry(name, name.upper(), 100, paces=(1, 1.02, 0.98)) for name in ("a", "b")]
    short = run(day=-1, workloads=SUITES["flux"].workloads[:2])
    write_run(tmp_path, [Entry("c", "C", 300)], run=short, samples=5)
    content = shared(made(tmp_path, level), "matrix")
    assert set(cells(content, "A")) | set(cells(content, "B")) == {"✓ ok 1= tied"}
    assert cells(content, "C") == ["✓ ok 3"] * 2 + ["– not measured"] * 4
    assert "<b>– not measured</b>" in content


def test_the_list_of_implementations_says_what_was_not_measured(tmp_path: Path) -> None:
    bad = Entry("b", "B", outcome=Incorrect(reason="is NaN"))
    first = run(day=-1, workloads=SUITES["flux"].workloads[:2])
    write_run(tmp_path, [A, bad], run=first, samples=5)
    content = shared(made(tmp_path, [Entry("c", "C", 50)]), "overview")
    assert in_overview(content) == {
        "A": "2.00× 4 not measured",
        "B": "2 incorrect, 4 not measured",
        "C": "1.00×",
    }


def test_the_list_of_implementations_says_which_operation_was_never_measured(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, [A])
    text = page(tmp_path, "norm", "Norm").read_text(encoding="utf-8")
    code = text.replace("def attention(q, k, v, *, causal)", "def rms_norm(x, weight, *, eps)")
    (tmp_path / "docs" / "impls" / "norm.md").write_text(code, encoding="utf-8")
    content = shared(found, "overview")
    captions = re.findall("<h2>([^<]*)</h2>.*?<caption>([^<]*)</caption>", content, re.S)
    slowdown = "Slow-down relative to the fastest exact implementation at each workload"
    assert captions == [
        ("Attention", f"{slowdown}, NVIDIA H200"),
        ("RMSNorm", "Not measured yet"),
    ]


def test_a_quantised_line_without_exact_ones_is_compared_with_none(tmp_path: Path) -> None:
    quantised = Entry("q", "Q", 50, more={"precision": "int8"})
    found = made(tmp_path, [quantised, Entry("b", "B", outcome=Incorrect(reason="is NaN"))])
    assert in_overview(shared(found, "overview")) == {"B": "6 incorrect", "Q": "not compared"}


def test_a_line_whose_page_was_deleted_is_retired_wherever_lines_are_listed(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, [A, B])
    assert "retired" not in front(found) + shared(found, "matrix") + shared(found, "overview")
    (tmp_path / "docs" / "impls" / "b.md").unlink()
    found = Made(tmp_path)
    name = found.report.runs[0].run.id
    for content in (front(found), shared(found, "matrix"), shared(found, "overview")):
        assert re.search(r'[^>]*B <span class="chip"[^>]*>retired</span>', content)
        assert f'<a href="~/runs/#{name}">{name}</a>' in content
        assert "<code>docs/impls/b.md</code>" in content
        assert "impls/b/" not in content
    assert any(line.startswith("⊘ retired  B: 6 of 6") for line in status_lines(found.report))


def test_a_variant_that_left_its_page_is_retired_too(tmp_path: Path) -> None:
    found = made(tmp_path, [A, Entry("a", "Old way", 150, variant="old")])
    assert re.search(r'Old way</a> <span class="chip"[^>]*>retired</span>', front(found))
    assert "no longer has the variant <code>old</code>" in front(found)
    placed = found.build.pages["impls/a.md"].placed
    assert "retired</span>" in placed["results-0"]
    assert placed["standing"].count("retired</span>") == 1
    assert re.search("Old way <span[^>]*>retired</span></th>", placed["standing"])


def test_a_line_of_an_operation_that_was_removed_is_retired_and_nothing_else_changes(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, [A, B])
    before = front(found)
    old = run(day=1, suite="old")
    path = retire(write_run(tmp_path, [Entry("b", "B", 20)], run=old, samples=5))
    found = Made(tmp_path)
    assert front(found) == before
    run_link = f'<a href="~/runs/#{path.stem}">{path.stem}</a>'
    note = "<b>retired</b> B: the operation <code>old_conv</code> was removed; its results are from"
    assert f"{note} {run_link}" in shared(found, "overview")
    assert "⊘ retired  B: its operation old_conv was removed" in status_lines(found.report)
    assert path.stem in shared(found, "runs")
    assert path.stem not in found.file("data/v1/results.csv")


def test_the_hardware_page_has_the_pace_of_the_newest_run_beside_the_datasheet(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, [replace(A, ok={"clocks": CAPPED}), B], drift=0.01)
    canaries = found.report.runs[0].canaries
    content = shared(found, "hardware")
    pace = product_pace(canaries)
    expected = [2 * 8192**3 / one.matmul_us / 1e6 for one in canaries]
    assert pace is not None
    assert pace.range == (min(expected), max(expected))
    assert f"{pace.median:.0f} TFLOP/s" in content
    peak = PEAKS["NVIDIA H200"]
    share, copied = product_share("NVIDIA H200", canaries), copy_share("NVIDIA H200", canaries)
    assert share == pytest.approx(pace.median / peak.half)
    assert copied == pytest.approx(2 * 2**30 / 560.0 / 1e6 / 4.8, rel=0.02)
    assert f"{share * 100:.1f}\u00a0%" in content
    assert escape(peak.source) in content
    told = facts(content)
    assert told["SM clock"] == "1,620 – 1,980 MHz"
    assert told["Clock lowered"] == "power limit in 18 of 36 rounds"
    assert (told["Power limit"], told["ECC"], told["MIG"]) == ("700 W", "on", "off")


def test_each_device_has_its_runs_gpus_first_and_the_newest_in_front(tmp_path: Path) -> None:
    old = msgspec.structs.replace(H200, driver="570.10")
    write_old_run(tmp_path, [A], run=run(old, day=-3))
    write_run(tmp_path, [A], run=run(CPU, suite="cpu", day=3), samples=5)
    content = shared(made(tmp_path, [A]), "hardware")
    assert re.findall(r"<h2>([^<]+)</h2>", content) == ["NVIDIA H200", "AMD EPYC 9B14"]
    table = re.findall(r'<table class="report-table hardware">.*?</table>', content)[0]
    drivers = re.findall(
        r'<td class="number">([\d.]+)</td><td class="number">[^<]*</td></tr>', table
    )
    assert drivers == ["580.82", "570.10"]


def test_devices_of_one_suite_lead_to_the_comparison_of_their_newest_runs_of_it(
    tmp_path: Path,
) -> None:
    other = msgspec.structs.replace(H200, name="NVIDIA B200 & more")
    write_run(tmp_path, [A], run=run(other, day=-3), samples=5)
    write_run(tmp_path, [A], run=run(H200, day=-2), samples=5)
    write_run(tmp_path, [A], run=run(CPU, suite="cpu", day=3), samples=5)
    write_run(tmp_path, [A], run=run(other, suite="cpu", day=-4), samples=5)
    found = made(tmp_path, [A])
    flux = [one.run for one in found.report.runs if one.run.suite == "flux"]
    ids = {one.environment.name: one.id for one in flux}
    on_cpu, on_b200 = (one.run.id for one in found.report.runs[::-1] if one.run.suite == "cpu")
    a, b = ids["NVIDIA H200"], ids[other.name]
    assert re.findall(r'<a href="~/compare/\?([^"]+)">([^<]+)</a>', shared(found, "hardware")) == [
        (f"a=run:{a}&amp;b=run:{b}", "NVIDIA H200 and NVIDIA B200 &amp; more (flux)"),
        (f"a=run:{on_b200}&amp;b=run:{on_cpu}", "NVIDIA B200 &amp; more and AMD EPYC 9B14 (cpu)"),
    ]


def test_a_newest_run_without_canaries_says_that_its_pace_is_unknown(tmp_path: Path) -> None:
    content = shared(made(tmp_path, [A], write=write_old_run, run=run()), "hardware")
    assert "has no canaries" in content


def test_a_run_s_line_says_the_most_while_folded_and_the_rest_is_below(tmp_path: Path) -> None:
    found = made(tmp_path, [A, B, Entry("c", "C", outcome=FAILED["crashed"])])
    one = found.report.runs[0]
    content = shared(found, "runs")
    summary = re.search(r"<summary>(.*?)</summary>", content)[1]
    words = re.sub(r"<[^>]+>", "", summary)
    for part in ("2026-03-14 09:26", "NVIDIA H200", "flux", "12 ok, 6 failed", one.run.id):
        assert part in words, part
    assert f'<details class="report-more" id="{one.run.id}"' in content
    told = facts(content)
    assert told["Cases"] == "12 ok, 6 crashed"
    repeat = f"git checkout {one.run.commit} && make setup && .venv/bin/{one.run.command}"
    assert told["Repeat the run, in a clone of the repository"] == repeat
    assert "rounds 3" in told["Protocol"]
    assert told["File"] == f"{one.run.id}.jsonl, {one.size:,} bytes"
    assert (told["Driver"], told["Bench"]) == ("580.82", "0.1.0")


def test_the_command_that_checks_a_download_does(tmp_path: Path) -> None:
    found = made(tmp_path, [A])
    path = tmp_path / "data" / found.report.runs[0].path
    command = " ".join(facts(shared(found, "runs"))["Check the download"].split())
    assert hashlib.sha256(path.read_bytes()).hexdigest() in command
    done = subprocess.run(["sh", "-c", command], cwd=path.parent, check=False)
    assert done.returncode == 0
    path.write_bytes(path.read_bytes()[:-1])
    assert subprocess.run(["sh", "-c", command], cwd=path.parent, check=False).returncode == 1


def test_the_page_of_runs_grows_in_proportion_to_the_runs(tmp_path: Path) -> None:
    report = made(tmp_path, [A]).report
    one = report.runs[0]
    few, many = (
        len(written(runs_list(replace(report, runs=(one,) * count)))) for count in (10, 1000)
    )
    assert many < 105 * few
    assert many / 1000 < 4000


def test_strange_names_of_runs_and_commands_stay_text(tmp_path: Path) -> None:
    """What a file may be called and a record may say: quotes, brackets, spaces, a dollar sign."""
    name = "a \"b\" 'c' <i>&#x $(d)"
    strange = msgspec.structs.replace(H200, name=HOSTILE, driver=HOSTILE, torch=HOSTILE)
    odd = run(strange, id=name, command=HOSTILE, bench=HOSTILE, commit=HOSTILE)
    found = made(tmp_path, [replace(A, title=HOSTILE)], run=odd)
    (tmp_path / "docs" / "impls" / "a.md").unlink()
    found = Made(tmp_path)
    for page_ in ("runs", "hardware", "matrix", "overview", "published"):
        content = shared(found, page_)
        assert not re.search(r"<(?:img|i)\b", content), page_
        assert "onerror='window" not in content
    content = shared(found, "runs")
    assert f'<details class="report-more" id="{escape(name)}"' in content
    assert "git checkout" not in facts(content)["Repeat the run, in a clone of the repository"]
    check = facts(content)["Check the download"]
    folder = (tmp_path / "data" / found.report.runs[0].path).parent
    assert subprocess.run(["sh", "-c", check], cwd=folder, check=False).returncode == 0


def test_the_changelog_is_the_repository_s(tmp_path: Path) -> None:
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n- Something changed\n")
    content = made(tmp_path, [A]).file("changelog.md")
    assert content.endswith("# Changelog\n\n- Something changed\n")
    assert not (ROOT / "docs" / "changelog.md").exists()


THEIRS = Published(
    device="NVIDIA H200",
    implementation="Their A",
    pages="a b",
    direction="forward",
    workload=attention(4224, 24, 128, "bfloat16"),
    rate=612,
    unit="TFLOP/s",
    source="A paper",
    url="https://example.org/paper",
)


def theirs(**more: Any) -> Published:
    """Their figure, with other values of its own or of its workload."""
    own = {name: more.pop(name) for name in tuple(more) if name in THEIRS.__struct_fields__}
    workload = msgspec.structs.replace(THEIRS.workload, **more)
    return msgspec.structs.replace(THEIRS, **{"workload": workload} | own)


def beside(found: Made, figure: Published = THEIRS) -> list[list[str]]:
    """The rows of the comparisons, for one figure of theirs."""
    content = written(published_tables(found.report, (figure,)))
    table = content.partition("comparisons</summary>")[2].partition("</table>")[0]
    return row_cells(table)


def row_cells(table: str) -> list[list[str]]:
    rows = re.findall(r"<tr>(<th scope=\"row\".*?)</tr>", table)
    return [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]


def test_a_published_figure_stands_beside_ours_of_the_same_shape(tmp_path: Path) -> None:
    found = made(tmp_path, [A, B, Entry("c", "C", 50)])
    rows = beside(found)
    workload = SUITES["flux"].workloads[0]
    lines = {line.label: line for line in found.board.lines}
    assert [re.sub(r"<[^>]+>", "", row[5]) for row in rows] == ["A", "B"]
    for title, row in zip("AB", rows, strict=True):
        rate = tflops_per_second(workload, lines[title].measured[workload])
        assert row[1:4] == ["612\u00a0TFLOP/s", f"{rate:,.0f}", f"{rate / 612:.2f}"]
        assert row[8] == "same shape"
        assert row[0].endswith('<a href="https://example.org/paper">A paper</a>')


def test_a_published_rate_of_memory_traffic_stands_beside_ours(tmp_path: Path) -> None:
    workload = RmsNormWorkload(rows=8192, columns=4096, dtype="bfloat16")
    suite = run(suite="norms", workloads=(workload,))
    found = made(tmp_path, [A], run=suite)
    (row,) = beside(found, theirs(workload=workload, rate=3.0, unit="TB/s"))
    rate = tb_per_second(workload, found.board.lines[0].measured[workload])
    assert row[1:4] == ["3.00\u00a0TB/s", f"{rate:.2f}", f"{rate / 3:.2f}"]
    other = msgspec.structs.replace(workload, rows=8191)
    assert beside(found, theirs(workload=other, rate=3.0, unit="TB/s")) == []


def test_queries_over_more_keys_stand_beside_no_figure_of_self_attention(tmp_path: Path) -> None:
    workload = attention((4224, 8448), 24, 128, "bfloat16")
    found = made(tmp_path, [A], run=run(suite="longer", workloads=(workload,)))
    assert beside(found) == []


def test_a_row_for_each_source_and_line_says_how_many_figures_of_one_shape_agree(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, [A])
    ours = tflops_per_second(
        THEIRS.workload, found.board.by_key[LineKey("a", None)].measured[THEIRS.workload]
    )
    figures = tuple(theirs(rate=ours / ratio) for ratio in (1.2, 1.04, 0.97, 0.9))
    longer = theirs(seqlen_q=4300, seqlen_kv=4300)
    content = written(published_tables(found.report, (*figures, longer)))
    (family,) = row_cells(content.partition("</table>")[0])
    assert family[2:] == ["4", "2", "1.00", "0.90", "1.20", "–"]
    assert "families" not in written(published_tables(found.report, (longer,)))


def test_figures_of_16_bits_are_compared_across_dtypes_and_cards_of_the_same_arithmetic(
    tmp_path: Path,
) -> None:
    """H100 and H200 have the same tensor cores; only the shape itself is compared then."""
    found = made(tmp_path, [A])
    h100 = "NVIDIA H100 80GB HBM3"
    (row,) = beside(found, theirs(device=h100, dtype="float16"))
    assert row[8] == f"NVIDIA H200, not {h100}; bfloat16, not float16; same shape"
    assert beside(found, theirs(device=h100, seqlen_q=4300, seqlen_kv=4300)) == []


def test_memory_traffic_is_not_compared_across_cards_of_other_memory(tmp_path: Path) -> None:
    workload = RmsNormWorkload(rows=8192, columns=4096, dtype="bfloat16")
    found = made(tmp_path, [A], run=run(suite="norms", workloads=(workload,)))
    h100 = {"workload": workload, "rate": 3.0, "unit": "TB/s", "device": "NVIDIA H100 80GB HBM3"}
    assert beside(found, theirs(**h100)) == []


def test_where_shapes_differ_the_nearest_is_shown_and_says_in_what(tmp_path: Path) -> None:
    found = made(tmp_path, [A])
    longer = theirs(seqlen_q=8192, seqlen_kv=8192, q_heads=64, kv_heads=8, batch=2)
    (row,) = beside(found, longer)
    assert row[8] == (
        "nearest shape: batch 1, not 2; tokens 4,608, not 8,192; query heads 24, not 64; "
        "key heads 24, not 8"
    )


@pytest.mark.parametrize(
    "more",
    [
        {"device": "NVIDIA A100-SXM4-80GB"},
        {"dtype": "float32"},
        {"causal": True},
        {"head_dim": 64},
        {"workload": attention(4224, 24, 128, "bfloat16", direction="backward")},
        {"direction": "forward+backward"},
        {"seqlen_q": 16384, "seqlen_kv": 16384},
        {"pages": "other"},
    ],
    ids=lambda more: next(iter(more)),
)
def test_what_cannot_be_compared_stands_beside_nothing(tmp_path: Path, more: dict) -> None:
    found, figure = made(tmp_path, [A]), theirs(**more)
    assert beside(found, figure) == []
    content = written(published_tables(found.report, (figure,)))
    assert content.count(">A paper</a>") == 1


def test_a_published_figure_s_text_is_escaped_and_only_a_web_address_a_link(
    tmp_path: Path,
) -> None:
    found = made(tmp_path, [A])
    text = dict.fromkeys(("implementation", "source", "note"), HOSTILE)
    bad = msgspec.structs.replace(THEIRS, url="javascript:window.hacked=1", **text)
    content = written(published_tables(found.report, (bad,)))
    assert "<img" not in content
    assert "javascript:" not in content
    assert escape(HOSTILE) in content


def test_the_committed_figures_can_be_read_and_name_pages_that_exist() -> None:
    figures = read_published(Project(ROOT))
    known = {found.slug for found in load_implementations(Project(ROOT))}
    assert len(figures) > 100
    assert {name for one in figures for name in one.pages.split()} <= known
    assert all(one.url.startswith("https://") for one in figures)


def test_a_bad_line_of_published_figures_is_named(tmp_path: Path) -> None:
    content = (ROOT / "docs" / "published.csv").read_text(encoding="utf-8").splitlines()
    bad = [content[0], content[1], content[2].replace("float16", "float12"), "too,few"]
    bad.append(content[3].replace(",460,", ",0,"))
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "published.csv").write_text("\n".join(bad) + "\n", encoding="utf-8")
    with pytest.raises(BenchError) as caught:
        read_published(Project(tmp_path))
    assert [(str(p.path), p.line) for p in caught.value.problems] == [
        ("docs/published.csv", 3),
        ("docs/published.csv", 4),
        ("docs/published.csv", 5),
    ]


@pytest.mark.slow
def test_what_changed_of_words_figures_and_templates_is_built_anew(measured: Path) -> None:
    assert build(measured).code == 0
    template = measured / "hooks" / "theme" / "404.html"
    words = template.read_text(encoding="utf-8").replace("</ul>", "</ul> Another day")
    template.write_text(words, encoding="utf-8")
    (measured / "CHANGELOG.md").write_text("# Changelog\n\nA new day\n", encoding="utf-8")
    figures = measured / "docs" / "published.csv"
    figures.write_text(figures.read_text().replace(",671,", ",999,"), encoding="utf-8")
    done = build(measured, "--strict")
    assert done.code == 0, done.output
    assert "A new day" in done.read("changelog/index.html")
    assert "Another day" in done.read("404.html")
    assert '<td class="number">999\u00a0TFLOP/s</td>' in done.read("published/index.html")


@pytest.mark.browser
def test_a_link_to_a_run_shows_it_without_scripts(chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    seen = watch(context)
    seen.open("runs/")
    commands = seen.page.locator(".report-commands")
    assert commands.count() > 1
    assert not commands.last.is_visible()
    name = seen.page.locator(".report-runs details").last.get_attribute("id")
    seen.open(f"runs/#{name}")
    assert seen.page.locator(f"details[id='{name}'] summary").is_visible()
    assert commands.last.is_visible()
    context.close()
    assert seen.elsewhere == []


@pytest.mark.browser
def test_the_evidence_is_reached_from_the_navigation_by_instant_loading(seen: Seen) -> None:
    seen.open()
    seen.click_tab("Evidence")
    seen.page.wait_for_selector("table.matrix")
    seen.page.evaluate("window.sameDocument = true")
    for name, wanted in {
        "Hardware": "table.hardware",
        "Runs": ".report-runs",
        "Published figures": "details:has(table.published)",
        "Data": "h1:has-text('Data')",
        "Matrix": "table.matrix",
    }.items():
        seen.page.click(f'.md-sidebar--primary >> text="{name}"')
        seen.page.wait_for_selector(wanted)
    seen.page.click(".report-table.matrix a[href*='#why']")
    assert seen.page.locator("li:target").count() == 1
    assert seen.page.evaluate("window.sameDocument === true")
    assert seen.page.locator('link[type="application/atom+xml"]').count() == 1
