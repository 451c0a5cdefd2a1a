from copy import deepcopy
from dataclasses import replace
from pathlib import Path

import pytest

import engine
from engine.errors import GenerationError
from engine.generation.estimates import Estimate, check_disk_space
from engine.generation.writer import plan_run
from tests.engine.conftest import SHOP


@pytest.mark.parametrize("rows", [100, 100_000])
def test_an_estimate_is_near_the_truth(shop: engine.Experiment, home: Path, rows: int):
    estimate = shop.estimate(rows)
    assert (estimate.rows, estimate.fits) == (2 * rows, True)
    assert 0 < estimate.seconds < 60
    assert estimate.free_bytes > 0
    assert shop.estimate(rows, load=False).warehouse_bytes == 0
    shop.generate(rows, seed=2, progress=lambda progress: None)
    parquet = sum(path.stat().st_size for path in home.glob("experiments/*/runs/1/*/*"))
    assert parquet * 0.75 <= estimate.parquet_bytes <= parquet * 1.33
    (warehouse,) = home.glob("experiments/shop/*.duckdb")
    assert estimate.warehouse_bytes == pytest.approx(estimate.parquet_bytes * 0.75, abs=1)
    assert rows < 1000 or warehouse.stat().st_size < estimate.bytes


def test_an_estimate_of_nothing(shop: engine.Experiment):
    assert replace(shop.estimate(0), free_bytes=1) == Estimate(0, 0, 0, 0.0, 1)


def test_what_fits():
    assert Estimate(1, 60, 40, 1.0, 100).fits
    assert not Estimate(1, 60, 41, 1.0, 100).fits


@pytest.fixture
def wide(workbench: engine.Workbench) -> engine.Experiment:
    """An experiment whose rows have no end."""
    schema = deepcopy(SHOP)
    schema["tables"][1]["columns"][0]["data_type"] = "BIGINT"
    return workbench.create(schema, name="wide")


def test_a_run_that_does_not_fit_on_the_disk_is_rejected_before_it_starts(wide: engine.Experiment):
    reason = r"needs about .* TB for its 1,000,000,000,020 rows, and the disk has"
    with pytest.raises(GenerationError, match=reason):
        wide.generate({"orders": 10**12}, seed=2)
    with pytest.raises(GenerationError, match=reason):
        wide.start({"orders": 10**12}, seed=2)
    assert wide.runs() == []


def test_two_disks_are_checked_separately(wide: engine.Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    plans = plan_run(wide.schema, 1, {"customers": 20, "orders": 10**12})
    monkeypatch.setattr("engine.generation.estimates._get_device", lambda folder: 1 if folder == tmp_path else 2)
    with pytest.raises(GenerationError, match="and the disk has") as caught:
        check_disk_space(plans, tmp_path / "elsewhere", tmp_path, load=True)
    assert caught.value.where == str(tmp_path / "elsewhere")
