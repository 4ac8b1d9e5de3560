"""The parent process of a run: what is measured when, and how a worker is led through a case."""
