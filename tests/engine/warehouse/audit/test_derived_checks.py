"""The audit proves null_when, the counts of children, and the columns along a tree."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import find_damage

ID = {"name": "id", "data_type": "INT", "is_unique": True}
SHOP = {
    "name": "lab",
    "tables": [
        {
            "name": "unit",
            "target_rows": 200,
            "columns": [
                ID,
                {"name": "parent_id", "data_type": "INT", "required": False,
                 "foreign_key": {"references_table": "unit", "references_column": "id", "root_fraction": 0.05}},
                {"name": "level_no", "data_type": "INT", "expression": "coalesce(parent_id.level_no + 1, 1)"},
                {"name": "path", "data_type": "VARCHAR(12)", "expression": "coalesce(parent_id.path || '/', '') || id"},
                {"name": "opened", "data_type": "DATE",
                 "expression": "coalesce(parent_id.opened, date '2020-01-01') + level_no"},
                {"name": "budget", "data_type": "DECIMAL(12,2)",
                 "expression": "case when parent_id is null then 1000000 else parent_id.budget * 0.75 end"},
                {"name": "members", "data_type": "INT", "expression": "member.unit_id.count"},
            ],
        },
        {
            "name": "area",
            "target_rows": 100,
            "columns": [
                ID,
                {"name": "parent_id", "data_type": "INT",
                 "foreign_key": {"references_table": "area", "references_column": "id", "root_fraction": 0.1}},
                {"name": "level_no", "data_type": "INT", "expression": "coalesce(parent_id.level_no + 1, 1)"},
            ],
        },
        {
            "name": "member",
            "target_rows": 350,
            "columns": [
                {"name": "unit_id", "data_type": "INT",
                 "foreign_key": {"references_table": "unit", "references_column": "id", "fan_out": [1, 4]}},
                {"name": "line", "data_type": "INT", "line_number_of": "unit_id"},
                {"name": "is_last", "data_type": "BOOLEAN", "expression": "line = unit_id.count"},
                {"name": "state", "data_type": "VARCHAR(9)", "values": ["open", "paid"]},
                {"name": "paid_at", "data_type": "TIMESTAMP", "required": False, "null_when": "state = 'open'"},
                {"name": "grade", "data_type": "VARCHAR(1)", "values": ["a", "b"], "required": False,
                 "null_fraction": 0.1, "null_when": "unit_id.level_no > 3 or grade = 'b'"},
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


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    checked = {(finding.table, finding.column) for finding in audit.findings if finding.check == "expression"}
    assert checked == {
        *(("unit", name) for name in ("level_no", "path", "opened", "budget", "members")),
        ("area", "level_no"),
        ("member", "is_last"),
    }
    assert {finding.column for finding in audit.findings if finding.check == "null_when"} == {"paid_at", "grade"}


@pytest.mark.parametrize(
    ("statement", "check", "column"),
    [
        ("update unit set level_no = 9 where id = 17", "expression", "level_no"),
        ("update unit set path = 'x' where id = 17", "expression", "path"),
        ("update unit set budget = budget + 1 where id = 17", "expression", "budget"),
        ("update unit set members = members + 1 where id = 17", "expression", "members"),
        ("update member set is_last = not is_last where unit_id = 5", "expression", "is_last"),
        ("update member set paid_at = timestamp '2024-01-01' where state = 'open'", "null_when", "paid_at"),
        (
            "update member set grade = 'a' where unit_id in (select id from unit where level_no > 3)",
            "null_when",
            "grade",
        ),
    ],
)
def test_a_broken_promise_is_found(made, statement, check, column):
    assert (check, column) in find_damage(made, statement)
