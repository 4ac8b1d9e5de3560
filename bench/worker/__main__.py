"""The worker process: a keeper and, in its care, the process that runs a page's code."""

import gc
import sys

from bench.worker.keeper import keep


def main() -> None:
    """Run both; arguments: the pipe to answer on, the shared memory, the memory limit in bytes."""
    pipe, shared, memory_bytes = (int(word) for word in sys.argv[1:4])
    keep(private_fds=[pipe], output=sys.stdout.fileno(), memory_bytes=memory_bytes)
    gc.disable()  # importing torch leaves no garbage, and looking for it takes 7 % of the import
    from bench.worker.obey import obey  # imported here, because the keeper needs no torch

    gc.enable()
    obey(pipe, shared)


if __name__ == "__main__":
    main()
