"""Caches the build of a project: it is made again only when its inputs have changed."""

import os
from pathlib import Path

import msgspec

from bench.files import files
from hooks.report.output import Build
from hooks.report.reading.cache import Cache, cache_folder, sources, stamp

_BUILDS = ".build"
_KEPT = {_BUILDS: 3, ".charts": 3, ".svg": 40, ".png": 40}
"""Number of files that are kept of each kind, so that going back and forth between two states is
immediate. A build has about ten pictures."""


def cached_build(root: Path, site_url: str = "", *, stills: bool = True) -> Build:
    """The build of the project in `root`, to be served at `site_url`, with or without `stills`.

    Raises:
        BenchError: with every problem of every page and data file, or because there is no data.
    """
    cache = Cache(cache_folder(root / ".cache" / "site"))

    def make() -> dict[str, bytes]:
        from hooks.report.site_contents import make_build  # slow, and not needed for a cached build

        build = make_build(root, cache, site_url, stills=stills)
        return {_BUILDS: msgspec.msgpack.encode(build)}

    inputs = [*_inputs(root, site_url), bytes([stills])]
    path = cache.path(_BUILDS, inputs, make)
    build = msgspec.msgpack.decode(path.read_bytes(), type=Build)
    if not all(map(os.path.exists, build.copies.values())):
        path.unlink()  # a file that it copies has since been deleted
        build = msgspec.msgpack.decode(cache.path(_BUILDS, inputs, make).read_bytes(), type=Build)
    for suffix, count in _KEPT.items():
        cache.keep(suffix, count)
    return build


def _inputs(root: Path, site_url: str) -> list[bytes]:
    """Everything that a build depends on: pages, data, the browser's scripts and the code."""
    pages = [*files(root / "docs", ".md", ".csv"), root / "CHANGELOG.md", root / "mkdocs.yml"]
    others = [*files(root / "hooks", ".js"), *files(root / "data", ".json", ".jsonl")]
    stamps = [f"{path}\0".encode() + stamp(path) for path in [*pages, *others]]
    return [*stamps, site_url.encode(), sources()]
