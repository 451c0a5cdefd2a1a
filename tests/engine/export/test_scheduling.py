"""The time of workers: each takes the next file when it is free, and a file has one worker."""

import pytest

import engine
from engine.errors import WorkbenchError
from engine.export.scheduling import elapsed_seconds
from engine.export.sizing import TableSize


def size(rows: int, rows_per_file: int, seconds: float) -> TableSize:
    return TableSize(rows, rows_per_file, rows_per_file, 10.0, seconds)


@pytest.mark.parametrize(
    ("workers", "seconds"),
    [(1, 11.0), (2, 6.0), (3, 6.0), (100, 4.0)],
)
def test_files_are_taken_in_order_by_whoever_is_free(workers, seconds):
    sizes = [size(300, 100, 6.0), size(50, 50, 4.0), size(10, 100, 1.0), size(0, 100, 0.0)]

    assert elapsed_seconds(sizes, workers) == pytest.approx(seconds)


def test_a_last_file_with_fewer_rows_takes_less():
    assert elapsed_seconds([size(250, 100, 5.0)], 3) == pytest.approx(2.0)


def test_very_many_files_are_divided_without_a_list_of_them():
    assert elapsed_seconds([size(10**15, 1, 1e9)], 1000) == pytest.approx(1e6)


def test_an_estimate_for_workers(kin: engine.Experiment):
    alone = kin.estimate_export(rows_per_file=100)
    by_two = kin.estimate_export(rows_per_file=100, workers=2)

    assert (alone.workers, alone.elapsed_seconds) == (None, None)
    assert by_two.workers == 2
    assert by_two.seconds / 2 <= by_two.elapsed_seconds <= by_two.seconds
    assert kin.estimate_export(on="local").workers >= 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"workers": 0}, "It is not a number of workers"),
        ({"on": "flink"}, "There is no engine 'flink'"),
        ({"workers": 2, "format": "xlsx"}, "The format xlsx is one file"),
    ],
)
def test_an_estimate_refuses_what_the_export_would(arguments, message, kin: engine.Experiment):
    with pytest.raises(WorkbenchError, match=message):
        kin.estimate_export(**arguments)
