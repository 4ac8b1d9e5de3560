"""The build of a project, from the cache where nothing has changed since it was made."""

import os
from pathlib import Path

import msgspec

from bench.files import files
from hooks.report.output import Build
from hooks.report.reading.cache import Cache, cache_folder, sources, stamp

_BUILDS = ".build"
_PNG = ".png"
_KEPT = 3
"""Builds that stay: a reader who goes back and forth between two states waits for none."""


def cached_build(root: Path, site_url: str = "") -> Build:
    """The build of the project in `root`, to be served at `site_url`.

    Raises:
        BenchError: as it does.
    """
    cache = Cache(cache_folder(root / ".cache" / "site"))

    def make() -> dict[str, bytes]:
        return {_BUILDS: _make(root, cache, site_url)}

    path = cache.path(_BUILDS, _inputs(root, site_url), make)
    build = _read(path)
    if not all(map(os.path.exists, build.copies.values())):
        path.unlink()  # what it copies has been cleared away since
        build = _read(cache.path(_BUILDS, _inputs(root, site_url), make))
    cache.keep(_BUILDS, _KEPT)
    return build


def pictures(root: Path, build: Build) -> dict[str, Path]:
    """Each still picture for light pages as PNG too, by its path on the site; drawn when it is new.

    Apart from the build, as drawing them takes longer than all the rest of a rebuild.
    """
    cache = Cache(cache_folder(root / ".cache" / "site"))
    return {
        path.removesuffix("svg") + "png": _png(cache, svg)
        for path, svg in build.files.items()
        if path.endswith(".svg") and not path.endswith("-dark.svg")
    }


def _png(cache: Cache, svg: bytes) -> Path:
    def make() -> dict[str, bytes]:
        from hooks.report.charts.pictures import png

        return {_PNG: png(svg)}

    return cache.path(_PNG, [svg], make)


def _read(path: Path) -> Build:
    return msgspec.msgpack.decode(path.read_bytes(), type=Build)


def _inputs(root: Path, site_url: str) -> list[bytes]:
    """All that a build depends on: the words, the data, the browser's scripts and the code."""
    words = [*files(root / "docs", ".md", ".csv"), root / "CHANGELOG.md", root / "mkdocs.yml"]
    read = [*files(root / "hooks", ".js", ".json"), *files(root / "data", ".json", ".jsonl")]
    named = [f"{path}\0".encode() + stamp(path) for path in [*words, *read]]
    return [*named, site_url.encode(), sources()]


def _make(root: Path, cache: Cache, site_url: str) -> bytes:
    from hooks.report.build import make_build  # imports all the rest, which a kept build needs not

    return msgspec.msgpack.encode(make_build(root, cache, site_url))
