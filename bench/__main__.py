"""Entry point of `python -m bench`."""

import os
import sys

for descriptor in range(3):
    # If one is closed, the next file opened would take its number and receive our output.
    try:
        os.fstat(descriptor)
    except OSError:
        os.open(os.devnull, os.O_RDWR)
sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115 -- like Python's own
sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115

try:
    from bench.cli.commands import main
except KeyboardInterrupt:  # Ctrl-C while the command line itself is loading
    sys.exit(130)

if __name__ == "__main__":
    main()
