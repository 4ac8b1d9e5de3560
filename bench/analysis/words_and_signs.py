"""The name, sign and explanation of each status and each mark."""

from dataclasses import dataclass
from typing import assert_never, get_args

from bench.analysis.marks import Mark
from bench.records.outcome import Status


@dataclass(frozen=True)
class Label:
    """The word, sign and explanation that a reader sees for a status or a mark."""

    word: str
    sign: str
    """A single character that stands for the word in tables; empty if tables do not show it."""
    meaning: str


def status_label(status: Status) -> Label:
    """The label of a status."""
    match status:
        case "ok":
            return Label("ok", "✓", "every output was correct, before and after timing")
        case "incorrect":
            meaning = (
                "an output was wrong, the inputs were changed, or the timing cannot be trusted"
            )
            return Label("incorrect", "≠", meaning)
        case "unsupported":
            return Label("unsupported", "⊘", "the implementation does not support this workload")
        case "unavailable":
            meaning = "a package, a kernel or the network was missing where it was measured"
            return Label("unavailable", "○", meaning)
        case "out_of_memory":
            return Label("out of memory", "▲", "the device or the host did not have enough memory")
        case "timeout":
            return Label("timed out", "…", "the case did not finish in time and was stopped")
        case "crashed":
            return Label("crashed", "†", "the process died")
        case "error":
            meaning = (
                "the page's code raised an exception, in a call or in one of its threads, or the "
                "latency is shorter than the device allows"
            )
            return Label("error", "!", meaning)
        case _:
            assert_never(status)


def mark_label(mark: Mark) -> Label:
    """The label of a mark."""
    match mark:
        case "noisy":
            meaning = "sampling ended before the interval of the median was within ±0.5 %"
            return Label("noisy", "~", meaning)
        case "unsettled":
            return Label("unsettled", "…", "warm-up did not reach a steady state")
        case "late":
            meaning = (
                "in most samples the device waited for the host, so they include launch latency"
            )
            return Label("late", "+", meaning)
        case "drifted":
            meaning = "the speed of the device itself changed by more than 2 % during a round"
            return Label("drifted", "↕", meaning)
        case "throttled":
            meaning = "the GPU lowered its clock because of heat or a fault in its power supply"
            return Label("throttled", "↓", meaning)
        case "power_capped":
            # GPUs normally run at their power limit, so nearly every cell would have this sign.
            return Label(
                "power-capped", "", "the GPU lowered its clock to stay within its power limit"
            )
        case "unconfirmed":
            return Label(
                "unconfirmed", "?", "CUPTI's clock and ours differ by more than 2 % and 5 µs"
            )
        case _:
            assert_never(mark)


STATUSES: dict[Status, Label] = {status: status_label(status) for status in get_args(Status)}
MARKS: dict[Mark, Label] = {mark: mark_label(mark) for mark in get_args(Mark)}
