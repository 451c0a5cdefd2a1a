import json

import pytest

from engine.errors import NotFoundError, SchemaError
from engine.schema.files import read_schema, schema_to_json
from engine.schema.json_schema import json_schema
from engine.schema.models import ColumnSchema, TableSchema

SHOP = {
    "name": "shop",
    "tables": [
        {
            "name": "customers",
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "balance", "data_type": "DECIMAL(38,4)", "min_value": "-1.0005", "required": False},
            ],
        },
        {
            "name": "orders",
            "columns": [
                {
                    "name": "customer_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "customers", "references_column": "id"},
                }
            ],
        },
    ],
}


def problems_of(document) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        read_schema(document)
    return [str(problem) for problem in caught.value.problems]


def test_a_written_schema_reads_back():
    schema = read_schema(SHOP)
    assert read_schema(schema_to_json(schema)) == schema


def test_path_text_and_mapping_are_equivalent(tmp_path):
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(SHOP), encoding="utf-8-sig")
    assert read_schema(path) == read_schema(str(path)) == read_schema(json.dumps(SHOP)) == read_schema(SHOP)


def test_numbers_keep_their_digits():
    text = json.dumps(SHOP).replace('"-1.0005"', "-12345678901234567890123456789.1234")
    assert str(read_schema(text).tables[0].columns[1].min_value) == "-12345678901234567890123456789.1234"


def test_missing_file():
    with pytest.raises(NotFoundError, match=r"There is no file nowhere\.json\. Check the path"):
        read_schema("nowhere.json")


def test_invalid_json_has_its_line():
    assert problems_of('{"name": "shop",\n  "tables": [}') == [
        "Invalid JSON at line 2: expected value. Check column 14."
    ]
    assert problems_of('{"name": "shop"\n  "tables": []}') == ["Invalid JSON at line 2: expected ','. Check column 3."]


def test_duplicate_key():
    assert problems_of('{"name": "a", "name": "b"}') == [
        'The key "name" appears twice in one object. Keep one of the two.'
    ]


def test_a_list_is_not_a_schema():
    assert problems_of("[1]") == ['A schema is a JSON object. It begins with {"name": "...", "tables": [...]}.']


def test_every_problem_of_a_file_at_once():
    document = {
        "name": "select",
        "colour": 1,
        "tables": [
            {
                "name": "t",
                "columns": [
                    {"name": "x", "data_type": "DECIML(10,2)", "min_valu": 1},
                    {"name": "y", "data_type": "INT", "null_fraction": 3},
                    {
                        "name": "z",
                        "data_type": "INT",
                        "foreign_key": {"references_table": "u", "references_column": "a"},
                    },
                    {"name": "2nd", "data_type": "INT"},
                    {"data_type": "INT"},
                ],
            },
            {"name": "T", "columns": [{"name": "x", "data_type": "int", "min_value": 5, "max_value": 2}]},
        ],
    }
    assert problems_of(document) == [
        't.x: Unknown key "min_valu". Did you mean "min_value"?',
        't.y: "null_fraction" should be less than or equal to 1, not 3. Correct it.',
        't.[4]: The key "name" is missing. Add "name".',
        'Unknown key "colour". The known keys are: name, description, locale, dialect, tables.',
        'name: The experiment name "select" is a reserved word of SQL. Choose a name, for example sales_2024.',
        'the experiment: There are two tables named "T". Names must differ in more than case.',
        't.x: "DECIML(10,2)" is not a type. Did you mean "DECIMAL"?',
        't.z: There is no table "u". The tables are: t, T.',
        't.2nd: The column name "2nd" starts with "2"; use letters, digits and _, and no digit first. '
        'Rename it, or set "quoted": true if the warehouse has it in quotes.',
        "T.x: min_value 5 is greater than max_value 2. Swap them.",
    ]


def test_wrong_json_types():
    document = {"name": "a", "tables": [{"name": "t", "columns": [{"name": "x", "data_type": "INT", "values": [[1]]}]}]}
    assert problems_of(document) == ["t.x: values[0] is [1]; a value is a number, a text, true or false. Correct it."]


@pytest.mark.parametrize(
    ("column", "problem"),
    [
        (
            {"values": [1, None]},
            "t.x: values[1] is null; a value is a number, a text, true or false. "
            'For NULL set "required": false and "null_fraction".',
        ),
        ({"values": []}, 't.x: "values" has 0 items; it takes at least 1. Correct it.'),
        ({"weekday_weights": [1] * 8}, 't.x: "weekday_weights" has 8 items; it takes at most 7. Correct it.'),
        ({"distribution": "normal"}, 't.x: "distribution" should be an object, not "normal". Write it as {...}.'),
        (
            {"foreign_key": {"references_table": "t", "references_column": "x", "fan_out": [0, 0]}},
            't.x.foreign_key.fan_out: "fan_out[1]" should be greater than or equal to 1, not 0. Correct it.',
        ),
    ],
)
def test_problems_of_lists_and_objects_name_the_item(column, problem):
    columns = [{"name": "x", "data_type": "INT", **column}]
    assert problems_of({"name": "a", "tables": [{"name": "t", "columns": columns}]}) == [problem]


@pytest.mark.parametrize("tables", [True, 7, "orders", {"a": 1}, [True], [[]], [{"columns": True}], [None, {}]])
def test_invalid_tables(tables):
    problems = problems_of({"name": [], "tables": tables})
    assert len(problems) >= 2
    assert '"name" should be a valid string' in problems[0]


def test_empty_document():
    assert problems_of({}) == [
        'The key "name" is missing. Add "name".',
        'The key "tables" is missing. Add "tables".',
    ]


def test_shipped_json_schema_matches_the_models(project):
    shipped = json.loads((project / "schemas" / "experiment.schema.json").read_text("utf-8"))
    assert shipped == json_schema()


@pytest.mark.parametrize("name", ["ecommerce", "saas"])
def test_samples_are_valid(project, name):
    schema = read_schema(project / "schemas" / f"{name}.json")
    assert schema.name == name
    assert len(schema.tables) >= 5


def test_a_changed_copy_has_no_values_cached_from_the_old_fields():
    column = ColumnSchema(name="a", data_type="INT")
    assert str(column.type) == "INT"
    assert str(column.model_copy(update={"data_type": "DATE"}).type) == "DATE"
    table = TableSchema(name="t", columns=[column])
    assert table.column("A") is column
    renamed = table.model_copy(update={"columns": [column.model_copy(update={"name": "b"})]})
    assert renamed.column("b").name == "b"
    with pytest.raises(KeyError):
        renamed.column("a")


@pytest.mark.parametrize("name", ["", "  "])
def test_an_experiment_needs_a_name(name):
    assert problems_of(SHOP | {"name": name}) == ["name: Give the experiment a name, for example sales_2024"]
