"""The worker process: a supervisor and, in its care, the process that runs a page's code."""

import gc
import sys

from bench.worker.supervisor import supervise


def main() -> None:
    """Run the supervisor and the worker.

    Arguments: the pipe to answer on, the shared memory, the memory limit in bytes.
    """
    pipe, shared, memory_bytes = (int(word) for word in sys.argv[1:4])
    supervise(private_fds=[pipe], output=sys.stdout.fileno(), memory_bytes=memory_bytes)
    gc.disable()  # importing torch leaves no garbage, and looking for it takes 7 % of the import
    from bench.worker.main_loop import serve  # imported here, because the supervisor needs no torch

    gc.enable()
    serve(pipe, shared)


if __name__ == "__main__":
    main()
