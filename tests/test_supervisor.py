"""Whatever a worker does and however it ends, its supervisor tells the truth and leaves nothing."""

import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench_fixtures import ROOT

from bench.machine import host_memory
from bench.machine.host_memory import memory_limit
from bench.worker.process_tree import descendants
from bench.worker.supervisor import OUT_OF_MEMORY

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="there is no supervisor"),
]

GB, MB = 1 << 30, 1 << 20
DEADLINE_S = 30.0

WORKER = """\
import os, signal, sys, time
from bench.worker.supervisor import supervise
pipe = int(sys.argv[1])
supervise(private_fds=[pipe], output=1, memory_bytes=int(sys.argv[2]))
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


class Supervised:
    """A supervised worker in its own folder; its processes carry a marker in their environment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._marker = f"KEPT_BY_TEST={uuid.uuid4().hex}"
        name, value = self._marker.split("=")
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), name: value}

    def start(self, code: str, memory_bytes: int = 4 * GB) -> None:
        self.messages, theirs = os.pipe()
        with (self.folder / "output").open("w+b") as output:
            self.supervisor = subprocess.Popen(
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
        """How the supervisor ended; then nothing may be left."""
        self.start(code, memory_bytes)
        return self.wait()

    def wait(self) -> int:
        """How the supervisor ended; at that moment nothing may be left."""
        code = self.supervisor.wait(DEADLINE_S)
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
        if hasattr(self, "supervisor"):
            self.supervisor.wait()
            os.close(self.messages)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def supervised(tmp_path: Path) -> Iterator[Supervised]:
    supervised = Supervised(tmp_path)
    yield supervised
    supervised.close()


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
def test_the_supervisor_ends_as_its_worker_did(name: str, supervised: Supervised) -> None:
    code, expected = ENDS[name]
    assert supervised.end(code) == expected


def test_a_worker_killed_from_outside_is_told_as_killed(supervised: Supervised) -> None:
    supervised.start("time.sleep(600)")
    os.kill(supervised.noted("worker"), signal.SIGKILL)
    assert supervised.wait() == -signal.SIGKILL


def test_the_worker_has_the_usual_signals_and_is_the_first_to_go(supervised: Supervised) -> None:
    code = """
assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == set()
assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
assert open("/proc/self/oom_score_adj").read() == "1000\\n"
"""
    assert supervised.end(code) == 0, supervised.output()


def test_a_daemon_does_not_survive_its_worker(supervised: Supervised) -> None:
    assert supervised.end(DAEMON + "os._exit(3)") == 3
    assert (supervised.folder / "daemon").exists()


def test_processes_that_keep_forking_do_not_survive(supervised: Supervised) -> None:
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
    assert supervised.end(code) == 4


def test_a_process_that_a_thread_started_is_a_descendant() -> None:
    """The kernel keeps a list of children for each thread."""
    started: list[subprocess.Popen[bytes]] = []
    listed, is_started = threading.Event(), threading.Event()

    def start() -> None:
        started.append(subprocess.Popen(["sleep", "60"]))
        is_started.set()
        listed.wait(DEADLINE_S)

    thread = threading.Thread(target=start)
    thread.start()
    try:
        assert is_started.wait(DEADLINE_S)
        assert started[0].pid in descendants(os.getpid())
    finally:
        listed.set()
        thread.join()
        for process in started:
            process.kill()
            process.wait()


def test_a_deep_and_broad_process_tree_does_not_survive(supervised: Supervised) -> None:
    code = """
for _ in range(6):
    os.fork()
time.sleep(600)
"""
    supervised.start(code)
    until(lambda: len(supervised.living()) == 1 + 64)
    os.kill(supervised.noted("worker"), signal.SIGKILL)
    assert supervised.wait() == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT, signal.SIGTERM])
def test_a_supervisor_told_to_end_takes_all_with_it(number: int, supervised: Supervised) -> None:
    stubborn = "for n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\n"
    supervised.start(stubborn + DAEMON + "open('ready', 'w').write('1'); time.sleep(600)")
    supervised.noted("ready")
    supervised.supervisor.send_signal(number)
    assert supervised.wait() == -number


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT])
def test_a_supervisor_that_ignored_a_signal_from_the_start_is_not_ended_by_it(
    number: int, supervised: Supervised
) -> None:
    before = signal.signal(number, signal.SIG_IGN)
    try:
        supervised.start("while not os.path.exists('sent'): time.sleep(0.01)\nos._exit(5)")
    finally:
        signal.signal(number, before)
    supervised.noted("worker")
    supervised.supervisor.send_signal(number)
    (supervised.folder / "sent").touch()
    assert supervised.wait() == 5


def test_a_worker_that_stops_itself_can_still_be_ended(supervised: Supervised) -> None:
    supervised.start("os.kill(os.getpid(), signal.SIGSTOP)")
    worker = supervised.noted("worker")
    until(lambda: Path(f"/proc/{worker}/stat").read_text().split()[2] == "T")
    assert supervised.supervisor.poll() is None
    supervised.supervisor.terminate()
    assert supervised.wait() == -signal.SIGTERM


def test_a_worker_does_not_outlive_a_supervisor_that_it_kills(supervised: Supervised) -> None:
    supervised.start("os.kill(os.getppid(), signal.SIGKILL); time.sleep(600)")
    assert supervised.supervisor.wait(DEADLINE_S) == -signal.SIGKILL
    until(lambda: supervised.living() == [])


def test_a_worker_that_sends_its_supervisor_any_other_signal_changes_nothing(
    supervised: Supervised,
) -> None:
    code = """
for number in signal.valid_signals() - {1, 2, 9, 15, signal.SIGSTOP}:
    os.kill(os.getppid(), number)
time.sleep(0.3)
os._exit(6)
"""
    assert supervised.end(code) == 6


PARENT = """\
import os, subprocess, sys
read, write = os.pipe()
worker = sys.argv[1:] + [str(write), str(1 << 32)]
subprocess.Popen([sys.executable, "-c", *worker], pass_fds=[write], start_new_session=True)
os.close(write)
os.read(read, 1)
"""


def test_the_death_of_the_parent_ends_supervisor_worker_and_daemon(supervised: Supervised) -> None:
    code = WORKER + DAEMON + "open('ready', 'w').write('1'); time.sleep(600)"
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, code], cwd=supervised.folder, env=supervised.environment
    )
    try:
        supervised.noted("ready")
        assert len(supervised.living()) == 4
    finally:
        parent.kill()
        parent.wait()
    until(lambda: supervised.living() == [])


def test_a_supervisor_whose_parent_is_gone_already_does_not_start_a_worker(
    supervised: Supervised,
) -> None:
    read, write = os.pipe()
    os.close(read)
    supervisor = subprocess.run(
        [sys.executable, "-c", WORKER, str(write), "1"],
        pass_fds=[write],
        cwd=supervised.folder,
        env=supervised.environment,
        check=False,
    )
    os.close(write)
    assert supervisor.returncode == 1
    assert not (supervised.folder / "worker").exists()


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


def test_a_worker_that_eats_memory_is_ended_before_it_took_much_more(
    supervised: Supervised,
) -> None:
    assert supervised.end(EATER + "eat(500, 'eaten')", memory_bytes=300 * MB) == OUT_OF_MEMORY
    assert 250 < supervised.noted("eaten") < 900
    assert "of memory, more than the 0.31 GB allowed" in supervised.output().splitlines()[-1]


def test_memory_that_is_shared_from_the_start_counts_too(supervised: Supervised) -> None:
    code = "import mmap; shared = mmap.mmap(-1, 2 << 30)\n"
    fill = "for _ in range(256): shared.write(bytes(8 << 20)); time.sleep(0.01)"
    assert supervised.end(code + fill, memory_bytes=300 * MB) == OUT_OF_MEMORY


def test_the_memory_of_all_descendants_counts_together(supervised: Supervised) -> None:
    code = """
for number in range(4):
    if os.fork() == 0:
        eaten = eat(12, f"eaten{number}")
        time.sleep(600)
time.sleep(600)
"""
    assert supervised.end(EATER + code, memory_bytes=300 * MB) == OUT_OF_MEMORY


def test_memory_that_processes_share_after_a_fork_counts_once(supervised: Supervised) -> None:
    code = """
eaten = eat(25, "eaten")
for _ in range(4):
    if os.fork() == 0:
        time.sleep(600)
time.sleep(1)
os._exit(5)
"""
    assert supervised.end(EATER + code, memory_bytes=350 * MB) == 5


def test_endless_printing_is_bounded_and_does_not_end_the_worker(supervised: Supervised) -> None:
    code = """
for number in range(600):
    os.write(1, b"x" * 100_000)
    time.sleep(0.002)
os._exit(9)
"""
    supervised.start(code)
    sizes = [0]
    while supervised.supervisor.poll() is None:
        sizes.append((supervised.folder / "output").stat().st_size)
        time.sleep(0.01)
    assert supervised.wait() == 9
    assert max(sizes) < 40 * MB


def test_what_was_printed_last_can_still_be_read(supervised: Supervised) -> None:
    code = """
os.write(1, b"x" * (17 << 20) + b"\\nthe last line\\n")
while os.fstat(1).st_size > 1 << 20:
    time.sleep(0.01)
"""
    assert supervised.end(code) == 0
    assert 64 << 10 <= len(supervised.output()) <= 1 << 20  # more, if it was cut half-way
    assert supervised.output().endswith("x\nthe last line\n")


def test_the_pipe_ends_with_the_worker_though_a_daemon_holds_it(supervised: Supervised) -> None:
    supervised.start(
        "os.set_inheritable(pipe, True)\n" + DAEMON + "os.write(pipe, b'hello'); os.abort()"
    )
    heard = b""
    while True:
        assert select.select([supervised.messages], [], [], DEADLINE_S)[0]
        if not (chunk := os.read(supervised.messages, 100)):
            break
        heard += chunk
    assert heard == b"hello"
    assert supervised.wait() == -signal.SIGABRT


def test_a_worker_that_closes_all_its_files_is_supervised_all_the_same(
    supervised: Supervised,
) -> None:
    supervised.start("os.closerange(0, 100); time.sleep(600)")
    assert select.select([supervised.messages], [], [], DEADLINE_S)[0]
    assert os.read(supervised.messages, 1) == b""
    assert supervised.supervisor.poll() is None
    supervised.supervisor.terminate()
    assert supervised.wait() == -signal.SIGTERM


def test_the_supervisor_costs_less_than_a_hundredth_of_a_core(supervised: Supervised) -> None:
    code = """
import threading
for _ in range(60):
    threading.Thread(target=time.sleep, args=[600]).start()
open("ready", "w").write("1")
"""
    supervised.start(code)
    supervised.noted("ready")
    began, before = time.monotonic(), _cpu_s(supervised.supervisor.pid)
    time.sleep(2)
    share = (_cpu_s(supervised.supervisor.pid) - before) / (time.monotonic() - began)
    assert share < 0.01


def _cpu_s(pid: int) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def test_a_kernel_without_lists_of_children_is_read_another_way(
    supervised: Supervised, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervised.start(DAEMON + "time.sleep(600)")
    family = {supervised.noted("worker"), supervised.noted("daemon")}
    until(lambda: family <= set(descendants(supervised.supervisor.pid)))
    from_lists = descendants(supervised.supervisor.pid)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert descendants(supervised.supervisor.pid) == from_lists


def test_the_limit_is_three_quarters_of_the_least_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    own = tmp_path / "own"
    own.write_text("4:cpu,memory:/a/b\n0::/c\n")
    monkeypatch.setattr(host_memory, "_GROUPS", tmp_path)
    monkeypatch.setattr(host_memory, "_OWN", own)
    assert memory_limit() == machine * 3 // 4
    (tmp_path / "memory" / "a").mkdir(parents=True)
    (tmp_path / "memory" / "a" / "memory.limit_in_bytes").write_text("4000000\n")
    assert memory_limit() == 3_000_000
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "memory.max").write_text("max\n")
    assert memory_limit() == 3_000_000
    (tmp_path / "memory.max").write_text("400000\n")
    assert memory_limit() == 300_000
