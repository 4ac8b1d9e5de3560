"""The environment variables that a worker gets."""

import sys
from pathlib import Path

import pytest

from bench.machine.child_environment import child_environment


@pytest.mark.parametrize("name", ["TRITON_CACHE_DIR", "TORCHINDUCTOR_CACHE_DIR"])
def test_a_compile_cache_of_the_caller_is_not_the_run_s(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, str(tmp_path / "callers"))
    child = child_environment("cuda", Path(sys.executable), scratch=tmp_path / "run")
    assert name not in child  # so that each library takes its default, in one of these:
    assert Path(child["HOME"]).is_relative_to(tmp_path / "run")  # ~/.triton/cache
    assert Path(child["TMPDIR"]).is_relative_to(tmp_path / "run")  # $TMPDIR/torchinductor_$USER


def test_on_a_cpu_threads_wait_without_spinning_and_no_gpu_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("OMP_WAIT_POLICY", "CUDA_VISIBLE_DEVICES"):
        monkeypatch.setenv(name, "the caller's")
    on_cpu, on_gpu = (child_environment(one, Path(sys.executable)) for one in ("cpu", "cuda"))
    assert (on_cpu["OMP_WAIT_POLICY"], on_cpu["CUDA_VISIBLE_DEVICES"]) == ("PASSIVE", "")
    assert on_gpu["OMP_WAIT_POLICY"] == on_gpu["CUDA_VISIBLE_DEVICES"] == "the caller's"


def test_two_lines_of_a_run_share_no_compile_cache(tmp_path: Path) -> None:
    one, other = (
        child_environment("cuda", Path(sys.executable), scratch=tmp_path / line)
        for line in ("one", "other")
    )
    for name in ("HOME", "TMPDIR", "CUDA_CACHE_PATH"):
        assert one[name] != other[name]
