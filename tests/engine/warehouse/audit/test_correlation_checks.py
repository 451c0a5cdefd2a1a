"""The audit proves rank correlations, in a table and with its parent, and finds them broken."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import find_damage

ID = {"name": "id", "data_type": "INT", "is_unique": True}
SHOP = {
    "name": "lab",
    "tables": [
        {
            "name": "customers",
            "target_rows": 20_000,
            "latents": ["wealth"],
            "columns": [ID, {"name": "income", "data_type": "DECIMAL(12,2)", "follows": {"wealth": 0.9}}],
        },
        {
            "name": "orders",
            "target_rows": 40_000,
            "latents": ["mood"],
            "correlation": {"columns": ["a", "b"], "matrix": [[1, -0.8], [-0.8, 1]]},
            "columns": [
                ID,
                {"name": "customer_id", "data_type": "INT",
                 "foreign_key": {"references_table": "customers", "references_column": "id"}},
                {"name": "amount", "data_type": "DOUBLE", "follows": {"customer_id.wealth": 0.8, "mood": 0.4}},
                {"name": "rating", "data_type": "INT", "values": [1, 2, 3], "follows": {"mood": 0.9}},
                {"name": "a", "data_type": "DATE"},
                {"name": "b", "data_type": "DOUBLE"},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SHOP)
        experiment.generate(seed=3)
        yield experiment


def test_rank_correlations_are_proved(made):
    result = made.audit()
    assert result.passed, result.failures
    found = {(each.column, each.expected) for each in result.findings if each.check == "rank_correlation"}
    assert found == {
        ("amount", "0.703 with income of its parent"), ("rating", "0.346 with amount of orders"),
        ("b", "-0.800 with a of orders"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ("update customers set income = id", "amount"),
        ("update orders set rating = 4 - rating", "rating"),
        ("update orders set b = random() where id % 5 = 0", "b"),
    ],
)
def test_a_broken_correlation_is_found(made, change, column):
    failures = {column for check, column in find_damage(made, change) if check == "rank_correlation"}
    assert failures == {column}
