import pytest

from tests.benchmarks.jobs import JOBS
from tests.benchmarks.measuring import measure
from tests.benchmarks.report import json_lines


@pytest.mark.parametrize("name", JOBS)
def test_each_job_makes_its_rows(name):
    """A small round of each job; only ours, as peers may be missing or slow."""
    said: list[str] = []
    results = measure(JOBS[name], 5_000, 1, only=["DW Simulator"], say=said.append)
    assert [result.fault for result in results] == [""]
    assert 0.9 * 5_000 < results[0].rows < 1.1 * 5_000
    assert f'"job": "{name}"' in next(iter(json_lines(JOBS[name], results)))
