"""An Atom feed with an entry for each run (RFC 4287)."""

from collections.abc import Iterator
from urllib.parse import quote

from bench.analysis.summary import RunSummary
from bench.text import one_line
from hooks.report import elements as h
from hooks.report.reading.report import Report

_TAG = "tag:attention-bench.invalid,2026:"
"""Ids are tag URIs (RFC 4151), so that they stay the same wherever a copy is published. Nobody owns
the top-level domain `invalid` (RFC 2606)."""


def feed(report: Report, site_url: str) -> bytes:
    """The feed of the recent runs, the newest first; without links if `site_url` is empty."""
    newest = report.runs[-1].run.started.isoformat() if report.runs else "1970-01-01T00:00:00+00:00"
    atom, page = "application/atom+xml", {"rel": "alternate", "type": "text/html"}
    content = h.element(
        "feed",
        h.element("id", f"{_TAG}runs"),
        h.element("title", "Kernels, Measured: runs"),
        h.element("updated", newest),
        h.element("author", h.element("name", "Kernels, Measured")),
        h.element("link", rel="self", type=atom, href=f"{site_url}feed.xml") if site_url else None,
        h.element("link", **page, href=f"{site_url}runs/") if site_url else None,
        (_entry(report, run, site_url) for run in reversed(report.recent)),
        xmlns="http://www.w3.org/2005/Atom",
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{h.html(content)}\n'.encode()


def _entry(report: Report, summary: RunSummary, site_url: str) -> h.Element:
    """The entry of a run. `one_line` removes control characters, which XML cannot contain."""
    run, served = summary.run, report.served(summary)
    title = f"{run.environment.name}, {run.suite}, {run.started:%Y-%m-%d %H:%M} UTC"
    return h.element(
        "entry",
        h.element("id", f"{_TAG}runs/{quote(run.id, safe='')}"),
        h.element("title", one_line(title)),
        h.element("updated", run.started.isoformat()),
        h.element("published", run.started.isoformat()),
        _links(summary, served, site_url) if site_url and served else None,
        h.element("content", one_line("; ".join(_content(summary))), type="text"),
    )


def _links(summary: RunSummary, served: str, site_url: str) -> Iterator[h.Element]:
    page, file = f"{site_url}runs/#{quote(summary.run.id)}", site_url + quote(served)
    size, kind = summary.size, "application/jsonl"
    yield h.element("link", rel="alternate", type="text/html", href=page)
    yield h.element("link", rel="enclosure", type=kind, href=file, length=size)


def _content(summary: RunSummary) -> Iterator[str]:
    run = summary.run
    yield f"{summary.ok} of {len(summary.cases)} cases ok in {run.protocol.rounds} rounds"
    yield f"PyTorch {run.environment.torch}"
    if run.environment.driver:
        yield f"driver {run.environment.driver}"
    yield f"command: {run.command}"
    yield f"SHA-256 of its file: {summary.sha256}"
