import duckdb
import pytest

from engine.errors import SchemaError
from engine.schema.files import read_schema
from engine.schema.names import name_fault

KEY = {"name": "id", "data_type": "INT", "is_unique": True}


def faults(*columns: dict, **table: object) -> list[str]:
    document = {"name": "lab", "tables": [{"name": "t", "columns": list(columns), **table}]}
    try:
        read_schema(document)
    except SchemaError as error:
        return [str(problem) for problem in error.problems]
    return []


@pytest.mark.parametrize(
    ("column", "message"),
    [
        (
            {"data_type": "BOOLEAN", "values": [True], "probability": 0.5},
            "values and probability cannot be combined",
        ),
        ({"data_type": "INT", "pattern": "##"}, "pattern does not apply to type INT"),
        ({"data_type": "VARCHAR", "min_value": 1}, "min_value does not apply to type VARCHAR"),
        ({"data_type": "INT", "probability": 0.1}, "probability does not apply to type INT"),
        ({"data_type": "INT", "max_value": 3_000_000_000}, "max_value 3000000000 does not fit the type INT"),
        ({"data_type": "INT", "min_value": 1.5}, "min_value 1.5 is not a whole number"),
        ({"data_type": "FLOAT", "max_value": "1e400"}, "max_value 1E+400 does not fit the type FLOAT"),
        ({"data_type": "REAL", "min_value": -1e39}, "does not fit the type REAL"),
        (
            {"data_type": "DATE", "date_start": "2024-02-01", "date_end": "2024-01-01"},
            "date_start 2024-02-01 is greater",
        ),
        ({"data_type": "INT", "weights": [1]}, "weights can only be used with values"),
        ({"data_type": "INT", "values": [1, 2], "weights": [1]}, "There are 2 values and 1 weights"),
        ({"data_type": "INT", "values": [1, 2], "weights": [1, -1]}, "weights has a negative or infinite number"),
        ({"data_type": "INT", "values": [1, 2], "weights": [0, 0]}, "weights are all 0"),
        (
            {"data_type": "INT", "values": [1, 2], "weights": [1e308, 1e308]},
            "weights add up to more than the largest",
        ),
        ({"data_type": "INT", "values": ["a"]}, "The value 'a' is not a number"),
        ({"data_type": "INT", "values": [2.5]}, "The value 2.5 is not a whole number"),
        ({"data_type": "DECIMAL(3,1)", "values": [99.95]}, "has more than 1 decimal places"),
        ({"data_type": "DECIMAL(3,1)", "values": [100]}, "does not fit DECIMAL(3,1)"),
        ({"data_type": "VARCHAR(2)", "values": ["abc"]}, "is longer than 2"),
        ({"data_type": "DATE", "values": ["2024-13-01"]}, "is not a date in ISO form"),
        ({"data_type": "BOOLEAN", "values": [1]}, "is not true or false"),
        ({"data_type": "JSON", "values": ["red"]}, "The value 'red' is not JSON"),
        ({"data_type": "UUID", "values": ["red"]}, "The value 'red' is not a UUID"),
        ({"data_type": "INT", "null_fraction": 0.1}, "null_fraction is 0.1 and the column is required"),
        ({"data_type": "INT", "is_unique": True, "required": False}, "A unique column must be required"),
        ({"data_type": "BOOLEAN", "is_unique": True}, "A BOOLEAN column cannot be unique"),
        ({"data_type": "INT", "is_unique": True, "values": [1], "weights": [1]}, "values cannot make unique values"),
        ({"data_type": "VARCHAR", "faker_args": {}}, "faker_args can only be used with faker_rule"),
        ({"data_type": "VARCHAR", "varchar_length": 1, "char_length": 1}, "varchar_length and char_length are both"),
        ({"data_type": "DECIMAL(40,2)"}, "DECIMAL(40,2) is out of range"),
        ({"data_type": "DECIMAL", "precision": 5, "scale": 6}, "DECIMAL(5,6) is out of range"),
        ({"data_type": "INT(3)"}, "INT takes no length. Use a valid size, or remove it."),
        ({"data_type": "VARCHAR(0)"}, "VARCHAR(0) is out of range"),
        ({"data_type": "INT", "line_number_of": "y"}, 'There is no column "y" in t'),
        ({"data_type": "INT", "line_number_of": "id"}, "is not a foreign key with a fan_out"),
    ],
)
def test_column_faults(column, message):
    found = faults(KEY, {"name": "x", **column})
    assert len(found) == 1
    assert found[0].startswith("t.x: ")
    assert message in found[0]


@pytest.mark.parametrize("name", ["order", "GROUP", "a b", "ü", "", "x" * 64, "a;b", 'a"b', "1a"])
def test_invalid_names(name):
    assert len(faults({"name": name, "data_type": "INT"})) == 1


@pytest.mark.parametrize("name", ["_row_id", "a1", "Total", "schema", "x" * 63])
def test_valid_names(name):
    assert faults({"name": name, "data_type": "INT"}) == []


def test_quoted_names_may_be_anything_printable():
    assert faults({"name": "Kitchen Note", "quoted": True, "data_type": "INT"}) == []
    assert "control character" in faults({"name": "a\nb", "quoted": True, "data_type": "INT"})[0]


def test_columns_differ_in_more_than_case():
    assert faults(KEY, {"name": "ID", "data_type": "INT"}) == [
        't: There are two columns named "ID". Names must differ in more than case.'
    ]


def test_keys():
    assert "There is no column" in faults(KEY, primary_key=["nope"])[0]
    assert faults(KEY, {"name": "b", "data_type": "INT"}, primary_key=["id", "b"]) == []
    assert faults(KEY, {"name": "b", "data_type": "INT"}, primary_key=["id"], composite_keys=[["id", "b"]]) == []
    optional = {"name": "b", "data_type": "INT", "required": False}
    assert '"b" may be NULL' in faults(KEY, optional, composite_keys=[["id", "b"]])[0]


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ({"references_table": "tt"}, 'There is no table "tt". Did you mean "t"?'),
        ({"references_column": "idd"}, 'There is no column "idd" in t. Did you mean "id"?'),
        ({"references_column": "y"}, "It references t.y, which may be NULL"),
        ({"references_column": "x", "fan_out": [1, 3]}, "fan_out needs a key, and t.x is not unique"),
        ({"references_column": "x", "unique": True}, "unique needs a key, and t.x is not unique"),
        ({"where": "id > 3"}, "A required key to its own table cannot have a where"),
        ({"fan_out": [3, 1]}, "fan_out [3, 1] has its minimum above its maximum"),
        ({"fan_out": [1, 3], "unique": True}, "fan_out cannot be combined with unique"),
        ({"nullable": False, "null_fraction": 0.2}, "nullable is false and null_fraction is above 0"),
    ],
)
def test_foreign_key_faults(key, message):
    reference = {"references_table": "t", "references_column": "id", **key}
    optional = {"name": "y", "data_type": "INT", "required": False}
    found = faults(KEY, {"name": "x", "data_type": "INT", "foreign_key": reference}, optional)
    found = [fault for fault in found if "its own table cannot be unique" not in fault]
    assert len(found) == 1
    assert message in found[0]


def test_foreign_key_of_another_type():
    reference = {"references_table": "t", "references_column": "id"}
    assert faults(KEY, {"name": "x", "data_type": "DATE", "foreign_key": reference}) == [
        't.x: Its type DATE does not match INT of t.id. Set "data_type": "INT".'
    ]
    assert faults(KEY, {"name": "x", "data_type": "NUMBER(38,0)", "foreign_key": reference}) == []


def test_composite_foreign_key_faults():
    columns = (KEY, {"name": "a", "data_type": "INT"}, {"name": "b", "data_type": "INT"})
    key = {"columns": ["a", "b"], "references_table": "t", "references_columns": ["id", "a"]}
    assert faults(*columns, foreign_keys=[key]) == []
    assert faults(*columns, foreign_keys=[{**key, "fan_out": [1, 2]}]) == [
        't.foreign_keys: fan_out needs a key, and (id, a) of t is not unique. Set "is_unique": true on (id, a) of t, '
        'add a "where" that leaves one row of each value, or remove fan_out.'
    ]
    assert (
        "fan_out cannot be combined with unique"
        in faults(*columns, composite_keys=[["id", "a"]], foreign_keys=[{**key, "fan_out": [1, 2], "unique": True}])[1]
    )
    assert "2 columns reference 1" in faults(*columns, foreign_keys=[{**key, "references_columns": ["id"]}])[0]


def test_every_allowed_word_works_unquoted_in_duckdb():
    with duckdb.connect() as connection:
        words = [word for (word,) in connection.execute("select keyword_name from duckdb_keywords()").fetchall()]
        for word in words:
            if not name_fault(word, is_column=True):
                connection.execute(f"create or replace table t ({word} int)")
                connection.execute(f"select {word} from t")


@pytest.mark.parametrize("unique", [{"foreign_key": {"unique": True}}, {"is_unique": True}])
def test_a_foreign_key_to_its_own_table_is_not_unique(unique):
    key = {"references_table": "a", "references_column": "id", **unique.get("foreign_key", {})}
    column = {"name": "boss", "data_type": "INT", **unique, "foreign_key": key}
    first = {"name": "id", "data_type": "INT", "is_unique": True}
    with pytest.raises(SchemaError, match="A foreign key to its own table cannot be unique") as caught:
        read_schema({"name": "x", "tables": [{"name": "a", "columns": [first, column]}]})
    assert [problem.where for problem in caught.value.problems] == ["a.boss"]


def test_a_primary_key_of_several_columns_is_a_composite_key():
    columns = [{"name": "a", "data_type": "INT"}, {"name": "b", "data_type": "INT"}]
    table = {"name": "t", "columns": columns, "primary_key": ["a", "b"]}
    (made,) = read_schema({"name": "lab", "tables": [table]}).tables
    assert (made.primary_key, made.composite_keys) == (["a", "b"], [["a", "b"]])
    assert read_schema({"name": "lab", "tables": [{**table, "composite_keys": [["B", "A"]]}]}).tables[
        0
    ].composite_keys == [["B", "A"]]
    assert faults(*columns, primary_key=["a", "c"])[0].startswith('t.primary_key: There is no column "c" in t.')


@pytest.mark.parametrize("name", ["temp", "Memory", "information_schema", "pg_catalog"])
def test_a_schema_name_of_duckdb_is_reserved(name):
    with pytest.raises(SchemaError, match="is reserved by DuckDB"):
        read_schema({"name": name, "tables": [{"name": "t", "columns": [KEY]}]})
