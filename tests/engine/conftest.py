from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import pytest

import engine

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 20,
            "columns": [
                {"name": "customer_id", "data_type": "INT", "is_unique": True},
                {"name": "City", "data_type": "VARCHAR(20)", "values": ["Oslo", "Bergen"]},
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
ENDLESS = 600_000_000
"""A number of rows that no test waits for."""


@pytest.fixture
def workbench(home: Path) -> Iterator[engine.Workbench]:
    with engine.Workbench(home) as opened:
        yield opened


@pytest.fixture
def shop(workbench: engine.Workbench) -> engine.Experiment:
    """An experiment of two tables without data."""
    return workbench.create(SHOP)


@pytest.fixture
def busy(shop: engine.Experiment) -> Iterator[engine.Experiment]:
    """An experiment whose run 1 goes on for longer than a test; it is stopped at the end."""
    shop.start({"orders": ENDLESS}, load=False)
    yield shop
    shop.cancel(1)
    until(lambda: shop.run(1).finished_at is not None)


def until(is_done: Callable[[], bool], seconds: float = 120) -> None:
    """Wait for something that happens in another thread."""
    deadline = monotonic() + seconds
    while not is_done():
        assert monotonic() < deadline, "It took too long."
        sleep(0.02)
