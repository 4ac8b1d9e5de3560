"""Prints what the site costs to build and to visit, each figure beside its goal.

    python tests/benchmarks/site [--repeat 3] [--large]

CPU seconds are user and system of a process of its own; ratios are of medians within this run.
*Bare* is the same pages and theme without the report, *cold* has no cache, *warm* has one.
All are built in memory where the system offers that: what a new file costs differs from disk to
disk and from hour to hour (18 to 260 µs of CPU, seen on one machine), and a report has four files
for each one of a bare build.
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

RATIOS = {14: (2.5, 1.3), 100: (1.8, 1.3)}
"""Goals for cold and warm over bare, by the number of pages."""

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
    for pages, goals in RATIOS.items():
        yield from _ratios(folder, pages, goals, repeat)
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
    yield _at_most("front page, gzipped, first visit", first.bytes / 1e3, 550, "kB")
    yield _at_most("  of which Vega", first.vega_bytes / 1e3, 310, "kB")
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


def _ratios(folder: Path, pages: int, goals: tuple[float, float], repeat: int) -> Iterator[Line]:
    full = project(folder / f"full-{pages}", pages=pages)
    plain = bare(full, folder / f"bare-{pages}")
    build(plain)  # fills the file system's cache and Python's, for all alike
    costs: dict[str, list[Cost]] = {"bare": [], "cold": [], "warm": []}
    for _ in range(repeat):
        costs["bare"].append(build(plain))
        costs["cold"].append(cold(full))
        costs["warm"].append(build(full))
    base = median_cpu(costs["bare"])
    for name, goal in zip(("cold", "warm"), goals, strict=True):
        ratio = median_cpu(costs[name]) / base
        yield _at_most(f"build of {pages} pages, {name} over bare ({base:.2f} s)", ratio, goal, "×")


def _serve(folder: Path, repeat: int) -> Line:
    full, plain = folder / "full-14", folder / "bare-14"
    run = next(full.joinpath("data").rglob("*.jsonl"))
    result = run.read_bytes().splitlines(keepends=True)[-2]

    def change() -> None:
        with run.open("ab") as file:
            file.write(result)  # another one for the last case

    one = rebuild_cpu_s(plain, (plain / "docs" / "index.md").touch, repeat)
    other = rebuild_cpu_s(full, change, repeat)
    return _at_most(
        f"rebuild after a data file changed, over bare ({one:.2f} s)", other / one, 1.2, "×"
    )


def _many_pages(folder: Path, repeat: int) -> Line:
    few, many = folder / "full-100", project(folder / "full-1000", pages=1000)
    build(many)
    times = {root: median_cpu([build(root) for _ in range(repeat)]) for root in (few, many)}
    return _at_most("1,000 pages over 100, warm", times[many] / times[few], 11, "×")


def _many_results(folder: Path) -> Iterator[Line]:
    few = project(folder / "results-few", pages=14, results=10_000)
    many = project(folder / "results-many", pages=14, results=1_000_000)
    first = [cold(few), cold(many)]
    again = [build(few), build(many)]
    ratio = again[1].cpu_s / again[0].cpu_s
    yield _at_most("1,000,000 result lines over 10,000, warm", ratio, 2, "×")
    yield _at_most("  peak memory, warm", again[1].peak_bytes / 1e9, 1, "GB")
    ratio = first[1].cpu_s / first[0].cpu_s
    yield _at_most(f"  cold, every file read once ({first[1].cpu_s:.0f} s)", ratio, 2, "×")
    yield _at_most("  peak memory, cold", first[1].peak_bytes / 1e9, 1, "GB")


def _at_most(what: str, found: float, goal: float, unit: str) -> Line:
    digits = 2 if goal < 20 else 0
    return what, f"{found:.{digits}f} {unit}".strip(), f"≤ {goal:g} {unit}".strip(), found <= goal


if __name__ == "__main__":
    main()
