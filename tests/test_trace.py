"""What CUPTI saw is given to the calls that it belongs to."""

from bench.worker.trace import Activity, segments_of

MAIN, SIDE = 7, 9


def _seen(*found: tuple[str, int]) -> list[Activity]:
    """Activities one after the other, by name and stream."""
    return [Activity(name, stream, at, at + 1.0) for at, (name, stream) in enumerate(found)]


def _names(*found: tuple[str, int]) -> list[list[str]]:
    return [[one.name for one in segment] for segment in segments_of(_seen(*found))]


HOLD, FLUSH = ("spin_kernel", MAIN), ("memset", MAIN)


def test_the_flush_before_a_call_is_not_the_work_of_the_one_before() -> None:
    found = _names(FLUSH, HOLD, ("a", MAIN), ("b", MAIN), FLUSH, HOLD, ("a", MAIN), ("b", MAIN))
    assert found == [["a", "b"], ["a", "b"]]


def test_work_that_still_ran_beside_the_flush_belongs_to_its_call() -> None:
    found = _names(FLUSH, HOLD, ("a", MAIN), FLUSH, ("late", SIDE), HOLD, ("a", MAIN))
    assert found == [["a", "late"], ["a"]]


def test_a_call_of_a_write_alone_keeps_it() -> None:
    assert _names(FLUSH, HOLD, FLUSH, FLUSH, HOLD, FLUSH) == [["memset"], ["memset"]]


def test_a_call_without_work_has_none() -> None:
    assert _names(FLUSH, HOLD, FLUSH, HOLD) == [[], []]
