"""The audit proves how many rows the parents of a key have: shares of fan_out_weights, and counted keys."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import damaged

ID = {"name": "id", "data_type": "INT", "sequence": {"start": 0}, "is_unique": True}


def child(name, **options):
    is_optional = "null_fraction" in options
    target = {"references_table": "customers", "references_column": "id"}
    return {
        "name": name,
        "target_rows": None if "fan_out_weights" in options else 5000,
        "columns": [
            {"name": "id", "data_type": "INT", "is_unique": True},
            {"name": "c", "data_type": "INT", "required": not is_optional, "foreign_key": target | options},
            {"name": "line", "data_type": "INT", "line_number_of": "c"},
        ],
    }


ZIPF = {"type": "zipf", "parameters": {"s": 1.1}}
SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "target_rows": 1400,
            "columns": [ID, {"name": "n", "data_type": "INT", "expression": "popular.c.count"}],
        },
        child("weighted", fan_out_weights={"0": 0.1, "1": 0.5, "2": 0.3, "8": 0.1}),
        child("popular", counted=True, distribution=ZIPF, null_fraction=0.1),
        child("even", counted=True),
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SHOP)
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert {(finding.check, finding.table) for finding in audit.findings} >= {
        ("fan_out_weights", "weighted"),
        ("counted", "popular"),
        ("counted_nulls", "popular"),
        ("counted", "even"),
        ("line_number", "popular"),
    }


@pytest.mark.parametrize(
    ("statement", "check", "table"),
    [
        ("update weighted set c = 3 where rowid = (select min(rowid) from weighted where c <> 3)",
         "fan_out_weights", "weighted"),
        ("update popular set c = 3 where rowid = (select min(rowid) from popular where c <> 3)", "counted", "popular"),
        ("update popular set c = null where rowid = (select min(rowid) from popular where c is not null)",
         "counted_nulls", "popular"),
        ("update even set c = 3 where rowid < 20", "counted", "even"),
        ("update customers set n = n + 1 where id = 5", "expression", "customers"),
    ],
)  # fmt: skip
def test_a_broken_promise_is_found(made, statement, check, table):
    with damaged(made, statement) as audit:
        failures = {(finding.check, finding.table) for finding in audit.failures}
    assert (check, table) in failures
