"""`llms.txt` (llmstxt.org): a summary of the site and its pages for language models."""

import re
from collections.abc import Iterator

from bench.text import one_line
from hooks.report.downloads.index import ENDPOINTS
from hooks.report.pages.headline import plain
from hooks.report.reading.report import Report

_PAGES = (
    ("Results", "", "ranking, latencies and charts for each device and suite"),
    ("Workloads", "workloads/", "one shape at a time: ranked, with accuracy and memory"),
    ("Questions", "questions/", "what people ask in public issues, answered from the results"),
    ("Suites", "suites/", "one page each: workloads, where their shapes come from, results"),
    ("Compare", "compare/", "two implementations or two runs, with the interval of every ratio"),
    ("Matrix", "matrix/", "the outcome of every case, with the reason of each failure"),
    ("Implementations", "impls/", "one page each: description, measured code, results"),
    ("Hardware", "hardware/", "devices, drivers, clocks, and the speed of the device itself"),
    ("Runs", "runs/", "every run with its file, checksum and command"),
    ("Published figures", "published/", "figures of papers and vendors next to ours"),
    ("Methodology", "methodology/", "how results are measured and checked, and their limits"),
    ("Data", "data/", "the endpoints, with examples"),
    ("Contribute", "contribute/", "one Markdown page adds an implementation or a suite"),
    ("Page format", "page-format/", "keys, functions and axes of the pages that people write"),
    ("Command line", "command-line/", "every command and every option"),
    ("Design", "design/", "how the project is divided, and why"),
    ("Changelog", "changelog/", "changes and corrections"),
)

_MEANINGFUL = re.compile(r"([\\`*_\[\]<>&])")


def llms_txt(report: Report, site_url: str) -> bytes:
    """The content of the file; links are relative if `site_url` is empty."""
    return "\n".join(_lines(report, site_url)).encode() + b"\n"


def _lines(report: Report, site_url: str) -> Iterator[str]:
    yield "# Kernels, Measured"
    yield ""
    yield (
        "> A benchmark of GPU kernels, with intervals, checked outputs and every sample "
        "to download. Each implementation is one page that contains the measured code."
    )
    yield ""
    for board in report.leaderboards:
        yield f"- {_escaped(plain(board))}"
    yield ""
    yield (
        "A latency is the median of the medians of several rounds, each in a fresh process, in µs "
        "on a cold L2 cache. Overlapping 95 % intervals are a tie. Quantised implementations are "
        "not ranked."
    )
    yield from ("", "## Pages", "")
    yield from (f"- [{name}]({site_url}{path or './'}): {holds}" for name, path, holds in _PAGES)
    yield from ("", "## Data", "")
    for path, _, holds in ENDPOINTS:
        name = f"`{path}`" if "{" in path else f"[{path}]({site_url}{path})"
        yield f"- {name}: {holds}"
    yield from ("", "## Implementations", "")
    for page in report.by_title:
        about = _escaped(f"{page.about.provider}. {page.about.description}")
        yield f"- [{_escaped(page.title)}]({site_url}impls/{page.slug}/): {about}"


def _escaped(text: str) -> str:
    """Text with its Markdown characters escaped."""
    return _MEANINGFUL.sub(r"\\\1", one_line(text))
