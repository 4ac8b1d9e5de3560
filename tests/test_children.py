"""Whatever a page's code does in its process becomes an outcome, and touches nothing else."""

import os
import signal
import time
from pathlib import Path

import pytest
from bench_fixtures import QUICK, SDPA, WORKLOADS, Measure, WritePage, at_64, reason, statuses

from bench.devices.discovery import KINDS
from bench.records.outcome import Ok

pytestmark = pytest.mark.slow


def test_an_honest_page_is_ok_with_every_sample_kept(write_page: WritePage, timed: Measure) -> None:
    measured = timed(write_page())
    assert statuses(measured) == ["ok"] * 3
    assert [one.step.workload for one in measured] == list(WORKLOADS)
    for one in measured:
        assert isinstance(one.outcome, Ok)
        assert len(one.outcome.latency_us) >= QUICK.min_samples
        assert min(one.outcome.latency_us) > 0


def test_a_crash_is_told_at_once_though_a_process_of_the_page_lives_on(
    write_page: WritePage,
    timed: Measure,
) -> None:
    fork = "import os, time; time.sleep(600) if os.fork() == 0 else os.abort()"
    began = time.monotonic()
    measured = timed(write_page(at_64(fork)))
    assert statuses(measured) == ["ok", "crashed", "ok"]
    assert time.monotonic() - began < 40


DEATHS = {
    "os._exit(0)": ("import os; os._exit(0)", "exited with 0"),
    "os._exit(3)": ("import os; os._exit(3)", "exited with 3"),
    "a segmentation fault": ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    "SIGKILL": ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "SIGKILL"),
    "sys.exit()": ("import sys; sys.exit('enough')", "enough"),
}


@pytest.mark.parametrize("name", DEATHS)
def test_a_process_that_dies_is_a_crash_and_the_others_are_measured(
    name: str, write_page: WritePage, timed: Measure
) -> None:
    statement, said = DEATHS[name]
    measured = timed(write_page(at_64(statement)))
    assert statuses(measured) == ["ok", "crashed", "ok"]
    assert said in reason(measured, 1)


@pytest.mark.parametrize("round_", [1, 2])
def test_after_an_error_of_the_device_the_next_case_gets_a_new_process(
    round_: int,
    write_page: WritePage,
    timed: Measure,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The device is a CPU here, whose errors are judged as those of a GPU."""
    lost = KINDS["cuda"].is_lost
    monkeypatch.setattr(type(KINDS["cpu"]), "is_lost", lambda _, reason: lost(reason))
    loaded = tmp_path / "loaded"
    broken = "raise RuntimeError('CUDA error: an illegal memory access was encountered')"
    code = f"open({str(loaded)!r}, 'a').write('once ')\n{at_64(broken)}"
    measured = timed(write_page(code), round_=round_)
    assert loaded.read_text() == "once once "
    assert statuses(measured)[:3] == ["ok", "error", "ok"]
    assert set(statuses(measured)[3:]) <= {"passed"}


def test_a_case_that_crashed_is_not_examined_and_the_others_are(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(at_64("import os; os._exit(7)")), round_=1)
    assert statuses(measured) == ["ok", "crashed", "ok", "passed", "passed"]
    assert [one.step.kind for one in measured] == ["time"] * 3 + ["examine"] * 2


def test_a_hanging_call_is_a_timeout_and_the_others_are_measured(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(at_64("while True: pass")), timeout_s=6)
    assert statuses(measured) == ["ok", "timeout", "ok"]
    assert reason(measured, 1) == "did not end within 6 s"


def test_a_page_that_hangs_while_it_loads_times_out_once(
    write_page: WritePage, timed: Measure
) -> None:
    began = time.monotonic()
    measured = timed(write_page("import time\ntime.sleep(600)\n" + SDPA), timeout_s=5)
    assert statuses(measured) == ["timeout"] * 3
    assert time.monotonic() - began < 15


def test_a_process_that_dies_while_it_loads_is_a_crash(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page("import os\nos._exit(7)\n" + SDPA))
    assert statuses(measured) == ["crashed"] * 3


def test_no_process_outlives_its_case(
    write_page: WritePage, timed: Measure, tmp_path: Path
) -> None:
    note = tmp_path / "pid"
    fork = f"""
import os, time
if os.fork() == 0:
    open({str(note)!r}, "w").write(str(os.getpid()))
    time.sleep(600)
"""
    assert statuses(timed(write_page(fork + SDPA))) == ["ok"] * 3
    pid = int(note.read_text(encoding="utf-8"))
    with pytest.raises(ProcessLookupError):
        _wait_until_gone(pid)


def _wait_until_gone(pid: int) -> None:
    for _ in range(50):
        os.kill(pid, 0)
        if Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").split()[2] == "Z":
            raise ProcessLookupError  # killed; only its first parent could still collect it
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)


def test_an_endless_print_does_not_stop_the_measurement(
    write_page: WritePage, timed: Measure
) -> None:
    noise = "print('x' * 100_000)"
    assert statuses(timed(write_page(at_64(noise)))) == ["ok"] * 3


def test_a_page_that_reads_its_standard_input_finds_nothing_there(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(f"import sys\nassert sys.stdin.read() == ''\n{SDPA}"), 20)
    assert statuses(measured) == ["ok"] * 3


def test_what_the_page_cannot_do_is_unsupported_in_its_own_words(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(at_64("raise NotImplementedError('not 64')")))
    assert statuses(measured) == ["ok", "unsupported", "ok"]
    assert reason(measured, 1) == "not 64"


def test_an_exception_is_an_error_that_names_the_line_of_the_page(
    write_page: WritePage, timed: Measure
) -> None:
    page = write_page(at_64("1 / 0"))
    measured = timed(page)
    line = next(
        number
        for number, text in enumerate(page.path.read_text(encoding="utf-8").splitlines(), 1)
        if "1 / 0" in text
    )
    assert statuses(measured) == ["ok", "error", "ok"]
    assert reason(measured, 1) == f"ZeroDivisionError: division by zero (line {line} of the page)"


def test_an_exception_that_is_its_own_cause_is_told(write_page: WritePage, timed: Measure) -> None:
    code = "e = ValueError('round and round'); raise e from e"
    measured = timed(write_page(at_64(code)))
    assert reason(measured, 1).startswith("ValueError: round and round (line")


def test_the_page_s_own_precision_does_not_reach_the_referee(
    write_page: WritePage, timed: Measure
) -> None:
    code = "import torch\ntorch.set_float32_matmul_precision('medium')\n" + SDPA
    assert statuses(timed(write_page(code))) == ["ok"] * 3


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("import a_package_nobody_has", "unavailable"),
        ("raise ImportError('a library is missing')", "unavailable"),
        ("open('/a/file/nobody/has')", "error"),
        ("undefined", "error"),
    ],
)
def test_a_missing_package_is_unavailable_and_a_mistake_an_error(
    statement: str, status: str, write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(f"{statement}\n{SDPA}"))
    assert statuses(measured) == [status] * 3


def test_the_hub_that_cannot_be_reached_is_unavailable_and_says_why(
    write_page: WritePage, timed: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("HF_ENDPOINT", "https://127.0.0.1:9")
    measured = timed(write_page(HUB + SDPA))
    assert statuses(measured) == ["unavailable"] * 3
    assert "kernels-community/flash-attn2" in reason(measured, 0)
    assert "after" in reason(measured, 0)


HUB = """
from kernels import get_kernel
kernel = get_kernel("kernels-community/flash-attn2", version=2)
"""


def test_a_local_kernel_is_measured_and_named(
    write_page: WritePage, timed: Measure, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build = tmp_path / "kernel" / "build" / "torch-cpu"
    build.mkdir(parents=True)
    (build / "__init__.py").write_text(SDPA.replace("attention(q", "flash_attn_func(q", 1))
    (build / "metadata.json").write_text(
        '{"id": "local_flash", "name": "flash-attn2", "version": 2, "license": "MIT",'
        ' "python-depends": [], "backend": {"type": "cpu"}}'
    )
    overrides = {"kernels-community/flash-attn2": build.parents[1], "org/unused": tmp_path / "no"}
    monkeypatch.setenv("LOCAL_KERNELS", ":".join(f"{k}={v}" for k, v in overrides.items()))
    use = "\n\ndef attention(q, k, v, *, causal):\n"
    measured = timed(
        write_page(HUB + use + "    return kernel.flash_attn_func(q, k, v, causal=causal)")
    )
    assert statuses(measured) == ["ok"] * 3
    for one in measured:
        assert one.local_kernels == ("kernels-community/flash-attn2",)


CHEATS = {
    "a cached output": """
cache = {}
def attention(q, k, v, *, causal):
    if q.data_ptr() not in cache:
        cache[q.data_ptr()] = real(q, k, v, causal=causal)
    return cache[q.data_ptr()]
""",
    "correct for the first calls only": """
calls = []
def attention(q, k, v, *, causal):
    calls.append(1)
    return real(q, k, v, causal=causal) if len(calls) < 5 else q
""",
    "inputs changed in place": """
def attention(q, k, v, *, causal):
    out = real(q, k, v, causal=causal)
    v.add_(1)
    return out
""",
}


@pytest.mark.parametrize("name", CHEATS)
def test_a_cheat_in_the_timed_loop_is_incorrect(
    name: str, write_page: WritePage, timed: Measure
) -> None:
    code = SDPA.replace("def attention(", "def real(") + CHEATS[name]
    assert statuses(timed(write_page(code))) == ["incorrect"] * 3


def test_prepare_is_not_timed_and_its_callable_is_what_is_measured(
    write_page: WritePage, timed: Measure
) -> None:
    prepare = """
def prepare(workload):
    import time
    time.sleep(0.5)
    assert workload.seqlen_q in (32, 64, 96)
    return attention
"""
    for one in timed(write_page(SDPA + "\n" + prepare)):
        assert isinstance(one.outcome, Ok)
        assert one.outcome.first_call_ms > 500
        assert max(one.outcome.latency_us) < 500_000


def test_torch_compile_without_a_compiler_says_what_is_missing(
    write_page: WritePage, timed: Measure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CXX", "/nowhere")
    code = """
import torch
def attention(q, k, v, *, causal):
    return (q * 2 + k).softmax(-1)
def prepare(workload):
    return torch.compile(attention, fullgraph=True, dynamic=False)
"""
    measured = timed(write_page(code))
    assert statuses(measured) == ["unavailable"] * 3
    assert "g++" in reason(measured, 0)
