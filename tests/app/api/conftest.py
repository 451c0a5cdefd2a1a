from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

import engine
from app.api import create_api
from tests.engine.conftest import ENDLESS

SHOP: dict[str, Any] = {
    "name": "shop",
    "description": "A small shop.",
    "tables": [
        {
            "name": "customers",
            "target_rows": 20,
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "city", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"]},
            ],
        },
        {
            "name": "orders",
            "target_rows": 50,
            "columns": [
                {"name": "order_id", "data_type": "INT", "is_unique": True},
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "customer_id"},
                },
                {"name": "amount", "data_type": "DECIMAL(8,2)", "min_value": 1, "max_value": 99},
            ],
        },
    ],
}

SCRIPT = """
CREATE TABLE lineitem (
  orderkey INT NOT NULL,
  linenumber INT NOT NULL,
  quantity DECIMAL(12,2),
  PRIMARY KEY (orderkey, linenumber)
);
GRANT SELECT ON lineitem TO PUBLIC;
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def workbench(home: Path) -> Iterator[engine.Workbench]:
    with engine.Workbench(home) as opened:
        yield opened


@pytest.fixture
def client(workbench: engine.Workbench) -> Iterator[TestClient]:
    with TestClient(create_api(workbench), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def shop(workbench: engine.Workbench) -> engine.Experiment:
    """An experiment without data."""
    return workbench.create(SHOP)


@pytest.fixture
def filled(shop: engine.Experiment) -> engine.Experiment:
    """An experiment whose run 1 is loaded."""
    shop.generate(seed=7)
    return shop


@pytest.fixture
def busy(shop: engine.Experiment) -> Iterator[engine.Experiment]:
    """An experiment whose run 1 goes on for longer than a test; it is stopped at the end."""
    shop.start({"customers": 10, "orders": ENDLESS}, load=False)
    yield shop
    shop.cancel(1)
    wait_until_ended(shop)


def wait_until_ended(experiment: engine.Experiment, run_id: int = 1) -> engine.Run:
    from time import monotonic, sleep

    deadline = monotonic() + 120
    while (run := experiment.run(run_id)).finished_at is None and monotonic() < deadline:
        sleep(0.02)
    return run
