"""The suites: ordered lists of workloads that are run and shown together."""

import msgspec

from bench.errors import BenchError, did_you_mean
from bench.operations.attention.workload import attention
from bench.operations.operation import Workload


class Suite(msgspec.Struct, frozen=True, kw_only=True):
    """An ordered list of workloads that are run and shown together."""

    name: str
    description: str
    workloads: tuple[Workload, ...]


FLUX_IMAGE_TOKENS = 4096
"""Image tokens of FLUX at 1024×1024: (1024 / 16)², one token per 16×16 pixels."""

FLUX_TEXT_TOKENS = (128, 256, 320, 384, 448, 512)

SUITES = {
    suite.name: suite
    for suite in (
        Suite(
            name="flux",
            description="Joint attention of the FLUX image model: 4096 image tokens and a prompt",
            workloads=tuple(
                attention(FLUX_IMAGE_TOKENS + text, 24, 128, "bfloat16")
                for text in FLUX_TEXT_TOKENS
            ),
        ),
        Suite(
            name="cpu",
            description="Small problems that a CPU finishes in seconds, to try out the pipeline",
            workloads=tuple(attention(seqlen, 8, 64, "float32") for seqlen in (128, 256, 512)),
        ),
    )
}


def find_suite(name: str) -> Suite:
    """The suite called `name`.

    Raises:
        BenchError: no suite has that name; the message gives the closest one.
    """
    if name in SUITES:
        return SUITES[name]
    raise BenchError(f"no suite is called {name!r}{did_you_mean(name, SUITES)}")
