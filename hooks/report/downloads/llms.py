"""`llms.txt` (llmstxt.org): what the site is and where things are, for language models."""

import re
from collections.abc import Iterator

from bench.text import one_line
from hooks.report.downloads.index import ENDPOINTS
from hooks.report.pages.headline import plain
from hooks.report.reading.report import Report

PATH = "llms.txt"

_PAGES = (
    ("Results", "", "ranking, latencies and charts for each device and suite"),
    ("Matrix", "matrix/", "how every case ended, each failure with its reason"),
    ("Implementations", "impls/", "a page for each: what it is, the measured code, its results"),
    ("Hardware", "hardware/", "devices, drivers, clocks, and their own pace"),
    ("Runs", "runs/", "every run with its file, checksum and command"),
    ("Published figures", "published/", "what papers and vendors say, beside ours"),
    ("Methodology", "methodology/", "how it is measured and checked, and where the numbers end"),
    ("Data", "data/", "the endpoints, with examples"),
    ("Contribute", "contribute/", "one Markdown page adds an implementation"),
    ("Changelog", "changelog/", "changes and corrections"),
)

_MEANINGFUL = re.compile(r"([\\`*_\[\]<>&])")


def llms_txt(report: Report, site_url: str) -> bytes:
    """The file; its links are relative where the site does not know its own address."""
    return "\n".join(_lines(report, site_url)).encode() + b"\n"


def _lines(report: Report, site_url: str) -> Iterator[str]:
    yield "# Attention Bench"
    yield ""
    yield (
        "> GPU attention kernels, measured with intervals, checked outputs and every sample to "
        "download. Each implementation is one page whose code is what was measured."
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
        known = "{" not in path
        yield f"- [{path}]({site_url}{path}): {holds}" if known else f"- `{path}`: {holds}"
    yield from ("", "## Implementations", "")
    for page in report.by_title:
        about = _escaped(f"{page.about.provider}. {page.about.description}")
        yield f"- [{_escaped(page.title)}]({site_url}impls/{page.slug}/): {about}"


def _escaped(text: str) -> str:
    """Text without a character that would make a link, markup or code of it."""
    return _MEANINGFUL.sub(r"\\\1", one_line(text))
