"""The audit proves groups of rows, columns with one value in a group, and rising ones."""

import pytest

import engine
from tests.engine.warehouse.audit.damage import change_rows, find_damage

LAB = {
    "name": "lab",
    "tables": [
        {
            "name": "dim",
            "target_rows": 300,
            "columns": [
                {"name": "sk", "data_type": "INT", "is_unique": True},
                {"name": "code", "data_type": "INT", "groups": [1, 4]},
                {"name": "name", "data_type": "VARCHAR(60)", "faker_rule": "name", "same_within": "code",
                 "required": False, "null_fraction": 0.1},
                {"name": "since", "data_type": "DATE", "rising_within": "code"},
                {"name": "until", "data_type": "DATE", "expression": "coalesce(code.next.since, date '9999-12-31')"},
                {"name": "version", "data_type": "INT", "line_number_of": "code"},
                {"name": "is_current", "data_type": "BOOLEAN", "expression": "code.line = code.count"},
            ],
        },
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    with engine.Workbench(tmp_path_factory.mktemp("home")) as workbench:
        experiment = workbench.create(LAB)
        experiment.generate(seed=3)
        yield experiment


def test_generated_data_passes(made):
    audit = made.audit()
    assert audit.passed, audit.failures
    checked = {(finding.check, finding.column) for finding in audit.findings}
    assert checked >= {
        ("groups", "code"),
        ("same_within", "name"),
        ("rising_within", "since"),
        ("line_number", "version"),
        ("expression", "until"),
        ("expression", "is_current"),
    }


@pytest.mark.parametrize(
    ("statement", "check", "column"),
    [
        ("update dim set code = 1 where code < 4", "groups", "code"),
        ("update dim set name = 'x' where version = 2", "same_within", "name"),
        ("update dim set name = null where version = 2", "same_within", "name"),
        ("update dim set since = date '2019-01-01' where version = 2", "rising_within", "since"),
        ("update dim set until = until + 1 where version = 1", "expression", "until"),
        ("update dim set is_current = true", "expression", "is_current"),
        ("update dim set version = 7 where version = 2", "line_number", "version"),
    ],
)
def test_a_broken_promise_is_found(made, statement, check, column):
    assert (check, column) in find_damage(made, statement)


def test_shares_are_of_groups_where_a_value_is_drawn_once_for_each(tmp_path):
    columns = [
        {"name": "ticket", "data_type": "INT", "groups": [20, 20]},
        {"name": "shop", "data_type": "INT", "min_value": 1, "max_value": 9, "same_within": "ticket",
         "required": False, "null_fraction": 0.3},
        {"name": "kind", "data_type": "VARCHAR(5)", "values": ["a", "b"], "same_within": "ticket", "required": True},
    ]  # fmt: skip
    failures = []
    with engine.Workbench(tmp_path) as workbench:
        sales = workbench.create({"name": "till", "tables": [{"name": "sales", "columns": columns}]})
        for seed in range(1, 5):
            sales.generate(rows=2000, seed=seed)
            failures += [(each.check, each.column) for each in sales.audit().failures]
        (path,) = sales._services.home.experiment_dir("till").glob("warehouse-*.duckdb")
        change_rows(path, "update sales set shop = null, kind = 'a'")
        broken = {(each.check, each.column) for each in sales.audit().failures}

    assert failures == []
    assert broken >= {("null_share", "shop"), ("weights", "kind")}
