"""Forks workers from a process that has loaded torch, which takes most of a short test's time.

What is forked goes on as `python -P -m <module>` would: a session, descriptors, variables and
arguments of its own, and the caller for its parent. Only torch is there already, and nothing else
of the harness. `python -m bench`, started by tests as a person would, forks nothing: it starts its
workers anew.
"""

import contextlib
import ctypes
import gc
import importlib
import json
import os
import runpy
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

_PR_SET_CHILD_SUBREAPER = 36
_ABOVE = 500
"""Descriptors are kept from here on until each can get the number that it has to have."""


class Forked:
    """A forked process, with what `subprocess.Popen` has for one and a caller here asks for."""

    def __init__(self, pid: int, stdin: BinaryIO) -> None:
        self.pid, self.stdin = pid, stdin
        self.returncode: int | None = None
        self._ended = os.pidfd_open(pid)

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, negative for a signal.

        Raises:
            subprocess.TimeoutExpired: it goes on after `timeout` seconds.
        """
        if self.returncode is None:
            if not select.select([self._ended], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked process", timeout or 0.0)
            _, status = os.waitpid(self.pid, 0)
            self.returncode = os.waitstatus_to_exitcode(status)
            os.close(self._ended)
        return self.returncode

    def send_signal(self, number: int) -> None:
        """Send the signal, unless the process has been waited for."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.send_signal(signal.SIGTERM)


class ForkServer:
    """Started with the first process that it is asked for; `popen` is for `subprocess.Popen`.

    One for each process of tests, whose child it is. Other programs than this interpreter, and
    other modules than workers, are started as ever.
    """

    def __init__(self) -> None:
        self._server: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._turn = threading.Lock()

    def popen(self, args: Sequence[Any], **options: Any) -> Any:
        """Start `args`; `options` are `subprocess.Popen`'s, as `WorkerProcess` gives them."""
        python, *words = map(str, args)
        if python != sys.executable or not words[2].startswith("bench.worker"):
            return subprocess.Popen(args, **options)
        theirs, ours = os.pipe()
        fds = [theirs, options["stdout"].fileno(), *options["pass_fds"]]
        order = {"words": words, "variables": options["env"], "shared": list(options["pass_fds"])}
        try:
            with self._turn:
                pid = self._fork(order, fds)
        finally:
            os.close(theirs)
        return Forked(pid, os.fdopen(ours, "wb"))

    def _fork(self, order: dict[str, Any], fds: list[int]) -> int:
        talk = self._started()
        content = json.dumps(order | {"parent": os.getpid()}).encode()
        _prctl(_PR_SET_CHILD_SUBREAPER, 1)  # until it is this process's child
        try:
            talk.sendall(len(content).to_bytes(4, "big"))
            socket.send_fds(talk, [content[:1]], fds)
            talk.sendall(content[1:])
            pid = int.from_bytes(_exactly(talk, 4), "big")
            _exactly(talk, 1)  # the process between is gone
        finally:
            _prctl(_PR_SET_CHILD_SUBREAPER, 0)
        return pid

    def _started(self) -> socket.socket:
        if self._socket is None:
            self._socket, theirs = socket.socketpair()
            with theirs:
                root = str(Path(__file__).parents[1])
                self._server = subprocess.Popen(
                    [sys.executable, "-P", __file__, str(theirs.fileno())],
                    pass_fds=[theirs.fileno()],
                    env=os.environ | {"PYTHONPATH": root, "CUDA_VISIBLE_DEVICES": ""},
                )
        return self._socket

    def close(self) -> None:
        """End the server; what it forked goes on."""
        if self._socket and self._server:
            self._socket.close()
            self._server.wait()


def serve(talk: socket.socket) -> None:
    """Fork a process for each order, until there are no more."""
    gc.disable()
    importlib.import_module("torch")
    gc.enable()
    gc.freeze()
    while header := talk.recv(4):
        length = int.from_bytes(header + _exactly(talk, 4 - len(header)), "big")
        first, fds, _, _ = socket.recv_fds(talk, 1, 16)
        order = json.loads(first + _exactly(talk, length - 1))
        if between := os.fork():
            os.waitpid(between, 0)
            talk.sendall(b"\0")
            for fd in fds:
                os.close(fd)
        elif pid := os.fork():
            talk.sendall(pid.to_bytes(4, "big"))
            os._exit(0)
        else:
            _become(order, fds)


def _become(order: dict[str, Any], fds: list[int]) -> NoReturn:
    """Go on as the process that was ordered."""
    code = 1
    try:
        while os.getppid() != order["parent"]:
            time.sleep(0.001)
        os.setsid()
        _take_descriptors(dict(zip((0, 1, *order["shared"]), fds, strict=True)))
        os.environ.clear()
        os.environ.update(order["variables"])
        sys.argv[1:] = order["words"][3:]
        gc.unfreeze()
        runpy.run_module(order["words"][2], run_name="__main__", alter_sys=True)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
        if isinstance(end.code, str):
            sys.stderr.write(f"{end.code}\n")
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _take_descriptors(wanted: dict[int, int]) -> None:
    """Give each descriptor the number that it has to have, and close all others."""
    highest = _ABOVE + len(wanted)
    kept = {}
    for place, (number, fd) in enumerate(wanted.items()):
        os.dup2(fd, _ABOVE + place)
        kept[number] = _ABOVE + place
    os.closerange(3, _ABOVE)
    os.closerange(highest, os.sysconf("SC_OPEN_MAX"))
    for number, fd in kept.items():
        os.dup2(fd, number)
        os.close(fd)
    os.dup2(1, 2)


def _exactly(talk: socket.socket, count: int) -> bytes:
    content = b""
    while len(content) < count:
        if not (part := talk.recv(count - len(content))):
            raise ConnectionError("the fork server is gone")
        content += part
    return content


def _prctl(option: int, value: int) -> None:
    if ctypes.CDLL(None, use_errno=True).prctl(option, value):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
