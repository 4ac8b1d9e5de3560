"""The device's own pace, from what the canaries of a run say."""

from collections.abc import Sequence
from types import SimpleNamespace

import msgspec
import pytest
from outcomes import canary
from records import START

from bench.analysis.canaries import copy_pace, copy_share, product_pace, product_share
from bench.devices.runtime import Call, runtime_of
from bench.machine.shared_buffer import SharedBuffer
from bench.worker.output_buffer import OutputBuffer
from bench.worker.referee import Referee

NVIDIA = "NVIDIA H200"
"""989.5 TFLOP/s in 16 bits and 4.8 TB/s by its datasheet."""


def test_a_canary_is_8192_cubed_times_two_and_a_gibibyte_read_and_written() -> None:
    product, copy = product_pace([canary(START)]), copy_pace([canary(START)])
    assert product
    assert copy
    assert product.median == pytest.approx(723.36, abs=0.01)  # in 1,520 µs
    assert copy.median == pytest.approx(3.8348, abs=0.0001)  # in 560 µs


def test_a_run_without_canaries_has_no_pace_and_no_share() -> None:
    assert product_pace([]) is copy_pace([]) is None
    assert product_share(NVIDIA, []) is copy_share(NVIDIA, []) is None


def test_a_pace_is_the_middle_of_a_run_with_its_lowest_and_its_highest_rate() -> None:
    pace = product_pace([canary(START, pace=each) for each in (1, 2, 4)])
    assert pace
    assert pace.median == pytest.approx(361.68, abs=0.01)
    assert pace.range == pytest.approx((180.84, 723.36), abs=0.01)


def test_a_share_is_that_of_the_datasheet() -> None:
    assert product_share(NVIDIA, [canary(START)]) == pytest.approx(0.7310, abs=0.0001)
    assert copy_share(NVIDIA, [canary(START)]) == pytest.approx(0.7989, abs=0.0001)


def test_drift_is_the_second_half_of_a_run_against_its_first() -> None:
    slower = [canary(START, pace=pace) for pace in (1, 1, 1, 1.25, 1.25, 1.25)]
    assert product_pace(slower).drift == pytest.approx(-0.2)
    assert product_pace(slower[:3]).drift is None
    assert product_pace([]) is None


def test_no_share_is_claimed_without_a_datasheet_or_of_a_float32_product() -> None:
    one = canary(START)
    assert product_share("A GPU of tomorrow", [one]) is None
    assert copy_share("A GPU of tomorrow", [one]) is None
    single = msgspec.structs.replace(one, matmul_dtype="float32")
    assert product_share("NVIDIA H200", [single]) is None


def test_three_canaries_are_too_few_for_a_drift() -> None:
    pace = product_pace([canary(START, pace=each) for each in (1, 1, 2)])
    assert pace
    assert pace.drift is None
    four = product_pace([canary(START, pace=each) for each in (1, 1, 2, 2)])
    assert four
    assert four.drift == pytest.approx(-0.5)


def test_a_canary_s_times_are_those_after_its_warm_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its first 20 calls are slow here, as those of a GPU are whose clock is still rising."""

    class Rising:
        def time(self, calls: Sequence[Call]) -> SimpleNamespace:
            return SimpleNamespace(latency_us=[9.0] * 20 + [3.0] * (len(calls) - 20))

    monkeypatch.setattr(runtime_of("cpu"), "make_clock", lambda *_, **__: Rising())
    with SharedBuffer() as buffer:
        timed = Referee("cpu", OutputBuffer(buffer.descriptor), 1 << 20).time_canary()
    assert (timed.matmul_us, timed.copy_us) == (3.0, 3.0)
