"""The experiment of the tests, made once, and its rows as the engine makes them."""

from collections.abc import Iterator

import polars as pl
import pytest

import engine
from tests.engine.export.kin import KIN, TABLES

SEED = 5


@pytest.fixture(scope="package")
def kin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(KIN)
        experiment.generate(seed=SEED)
        yield experiment


@pytest.fixture(scope="package")
def rows(kin: engine.Experiment) -> dict[str, pl.DataFrame]:
    """The rows of each table."""
    return {key: kin.preview(key, kin.row_counts()[key], seed=SEED) for key in TABLES}
