"""The built site, as files: navigation, tables, downloads, and text from untrusted hands."""

import csv
import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit
from xml.etree import ElementTree as ET

import pytest
from builds import Built
from markupsafe import escape
from seen import HOST
from site_fixtures import FORMULA, HOSTILE, STRANGE

from bench.analysis.case_records import case_records
from bench.records.runfile import read_run

pytestmark = pytest.mark.slow

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_strict_build_is_free_of_warnings(built: Built) -> None:
    assert built.code == 0, built.output
    assert "WARNING" not in built.output
    assert "ERROR" not in built.output


def test_a_build_needs_neither_torch_nor_the_worker(built: Built) -> None:
    """The session's build runs with both blocked."""
    assert "was imported" not in built.output


def test_the_build_says_of_every_line_what_it_found(built: Built) -> None:
    assert re.search(r"✓ found +Flash \(PyTorch SDPA\): 9 of 9 workloads", built.output)
    assert re.search(rf"⊘ skipped  .*\(unavailable: {re.escape(HOSTILE)}\)", built.output)
    assert "✗ missing  Not measured yet: run `python -m bench run unmeasured`" in built.output


def test_every_page_is_in_the_navigation(built: Built) -> None:
    front = built.read("impls/index.html")
    for path in (built.root / "docs" / "impls").glob("*.md"):
        if path.stem != "index":
            assert f'href="{path.stem}/" class="md-nav__link"' in front


def test_the_author_s_words_and_code_stay_as_they_are(built: Built) -> None:
    content = built.read("impls/hostile/index.html")
    assert "What it is and when to choose it." in content
    code = re.sub(r"<[^>]+>", "", content)
    assert "def attention(q, k, v, *, causal):\n    q, k, v = (tensor.transpose(1, 2)" in code


def test_a_titled_fence_is_highlighted_with_its_title(built: Built) -> None:
    content = built.read("impls/compiled_variants/index.html")
    assert '<span class="filename">Compiled (default)</span>' in content
    assert '<span class="k">def</span>' in content


def test_a_page_without_records_says_how_to_make_them(built: Built) -> None:
    content = built.read("impls/unmeasured/index.html")
    assert "<code>python -m bench run unmeasured</code>" in content
    assert "data-chart" not in content


def test_failures_stand_on_their_page_with_the_reason(built: Built) -> None:
    content = built.read("impls/flash_attn3/index.html")
    assert '<h2 id="failures">' in content
    assert "<strong>unsupported</strong> (3 workloads): <code>needs a Hopper GPU</code>" in content


def test_a_failure_of_one_round_takes_the_case_out_of_the_ranking(built: Built) -> None:
    """On the CPU board FlexAttention passed its examination and two of three rounds."""
    content = built.read("impls/flex_attention/index.html")
    assert "<strong>incorrect</strong> (3 workloads): <code>is NaN</code>" in content
    (row,) = (r for r in _rows(built.read("index.html")) if 'title="is NaN">incorrect</abbr>' in r)
    assert row.startswith('<td class="rank">–</td>')


def test_a_local_build_is_named_wherever_its_numbers_are(built: Built) -> None:
    title = "HF Kernels Flash Attn (local build)"
    assert title in built.read("index.html")
    assert title in _points(built)
    assert title in built.read("charts/latency.svg")
    content = built.read("impls/hf_kernels_flash_attn/index.html")
    assert "Measured with a local build in place of <code>k/f</code>" in content


def test_quantised_lines_are_listed_and_not_ranked(built: Built) -> None:
    row = next(r for r in _rows(built.read("index.html")) if "SageAttention" in r)
    assert row.startswith('<td class="rank">–</td>')
    assert ">int8</span>" in row


def test_hostile_text_arrives_as_text(built: Built) -> None:
    """In HTML every hostile character is escaped; nothing of it became an element."""
    for path in built.site.rglob("*.html"):
        content = path.read_text(encoding="utf-8")
        assert "<img src=x" not in content, path
        assert "<script>window" not in content, path
        assert "<svg onload" not in content, path
        assert 'href="javascript:' not in content, path
        assert "onerror='window" not in content, path
    assert escape(HOSTILE) in built.read("index.html")
    assert escape(HOSTILE) in built.read("impls/flash_attn4/index.html")
    own = built.read("impls/hostile/index.html")
    for place in ("a kernel", "<b>CUDA graph</b> (6 workloads): ", "<b>CUPTI</b> (6 workloads): "):
        before = '<td class="name">' if place == "a kernel" else place
        assert f"{before}<code>{escape(HOSTILE)}</code>" in own, place
    selftests = built.read("methodology/index.html")
    assert selftests.count(f">{escape(HOSTILE)}<") == 3  # title, intent and reason
    assert f"No comparison with NVBench: {escape(HOSTILE)}" in selftests
    assert "<img" not in built.read("charts/latency.svg")
    for page in ("matrix", "hardware", "runs"):
        assert escape(HOSTILE) in built.read(f"{page}/index.html"), page


def test_hostile_text_in_an_endpoint_is_text_and_names_no_file(built: Built) -> None:
    feed = ET.fromstring(built.read("feed.xml"))  # noqa: S314 -- our own
    titles = [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")]
    assert sum(STRANGE["name"] in title for title in titles) == 1
    assert json.loads(built.read("badge/hostile.json"))["label"] == HOSTILE
    index = json.loads(built.read("data/v1/index.json"))
    assert STRANGE["name"] in {run["device"] for run in index["runs"]}
    assert {page["title"] for page in index["implementations"]} >= {HOSTILE}
    assert not re.search(r"(?<!\\)<img", built.read("llms.txt"))
    slugs = {path.stem for path in (built.root / "docs" / "impls").glob("*.md")} - {"index"}
    assert {path.stem for path in built.site.glob("badge/*")} == slugs | {"gone"}
    assert not [*built.site.parent.glob("*onerror*"), *built.site.glob("*onerror*")]


def test_what_no_page_holds_any_more_is_retired_and_not_lost(built: Built) -> None:
    for page in ("index.html", "matrix/index.html", "impls/index.html"):
        content = built.read(page)
        assert re.search(r'Page deleted <span class="chip"[^>]*>retired</span>', content), page
        note = r"<b>retired</b> Page deleted: the page .*? was removed.*?runs/#2026\d+T"
        assert re.search(note, content), page
    assert "⊘ retired  Page deleted: 3 of 3 workloads" in built.output


def test_hostile_text_cannot_end_a_data_script_or_a_string_in_it(built: Built) -> None:
    scripts = sorted(built.site.glob("data/v1/**/*.js"))
    held = []
    for path in scripts:
        content = path.read_text(encoding="utf-8")
        assert not {"<", "\u2028", "\u2029"} & set(content), path
        assert len(content.splitlines()) == 1, path
        match = re.fullmatch(
            r"\(\(window\.report \?\?= {}\)\.data \?\?= {}\)\[(\".*?\")\] = (.*);\n", content
        )
        assert match, path
        assert json.loads(match[1])
        held.append(json.dumps(json.loads(match[2]), ensure_ascii=False))
    assert any(json.dumps(HOSTILE, ensure_ascii=False)[1:-1] in text for text in held)
    assert any("</script><script>window.hacked=2" in text for text in held)


def test_hostile_text_stays_text_in_every_other_file(built: Built) -> None:
    """XML is well formed and holds no foreign element, JSON is JSON, and no cell is a formula."""
    for path in [*built.site.rglob("*.svg"), *built.site.rglob("*.xml")]:
        if "assets" not in path.relative_to(built.site).parts:
            elements = ET.parse(path).iter()  # noqa: S314 -- the test's own build
            tags = {str(element.tag).split("}")[-1] for element in elements}
            assert not tags & {"img", "script", "foreignObject"}, path
    for path in built.site.rglob("*.json"):
        json.loads(path.read_text(encoding="utf-8"))
    rows = list(csv.reader(io.StringIO(built.read("data/v1/results.csv"))))
    assert any(f"'{FORMULA}" in row for row in rows)
    assert [cell for row in rows for cell in row if cell[:1] in {"=", "+", "-", "@"}] == []


def test_the_downloads_hold_every_result(built: Built) -> None:
    rows = list(csv.DictReader(io.StringIO(built.read("data/v1/results.csv"))))
    files = sorted((built.root / "data").rglob("*.jsonl"))
    assert len(rows) == sum(len(case_records(read_run(path))) for path in files)
    assert {row["rounds"] for row in rows} == {"1", "3", ""}
    assert any(row["status"] == "unavailable" and row["reason"] == HOSTILE for row in rows)
    for path in files:
        served = built.site / "data/v1/runs" / path.relative_to(built.root / "data")
        assert served.read_bytes() == path.read_bytes()
        assert f"{path.stem}.jsonl" in built.read("runs/index.html")
    for path in (built.root / "data").glob("*/*.json"):
        served = built.site / "data/v1/selftests" / path.relative_to(built.root / "data")
        assert served.read_bytes() == path.read_bytes()
        assert f"{path.name}</a>" in built.read("methodology/index.html")
    assert json.loads(built.read("data/v1/schema.json"))["title"].startswith("One line of a run")


def test_tables_are_not_in_the_search_index(built: Built) -> None:
    index = json.loads(built.read("search/search_index.json"))
    text = json.dumps(index)
    assert "flash_fwd_kernel" not in text
    assert "Median latency in µs on" not in json.dumps(index, ensure_ascii=False)
    assert "Results" in text


def test_every_table_of_results_has_a_caption_and_named_columns(built: Built) -> None:
    for path in built.site.rglob("*.html"):
        tables = re.findall(
            r'<table class="report-table.*?</table>', path.read_text(encoding="utf-8"), re.DOTALL
        )
        for table in tables:
            assert re.search(r"<caption>[^<]", table), path
            assert "<th>" not in table, path


def test_no_page_loads_anything_from_elsewhere(built: Built) -> None:
    loaded = re.compile(
        r'<(?:script|img|link|iframe)[^>]+(?:src|href)=["\']?(?:https?:)?//([^/"]+)'
    )
    for path in built.site.rglob("*.html"):
        assert set(loaded.findall(path.read_text(encoding="utf-8"))) <= {"report.test"}, path


def test_every_link_within_the_site_leads_to_a_file_and_its_anchor(built: Built) -> None:
    """In pages, the feed, the index and `llms.txt`, and those that scripts make of their data."""
    base, anchors, dead = f"http://{HOST}/", dict[Path, set[str]](), set[tuple[str, str]]()
    followed = 0
    for page, url in _links(built):
        goal = urlsplit(urljoin(base + page, url))
        if goal.netloc != HOST or goal.scheme != "http":
            continue
        followed += 1
        path = built.site / unquote(goal.path).lstrip("/")
        path = path / "index.html" if goal.path.endswith("/") else path
        if path.suffix == ".html" and path.is_file() and path not in anchors:
            found = re.findall(r'\bid="([^"]*)"', path.read_text(encoding="utf-8"))
            anchors[path] = {html.unescape(one) for one in found}
        anchor = unquote(goal.fragment)
        if not path.is_file() or (anchor and anchor not in anchors.get(path, {anchor})):
            dead.add((page, url))
    assert dead == set()
    assert followed > 1000


def _links(built: Built) -> Iterator[tuple[str, str]]:
    """Each link, with the address of the page that it is on."""
    for path in built.site.rglob("*.html"):
        page = path.relative_to(built.site).as_posix().removesuffix("index.html")
        content = path.read_text(encoding="utf-8")
        # The theme writes some attributes without quotes.
        for first, second in re.findall(
            r'<(?:a|img|link|script)\b[^>]*?\s(?:href|src)=(?:"([^"]*)"|([^\s">]+))', content
        ):
            yield page, html.unescape(first or second)
        script = r'(?:data-samples=|"(?:samples|history)": )"(\w+/[^"]+)"'
        names = re.findall(script, html.unescape(content))
        yield from (("", f"data/v1/{name}.js") for name in names)
    for name, link in (("feed.xml", r'href="([^"]*)"'), ("llms.txt", r"\]\(([^)]*)\)")):
        yield from (("", html.unescape(url)) for url in re.findall(link, built.read(name)))
    index = json.loads(built.read("data/v1/index.json"))
    for one in (*index["runs"], *index["implementations"], *index["selftests"]):
        yield from (("", one[key]) for key in ("path", "page", "badge") if one.get(key))
    for path in built.site.glob("data/v1/boards/*.js"):
        content = path.read_text(encoding="utf-8")
        for board in json.loads(content.partition("] = ")[2].removesuffix(";\n")):
            table = json.dumps(board["table"] or [])
            yield from (("", url) for url in re.findall(r'"href": "~/([^"]+)"', table))
        if path.stem != "latest":
            yield "", f"runs/#{quote(path.stem)}"


def _points(built: Built) -> set[str]:
    spec = json.loads(built.read("charts/latency.vl.json"))
    return {point["line"] for point in spec["datasets"]["points"]}


def _rows(content: str) -> list[str]:
    return re.findall(r'<tr data-line="[^"]*">(<td class="rank">.*?)</tr>', content)
