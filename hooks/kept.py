"""The build of a project, from the cache where nothing has changed since it was made."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from hooks.reading.cache import Cache, sources, stamp, versions

if TYPE_CHECKING:
    from hooks.build import Build

_BUILDS = ".build"
_KEPT = 3
"""Builds that stay: a reader who goes back and forth between two states waits for none."""


def kept_build(root: Path) -> "Build":
    """What `hooks.build.make_build` makes of the project in `root`.

    Raises:
        BenchError: as it does.
    """
    cache = Cache(root / ".cache" / "site")
    build = _kept(root, cache)
    if not all(map(os.path.exists, build.copies.values())):
        # What it copies has been cleared away since.
        _path(root, cache).unlink()
        build = _kept(root, cache)
    cache.keep(_BUILDS, _KEPT)
    return build


def _kept(root: Path, cache: Cache) -> "Build":
    from hooks.build import Build

    return msgspec.msgpack.decode(_path(root, cache).read_bytes(), type=Build)


def _path(root: Path, cache: Cache) -> Path:
    return cache.path(_BUILDS, _inputs(root), lambda: {_BUILDS: _make(root, cache)})


def _inputs(root: Path) -> list[bytes]:
    """All that a build depends on: the words, the data, the code, and what draws the charts."""
    paths = [*root.glob("docs/**/*.md"), *root.glob("data/**/*.json*")]
    named = [f"{path}\0".encode() + stamp(path) for path in sorted(paths)]
    return [*named, sources(), versions("altair", "vl-convert-python")]


def _make(root: Path, cache: Cache) -> bytes:
    from hooks.build import make_build  # imports all the rest, which a kept build needs not

    return msgspec.msgpack.encode(make_build(root, cache))
