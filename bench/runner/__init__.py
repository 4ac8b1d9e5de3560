"""The parent process of a run: the schedule, and the dialogue with a worker about each case."""
