"""Starts the workers of the next turns while the current one measures."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager

from bench.machine.worker_process import WorkerProcess
from bench.runner.schedule import Name, Turn
from bench.runner.turn import TurnPlan


class WorkerPrefetch(AbstractContextManager["WorkerPrefetch"]):
    """Workers that load before their turns come; those no longer needed are ended."""

    def __init__(self, plan: Callable[[Turn], TurnPlan]) -> None:
        self._plan = plan
        self._waiting: dict[Name, WorkerProcess] = {}

    def start(self, turns: Iterable[Turn]) -> None:
        """Make sure that the workers of `turns`, and no others, are loading."""
        wanted = {turn.name: turn for turn in turns}
        for name in self._waiting.keys() - wanted.keys():
            self._waiting.pop(name).close()
        for name, turn in wanted.items():
            if name not in self._waiting:
                self._waiting[name] = self._plan(turn).start()

    def take(self, turn: Turn) -> WorkerProcess | None:
        """Hand over the worker of `turn`, or None if it has not been started."""
        return self._waiting.pop(turn.name, None)

    def __exit__(self, *_: object) -> None:
        self.start(())
