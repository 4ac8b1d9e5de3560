"""The samples of each page's newest cases as a script: what the reader's browser works with."""

from functools import partial
from pathlib import Path

import msgspec

from bench.verdicts.cell import Cell
from hooks.charts.payload import script
from hooks.downloads.files import ROOM
from hooks.reading.cache import Cache, sources, stamp
from hooks.reading.digest import case_name
from hooks.reading.report import Report
from hooks.tables.audit import samples_name

SAMPLES = ".samples.js"


def samples(report: Report, cache: Cache) -> dict[str, Path]:
    """Where the samples of every page that has some lie on disk, by their path on the site."""
    code = sources()
    made = {}
    for page in report.implementations:
        name, cells = samples_name(page.slug), _timed(report, page.slug)
        if cells:
            paths = sorted({report.by_run[cell.run.id].path for cell in cells})
            stamps = [path.encode() + stamp(report.project.data / path) for path in paths]
            make = partial(_made, name, cells)
            path = cache.path(SAMPLES, [name.encode(), code, *stamps], make)
            made[f"{ROOM}/{name}.js"] = path
    cache.keep(SAMPLES, 4 * len(report.implementations))
    return made


def _timed(report: Report, slug: str) -> list[Cell]:
    lines = [line for _, lines in report.boards_of(slug) for line in lines]
    return [cell for line in lines for cell in line.cells.values() if cell.timed]


def _made(name: str, cells: list[Cell]) -> dict[str, bytes]:
    """The samples of each round as they were recorded, in µs."""
    rounds = {
        case_name(cell.run, cell.newest).key: [ok.latency_us for ok in cell.timed] for cell in cells
    }
    return {SAMPLES: script(name, msgspec.json.encode(rounds))}
