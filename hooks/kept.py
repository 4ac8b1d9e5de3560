"""The build of a project, from the cache where nothing has changed since it was made."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hooks.reading.cache import Cache, sources, stamp

if TYPE_CHECKING:
    from hooks.build import Build

_BUILDS = ".build"
_KEPT = 3
"""Builds that stay: a reader who goes back and forth between two states waits for none."""


def kept_build(root: Path, site_url: str = "") -> "Build":
    """What `hooks.build.make_build` makes of the project in `root`, to be served at `site_url`.

    Raises:
        BenchError: as it does.
    """
    cache = Cache(root / ".cache" / "site")

    def make() -> dict[str, bytes]:
        return {_BUILDS: _make(root, cache, site_url)}

    path = cache.path(_BUILDS, _inputs(root, site_url), make)
    build = _read(path)
    if not all(map(os.path.exists, build.copies.values())):
        path.unlink()  # what it copies has been cleared away since
        build = _read(cache.path(_BUILDS, _inputs(root, site_url), make))
    cache.keep(_BUILDS, _KEPT)
    return build


def _read(path: Path) -> "Build":
    from hooks.build import Build

    return msgspec.msgpack.decode(path.read_bytes(), type=Build)


def _inputs(root: Path, site_url: str) -> list[bytes]:
    """All that a build depends on: the words, the data and the code."""
    words = [*root.glob("docs/**/*.md"), *root.glob("docs/*.csv"), root / "CHANGELOG.md"]
    paths = [*words, *root.glob("data/**/*.json*")]
    named = [f"{path}\0".encode() + stamp(path) for path in sorted(paths)]
    return [*named, site_url.encode(), sources()]


def _make(root: Path, cache: Cache, site_url: str) -> bytes:
    from hooks.build import make_build  # imports all the rest, which a kept build needs not

    return msgspec.msgpack.encode(make_build(root, cache, site_url))
