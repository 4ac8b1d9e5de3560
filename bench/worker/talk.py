"""The worker's side of the conversation with the parent."""

import os
import sys
from typing import BinaryIO, TypeVar

import msgspec

from bench.runs.messages import Order, Report, Stop

Wanted = TypeVar("Wanted", bound=Order)


class Stopped(BaseException):
    """The parent ended the case; no `except Exception` of a page's code can swallow it."""


class Talk:
    """Orders come from standard input, answers go to a pipe; the page's code gets neither."""

    def __init__(self, pipe: BinaryIO) -> None:
        self._pipe = pipe
        # What the page's code reads from its standard input must not be an order.
        self._orders = os.fdopen(os.dup(sys.stdin.fileno()), "rb")
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 a device
            os.dup2(nothing.fileno(), sys.stdin.fileno())
        self._decoder: msgspec.json.Decoder[Order] = msgspec.json.Decoder(Order)

    def order(self) -> Order | None:
        """The next order; none once the parent wants nothing more."""
        line = self._orders.readline()
        return self._decoder.decode(line) if line else None

    def say(self, report: Report) -> None:
        """Tell the parent."""
        self._pipe.write(msgspec.json.encode(report) + b"\n")
        self._pipe.flush()  # a raw write takes a part only where a signal comes in between

    def ask(self, report: Report, wanted: type[Wanted]) -> Wanted:
        """Tell the parent, and wait for the order that follows.

        Raises:
            Stopped: the case is over.
        """
        self.say(report)
        return self.wait(wanted)

    def wait(self, wanted: type[Wanted]) -> Wanted:
        """Wait for an order of one kind.

        Raises:
            Stopped: the case is over.
        """
        order = self.order()
        if order is None or isinstance(order, Stop):
            raise Stopped
        if not isinstance(order, wanted):
            raise TypeError(f"{type(order).__name__} came where {wanted.__name__} has its place")
        return order
