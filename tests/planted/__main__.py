"""Measures what the tests notice: mutmut's mutants, then the faults planted by hand.

    python tests/planted [--only TEXT]... [--part mutmut|planted] [--tests 'test_*.py']
                         [--seconds 120] [--jobs 2]

`--only` takes the name of a file of faults (`stranger.toml`), or a part of the name of what a fault
or a mutant changes (`analysis.stats`). A fault is tried with the fastest tests that reach it, as
many as take `--seconds`, of the files that `--tests` matches. Everything happens in copies of the
checkout. The exit code is 2 where a fault cannot be planted; otherwise 0, whatever survives.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from queue import SimpleQueue
from typing import TypeVar

sys.path.insert(0, str(Path(__file__).parent))

from faults import FOLDER, ROOT, Fault, FaultError, read_faults
from generated import SURVIVORS, run_mutmut
from reach import Reaching, Test, instrumented, noticing, reaching
from tree import copy_tree
from trial import Verdict, choose, try_fault

Item = TypeVar("Item")
Answer = TypeVar("Answer")


def main() -> None:
    """Run both parts, or the one that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", action="append", default=[], metavar="TEXT")
    parser.add_argument("--part", choices=("mutmut", "planted"))
    parser.add_argument("--tests", default="test_*.py", metavar="PATTERN")
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    try:
        faults = [fault for fault in read_faults() if _wanted(fault, options.only)]
    except FaultError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    names = [text for text in options.only if not text.endswith(".toml")]
    if options.part != "planted" and (names or not options.only):
        _mutmut(options.jobs, names)
    if options.part != "mutmut" and faults:
        _planted(faults, options.tests, options.seconds, options.jobs)


def _wanted(fault: Fault, only: Sequence[str]) -> bool:
    file = Path(fault.where.partition(":")[0]).name
    return not only or any(text == file or text in fault.target for text in only)


def _mutmut(jobs: int, only: Sequence[str]) -> None:
    begun = time.monotonic()
    rooms = run_mutmut(jobs, only)
    _print_rooms("Mutants", rooms, begun)
    print(f"Survivors with their diffs: {SURVIVORS.relative_to(ROOT)}")


def _planted(faults: Sequence[Fault], pattern: str, seconds: float, jobs: int) -> None:
    begun = time.monotonic()
    tests = _tests(pattern, jobs)

    def attempt(fault: Fault, tree: Path) -> Verdict:
        verdict = try_fault(fault, choose(noticing(fault, tests), seconds), tree)
        status = "caught  " if verdict.caught else "SURVIVED"
        print(f"{status} {fault.target} ({verdict.by})", flush=True)
        return verdict

    verdicts = _each(faults, attempt, copy_tree, jobs)
    rooms: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for fault, verdict in zip(faults, verdicts, strict=True):
        caught, tried = rooms[fault.room]
        rooms[fault.room] = caught + verdict.caught, tried + 1
    _print_rooms("Planted faults", rooms, begun)
    explained = (FOLDER / "README.md").read_text(encoding="utf-8")
    for fault, verdict in zip(faults, verdicts, strict=True):
        if not verdict.caught:
            known = "explained" if f"`{fault.target}`" in explained else "not explained"
            print(f"survived: {fault.where} {fault.target} ({known} in README.md)")
            print(f"    {fault.breaks}")


def _tests(pattern: str, jobs: int) -> list[Test]:
    """The tests that pass without a fault; measures the files whose code has changed."""
    files = sorted(ROOT.glob(f"tests/{pattern}"))

    def measure(file: Path, tree: Callable[[], Path]) -> Reaching:
        print(f"tests: {file.name}", file=sys.stderr, flush=True)
        return reaching(file, tree)

    found = _each(files, measure, lambda target: cache(lambda: instrumented(target)), jobs)
    for reached in found:
        for test in reached.failed:
            print(f"not used, as it fails without a fault: {test}", file=sys.stderr)
    return [test for reached in found for test in reached.tests]


Place = TypeVar("Place")


def _each(
    items: Sequence[Item],
    work: Callable[[Item, Place], Answer],
    prepare: Callable[[Path], Place],
    jobs: int,
) -> list[Answer]:
    """The answer for each item, in their order; `jobs` at a time, each in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        places: SimpleQueue[Place] = SimpleQueue()
        for number in range(jobs):
            places.put(prepare(Path(folder) / str(number)))

        def run(item: Item) -> Answer:
            place = places.get()
            try:
                return work(item, place)
            finally:
                places.put(place)

        return list(pool.map(run, items))


def _print_rooms(what: str, rooms: dict[str, tuple[int, int]], begun: float) -> None:
    print(f"\n{what}, tried in {(time.monotonic() - begun) / 60:.1f} min")
    caught, tried = (sum(column) for column in zip(*rooms.values(), strict=True))
    for room, (some, of) in [*sorted(rooms.items()), ("all", (caught, tried))]:
        print(f"    {room:10} {some:5} of {of:5} caught, {100 * some / of:5.1f} %")


if __name__ == "__main__":
    main()
