"""How the parent deals with the machine: child processes, memory, packages, readings of the GPU."""
