"""Anonymous memory that child processes inherit from their parent and pass outputs through."""

import os
from contextlib import AbstractContextManager


class SharedBuffer(AbstractContextManager["SharedBuffer"]):
    """Shared memory that vanishes with the last process that has it open (Linux's memfd)."""

    def __init__(self) -> None:
        self.descriptor = os.memfd_create("output")
        self._size = 0

    def hold(self, size: int) -> None:
        """Make room for `size` bytes; the memory never shrinks."""
        if size > self._size:
            os.ftruncate(self.descriptor, size)
            self._size = size

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)
