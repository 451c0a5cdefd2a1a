import pytest

from tests.benchmarks.jobs import JOBS
from tests.benchmarks.measuring import measure
from tests.benchmarks.report import json_lines

COUNTED = {"creation": range(1, 100), "queries": range(1, 1000)}
"""The jobs whose rows are tables and queries."""


@pytest.mark.parametrize("name", JOBS)
def test_each_job_makes_its_rows(name):
    """A small round of each job; only ours, as peers may be missing or slow."""
    said: list[str] = []
    results = measure(JOBS[name], 5_000, 1, only=["DW Simulator"], say=said.append)
    assert [result.fault for result in results] == [""]
    expected = COUNTED.get(name, range(4_500, 5_500))
    assert results[0].rows in expected
    assert f'"job": "{name}"' in next(iter(json_lines(JOBS[name], results)))
