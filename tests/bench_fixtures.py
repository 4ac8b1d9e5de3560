"""Fixtures for the measuring half: small projects, and pages written for one test."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from fork_server import ForkServer
from records import CPU_SUITE

from bench.cli.commands import main
from bench.machine.host_memory import memory_limit
from bench.machine.shared_buffer import SharedBuffer
from bench.operations.attention.workload import attention
from bench.pages.implementation import Implementation, load_implementation
from bench.project import Project
from bench.records.outcome import Ok
from bench.records.run_lines import Examination, Protocol, Result
from bench.runner.context import RunContext
from bench.runner.messages import Request
from bench.runner.referee import RefereeProcess
from bench.runner.schedule import Step, Turn
from bench.runner.turn import MeasuredStep, TurnPlan, measure_turn

if TYPE_CHECKING:
    from fake_cuda import FakeGpu

ROOT = Path(__file__).parents[1]

PAGE = """\
---
title: {title}
provider: Nobody
homepage: https://example.org
dependencies: {dependencies}
---

# {title}

```{{.python .bench}}
{code}
```
"""

SDPA = """\
from torch.nn.functional import scaled_dot_product_attention


def attention(q, k, v, *, causal):
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    return scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2)
"""

ONCE = ("--device", "cpu", "--rounds", "1")
"""For runs of which another round would show nothing more."""

WritePage = Callable[..., Implementation]
Bench = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="session", autouse=True)
def fork_server() -> Iterator[None]:
    """Workers that a test starts in its own process have loaded torch already."""
    server = ForkServer()
    names = {name: getattr(subprocess, name) for name in ("PIPE", "STDOUT", "TimeoutExpired")}
    with pytest.MonkeyPatch.context() as patch:
        if sys.platform == "linux":
            own = SimpleNamespace(Popen=server.popen, **names)
            patch.setattr("bench.machine.worker_process.subprocess", own)
        yield
    server.close()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project: no pages, no data."""
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    (tmp_path / "docs" / "impls").mkdir(parents=True)
    (tmp_path / "data").mkdir()
    write_suites(tmp_path)
    return Project(tmp_path)


def write_suites(root: Path) -> None:
    """Give the project in `root` the suites of the tests: FLUX, and three problems for a CPU."""
    shutil.copytree(ROOT / "docs" / "suites", root / "docs" / "suites", dirs_exist_ok=True)
    (root / "docs" / "suites" / "cpu.md").write_text(CPU_SUITE, encoding="utf-8")


@pytest.fixture
def write_page(project: Project) -> WritePage:
    """Writes a page with the given code and loads it."""

    def write(
        code: str = SDPA, *, name: str = "mine", dependencies: str = "[]", **_: str
    ) -> Implementation:
        title = name.replace("_", " ").capitalize()
        path = project.pages / f"{name}.md"
        page = PAGE.format(title=title, dependencies=dependencies, code=code.strip())
        path.write_text(page, encoding="utf-8")
        return load_implementation(path, project)

    return write


@pytest.fixture
def bench(project: Project) -> Bench:
    """Runs `python -m bench` in the project, as a person would."""

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "bench", *words],
            cwd=project.root,
            env=bench_environment() | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    return run


@pytest.fixture
def command(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Bench:
    """Runs a command as `bench` does, but in this process: its workers are forked."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGHUP)}

    def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        capsys.readouterr()
        with monkeypatch.context() as patch:
            patch.chdir(project.root)
            patch.setattr(sys, "argv", ["bench", *words])
            for name, value in environment.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main()
        for number, handler in kept.items():
            signal.signal(number, handler)
        code = end.value.code
        assert isinstance(code, int)
        return subprocess.CompletedProcess(words, code, *capsys.readouterr())

    return run


def bench_environment() -> dict[str, str]:
    """The environment in which a copy of the project finds the code under test."""
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def gpu(monkeypatch: pytest.MonkeyPatch) -> "FakeGpu":
    """A GPU that is none, in the place of torch's."""
    from fake_cuda import stand_in  # imports torch

    return stand_in(monkeypatch)


QUICK = Protocol(warmup_s=0.0, warmup_max_s=0.05, min_time_s=0.0, lane_samples=2)

REQUEST = Request(
    page="docs/impls/mine.md",
    code="",
    line=1,
    precision="exact",
    dependencies=(),
    layer=False,
    device="cpu",
    l2_set_aside_bytes=None,
    protocol=QUICK,
    scratch="",
)
"""What a worker is asked for first; tests replace what matters to them."""

WORKLOADS = tuple(attention(seqlen, 2, 64, "float32") for seqlen in (32, 64, 96))


@pytest.fixture(scope="module")
def run_context() -> Iterator[RunContext]:
    """A referee for all tests of a file."""
    with SharedBuffer() as buffer, RefereeProcess("cpu", buffer) as referee:
        yield RunContext(referee, buffer, referee.environment, QUICK, 60, memory_limit())


class Measure:
    """Times a page, in a later round unless told otherwise: nothing is examined there."""

    def __init__(self, run_context: RunContext, scratch: Path) -> None:
        self._context, self._scratch = run_context, scratch

    def __call__(
        self, page: Implementation, timeout_s: float = 60, *, round_: int = 2
    ) -> list[MeasuredStep]:
        run_context = replace(self._context, timeout_s=timeout_s)
        turn = Turn(round_, page, page.variants[0])
        plan = TurnPlan(turn, Path(sys.executable), self._scratch, run_context)
        return list(measure_turn(plan, turn.steps(WORKLOADS), lambda _: None))


@pytest.fixture
def timed(run_context: RunContext, tmp_path: Path) -> Measure:
    """Times a page on three workloads."""
    return Measure(run_context, tmp_path / "scratch")


class Silent:
    """Watches a run, or a selftest, and says nothing."""

    def stage(self, name: str, steps: int) -> None: ...

    def installing(self, implementation: Implementation) -> None: ...

    def starting(self, turn: Turn, step: Step) -> None: ...

    def found(self, record: Examination | Result, steps: int) -> None: ...


def at_64(statement: str) -> str:
    """A correct attention that does something else when the sequence is 64 long."""
    return SDPA.replace(
        "*, causal):\n", f"*, causal):\n    if q.shape[1] == 64:\n        {statement}\n"
    )


def statuses(measured: list[MeasuredStep]) -> list[str]:
    return [one.outcome.__struct_config__.tag for one in measured]


def reason(measured: list[MeasuredStep], number: int) -> str:
    outcome = measured[number].outcome
    assert not isinstance(outcome, Ok)
    return outcome.reason
