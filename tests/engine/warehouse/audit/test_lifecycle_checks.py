"""The audit proves life cycles from the loaded rows, and sees damage."""

import pytest

import engine
from tests.engine.rules.relations.test_lifecycles import orders
from tests.engine.warehouse.audit.damage import find_damage


@pytest.fixture(scope="module", params=["TIMESTAMP", "TIMESTAMPTZ", "DATE"])
def made(tmp_path_factory, request):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        gaps = {"*": ["1d", "3d"]} if request.param == "DATE" else {"paid": ["5m", "2d"]}
        experiment = workbench.create(orders(kind=request.param, gaps=gaps))
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    assert not audit.not_proved
    proved = {(finding.check, finding.column) for finding in audit.findings}
    times = ("paid_at", "shipped_at", "delivered_at", "cancelled_at")
    assert proved >= {("lifecycle_ways", "status"), ("lifecycle_shares", "status")}
    assert proved >= {(check, name) for check in ("lifecycle_order", "lifecycle_gap") for name in times}


def test_data_up_to_a_day_passes(tmp_path):
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(orders(until="2024-05-01T12:00:00"))
        experiment.generate(seed=3)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert {"lifecycle_until", "lifecycle_ways"} <= {finding.check for finding in audit.findings}
        failures = find_damage(experiment, "update orders set delivered_at = '2024-05-02' where status = 'delivered'")
        assert ("lifecycle_until", "delivered_at") in failures


@pytest.mark.parametrize(
    ("statement", "check", "column"),
    [
        ("update orders set status = 'lost' where id = 4", "lifecycle_ways", "status"),
        ("update orders set status = 'paid' where status = 'new'", "lifecycle_ways", "status"),
        ("update orders set paid_at = null where status = 'delivered'", "lifecycle_ways", "status"),
        ("delete from orders where id < 5", "lifecycle_shares", "status"),
        ("update orders set status = 'new', cancelled_at = null where status = 'cancelled' and paid_at is null",
         "lifecycle_shares", "status"),
        ("update orders set paid_at = new_at where id < 50", "lifecycle_order", "paid_at"),
        ("update orders set shipped_at = shipped_at - interval 30 day", "lifecycle_order", "shipped_at"),
        ("update orders set delivered_at = delivered_at + interval 9 day", "lifecycle_gap", "delivered_at"),
    ],
)  # fmt: skip
def test_the_audit_finds_find_damage(made, statement, check, column):
    assert (check, column) in find_damage(made, statement)


def test_outcomes_and_roll_ups_go_with_it(tmp_path):
    key = {"references_table": "stores", "references_column": "id", "fan_out": [10, 30]}
    revenue = {"of": "sales.store_id", "sum": "amount", "where": "status = 'done'"}
    columns = [
        {"name": "store_id", "data_type": "INT", "foreign_key": key},
        {"name": "placed_at", "data_type": "TIMESTAMP"},
        {"name": "status", "data_type": "VARCHAR(10)"},
        {"name": "done_at", "data_type": "TIMESTAMP", "required": False},
        {"name": "amount", "data_type": "DECIMAL(12,2)"},
    ]
    targets = {"2024-Q1": 1000.5, "2024-Q2": 2000}
    sales = {
        "name": "sales",
        "columns": columns,
        "outcomes": [{"per": "quarter", "of": "placed_at", "sum": "amount", "targets": targets}],
        "lifecycle": {"states": ["placed", "done"], "transitions": {"placed": {"done": 3, "placed": 1}}},
    }
    stores = [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "revenue", "data_type": "DECIMAL(14,2)", "rollup": revenue},
    ]
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(
            {"name": "shop", "tables": [{"name": "stores", "target_rows": 20, "columns": stores}, sales]}
        )
        experiment.generate(seed=1)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert {"rollup", "outcome_targets", "lifecycle_shares"} <= {finding.check for finding in audit.findings}
