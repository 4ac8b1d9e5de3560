"""Workers that load ahead are started once, taken once, and ended where nobody takes them."""

from types import SimpleNamespace

import pytest
from bench_fixtures import WritePage

from bench.runner.prefetch import WorkerPrefetch
from bench.runner.schedule import Turn


class Workers:
    """Notes which turns' workers were started, and which were ended."""

    def __init__(self) -> None:
        self.started: list[Turn] = []
        self.ended: list[Turn] = []

    def plan(self, turn: Turn) -> SimpleNamespace:
        """What starts a worker that loads nothing."""

        def start() -> SimpleNamespace:
            self.started.append(turn)
            return SimpleNamespace(turn=turn, close=lambda: self.ended.append(turn))

        return SimpleNamespace(start=start)


@pytest.fixture
def turns(write_page: WritePage) -> list[Turn]:
    page = write_page()
    return [Turn(round_, page, page.variants[0]) for round_ in (1, 2, 3)]


def test_a_worker_is_started_once_and_whoever_takes_it_has_it_alone(turns: list[Turn]) -> None:
    workers = Workers()
    with WorkerPrefetch(workers.plan) as prefetch:
        prefetch.start(turns[:2])
        prefetch.start(turns[:2])
        assert workers.started == turns[:2]
        taken = prefetch.take(turns[0])
        assert taken is not None
        assert prefetch.take(turns[0]) is None
        assert prefetch.take(turns[2]) is None
    assert workers.ended == [turns[1]]


def test_a_worker_that_is_no_longer_wanted_is_ended_at_once(turns: list[Turn]) -> None:
    workers = Workers()
    with WorkerPrefetch(workers.plan) as prefetch:
        prefetch.start(turns[:2])
        prefetch.start(turns[1:])
        assert workers.ended == [turns[0]]
        assert workers.started == turns


def test_no_worker_is_left_where_a_run_is_stopped(turns: list[Turn]) -> None:
    workers = Workers()

    def stopped() -> None:
        with WorkerPrefetch(workers.plan) as prefetch:
            prefetch.start(turns)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert {turn.round for turn in workers.ended} == {1, 2, 3}
