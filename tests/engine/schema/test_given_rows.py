"""Given rows in a schema: two ways to write a row, a round trip, and one problem for each fault."""

import pytest

from engine.errors import SchemaError
from engine.schema.files import read_schema, schema_to_json


def make(rows, **more):
    columns = [
        {"name": "id", "data_type": "INT"},
        {"name": "code", "data_type": "VARCHAR(6)", "is_unique": True},
        {"name": "share", "data_type": "DECIMAL(30,20)", "required": False},
        {"name": "is_final", "data_type": "BOOLEAN", "required": False},
    ]
    table = {"name": "state", "primary_key": ["id"], "columns": columns, "rows": rows, **more}
    return {"name": "shop", "tables": [table]}


def test_rows_survive_a_round_trip():
    rows = [[1, "OPEN", 0.5, False], {"id": 2, "CODE": "VOID"}, [3, "x", "0.12345678901234567891", None]]
    schema = read_schema(make(rows))
    again = read_schema(schema_to_json(schema))
    assert again == schema
    assert again.tables[0].rows == rows


def test_a_long_fraction_stays_exact():
    text = schema_to_json(read_schema(make([[1, "a", 0.5, None]]))).replace("0.5", "0.12345678901234567891")
    assert read_schema(text).tables[0].rows == [[1, "a", "0.12345678901234567891", None]]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, "a"]], "state.rows: Row 1 has 2 cells; state has 4 columns."),
        ([{"idd": 1}], 'state.rows: Row 1 has "idd", which is no column of state. Did you mean "id"?'),
        ([{"id": 1, "ID": 2}], "state.rows: Row 1 gives a column twice."),
        ([[1, "toolong", None, None]], "state.code: Its given row 1, 'toolong', is longer than 6."),
        ([["x", "a", None, None]], "state.id: Its given row 1, 'x', is not a number."),
        ([[2**31, "a", None, None]], "state.id: Its given row 1, 2147483648, does not fit INT."),
        ([[1, "a", None, 1]], "state.is_final: Its given row 1, 1, is not true or false."),
        ([[1, "a", None, None], [2, None, None, None]], "state.code: Its given row 2 is NULL, and the column is req"),
        ([[1, "a", None, None], [1, "b", None, None]], "state.id: Its given rows 1 and 2 are both 1."),
        ([[1, "a", None, None], {"code": "a"}], "state.code: Its given rows 1 and 2 are both a."),
    ],
)
def test_a_row_that_does_not_fit_is_a_problem(rows, message):
    with pytest.raises(SchemaError) as found:
        read_schema(make(rows))
    assert message in str(found.value)


def test_only_the_first_ten_problems_of_a_table_are_listed():
    with pytest.raises(SchemaError) as found:
        read_schema(make([["x", "a", None, None]] * 50))
    assert len(found.value.problems) == 10


def test_a_key_of_several_columns_is_given_whole_and_once():
    table = make([])["tables"][0]
    del table["columns"][1]["is_unique"]
    table |= {"primary_key": [], "composite_keys": [["id", "code"]]}
    with pytest.raises(SchemaError, match="A given row has only some columns of this key"):
        read_schema({"name": "shop", "tables": [table | {"rows": [{"id": 1}]}]})
    with pytest.raises(SchemaError, match="Its given rows 1 and 3 are both 1, a"):
        rows = [{"id": 1, "code": "a"}, {"id": 1, "code": "b"}, {"id": 1, "code": "a"}]
        read_schema({"name": "shop", "tables": [table | {"rows": rows}]})


def test_too_many_cells_are_one_problem(monkeypatch):
    monkeypatch.setattr("engine.schema.given_checks.MAX_GIVEN_CELLS", 1_000)
    rows = [[number, str(number), None, None] for number in range(1_000 // 4 // 2)]
    tables = [{**make(rows)["tables"][0], "name": name} for name in ("a", "b", "c")]
    with pytest.raises(SchemaError, match="at most 1,000 are allowed"):
        read_schema({"name": "shop", "tables": tables})


def test_an_invalid_column_causes_no_problem_of_the_rows():
    schema = make([[1, "a", None, None]])
    schema["tables"][0]["columns"][3]["data_typ"] = schema["tables"][0]["columns"][3].pop("data_type")
    with pytest.raises(SchemaError) as found:
        read_schema(schema)
    assert not any("cells" in problem.message for problem in found.value.problems)
