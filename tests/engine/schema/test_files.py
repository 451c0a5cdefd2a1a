import json

import pytest

from engine.errors import NotFoundError, SchemaError
from engine.schema.files import json_schema, read_schema, schema_to_json
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


def test_what_is_written_reads_back():
    schema = read_schema(SHOP)
    assert read_schema(schema_to_json(schema)) == schema


def test_path_text_and_mapping_are_the_same(tmp_path):
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(SHOP), encoding="utf-8-sig")
    assert read_schema(path) == read_schema(str(path)) == read_schema(json.dumps(SHOP)) == read_schema(SHOP)


def test_numbers_keep_their_digits():
    text = json.dumps(SHOP).replace('"-1.0005"', "-12345678901234567890123456789.1234")
    assert str(read_schema(text).tables[0].columns[1].min_value) == "-12345678901234567890123456789.1234"


def test_missing_file():
    with pytest.raises(NotFoundError, match=r"There is no file nowhere\.json\. Check the path"):
        read_schema("nowhere.json")


def test_broken_json_names_its_place():
    assert problems_of('{"name": "shop",\n  "tables": [}')[0].startswith("line 2, column 14: The JSON is broken")


def test_key_twice():
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
        't.x: There is no key "min_valu". Did you mean "min_value"?',
        't.y: "null_fraction" should be less than or equal to 1, not 3. Correct it.',
        't.[4]: The key "name" is missing. Add "name".',
        'There is no key "colour". The keys here are: name, description, locale, dialect, tables.',
        'name: The experiment name "select" is a reserved word of SQL. Choose a name such as shop or sales_2024.',
        'the experiment: There are two tables named "T". Names must differ in more than case.',
        't.x: "DECIML(10,2)" is not a type. Did you mean "DECIMAL"?',
        't.z: There is no table "u". The tables are: t, T.',
        't.2nd: The column name "2nd" starts with "2"; letters, digits and _ are allowed, and no digit first. '
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
def test_lists_and_objects_say_which_item_is_wrong(column, problem):
    columns = [{"name": "x", "data_type": "INT", **column}]
    assert problems_of({"name": "a", "tables": [{"name": "t", "columns": columns}]}) == [problem]


@pytest.mark.parametrize("tables", [True, 7, "orders", {"a": 1}, [True], [[]], [{"columns": True}], [None, {}]])
def test_tables_that_are_none(tables):
    problems = problems_of({"name": [], "tables": tables})
    assert len(problems) >= 2
    assert '"name" should be a valid string' in problems[0]


def test_nothing_at_all():
    assert problems_of({}) == [
        'The key "name" is missing. Add "name".',
        'The key "tables" is missing. Add "tables".',
    ]


def test_shipped_json_schema_is_the_models_own(project):
    shipped = json.loads((project / "schemas" / "experiment.schema.json").read_text("utf-8"))
    assert shipped == json_schema()


@pytest.mark.parametrize("name", ["ecommerce", "saas"])
def test_samples_are_valid(project, name):
    schema = read_schema(project / "schemas" / f"{name}.json")
    assert schema.name == name
    assert len(schema.tables) >= 5


def test_a_changed_copy_forgets_what_was_computed_from_the_old_fields():
    column = ColumnSchema(name="a", data_type="INT")
    assert str(column.type) == "INT"
    assert str(column.model_copy(update={"data_type": "DATE"}).type) == "DATE"
    table = TableSchema(name="t", columns=[column])
    assert table.column("A") is column
    renamed = table.model_copy(update={"columns": [column.model_copy(update={"name": "b"})]})
    assert renamed.column("b").name == "b"
    with pytest.raises(KeyError):
        renamed.column("a")
