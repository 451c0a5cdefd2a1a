"""The audit proves scenarios, and sees damage; the rules of placed columns are proved for all other rows."""

import pytest

import engine
from tests.engine.rules.scenarios.stores import shop
from tests.engine.warehouse.audit.damage import damaged

TYPES = {
    "name": "k",
    "tables": [
        {
            "name": "t",
            "target_rows": 3000,
            "columns": [
                {"name": "a", "data_type": "CHAR(5)", "required": False},
                {"name": "b", "data_type": "TIMESTAMPTZ"},
                {"name": "c", "data_type": "REAL"},
                {"name": "d", "data_type": "DECIMAL(30,4)"},
                {"name": "e", "data_type": "BOOLEAN", "probability": 0.01},
                {"name": "f", "data_type": "TIME"},
                {"name": "g", "data_type": "UUID"},
                {"name": "h", "data_type": "JSON"},
                {"name": "i", "data_type": "BINARY(4)"},
                {"name": "j", "data_type": "BIGINT"},
                {
                    "name": "k",
                    "data_type": "DOUBLE",
                    "distribution": {"type": "normal", "parameters": {"mean": 0, "stddev": 1}},
                },
                {
                    "name": "l",
                    "data_type": "VARCHAR(9)",
                    "values_by": {"e": {"true": {"x": 1}, "false": {"y": 1, "x": 1}}},
                },
                {"name": "m", "data_type": "TIMESTAMP", "timestamp_start": "2024-01-01", "timestamp_end": "2024-12-31"},
                {"name": "n", "data_type": "VARCHAR(9)", "default_value": "def", "default_fraction": 0.3},
            ],
            "scenarios": [
                {
                    "name": "s",
                    "share": 0.07,
                    "values": {
                        "a": "ab",
                        "b": "2024-03-02T10:00:00+02:00",
                        "c": 0.1,
                        "d": "12345678901234567890.1234",
                        "e": True,
                        "f": "10:11:12",
                        "g": "7f0d1c0e-0000-4000-8000-000000000001",
                        "h": '{"a": 1}',
                        "i": "00ff",
                        "j": 9007199254740993,
                        "k": 1.5,
                        "l": "x",
                        "m": "2024-03-02T11:00:00",
                        "n": "zz",
                    },
                }
            ],
        }
    ],
}
SALES = {
    "name": "sales",
    "target_rows": 4000,
    "columns": [
        {"name": "order_no", "data_type": "INT", "groups": [1, 5]},
        {
            "name": "item_id",
            "data_type": "INT",
            "foreign_key": {"references_table": "items", "references_column": "id"},
        },
        {"name": "date_id", "data_type": "INT", "foreign_key": {"references_table": "days", "references_column": "id"}},
        {"name": "qty", "data_type": "INT", "min_value": 1, "max_value": 100},
    ],
    "primary_key": ["order_no", "item_id"],
    "scenarios": [
        {"name": "q1", "within": "item_id", "values": {"qty": 77}},
        {"name": "q2", "rows": 4, "values": {"qty": 78, "date_id": {"row": 60}}},
    ],
}
ITEMS = {
    "name": "items",
    "target_rows": 300,
    "columns": [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "brand", "data_type": "VARCHAR(9)", "values": ["a", "b", "c"]},
    ],
    "primary_key": ["id"],
    "scenarios": [{"name": "q1", "share": 0.05, "values": {"brand": "b"}}],
}
DAYS = {
    "name": "days",
    "target_rows": 366,
    "columns": [
        {"name": "id", "data_type": "INT", "is_unique": True},
        {"name": "day", "data_type": "DATE", "is_unique": True, "sequence": {"start": "2024-01-01"}},
    ],
    "scenarios": [{"name": "q1", "rows": 2}],
}
RETURNS = {
    "name": "returns",
    "target_rows": 500,
    "columns": [
        {"name": "order_no", "data_type": "INT"},
        {"name": "item_id", "data_type": "INT"},
        {"name": "why", "data_type": "VARCHAR(9)", "values": ["x", "y"], "required": False},
        {"name": "day_id", "data_type": "INT", "foreign_key": {"references_table": "days", "references_column": "id"}},
    ],
    "foreign_keys": [
        {"columns": ["order_no", "item_id"], "references_table": "sales", "references_columns": ["order_no", "item_id"]}
    ],
    "scenarios": [
        {"name": "q1", "within": "order_no", "values": {"why": "x"}},
        {"name": "q2", "share": 0.03, "values": {"why": None}},
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    given = [[number, "FR"] for number in range(1, 6)]
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(shop(customers__rows=given))
        experiment.generate(seed=3)
        yield experiment


def scenarios_of(audit) -> dict[tuple[str, str], str]:
    return {
        (finding.table, finding.expected.partition(":")[0]): finding.found
        for finding in audit.findings
        if finding.check == "scenario"
    }


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    found = scenarios_of(audit)
    assert found["customers", "late"] == "4 rows, 0 other"
    assert found["orders", "late"] == "65 rows, 0 other"
    assert found["orders", "leap"] == "5 rows, 0 other"
    assert found["lines", "late"].endswith(" rows, 0 other") and not found["lines", "late"].startswith("0")


@pytest.mark.parametrize("share", [0.05, 0.6])
def test_shares_of_other_rows_stay_proved(tmp_path, share):
    with engine.Workbench(tmp_path) as workbench:
        late = {"name": "late", "share": share, "values": {"status": "open", "paid_on": None}}
        experiment = workbench.create(shop(orders__scenarios=[late]))
        for seed in (1, 2):
            experiment.generate(seed=seed)
            audit = experiment.audit()
            assert audit.passed, audit.failures
        checks = {(finding.check, finding.column) for finding in audit.findings if finding.table == "orders"}
        assert checks >= {("weights", "status"), ("null_share", "paid_on"), ("null_share", "customer_id")}


def test_many_scenarios_pass(tmp_path):
    many = [{"name": f"s{number}", "rows": 2 + number % 3, "values": {"status": "open"}} for number in range(60)]
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(shop(orders__scenarios=many, lines__scenarios=[]))
        experiment.generate(seed=1)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert len([one for one in audit.findings if one.check == "scenario"]) == 61


@pytest.mark.parametrize(
    ("data", "rows"),
    [
        (TYPES, {}),
        ({"name": "star", "tables": [DAYS, ITEMS, SALES, RETURNS]}, {}),
        ({"name": "star", "tables": [DAYS, ITEMS, SALES, RETURNS]}, {"sales": 300, "returns": 50, "items": 40}),
        (shop(customers__batches=[100], orders__batches=[2500]), {}),
    ],
)
def test_values_of_all_types_and_keys_of_all_kinds_pass(tmp_path, data, rows):
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(data)
        experiment.generate(seed=1, rows=rows)
        audit = experiment.audit()
        assert audit.passed, audit.failures
        assert all(found != "0 rows, 0 other" for found in scenarios_of(audit).values())


LATE = "(select rowid from orders where status = 'open' and country = 'US' and paid_on is null limit 1)"


@pytest.mark.parametrize(
    ("statement", "failure"),
    [
        (f"update orders set status = 'paid' where rowid = {LATE}", ("scenario", "orders")),
        (f"update orders set paid_on = '2024-01-01' where rowid = {LATE}", ("scenario", "orders")),
        (f"update orders set customer_id = 2 where rowid = {LATE}", ("scenario", "orders")),
        ("update customers set country = 'DE' where rowid > 5", ("scenario", "customers")),
        ("update lines set qty = 48 where qty = 49", ("scenario", "lines")),
        ("delete from orders where rowid > 4900", ("scenario", "orders")),
        ("update orders set status = 'open' where rowid % 4 = 0", ("weights", "orders")),
        ("update orders set paid_on = null where rowid % 4 = 0", ("null_share", "orders")),
        ("update lines set qty = 51 where rowid = 7", ("max_value", "lines")),
        (f"update orders set status = 'lost' where rowid = {LATE}", ("allowed_values", "orders")),
    ],
)
def test_the_audit_finds_damage(made, statement, failure):
    with damaged(made, statement) as audit:
        failures = {(finding.check, finding.table) for finding in audit.failures}
    assert failure in failures
