"""Reads the files of selftests, and reports what is wrong with each."""

from functools import partial
from pathlib import Path

import msgspec

from bench.devices.discovery import device_folder
from bench.errors import BenchError, Problem, read_all, unreadable
from bench.files import files
from bench.project import Project
from bench.selftest.fitness import SELFTEST_SCHEMA, SelfTest


def read_selftests(project: Project) -> tuple[SelfTest, ...]:
    """Every selftest in `data/<device>/`, oldest first; selftests of the same second by their ids.

    Raises:
        BenchError: with the problem of every file that cannot be read.
    """
    paths = [path for path in files(project.data, ".json") if path.parent.parent == project.data]
    selftests = read_all(partial(_read, project=project), paths)
    return tuple(sorted(selftests, key=lambda test: (test.started, test.id)))


class _Version(msgspec.Struct):
    schema: int = SELFTEST_SCHEMA


def _read(path: Path, project: Project) -> SelfTest:
    shown = project.relative(path)
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BenchError(unreadable(shown, error)) from None
    try:
        version = msgspec.json.decode(content, type=_Version).schema
        if version > SELFTEST_SCHEMA:
            reads = f"but this checkout reads up to {SELFTEST_SCHEMA}"
            raise BenchError(Problem(f"has schema {version}, {reads}: update it", shown, 1))
        test = decode(content)
    except msgspec.ValidationError as error:
        message = f"{error}: restore the file as the selftest wrote it"
        raise BenchError(Problem(message, shown, 1)) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        message = f"is not JSON ({error}): restore the file as the selftest wrote it"
        raise BenchError(Problem(message, shown, 1)) from None
    if test.id != path.stem:
        message = f"is called {path.stem} but holds selftest {test.id}: rename it"
        raise BenchError(Problem(message, shown, 1))
    folder = device_folder(test.environment)
    if path.parent.name != folder:
        message = f"was made on {test.environment.name}: move it to data/{folder}/"
        raise BenchError(Problem(message, shown, 1))
    return test


def decode(content: bytes) -> SelfTest:
    """The selftest in `content`.

    Raises:
        msgspec.MsgspecError: it is not a valid record.
    """
    return msgspec.json.decode(content, type=SelfTest)
