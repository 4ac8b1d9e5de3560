"""Published numbers change only with an entry under Corrections in the changelog.

`published_numbers.json` holds them for each run that was committed when it was written; to write it
again after a correction: `python tests/test_published_numbers.py`.
"""

import json
from pathlib import Path
from typing import Any

from builds import ROOT
from records import summaries

from bench.analysis.leaderboard import Leaderboard, Line, leaderboards
from bench.analysis.verdict import Rank
from bench.project import Project

PUBLISHED = Path(__file__).with_name("published_numbers.json")

Numbers = dict[str, Any]


def test_the_numbers_of_every_committed_run_are_those_that_were_published() -> None:
    now = _numbers()
    for run, boards in json.loads(PUBLISHED.read_text()).items():
        assert now[run] == boards, f"run {run}"


def _numbers() -> Numbers:
    """Latencies, intervals, ranks, slow-downs and marks of each run alone."""
    return {
        run.run.id: {board.scope.name: _board(board) for board in leaderboards([run])}
        for run in summaries(Project(ROOT))
    }


def _board(board: Leaderboard) -> Numbers:
    return {line.key.name: _line(line) for line in board.lines}


def _line(line: Line) -> Numbers:
    slowdown = line.slowdown
    return {
        "rank": _rank(line.rank),
        "slowdown": _digits(slowdown.value, *(slowdown.interval or (None, None)))
        if slowdown
        else None,
        "cells": {
            workload.name: [
                case.status,
                *_digits(case.latency_us, *(case.interval_us or (None, None))),
                _rank(line.ranks.get(workload)),
                list(case.marks),
            ]
            for workload, case in line.cases.items()
        },
    }


def _rank(rank: Rank | None) -> list[int] | None:
    return [rank.number, rank.tied] if rank else None


def _digits(*values: float | None) -> list[float | None]:
    """The values to nine digits, as powers may differ in the last one from machine to machine."""
    return [None if value is None else float(f"{value:.9g}") for value in values]


if __name__ == "__main__":
    text = json.dumps(_numbers(), separators=(",", ":"), sort_keys=True)
    PUBLISHED.write_text(text.replace(',"2026', ',\n"2026'))
