"""Prints what the site costs to build and to visit, each figure beside its goal.

    python tests/benchmarks/site [--repeat 3] [--large]

CPU seconds are user and system of a process of its own, the median of a few; what they mean depends
on the machine, so each comes with its ratio to *bare*: the same pages and theme without the report.
*Cold* has no cache, *warm* has one. All are built in memory where the system offers that: what a
new file costs differs from disk to disk and from hour to hour (18 to 260 µs of CPU, seen on one
machine), and a report has four files for each one of a bare build.
`--large` adds a thousand pages and a million result lines, which take minutes to make.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from builds import Cost, build, cold, median_cpu
from projects import bare, project
from serving import rebuild_cpu_s
from visits import FIRST_VISITS, THROTTLE, VISITS, first_visit, heap_after_visits, served

PAGES = (14, 100)

COLD_S, WARM_S = 8.0, 2.0
"""Goals for a build without a cache, and for one with a cache or under `mkdocs serve`."""

_SITES_BYTES = 2_000_000_000

Line = tuple[str, str, str, bool]
"""What, found, goal, met."""


def main() -> None:
    """Print a line for each figure as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--large", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=_memory()) as folder:
        print(f"built in {folder}")  # noqa: T201 -- printing is its use
        for what, found, goal, met in _figures(Path(folder), options.repeat, large=options.large):
            told = "" if met else "  NOT MET"
            print(f"{what:<66} {found:>12}   goal {goal}{told}", flush=True)  # noqa: T201 -- printing is its use


def _memory() -> Path | None:
    """A file system in memory with room for the sites, if there is one."""
    memory = Path("/dev/shm")  # noqa: S108 -- nothing secret is built
    roomy = memory.is_dir() and shutil.disk_usage(memory).free > _SITES_BYTES
    return memory if roomy else None


def _figures(folder: Path, repeat: int, *, large: bool) -> Iterator[Line]:
    yield from _visits(folder / "visited")
    for pages in PAGES:
        yield from _builds(folder, pages, repeat)
    yield _serve(folder, repeat)
    if large:
        yield _many_pages(folder, repeat)
        with tempfile.TemporaryDirectory() as disk:
            yield from _many_results(Path(disk))


def _visits(root: Path) -> Iterator[Line]:
    site = project(root, pages=14) / "site"
    build(root)
    with served(site) as browser:
        visits = [first_visit(browser, site) for _ in range(FIRST_VISITS)]
        heap = heap_after_visits(browser)
    first = visits[0]
    yield _at_most("front page, gzipped, first visit", first.bytes / 1e3, 380, "kB")
    yield _at_most("  of which Vega", first.vega_bytes / 1e3, 200, "kB")
    others = first.fonts + first.images_before
    yield _at_most("  fonts, and images before the static chart", others, 0, "")
    slow = f", processor {THROTTLE}× slower, median of {FIRST_VISITS}"
    still, chart = (
        statistics.median(getattr(visit, part) for visit in visits)
        for part in ("still_ms", "chart_ms")
    )
    yield _at_most(f"static chart visible{slow}", still / 1e3, 0.5, "s")
    yield _at_most(f"live chart drawn{slow}", chart / 1e3, 1.5, "s")
    yield _at_most(f"heap after {VISITS} instant navigations", heap, 20, "MB")


def _builds(folder: Path, pages: int, repeat: int) -> Iterator[Line]:
    full = project(folder / f"full-{pages}", pages=pages)
    plain = bare(full, folder / f"bare-{pages}")
    build(plain)  # fills the file system's cache and Python's, for all alike
    costs: dict[str, list[Cost]] = {"bare": [], "cold": [], "warm": []}
    for _ in range(repeat):
        costs["bare"].append(build(plain))
        costs["cold"].append(cold(full))
        costs["warm"].append(build(full))
    base = median_cpu(costs["bare"])
    for name, goal in (("cold", COLD_S), ("warm", WARM_S)):
        cpu_s = median_cpu(costs[name])
        over = f"{cpu_s / base:.2f} × bare"
        yield _at_most(f"build of {pages} pages, {name} ({over})", cpu_s, goal, "s")


def _serve(folder: Path, repeat: int) -> Line:
    full, plain = folder / "full-14", folder / "bare-14"
    run = next(full.joinpath("data").rglob("*.jsonl"))
    bare_s = rebuild_cpu_s(plain, (plain / "docs" / "index.md").touch, repeat)
    cpu_s = rebuild_cpu_s(full, lambda: _repeat_last_result(run), repeat)
    over = f"{cpu_s / bare_s:.2f} × bare"
    return _at_most(f"rebuild after a data file changed ({over})", cpu_s, WARM_S, "s")


def _repeat_last_result(run: Path) -> None:
    """Add another record of the last case to the run file at `run`."""
    result = run.read_bytes().splitlines(keepends=True)[-2]
    with run.open("ab") as file:
        file.write(result)


def _many_pages(folder: Path, repeat: int) -> Line:
    few, many = folder / "full-100", project(folder / "full-1000", pages=1000)
    build(many)
    times = {root: median_cpu([build(root) for _ in range(repeat)]) for root in (few, many)}
    return _at_most("1,000 pages over 100, warm", times[many] / times[few], 11, "×")


def _many_results(folder: Path) -> Iterator[Line]:
    few = project(folder / "results-few", pages=14, results=10_000)
    many = project(folder / "results-many", pages=14, results=1_000_000)
    first = [cold(few), cold(many)]
    yield from _compared("nothing changed", build(few), build(many))
    for root in (few, many):
        _repeat_last_result(next(root.joinpath("data").rglob("*.jsonl")))
    yield from _compared("one run changed", build(few), build(many))
    ratio = first[1].cpu_s / first[0].cpu_s
    yield (
        f"  without a cache, every file read once ({first[1].cpu_s:.0f} s)",
        f"{ratio:.2f} ×",
        "none",
        True,
    )


def _compared(what: str, few: Cost, many: Cost) -> Iterator[Line]:
    name = f"1,000,000 result lines over 10,000, {what} ({many.cpu_s:.1f} s)"
    yield _at_most(name, many.cpu_s / few.cpu_s, 3, "×")
    yield _at_most("  peak memory", many.peak_bytes / 1e9, 1, "GB")


def _at_most(what: str, found: float, goal: float, unit: str) -> Line:
    digits = 2 if goal < 20 else 0
    return what, f"{found:.{digits}f} {unit}".strip(), f"≤ {goal:g} {unit}".strip(), found <= goal


if __name__ == "__main__":
    main()
