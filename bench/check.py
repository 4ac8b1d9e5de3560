"""Validates what is written by hand and what was written by runs."""

from bench.errors import BenchError, Problem
from bench.implementation import load_implementations
from bench.project import Project
from bench.runfile import read_data


def check_project(project: Project) -> str:
    """Read every page and every run file; what was read, in a sentence.

    Raises:
        BenchError: with every problem of every page and file.
    """
    problems: list[Problem] = []
    pages, runs = 0, 0
    try:
        pages = len(load_implementations(project))
    except BenchError as error:
        problems += error.problems
    try:
        runs = len(read_data(project))
    except BenchError as error:
        problems += error.problems
    if problems:
        raise BenchError(*problems)
    return f"{pages} pages and {runs} run files are in order"
