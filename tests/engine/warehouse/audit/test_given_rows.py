"""The audit of given rows: the loaded table begins with them, and rules hold for what follows."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import change_rows

SCHEMA = {
    "name": "lab",
    "tables": [
        {
            "name": "state",
            "primary_key": ["id"],
            "target_rows": 200,
            "columns": [
                {"name": "id", "data_type": "INT"},
                {"name": "kind", "data_type": "VARCHAR(9)", "values": ["a", "b"], "weights": [0.9, 0.1]},
                {"name": "price", "data_type": "DECIMAL(30,4)", "min_value": 0, "max_value": 9, "required": False},
                {"name": "rate", "data_type": "REAL", "required": False},
                {"name": "seen", "data_type": "TIMESTAMPTZ", "required": False},
                {"name": "day", "data_type": "DATE", "required": False},
                {"name": "note", "data_type": "JSON", "required": False},
                {"name": "raw", "data_type": "BINARY", "required": False},
                {"name": "boss", "data_type": "INT", "required": False,
                 "foreign_key": {"references_table": "state", "references_column": "id"}},
            ],
            "rows": [
                [7, "other", "12345678901234567890.1234", 0.1, "2024-01-01 10:00:00+02:00", "2024-01-02", "[1]",
                 "ab", 9],
                {"id": 9, "kind": "other", "price": None, "boss": None},
                {"id": 8},
            ],
        }
    ],
}  # fmt: skip


@pytest.fixture
def experiment(tmp_path):
    with engine.Workbench(tmp_path) as workbench:
        made = workbench.create(SCHEMA)
        made.generate(seed=5)
        yield made


def test_given_rows_pass_the_audit(experiment):
    result = experiment.audit()
    assert result.failures == ()
    (finding,) = [finding for finding in result.findings if finding.check == "given_rows"]
    assert (finding.table, finding.expected, finding.found) == ("state", "3 rows as given", "3 rows")


@pytest.mark.parametrize(
    ("change", "check", "found"),
    [
        ("update state set kind = 'a' where id = 9", "given_rows", "row 2: kind is a"),
        ("update state set price = 1 where id = 9", "given_rows", "row 2: price is 1.0000"),
        ("update state set kind = 'other' where id = 20", "allowed_values", "1 row"),
    ],
)
def test_changed_rows_fail_it(experiment, change, check, found):
    (path,) = experiment._services.home.root.rglob("*.duckdb")
    change_rows(path, change)
    (finding,) = experiment.audit().failures
    assert (finding.check, finding.found) == (check, found)
    assert finding.failing_sql


def test_fewer_rows_than_given(experiment):
    experiment.generate({"state": 2})
    result = experiment.audit()
    assert result.failures == ()
