"""Whatever a worker does and however it ends, its keeper tells the truth and leaves nothing."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench_fixtures import ROOT

from bench.machine import memory
from bench.machine.memory import memory_limit
from bench.worker.family import descendants
from bench.worker.keeper import OUT_OF_MEMORY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="there is no keeper"),
]

GB, MB = 1 << 30, 1 << 20
DEADLINE_S = 30.0

WORKER = """\
import os, signal, sys, time
from bench.worker.keeper import keep
pipe = int(sys.argv[1])
keep(private_fds=[pipe], output=1, memory_bytes=int(sys.argv[2]))
open("worker", "w").write(str(os.getpid()))
"""

DAEMON = """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("daemon", "w").write(str(os.getpid()))
        time.sleep(600)
    os._exit(0)
while not (os.path.exists("daemon") and open("daemon").read()): time.sleep(0.01)
"""


class Kept:
    """A kept worker in a folder of its own; its processes carry a marker in their environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._marker = f"KEPT_BY_TEST={uuid.uuid4().hex}"
        name, value = self._marker.split("=")
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), name: value}

    def start(self, code: str, memory_bytes: int = 4 * GB) -> None:
        self.messages, theirs = os.pipe()
        with (self.folder / "output").open("w+b") as output:
            self.keeper = subprocess.Popen(
                [sys.executable, "-c", WORKER + code, str(theirs), str(memory_bytes)],
                stdout=output,
                stderr=subprocess.STDOUT,
                pass_fds=[theirs],
                start_new_session=True,
                cwd=self.folder,
                env=self.environment,
            )
        os.close(theirs)

    def end(self, code: str, memory_bytes: int = 4 * GB) -> int:
        """How the keeper ended; then nothing may be left."""
        self.start(code, memory_bytes)
        return self.wait()

    def wait(self) -> int:
        """How the keeper ended; at that moment nothing may be left."""
        code = self.keeper.wait(DEADLINE_S)
        assert self.living() == []
        return code

    def output(self) -> str:
        return (self.folder / "output").read_text()

    def noted(self, name: str) -> int:
        """The number that a process wrote to the file `name`, once it has."""
        path = self.folder / name
        until(lambda: path.exists() and path.read_text() != "")
        return int(path.read_text())

    def living(self) -> list[int]:
        """The processes that carry the marker, zombies aside."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if self._marker.encode() in (entry / "environ").read_bytes().split(b"\0"):
                    found.append(int(entry.name))
            except OSError:
                pass
        return found

    def close(self) -> None:
        while left := self.living():
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        if hasattr(self, "keeper"):
            self.keeper.wait()
            os.close(self.messages)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.close()


ENDS = {
    "the end of the program": ("", 0),
    "os._exit(0)": ("os._exit(0)", 0),
    "os._exit(7)": ("os._exit(7)", 7),
    "an exception": ("1 / 0", 1),
    "a segmentation fault": ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    "abort": ("os.abort()", -signal.SIGABRT),
    "Ctrl-C": ("signal.raise_signal(signal.SIGINT)", -signal.SIGINT),
    "a broken pipe": ("signal.signal(13, signal.SIG_DFL); os.kill(os.getpid(), 13)", -13),
    "a signal for real time": ("os.kill(os.getpid(), 40)", -40),
}


@pytest.mark.parametrize("name", ENDS)
def test_the_keeper_ends_as_its_worker_did(name: str, kept: Kept) -> None:
    code, expected = ENDS[name]
    assert kept.end(code) == expected


def test_a_worker_killed_from_outside_is_told_as_killed(kept: Kept) -> None:
    kept.start("time.sleep(600)")
    os.kill(kept.noted("worker"), signal.SIGKILL)
    assert kept.wait() == -signal.SIGKILL


def test_the_worker_has_the_usual_signals_and_is_the_first_to_go(kept: Kept) -> None:
    code = """
assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert open("/proc/self/oom_score_adj").read() == "1000\\n"
"""
    assert kept.end(code) == 0, kept.output()


def test_a_daemon_does_not_survive_its_worker(kept: Kept) -> None:
    assert kept.end(DAEMON + "os._exit(3)") == 3
    assert (kept.folder / "daemon").exists()


def test_processes_that_keep_forking_do_not_survive(kept: Kept) -> None:
    code = """
for _ in range(30):
    if os.fork() == 0:
        while True:
            os.setsid()
            if os.fork():
                os._exit(0)
time.sleep(0.2)
os._exit(4)
"""
    assert kept.end(code) == 4


def test_a_deep_and_broad_family_does_not_survive(kept: Kept) -> None:
    code = """
for _ in range(6):
    os.fork()
time.sleep(600)
"""
    kept.start(code)
    until(lambda: len(kept.living()) == 1 + 64)
    os.kill(kept.noted("worker"), signal.SIGKILL)
    assert kept.wait() == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_keeper_told_to_end_takes_all_with_it(number: int, kept: Kept) -> None:
    stubborn = "for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\n"
    kept.start(stubborn + DAEMON + "open('ready', 'w').write('1'); time.sleep(600)")
    kept.noted("ready")
    kept.keeper.send_signal(number)
    assert kept.wait() == -number


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_keeper_that_ignored_a_signal_from_the_start_is_not_ended_by_it(
    number: int, kept: Kept
) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        kept.start("while not os.path.exists('sent'): time.sleep(0.01)\nos._exit(5)")
    finally:
        signal.signal(number, before)
    kept.noted("worker")
    kept.keeper.send_signal(number)
    (kept.folder / "sent").touch()
    assert kept.wait() == 5


def test_a_worker_that_stops_itself_can_still_be_ended(kept: Kept) -> None:
    kept.start("os.kill(os.getpid(), signal.SIGSTOP)")
    worker = kept.noted("worker")
    until(lambda: Path(f"/proc/{worker}/stat").read_text().split()[2] == "T")
    assert kept.keeper.poll() is None
    kept.keeper.terminate()
    assert kept.wait() == -signal.SIGTERM


def test_a_worker_does_not_outlive_a_keeper_that_it_kills(kept: Kept) -> None:
    kept.start("os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)")
    assert kept.keeper.wait(DEADLINE_S) == -signal.SIGKILL
    until(lambda: kept.living() == [])


def test_a_worker_that_sends_its_keeper_any_other_signal_changes_nothing(kept: Kept) -> None:
    code = """
for number in signal.valid_signals() - {1, 2, 9, 15, signal.SIGSTOP}:
    os.kill(os.getppid(), number)
time.sleep(0.3)
os._exit(6)
"""
    assert kept.end(code) == 6


PARENT = """\
import os, subprocess, sys
read, write = os.pipe()
worker = sys.argv[1:] + [str(write), str(1 << 32)]
subprocess.Popen([sys.executable, "-c", *worker], pass_fds=[write], start_new_session=True)
os.close(write)
os.read(read, 1)
"""


def test_the_death_of_the_parent_ends_keeper_worker_and_daemon(kept: Kept) -> None:
    code = WORKER + DAEMON + "open('ready', 'w').write('1'); time.sleep(600)"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, code], cwd=kept.folder, env=kept.environment
    )
    try:
        kept.noted("ready")
        assert len(kept.living()) == 4
    finally:
        parent.kill()
        parent.wait()
    until(lambda: kept.living() == [])


def test_a_keeper_whose_parent_is_gone_already_does_not_start_a_worker(kept: Kept) -> None:
    read, write = os.pipe()
    os.close(read)
    keeper = subprocess.run(
        [sys.executable, "-c", WORKER, str(write), "1"],
        pass_fds=[write],
        cwd=kept.folder,
        env=kept.environment,
        check=False,
    )
    os.close(write)
    assert keeper.returncode == 1
    assert not (kept.folder / "worker").exists()


EATER = """
def eat(count, note):
    eaten = []
    for number in range(count):
        eaten.append(b"x" * (8 << 20))
        open(note + "~", "w").write(str(8 * (number + 1)))
        os.replace(note + "~", note)  # killed at any moment, it leaves a whole note
        time.sleep(0.01)
    return eaten
"""


def test_a_worker_that_eats_memory_is_ended_before_it_took_much_more(kept: Kept) -> None:
    assert kept.end(EATER + "eat(500, 'eaten')", memory_bytes=300 * MB) == OUT_OF_MEMORY
    assert 250 < kept.noted("eaten") < 900
    assert "of memory, more than the 0.31 GB allowed" in kept.output().splitlines()[-1]


def test_memory_that_is_shared_from_the_start_counts_too(kept: Kept) -> None:
    code = "import mmap; shared = mmap.mmap(-1, 2 << 30)\n"
    fill = "for _ in range(256): shared.write(bytes(8 << 20)); time.sleep(0.01)"
    assert kept.end(code + fill, memory_bytes=300 * MB) == OUT_OF_MEMORY


def test_the_memory_of_all_descendants_counts_together(kept: Kept) -> None:
    code = """
for number in range(4):
    if os.fork() == 0:
        eaten = eat(12, f"eaten{number}")
        time.sleep(600)
time.sleep(600)
"""
    assert kept.end(EATER + code, memory_bytes=300 * MB) == OUT_OF_MEMORY


def test_memory_that_processes_share_after_a_fork_counts_once(kept: Kept) -> None:
    code = """
eaten = eat(25, "eaten")
for _ in range(4):
    if os.fork() == 0:
        time.sleep(600)
time.sleep(1)
os._exit(5)
"""
    assert kept.end(EATER + code, memory_bytes=350 * MB) == 5


def test_endless_printing_is_bounded_and_does_not_end_the_worker(kept: Kept) -> None:
    code = """
for number in range(600):
    os.write(1, b"x" * 100_000)
    time.sleep(0.002)
os._exit(9)
"""
    kept.start(code)
    sizes = [0]
    while kept.keeper.poll() is None:
        sizes.append((kept.folder / "output").stat().st_size)
        time.sleep(0.01)
    assert kept.wait() == 9
    assert max(sizes) < 40 * MB


def test_what_was_printed_last_can_still_be_read(kept: Kept) -> None:
    code = """
os.write(1, b"x" * (17 << 20) + b"\\nthe last line\\n")
while os.fstat(1).st_size > 1 << 20:
    time.sleep(0.01)
"""
    assert kept.end(code) == 0
    assert len(kept.output()) == 64 << 10
    assert kept.output().endswith("x\nthe last line\n")


def test_the_pipe_ends_with_the_worker_though_a_daemon_holds_it(kept: Kept) -> None:
    kept.start("os.set_inheritable(pipe, True)\n" + DAEMON + "os.write(pipe, b'hello'); os.abort()")
    heard = b""
    while True:
        assert select.select([kept.messages], [], [], DEADLINE_S)[0]
        if not (chunk := os.read(kept.messages, 100)):
            break
        heard += chunk
    assert heard == b"hello"
    assert kept.wait() == -signal.SIGABRT


def test_a_worker_that_closes_all_its_files_is_kept_all_the_same(kept: Kept) -> None:
    kept.start("os.closerange(0, 100); time.sleep(600)")
    assert select.select([kept.messages], [], [], DEADLINE_S)[0]
    assert os.read(kept.messages, 1) == b""
    assert kept.keeper.poll() is None
    kept.keeper.terminate()
    assert kept.wait() == -signal.SIGTERM


def test_the_keeper_costs_less_than_a_hundredth_of_a_core(kept: Kept) -> None:
    code = """
import threading
for _ in range(60):
    threading.Thread(target=time.sleep, args=[600]).start()
open("ready", "w").write("1")
"""
    kept.start(code)
    kept.noted("ready")
    began, before = time.monotonic(), _cpu_s(kept.keeper.pid)
    time.sleep(2)
    share = (_cpu_s(kept.keeper.pid) - before) / (time.monotonic() - began)
    assert share < 0.01


def _cpu_s(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def test_a_kernel_without_lists_of_children_is_read_another_way(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.start(DAEMON + "time.sleep(600)")
    family = {kept.noted("worker"), kept.noted("daemon")}
    until(lambda: family <= set(descendants(kept.keeper.pid)))
    from_lists = descendants(kept.keeper.pid)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert descendants(kept.keeper.pid) == from_lists


def test_the_limit_is_three_quarters_of_the_least_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    own = tmp_path / "own"
    own.write_text("4:cpu,memory:/a/b\n0::/c\n")
    monkeypatch.setattr(memory, "_GROUPS", tmp_path)
    monkeypatch.setattr(memory, "_OWN", own)
    assert memory_limit() == machine * 3 // 4
    (tmp_path / "memory" / "a").mkdir(parents=True)
    (tmp_path / "memory" / "a" / "memory.limit_in_bytes").write_text("4000000\n")
    assert memory_limit() == 3_000_000
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "memory.max").write_text("max\n")
    assert memory_limit() == 3_000_000
    (tmp_path / "memory.max").write_text("400000\n")
    assert memory_limit() == 300_000
