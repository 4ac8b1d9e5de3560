"""The part of L2 that is set aside for persisting data, which no flush empties."""

import ctypes

import torch

_DRIVER = "libcuda.so.1"
_PERSISTING_L2_CACHE_SIZE = 6
"""CU_LIMIT_PERSISTING_L2_CACHE_SIZE of CUDA's driver API."""


def set_aside_bytes() -> int | None:
    """The bytes of L2 set aside in this process; None if that is unknown or CUDA is not yet in use.

    A driver sets some of L2 aside by default (3/16 on an H200), which only code that asks for it
    uses.
    """
    if not torch.cuda.is_initialized():
        return None
    try:
        driver = ctypes.CDLL(_DRIVER)
    except OSError:
        return None
    limit = ctypes.c_size_t()
    failed = driver.cuCtxGetLimit(ctypes.byref(limit), _PERSISTING_L2_CACHE_SIZE)
    return None if failed else limit.value
