"""A rename follows names in values_by, distribution_by and null_by, and a used column is not dropped."""

import pytest

from engine.errors import ConflictError
from engine.review.column_samples import try_column
from engine.review.structure import drop_column, rename_column
from engine.schema.files import read_schema
from tests.engine.rules.building import schema_of

NORMAL = {"type": "normal", "parameters": {"mean": 1, "stddev": 1}}
KEY = {"name": "p_id", "data_type": "INT", "foreign_key": {"references_table": "p", "references_column": "id"}}
SCHEMA = {
    "p": [{"name": "id", "data_type": "INT", "is_unique": True}, {"name": "d", "data_type": "BOOLEAN"}],
    "t": [
        KEY,
        {"name": "x", "data_type": "INT", "values_by": {"p_id.d": {"true": {"1": 1}, "*": {"2": 1}}}},
        {"name": "y", "data_type": "INT", "distribution_by": {"x": {"1": NORMAL, "2": NORMAL}}},
        {"name": "z", "data_type": "INT", "required": False, "null_by": {"x": {"1": 1, "*": 0}}},
        {"name": "c", "data_type": "INT", "values_by": {"columns": ["c", "s"], "rows": [[1, 2], [3, 4]]}},
        {"name": "s", "data_type": "INT"},
    ],
}


@pytest.mark.parametrize(
    ("table", "column", "key", "at", "expected"),
    [
        ("p", "d", "values_by", "x", {"p_id.new": {"true": {"1": 1}, "*": {"2": 1}}}),
        ("t", "p_id", "values_by", "x", {"new.d": {"true": {"1": 1}, "*": {"2": 1}}}),
        ("t", "x", "null_by", "z", {"new": {"1": 1, "*": 0}}),
        ("t", "x", "distribution_by", "y", {"new": {"1": NORMAL, "2": NORMAL}}),
        ("t", "c", "values_by", "s", {"row_of": "new"}),
        ("t", "s", "values_by", "c", {"columns": ["c", "new"], "rows": [[1, 2], [3, 4]]}),
    ],
)
def test_a_rename_follows(table, column, key, at, expected):
    schema = schema_of(**SCHEMA)
    data = rename_column(schema, schema.table(table), column, "new")
    read_schema(data)
    described = next(each for each in data["tables"][1]["columns"] if each["name"] == at)
    assert described[key] == expected


@pytest.mark.parametrize(("table", "column"), [("p", "d"), ("t", "x"), ("t", "s"), ("t", "c")])
def test_a_used_column_stays(table, column):
    schema = schema_of(**SCHEMA)
    with pytest.raises(ConflictError, match="It is used by t"):
        drop_column(schema, schema.table(table), column)


def test_the_panel_tries_a_column_with_cases_and_says_what_is_wrong():
    schema = schema_of(**SCHEMA)
    for described in SCHEMA["t"][1:5]:
        trial = try_column(schema, "t", described, 5)
        assert not trial.problems and len(trial.values) == 5
    ragged = {"name": "c", "data_type": "INT", "values_by": {"columns": ["c", "s"], "rows": [[1]]}}
    (problem,) = try_column(schema, "t", ragged, 5).problems
    assert "row 1 has 1 values for 2 columns" in problem.message
