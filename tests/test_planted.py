"""The planted faults of `make mutants` still fit the code that they are planted in."""

import re
from pathlib import Path

import pytest
from planted.faults import FOLDER, Fault, FaultError, read_faults

MODULE = '''\
"""Twice."""

LIMIT = 2


class Box:
    """Holds a number."""

    @property
    def twice(self) -> int:
        return 2 * LIMIT
'''

FAULT = """\
[[fault]]
in = "{target}"
breaks = "It is wrong."
old = '''{old}'''
new = '''{new}'''
"""


def _planted(root: Path, target: str, old: str, new: str) -> list[Fault]:
    (root / "bench").mkdir()
    (root / "bench" / "box.py").write_text(MODULE)
    (root / "a.toml").write_text("\n" + FAULT.format(target=target, old=old, new=new))
    return read_faults(root, root)


def test_every_planted_fault_can_be_planted() -> None:
    read_faults()


def test_every_survivor_that_is_explained_is_a_planted_fault() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    explained = re.findall(r"^- `(bench\.[\w.]+)`", text.partition("## What survives")[2], re.M)
    assert set(explained) <= {fault.target for fault in read_faults()}


@pytest.mark.parametrize(
    ("target", "old", "new", "line"),
    [
        ("bench.box.LIMIT", "2", "3", "LIMIT = 3"),
        ("bench.box.Box.twice", "2 *", "3 *", "return 3 * LIMIT"),
        ("bench.box.Box.twice", "@property", "@classmethod", "@classmethod"),
        ("bench.box.Box", "a number", "nothing", '"""Holds nothing."""'),
    ],
)
def test_a_fault_changes_one_place(
    target: str, old: str, new: str, line: str, tmp_path: Path
) -> None:
    [fault] = _planted(tmp_path, target, old, new)
    [changed] = set(fault.source.splitlines()) - set(MODULE.splitlines())
    assert changed.strip() == line


@pytest.mark.parametrize(
    ("target", "old", "new", "problem"),
    [
        ("bench.lid.LIMIT", "2", "3", "is in no module"),
        ("bench.box.Box.thrice", "2", "3", "is defined 0 times"),
        ("bench.box.Box.twice", "3 *", "2 *", "occurs 0 times"),
        ("bench.box.Box", "t", "d", "occurs 4 times"),
        ("bench.box.LIMIT", "2", "2", "the same as"),
        ("bench.box.LIMIT", "= 2", "=", "bench/box.py:3 is no Python"),
    ],
)
def test_a_fault_that_fits_nowhere_is_told_with_file_and_line(
    target: str, old: str, new: str, problem: str, tmp_path: Path
) -> None:
    with pytest.raises(FaultError, match=rf"^a\.toml:2: .*{re.escape(problem)}"):
        _planted(tmp_path, target, old, new)
