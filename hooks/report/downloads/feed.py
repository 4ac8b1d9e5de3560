"""An Atom feed with an entry for each run (RFC 4287)."""

from collections.abc import Iterator
from urllib.parse import quote
from xml.etree import ElementTree as ET

from bench.analysis.summary import RunSummary
from bench.text import one_line
from hooks.report.reading.report import Report

_ATOM = "http://www.w3.org/2005/Atom"

_TAG = "tag:attention-bench.invalid,2026:"
"""Ids are tag URIs (RFC 4151), so that they stay the same wherever a copy is published. Nobody owns
the top-level domain `invalid` (RFC 2606)."""


def feed(report: Report, site_url: str) -> bytes:
    """The feed of the recent runs, the newest first; without links if `site_url` is empty."""
    root = ET.Element("feed", xmlns=_ATOM)
    _add(root, "id", f"{_TAG}runs")
    _add(root, "title", "Kernels, Measured: runs")
    newest = report.runs[-1].run.started if report.runs else None
    _add(root, "updated", newest.isoformat() if newest else "1970-01-01T00:00:00+00:00")
    _add(ET.SubElement(root, "author"), "name", "Kernels, Measured")
    if site_url:
        ET.SubElement(
            root, "link", rel="self", type="application/atom+xml", href=f"{site_url}feed.xml"
        )
        ET.SubElement(root, "link", rel="alternate", type="text/html", href=f"{site_url}runs/")
    for run in reversed(report.recent):
        _entry(root, report, run, site_url)
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


def _entry(root: ET.Element, report: Report, summary: RunSummary, site_url: str) -> None:
    run, served = summary.run, report.served(summary)
    entry = ET.SubElement(root, "entry")
    _add(entry, "id", f"{_TAG}runs/{quote(run.id, safe='')}")
    _add(entry, "title", f"{run.environment.name}, {run.suite}, {run.started:%Y-%m-%d %H:%M} UTC")
    _add(entry, "updated", run.started.isoformat())
    _add(entry, "published", run.started.isoformat())
    if site_url and served:
        page = f"{site_url}runs/#{quote(run.id)}"
        ET.SubElement(entry, "link", rel="alternate", type="text/html", href=page)
        ET.SubElement(
            entry,
            "link",
            rel="enclosure",
            type="application/jsonl",
            href=site_url + quote(served),
            length=str(summary.size),
        )
    _add(entry, "content", "; ".join(_content(summary)), type="text")


def _content(summary: RunSummary) -> Iterator[str]:
    run = summary.run
    yield f"{summary.ok} of {len(summary.cases)} cases ok in {run.protocol.rounds} rounds"
    yield f"PyTorch {run.environment.torch}"
    if run.environment.driver:
        yield f"driver {run.environment.driver}"
    yield f"command: {run.command}"
    yield f"SHA-256 of its file: {summary.sha256}"


def _add(parent: ET.Element, name: str, text: str, **attributes: str) -> None:
    """Add an element with text; control characters, which XML cannot contain, become spaces."""
    ET.SubElement(parent, name, attributes).text = one_line(text)
