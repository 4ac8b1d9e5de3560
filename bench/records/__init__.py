"""The records of runs, and how they are written and read."""
