"""The part of L2 that is set aside for data that shall persist, which no flush empties."""

import ctypes

import torch

_DRIVER = "libcuda.so.1"
_PERSISTING_L2_CACHE_SIZE = 6
"""CU_LIMIT_PERSISTING_L2_CACHE_SIZE of CUDA's driver API."""


def set_aside_bytes() -> int | None:
    """How much of L2 is set aside in this process; None where that cannot be known, or not yet.

    A driver sets some aside by itself (3/16 of an H200's), which nothing uses unless it asks to.
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
