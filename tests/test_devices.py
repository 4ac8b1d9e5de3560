"""A kind of devices is a folder: one that is added is measured on, and no other file is changed."""

import json
import shutil
import subprocess
import sys
from types import ModuleType

import pytest
from bench_fixtures import ROOT, WritePage, bench_environment

from bench.devices import NAMES
from bench.devices.discovery import KINDS, detect_device
from bench.project import Project


@pytest.mark.slow
def test_a_folder_adds_a_kind_of_devices(project: Project, write_page: WritePage) -> None:
    write_page()
    kinds = shutil.copytree(ROOT / "bench", project.root / "bench") / "devices"
    shutil.copytree(kinds / "cpu", kinds / "abacus")
    kind = kinds / "abacus" / "kind.py"
    kind.write_text(kind.read_text().replace('return "cpu"', "return name.lower()"))
    runtime = kinds / "abacus" / "runtime.py"
    runtime.write_text(runtime.read_text().replace('"name": _name()', '"name": "Beads"'))
    answer = subprocess.run(
        [sys.executable, "-m", "bench", "run", "mine", "--device", "abacus", "--rounds", "1"],
        cwd=project.root,
        env=bench_environment() | {"PYTHONPATH": str(project.root)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == 0, answer.stderr
    (path,) = (project.data / "beads").glob("*.jsonl")
    run, *records = map(json.loads, path.read_text().splitlines())
    assert (run["environment"]["device"], run["suite"]) == ("abacus", "cpu")
    statuses = {each["outcome"]["status"] for each in records if "outcome" in each}
    assert statuses == {"ok", "passed"}


def test_a_gpu_is_preferred_and_the_cpu_is_the_last_resort(monkeypatch: pytest.MonkeyPatch) -> None:
    assert NAMES == ("cuda", "cpu")
    for present, chosen in ((True, "cuda"), (False, "cpu")):
        monkeypatch.setattr(type(KINDS["cuda"]), "is_present", lambda _, here=present: here)
        assert detect_device() == chosen


@pytest.mark.parametrize(
    ("visible", "gpus", "present"),
    [(None, 2, True), ("0", 1, True), ("", 1, False), ("-1", 1, False), (None, 0, False)],
)
def test_a_gpu_is_there_unless_the_driver_has_none_or_the_environment_hides_it(
    visible: str | None, gpus: int, present: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    if visible is not None:
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", visible)
    driver = ModuleType("pynvml")
    driver.__dict__.update(
        NVMLError=OSError, nvmlInit=lambda: None, nvmlDeviceGetCount=lambda: gpus
    )
    monkeypatch.setattr("bench.devices.cuda.nvml.pynvml", driver)
    assert KINDS["cuda"].is_present() is present
