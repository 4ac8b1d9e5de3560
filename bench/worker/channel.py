"""The worker's side of the conversation with the parent."""

import os
import sys
from typing import BinaryIO, TypeVar

import msgspec

from bench.operations.discovery import dec_hook
from bench.runner.messages import Message, Order, Report, Stop

Wanted = TypeVar("Wanted", bound=Message)


class Stopped(BaseException):
    """Raised when the parent ends the case; no `except Exception` of a page's code catches it."""


class Channel:
    """Reads orders from standard input and writes reports to a pipe; page code gets neither."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        # The page's code must not read orders when it reads its standard input.
        self._orders = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 a device
            os.dup2(nothing.fileno(), sys.stdin.fileno())
        self._decoder: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order, dec_hook=dec_hook)

    def receive(self) -> Order | None:
        """The next order, or None if the parent has no more."""
        line = self._orders.readline()
        return self._decoder.decode(line) if line else None

    def send(self, report: Report) -> None:
        """Send a report to the parent."""
        self._pipe.write(msgspec.json.encode(report) + b"\n")
        self._pipe.flush()

    def ask(self, report: Report, wanted: type[Wanted]) -> Wanted:
        """Send a report to the parent, and wait for the order that follows.

        Raises:
            Stopped: the case is over.
        """
        self.send(report)
        return self.wait(wanted)

    def wait(self, *wanted: type[Wanted]) -> Wanted:
        """Wait for an order of one of these kinds.

        Raises:
            Stopped: the case is over.
            TypeError: the order is of another kind.
        """
        order = self.receive()
        if order is None or isinstance(order, Stop):
            raise Stopped
        if not isinstance(order, wanted):
            names = " or ".join(kind.__name__ for kind in wanted)
            raise TypeError(f"the parent sent {type(order).__name__} instead of {names}")
        return order
