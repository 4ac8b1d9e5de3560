"""The parent's view of the machine: child processes, memory, packages, readings of the GPU."""
