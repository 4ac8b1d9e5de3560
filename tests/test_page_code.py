"""A page's code is run as its users run it, and whatever goes wrong in it is told by its name."""

import re
from pathlib import Path

import pytest
from bench_fixtures import SDPA, Measure, WritePage, at_64, reason, statuses

from bench.runner.context import RunContext

pytestmark = pytest.mark.slow

HALVES = """
import threading
import torch
from torch.nn.functional import scaled_dot_product_attention


def half(out, q, k, v, heads):
    out[:, heads] = scaled_dot_product_attention(q[:, heads], k[:, heads], v[:, heads])


def attention(q, k, v, *, causal):
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    out = torch.empty_like(q)
    middle = q.shape[1] // 2
    threads = [
        threading.Thread(target=half, args=(out, q, k, v, heads))
        for heads in (slice(middle), slice(middle, None))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return out.transpose(1, 2)
"""


def test_a_page_that_shares_its_heads_among_threads_is_ok(
    write_page: WritePage, timed: Measure
) -> None:
    assert statuses(timed(write_page(HALVES))) == ["ok"] * 3


WAYS = {
    "a thread": "thread = threading.Thread(target=fail); thread.start(); thread.join()",
    "a bare thread": "_thread.start_new_thread(fail, ()); time.sleep(0.01)",
    "a timer": "timer = threading.Timer(0, fail); timer.start(); timer.join()",
    "a pool that nobody asks": "wait([pool.submit(fail)])",
}

FAILING = """
import _thread
import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

pool = ThreadPoolExecutor(1)


def fail():
    raise ArithmeticError("in a thread")


"""


@pytest.mark.parametrize("way", WAYS)
def test_an_exception_in_a_thread_of_a_page_makes_the_case_an_error_that_names_its_line(
    way: str, write_page: WritePage, timed: Measure
) -> None:
    page = write_page(FAILING + at_64(WAYS[way]))
    text = page.path.read_text(encoding="utf-8").split("\n")
    line = next(number for number, one in enumerate(text, 1) if "raise Arithmetic" in one)
    measured = timed(page)
    assert statuses(measured) == ["ok", "error", "ok"]
    assert reason(measured, 1) == f"ArithmeticError: in a thread (line {line} of the page)"


def test_an_exception_that_a_page_hears_of_and_handles_is_its_own_affair(
    write_page: WritePage, timed: Measure
) -> None:
    handled = "\n        ".join(
        ("try:", "    pool.submit(fail).result()", "except ArithmeticError:", "    pass")
    )
    assert statuses(timed(write_page(FAILING + at_64(handled)))) == ["ok"] * 3


def test_what_a_page_sees_are_ordinary_tensors_whatever_is_done_with_it(
    write_page: WritePage, timed: Measure
) -> None:
    check = "assert not any(tensor.is_inference() for tensor in (q, k, v))"
    page = write_page(SDPA.replace("*, causal):\n", f"*, causal):\n    {check}\n"))
    assert set(statuses(timed(page, round_=1))) == {"ok", "passed"}


MEMORY = {
    "torch": "__import__('torch').empty(1 << 60, dtype=__import__('torch').uint8)",
    "Python": "bytearray(1 << 60)",
    "the system": "import errno; raise OSError(errno.ENOMEM, 'Cannot allocate memory')",
    "CUDA": "raise RuntimeError('CUDA error: out of memory')",
    "cuBLAS": "raise RuntimeError('CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `x`')",
}


@pytest.mark.parametrize("who", MEMORY)
def test_memory_that_does_not_suffice_is_out_of_memory_whoever_says_so(
    who: str, write_page: WritePage, timed: Measure
) -> None:
    assert statuses(timed(write_page(at_64(MEMORY[who])))) == ["ok", "out_of_memory", "ok"]


CRASHES = {
    "a segmentation fault": "import ctypes; ctypes.string_at(0)",
    "an exit": "import os; os._exit(3)",
    "SIGKILL": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
}


@pytest.mark.parametrize("name", CRASHES)
def test_what_was_printed_before_is_not_why_a_process_died(
    name: str, write_page: WritePage, timed: Measure
) -> None:
    talk = "import warnings\nwarnings.warn('while loading', stacklevel=1)\nprint('loading')\n"
    spoken = at_64(CRASHES[name]).replace("    q, k, v =", "    print('a case')\n    q, k, v =")
    measured = timed(write_page(talk + spoken))
    assert statuses(measured) == ["ok", "crashed", "ok"]
    assert reason(measured, 1).startswith("the process ")
    assert ":" not in reason(measured, 1)


def test_a_warning_in_the_case_that_a_signal_ended_is_not_why(
    write_page: WritePage, timed: Measure
) -> None:
    crash = "import ctypes, warnings; warnings.warn('careful'); ctypes.string_at(0)"
    assert reason(timed(write_page(at_64(crash))), 1) == "the process was killed by SIGSEGV"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("import sys; sys.exit('no licence')", "exited with 1: no licence"),
        ("import os; os.write(2, b'terminate called\\n'); os.abort()", "SIGABRT: terminate called"),
    ],
)
def test_a_process_that_ends_by_its_own_will_is_quoted(
    statement: str, said: str, write_page: WritePage, timed: Measure
) -> None:
    assert reason(timed(write_page(at_64(statement))), 1).endswith(said)


SCRIPTED = """
import inspect
import torch
from torch.nn.functional import scaled_dot_product_attention


@torch.jit.script
class Scale:
    def __init__(self, value: float):
        self.value = value


def attention(q, k, v, *, causal):
    assert inspect.getsource(attention).startswith("def attention(q, k, v")
    q, k, v = (tensor.transpose(1, 2) for tensor in (q, k, v))
    return scaled_dot_product_attention(q, k, v, is_causal=causal).transpose(1, 2)


line = inspect.getsourcelines(attention)[1]
assert line == attention.__code__.co_firstlineno
assert inspect.getsource(inspect.getmodule(attention)).lstrip().startswith("import inspect")
"""


def test_whoever_asks_for_the_source_of_a_page_s_code_gets_the_code_and_its_lines(
    write_page: WritePage, timed: Measure
) -> None:
    assert statuses(timed(write_page(SCRIPTED))) == ["ok"] * 3


MISTAKES = {
    "a library's TypeError": "torch.empty(device=3, shape='x')",
    "a name that a library has not": "torch.nn.functional.no_such_function",
    "a text that is no number": "int('seven')",
    "code that torch cannot compile": "torch.jit.script(lambda x: [y for y in x if (z := y)])",
    "a kernel that does not compile": "raise RuntimeError(\"Error building extension 'mine'\")",
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_of_the_page_s_author_is_never_unavailable(
    name: str, write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(f"import torch\n{MISTAKES[name]}\n{SDPA}"))
    assert statuses(measured) == ["error"] * 3
    assert "of the page" in reason(measured, 0)


def test_prepare_that_returns_nothing_is_told_what_to_return(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(f"{SDPA}\n\ndef prepare(workload):\n    pass\n"))
    assert statuses(measured) == ["error"] * 3
    assert "prepare returned nothing: end it with `return attention`" in reason(measured, 0)


def test_a_default_device_that_a_page_sets_is_refused_by_its_name(
    write_page: WritePage, timed: Measure
) -> None:
    measured = timed(write_page(f"import torch\ntorch.set_default_device('cpu')\n{SDPA}"))
    assert statuses(measured) == ["incorrect"] * 3
    assert "torch.set_default_device" in reason(measured, 0)


POOLS = {
    "a pool": """
    with multiprocessing.get_context(METHOD).Pool(1) as pool:
        pool.map(work, [1])
""",
    "an executor": """
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context(METHOD)) as pool:
        pool.submit(work, 1).result()
""",
    "a process": """
    process = multiprocessing.get_context(METHOD).Process(target=work, args=(1,))
    process.start()
    process.join()
""",
}

POOL = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor


def work(number):
    return number


def prepare(workload):
{body}
    return attention
"""


@pytest.mark.parametrize("pool", POOLS)
def test_a_spawned_process_that_cannot_import_the_page_is_an_error_at_once(
    pool: str, write_page: WritePage, timed: Measure
) -> None:
    body = POOLS[pool].replace("METHOD", "'spawn'")
    measured = timed(write_page(SDPA + POOL.format(body=body.strip("\n"))), timeout_s=40)
    assert statuses(measured) == ["error"] * 3
    assert "which a spawned process cannot import" in reason(measured, 0)


def test_a_process_that_is_forked_has_the_page_and_may_be_used(
    write_page: WritePage, timed: Measure
) -> None:
    body = POOLS["a pool"].replace("METHOD", "'fork'")
    assert statuses(timed(write_page(SDPA + POOL.format(body=body.strip("\n"))))) == ["ok"] * 3


CACHES = """
import os
import tempfile
from pathlib import Path
from torch.utils.cpp_extension import get_default_build_root

NAMES = "CUDA_CACHE_PATH TRITON_CACHE_DIR TORCHINDUCTOR_CACHE_DIR TORCH_EXTENSIONS_DIR".split()
NAMES += "FLASHINFER_WORKSPACE_BASE CUTE_DSL_CACHE_DIR TVM_FFI_CACHE_DIR TILELANG_CACHE_DIR".split()
NAMES += "QUACK_CACHE_DIR TRITON_HOME XDG_CACHE_HOME XDG_DATA_HOME XDG_STATE_HOME".split()


def prepare(workload):
    folders = [os.environ[name] for name in NAMES if name in os.environ]
    folders += [Path.home(), get_default_build_root(), tempfile.gettempdir()]
    assert len(folders) >= 3
    for folder in map(Path, folders):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "compiled").touch()
    return attention
"""
"""A page that leaves something wherever a library would keep what it compiled."""


def test_whatever_a_library_may_keep_of_a_compilation_is_the_run_s_own(
    write_page: WritePage, run_context: RunContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers, scratch = tmp_path / "callers", tmp_path / "scratch"
    for name in [*re.findall(r"\b[A-Z]+_[A-Z_]+\b", CACHES), "HOME", "TMPDIR"]:
        (callers / name).mkdir(parents=True)
        monkeypatch.setenv(name, str(callers / name))
    assert statuses(Measure(run_context, scratch)(write_page(SDPA + CACHES))) == ["ok"] * 3
    assert not list(callers.rglob("compiled"))
    assert len(list(scratch.rglob("compiled"))) >= 3


COUNTS = """
from pathlib import Path


def prepare(workload):
    log = Path.home() / "log"
    log.write_text(log.read_text() + "x" if log.exists() else "x")
    if workload.seqlen_q == 96:
        raise RuntimeError(f"prepared {len(log.read_text())} times")
    return attention
"""


def test_what_one_round_compiled_the_next_one_finds_and_another_run_does_not(
    write_page: WritePage, run_context: RunContext, tmp_path: Path
) -> None:
    page = write_page(SDPA + COUNTS)
    one, other = Measure(run_context, tmp_path / "one"), Measure(run_context, tmp_path / "other")
    found = [reason(run(page), 2).split(" (")[0] for run in (one, one, other)]
    assert found == [f"RuntimeError: prepared {times} times" for times in (3, 6, 3)]
