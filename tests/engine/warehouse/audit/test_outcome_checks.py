"""The audit proves declared outcomes by counting and adding in SQL, and sees damage."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import damaged

REGIONS = {"EU": {"2024-W01": 1200.25, "2024-W02": 80}, "US": {"2024-W02": -90, "2024-W03": 0}}
SALES = {
    "name": "sales",
    "tables": [
        {
            "name": "orders",
            "target_rows": 900,
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "ordered_at", "data_type": "TIMESTAMP"},
                {"name": "sold_at", "data_type": "TIMESTAMPTZ"},
                {"name": "area", "data_type": "VARCHAR(9)"},
                {"name": "kind", "data_type": "VARCHAR(9)", "values": ["a", "it's"]},
                {"name": "amount", "data_type": "DECIMAL(10,2)", "min_value": -5, "max_value": 90},
                {"name": "fee", "data_type": "DECIMAL(10,2)"},
                {"name": "size", "data_type": "INT"},
                {"name": "secret", "data_type": "INT", "hidden": True},
            ],
            "outcomes": [
                {"per": "month", "of": "ordered_at", "sum": "amount", "targets": {"2023-12": 5000, "2024-02": 20000.5}},
                {"per": "month", "of": "ordered_at", "sum": "size", "targets": {"2023-12": 70, "2024-02": 90}},
                {"per": "week", "of": "sold_at", "by": "area", "sum": "fee", "targets": REGIONS},
                {"of": "kind", "sum": "secret", "targets": {"a": 10, "it's": 20}, "count": {"a": 0.1, "it's": 0.9}},
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(SALES)
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    proved = {(finding.check, finding.column) for finding in audit.findings}
    rows = {("outcome_rows", name) for name in ("ordered_at", "sold_at", "kind")}
    assert proved >= rows | {("outcome_targets", name) for name in ("amount", "size", "fee")}
    assert [finding.column for finding in audit.not_proved] == ["secret"]


@pytest.mark.parametrize(
    ("statement", "check", "column", "found"),
    [
        ("update orders set amount = amount + 0.01 where id = 4", "outcome_targets", "amount", "for 20,000.5"),
        ("update orders set size = size + 1 where id = 4", "outcome_targets", "size", " for "),
        ("update orders set ordered_at = ordered_at + interval 5 year where id = 4", "outcome_rows", "ordered_at",
         "rows outside of all of them"),
        ("update orders set ordered_at = '2023-12-01' where ordered_at = (select max(ordered_at) from orders)",
         "outcome_rows", "ordered_at", "2023-12: 181 for 180"),
        ("update orders set sold_at = sold_at + interval 7 day where area = 'EU' and id < 20", "outcome_rows",
         "sold_at", "EU 2024-W01"),
        ("update orders set area = 'US' where id < 20", "outcome_targets", "fee", "EU 2024-W01"),
        ("update orders set fee = fee + 1 where area = 'US' and id < 100", "outcome_targets", "fee", "US 2024-W02"),
        ("update orders set kind = 'a' where kind <> 'a'", "outcome_rows", "kind", "a: 900 for 90; it's: 0 for 810"),
    ],
)  # fmt: skip
def test_the_audit_finds_damage(made, statement, check, column, found):
    with damaged(made, statement) as audit:
        failures = {(finding.check, finding.column): finding.found for finding in audit.failures}
    assert found in failures[check, column]
