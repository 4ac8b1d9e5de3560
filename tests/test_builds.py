"""Builds: what a page or a data file changes, what is made once, and what is refused."""

import hashlib
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from bench_fixtures import ROOT
from builds import build, clean_environment, entries
from outcomes import ok
from records import START, SUITES, Entry, page, result, run, write, write_run
from selftests import selftest, write_selftest

from bench.records.run_lines import SCHEMA_VERSION

pytestmark = pytest.mark.slow


def test_one_new_page_and_its_records_are_everywhere(measured: Path) -> None:
    before = _tree(measured / "docs") | _tree(measured / "mkdocs.yml")
    page(measured, "a_new_one", "A New One", provider="Someone")
    write_run(measured, [*entries(measured), Entry("a_new_one", "A New One", 123)], samples=5)
    done = build(measured, "--strict")
    assert done.code == 0, done.output
    assert "✓ found    A New One: 6 of 6 workloads" in done.output
    front = done.read("index.html")
    assert '<a href="impls/a_new_one/">A New One</a>' in front
    assert "<strong>A New One</strong> is the fastest" in front
    assert "A New One" in done.read("charts/latency.vl.json")
    assert "A New One" in done.read("charts/latency.svg")
    assert "A New One" in done.read("data/v1/results.csv")
    assert 'href="a_new_one/" class="md-nav__link"' in done.read("impls/index.html")
    assert "Environment" in done.read("impls/a_new_one/index.html")
    after = _tree(measured / "docs") | _tree(measured / "mkdocs.yml")
    assert {path for path in after if after[path] != before.get(path)} == {"impls/a_new_one.md"}


def test_the_pages_of_one_operation_do_not_speak_of_another(checkout: Path) -> None:
    data = checkout / "data" / "nvidia-h200"
    data.mkdir(parents=True, exist_ok=True)
    for path in (ROOT / "data" / "nvidia-h200").glob("*-rms-norm.jsonl"):
        shutil.copy(path, data)
    done = build(checkout, "--strict")
    assert done.code == 0, done.output
    pages = [path for path in done.pages if path.startswith(("impls/rms_norm_", "suites/rms-norm"))]
    assert len(pages) > 5
    for path in pages:
        others = r'(?s)<a href="[^"]*" class="md-nav__link">.*?</a>|<link rel="(next|prev)".*?>'
        text = re.sub(others, "", done.read(f"{path}index.html"))
        assert "RMSNorm" in text
        assert not re.search(r"(?i).{0,60}attention.{0,60}", text), path
        assert not re.search(r".{0,60}(TFLOP/s|>Tokens<).{0,60}", text), path
    scripts = [*done.site.glob("data/v1/workloads/*-r*.js")]
    assert len(scripts) > 5
    for path in scripts:
        assert "TB/s" in path.read_text()
        assert "TFLOP/s" not in path.read_text()


def test_a_build_changes_neither_words_nor_data(measured: Path) -> None:
    before = _tree(measured / "docs") | _tree(measured / "data")
    assert build(measured).code == 0
    assert _tree(measured / "docs") | _tree(measured / "data") == before


def test_a_second_build_draws_nothing_again(measured: Path) -> None:
    """With a cache, neither Altair nor vl-convert is so much as imported."""
    assert build(measured).code == 0
    first = _tree(measured / "site")
    done = build(measured, "--strict", blocked="altair vl_convert torch")
    assert done.code == 0, done.output
    changing = {"sitemap.xml", "sitemap.xml.gz"}
    second = _tree(measured / "site")
    assert {p for p in second if second[p] != first.get(p)} <= changing


def test_no_data_is_one_clear_line(checkout: Path) -> None:
    done = build(checkout)
    assert done.code == 1
    assert "there are no results in data/: run `python -m bench all` first" in done.output
    assert "Traceback" not in done.output


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def _no_json(path: Path) -> None:
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], "these are no records", *lines[2:]]) + "\n")


def _unknown_field(path: Path) -> None:
    path.write_text(path.read_text().replace('"finished":', '"colour":1,"finished":', 1))


def _future(path: Path) -> None:
    path.write_text(path.read_text().replace(f'"schema":{SCHEMA_VERSION}', '"schema":99', 1))


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _utf16(path: Path) -> None:
    path.write_bytes(path.read_text().encode("utf-16"))


BAD_DATA: list[tuple[Callable[[Path], None], str]] = [
    (_cut, ":3: the last line is cut off"),
    (_no_json, ":2: is not JSON"),
    (_unknown_field, ":2: Object contains unknown field `colour`"),
    (_future, ":1: has schema 99"),
    (_empty, ": is empty"),
    (_utf16, ":1: is not UTF-8"),
]


def test_a_build_names_every_bad_data_file_and_page(checkout: Path) -> None:
    """All six at once, and a page beside them: one line each, exit code 1, no traceback."""
    expected = ["docs/impls/broken.md: has no code to measure"]
    for day, (spoil, problem) in enumerate(BAD_DATA):
        path = _small_run(checkout, day)
        spoil(path)
        expected.append(f"{path.relative_to(checkout)}{problem}")
    (checkout / "docs/impls/broken.md").write_text(
        "---\ntitle: B\nprovider: P\nhomepage: https://example.org\n---\n\n# B\n"
    )
    done = build(checkout)
    assert done.code == 1
    assert "Traceback" not in done.output
    for problem in expected:
        assert len([line for line in done.output.splitlines() if problem in line]) == 1, problem
    assert not (checkout / "site").exists()


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda text: text[:-40], "is not JSON"),
        (lambda text: text.replace('"cheats":', '"colour":', 1), "unknown field `colour`"),
        (lambda text: text.replace('"schema":1', '"schema":99', 1), "has schema 99"),
    ],
)
def test_a_build_names_a_bad_selftest_file(
    measured: Path, spoil: Callable[[str], str], problem: str
) -> None:
    path = write_selftest(measured, selftest())
    path.write_text(spoil(path.read_text()))
    done = build(measured)
    assert done.code == 1
    (line,) = (line for line in done.output.splitlines() if problem in line)
    assert f"{path.relative_to(measured)}:1: " in line
    assert "restore the file" in line or "update it" in line
    assert "Traceback" not in done.output


def test_an_unknown_placeholder_is_named_with_its_page(measured: Path) -> None:
    (measured / "docs/data.md").write_text('# Data\n\n<div data-report="rums"></div>\n')
    done = build(measured)
    assert done.code == 1
    assert "docs/data.md: unknown placeholder 'rums': did you mean 'runs'?" in done.output
    assert "Traceback" not in done.output


def test_a_title_that_is_no_text_for_yaml_is_left_out_or_refused(measured: Path) -> None:
    """A key without a value is as if it was left out; `yes` and 1.10 would be shown as others."""
    page = measured / "docs" / "more.md"
    page.write_text("---\ntitle:\ndescription: ~\n---\n\n# The heading\n")
    done = build(measured)
    assert done.code == 0, done.output
    content = done.read("more/index.html")
    assert "<title>The heading - Kernels, Measured</title>" in content
    assert "None" not in content.partition("<body")[0]
    for key, value in (("title", "1.10"), ("title", "yes"), ("description", "[a]")):
        page.write_text(f"---\n{key}: {value}\n---\n\n# The heading\n")
        done = build(measured)
        assert done.code == 1
        assert f"docs/more.md: front matter: YAML does not read {key} as text" in done.output
        assert "Traceback" not in done.output


def test_a_site_without_folders_is_refused(measured: Path) -> None:
    done = build(measured, "--no-directory-urls")
    assert done.code == 1
    assert "use_directory_urls: false is not supported" in done.output
    assert "Traceback" not in done.output


def test_serve_picks_up_a_changed_data_file_and_warns_of_nothing(measured: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "mkdocs", "serve", "--quiet", "--dev-addr", address]
    server = subprocess.Popen(
        command, cwd=measured, env=clean_environment(), stderr=subprocess.PIPE, text=True
    )
    try:
        assert _eventually(f"http://{address}/", "at 4,608 tokens")
        write_run(
            measured, [Entry("flex_attention", "FlexAttention", 9)], samples=5, run=run(day=7)
        )
        assert _eventually(f"http://{address}/", "<strong>FlexAttention</strong> is the fastest")
        with urllib.request.urlopen(f"http://{address}/", timeout=5) as answer:
            served = answer.read().decode()
        assert "livereload(" in served
        assert "Content-Security-Policy" not in served  # it would stop the script that reloads
    finally:
        server.terminate()
        _, said = server.communicate()
    assert said == ""


def _small_run(root: Path, day: int) -> Path:
    entry = Entry("flash_attention", "Flash", 600)
    workloads = SUITES["flux"].workloads[:2]
    return write(
        root, run(day=day), [result(entry, w, ok(600, samples=3), START) for w in workloads]
    )


def _eventually(url: str, text: str) -> bool:
    """Whether `text` comes to stand at `url` within half a minute."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 -- local
                if text in answer.read().decode():
                    return True
        except OSError:
            pass
        time.sleep(0.2)
    return False


def _tree(root: Path) -> dict[str, str]:
    """The hash of every file under `root`, by its path."""
    files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
    return {
        p.relative_to(root).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in files
    }
