"""The kernels timed with NVBench's clock and with ours: PyTorch's own, from short to long."""

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention

from bench.operations.attention.workload import attention
from bench.operations.kernels import Tensors
from bench.operations.operation import Workload

BACKENDS = {
    "SDPA, flash": SDPBackend.FLASH_ATTENTION,
    "SDPA, cuDNN": SDPBackend.CUDNN_ATTENTION,
}

_SHAPES = ((512, 64, 64), (2048, 16, 128), (4224, 24, 128))
"""seqlen, heads and head_dim; the flash kernel takes about 23, 110 and 600 µs on an H200.

Each call is one kernel. With fewer heads, the flash kernel splits the keys and a second kernel adds
up the results. Then every second NVBench sample is 1 µs longer, whatever the inputs, and none of
ours is.
"""


def workloads() -> tuple[Workload, ...]:
    """The workloads that each backend is timed on, the shortest first."""
    return tuple(
        attention(seqlen, heads, head_dim, "bfloat16") for seqlen, heads, head_dim in _SHAPES
    )


def attend(backend: SDPBackend, inputs: Tensors) -> torch.Tensor:
    """Attention by one kernel of `backend`, [batch, heads, seqlen_q, head_dim].

    Raises:
        RuntimeError: the backend has no kernel for these inputs.
    """
    q, k, v = (tensor.transpose(1, 2) for tensor in (inputs["q"], inputs["k"], inputs["v"]))
    with sdpa_kernel(backend):
        return scaled_dot_product_attention(q, k, v)
