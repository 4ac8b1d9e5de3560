"""What a page's code raises decides how its case ended."""

import re

import bench_fixtures
import msgspec
import pytest
import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from bench.devices.discovery import KINDS
from bench.records.outcome import Unsupported
from bench.worker.failure import outcome_of, text_of
from bench.worker.module import load_module

REQUEST = msgspec.structs.replace(bench_fixtures.REQUEST, line=9, device="cuda")


def test_a_case_that_none_of_the_backends_that_a_page_asks_for_can_do_is_unsupported() -> None:
    """In torch's words on a GPU (aten/src/ATen/native/transformers/cuda/sdp_utils.cpp)."""
    error = RuntimeError("No available kernel. Aborting execution.")
    assert outcome_of(error, REQUEST) == Unsupported(reason=str(error))


def test_a_backend_that_a_cpu_has_not_is_unsupported_by_what_torch_really_says() -> None:
    q = torch.ones(1, 1, 8, 8)
    with sdpa_kernel(SDPBackend.CUDNN_ATTENTION), pytest.raises(RuntimeError) as raised:
        scaled_dot_product_attention(q, q, q)
    assert isinstance(outcome_of(raised.value, REQUEST), Unsupported)


@pytest.mark.parametrize(
    ("said", "broken"),
    [
        ("AcceleratorError: CUDA error: an illegal memory access was encountered", True),
        ("RuntimeError: Triton Error [CUDA]: CUDA driver error: unknown error", True),
        ("RuntimeError: this kernel needs CUDA 13", False),
    ],
)
def test_after_an_error_of_cuda_a_process_is_not_trusted_wherever_the_reason_says_so(
    said: str, broken: bool
) -> None:
    assert KINDS["cuda"].is_lost(said) is broken


def test_a_long_message_is_cut_between_words_so_that_no_half_of_a_path_is_left() -> None:
    said = f"{'word ' * 78}/home/adalovelace/kernel.so"
    assert text_of(RuntimeError(said)) == f"{'word ' * 78}…"
    assert len(text_of(RuntimeError("x" * 1000))) == 400


@pytest.mark.slow
def test_what_a_compiled_function_says_that_it_does_not_implement_is_unsupported() -> None:
    def without_backward(x: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError("no backward pass on a CPU")

    compiled = torch.compile(without_backward, fullgraph=True, backend="eager")
    with pytest.raises(Exception, match="Observed exception") as raised:
        compiled(torch.ones(1))
    outcome = outcome_of(raised.value, REQUEST)
    assert isinstance(outcome, Unsupported)
    assert "no backward pass on a CPU" in outcome.reason


def test_an_error_is_told_with_the_line_that_raised_it_and_not_with_that_of_its_caller() -> None:
    code = "def inner():\n    raise KeyError('lost')\n\n\ndef attention():\n    inner()\n"
    request = msgspec.structs.replace(REQUEST, code=code)
    with pytest.raises(KeyError) as raised:
        load_module(request).attention()
    reason = outcome_of(raised.value, request).reason
    raising = request.line + 1  # the code begins at the page's line `request.line`
    assert re.findall(r"line (\d+)", reason) == [str(raising)]
