"""Equal columns that read nothing else are checked once, in whichever tables they are."""

from typing import Any

import pytest

from engine.rules.compiler import TableCompiler
from engine.rules.lone_columns import signature
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema
from engine.schema.models import ExperimentSchema

COLUMNS: list[dict[str, Any]] = [
    {"name": "id", "data_type": "INT", "is_unique": True},
    {"name": "city", "data_type": "VARCHAR(20)", "faker_rule": "city"},
    {"name": "seen_at", "data_type": "TIMESTAMP", "comment": "when"},
    {"name": "kind", "data_type": "CHAR(1)", "values": ["a", "b"], "weights": [1, 2]},
    {"name": "late", "data_type": "TIMESTAMP", "expression": "seen_at + INTERVAL '1 day'"},
]


def tables(count: int, *more: dict[str, Any], **keys: Any) -> ExperimentSchema:
    columns = [*COLUMNS, *more]
    listed = [{"name": f"t{number}", "target_rows": 5, "columns": columns, **keys} for number in range(count)]
    return read_schema({"name": "many", "tables": listed})


def test_equal_columns_are_made_once(monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []
    output = TableCompiler.output
    monkeypatch.setattr(TableCompiler, "output", lambda self, column: made.append(column.name) or output(self, column))

    assert check_rules(tables(4)) == []
    assert sorted(made) == sorted(["id", "late"] * 4 + ["city", "seen_at", "kind"])


def test_each_wrong_column_is_told():
    schema = tables(3)
    wrong = {"faker_rule": "bothify", "faker_args": {"text": 5}}
    for table in schema.tables:
        table.columns[1] = table.columns[1].model_copy(update=wrong)

    problems = check_rules(schema)

    assert [problem.where for problem in problems] == ["t0.city", "t1.city", "t2.city"]


@pytest.mark.parametrize(
    ("name", "is_alone"), [("id", False), ("city", True), ("seen_at", True), ("kind", True), ("late", False)]
)
def test_what_reads_other_columns_or_is_a_key_is_not_alone(name: str, is_alone: bool):
    table = tables(1).tables[0]
    assert (signature(table, table.column(name)) is not None) is is_alone


def test_given_rows_bind_the_columns_of_a_table():
    table = tables(1, rows=[{"id": 1, "kind": "a"}]).tables[0]
    assert signature(table, table.column("kind")) is None


def test_names_and_comments_do_not_matter_but_types_do():
    table = tables(
        1,
        {"name": "seen", "data_type": "TIMESTAMP"},
        {"name": "town", "data_type": "VARCHAR(30)", "faker_rule": "city"},
    ).tables[0]
    assert signature(table, table.column("seen")) == signature(table, table.column("seen_at"))
    assert signature(table, table.column("town")) != signature(table, table.column("city"))
