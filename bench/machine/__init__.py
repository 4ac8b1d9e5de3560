"""The parent's view of the machine: child processes, their environments, and memory."""
