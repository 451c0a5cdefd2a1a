import json

import pytest

from engine.errors import SchemaError
from engine.schema.files import read_schema
from engine.schema.models import ColumnSchema


def column(data_type: str, **rule) -> dict:
    columns = [{"name": "x", "data_type": data_type, **rule}]
    return {"name": "a", "tables": [{"name": "t", "columns": columns}]}


def problems_of(document) -> list[str]:
    with pytest.raises(SchemaError) as caught:
        read_schema(document)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("number", ['"-1e99999999"', "1e99999999", '"1e-99999999"', "-1e-99999999", '"1e999"'])
@pytest.mark.parametrize("data_type", ["INT", "DECIMAL(38,10)", "DOUBLE"])
def test_an_exponent_has_a_limit(data_type, number):
    text = json.dumps(column(data_type, min_value="PLACE")).replace('"PLACE"', number)
    (problem,) = problems_of(text)
    assert problem.startswith('t.x: "min_value" has an exponent beyond 400. Write a smaller')


@pytest.mark.parametrize("key", ["min_value", "precision", "null_fraction", "varchar_length"])
def test_digits_have_a_limit(key):
    text = json.dumps(column("DECIMAL", **{key: "PLACE"})).replace('"PLACE"', "1" * 10_000)
    assert problems_of(text) == [f't.x: "{key}" has more than 400 digits. Write a smaller number.']


def test_digits_in_a_mapping_have_a_limit():
    assert problems_of(column("INT", min_value=10**10_000)) == [
        't.x: "min_value" has more than 400 digits. Write a smaller number.'
    ]


def test_a_value_has_a_limit():
    assert problems_of(column("DECIMAL(10,2)", values=["1e99999999"])) == [
        "t.x: The value '1e99999999' has an exponent beyond 400. Fix it, or the type DECIMAL(10,2)."
    ]


@pytest.mark.parametrize(
    ("rule", "problem"),
    [
        ({"pattern": "#" * 1001}, 't.x: "pattern" is 1,001 characters long; at most 1,000 are allowed. Shorten it.'),
        (
            {"template": "a" * 10_001},
            't.x: "template" is 10,001 characters long; at most 10,000 are allowed. Shorten it.',
        ),
        ({"comment": "a" * 65_536}, 't.x: "comment" is 65,536 characters long. Use at most 65,535.'),
        ({"values": ["a"] * 100_001}, 't.x: "values" has 100001 items; it takes at most 100000. Correct it.'),
        (
            {"varchar_length": 10**11},
            't.x: "varchar_length" should be less than or equal to 134217728, not 100000000000. Correct it.',
        ),
        (
            {"distribution": {"type": "normal", "parameters": {"mean": 1e300}}},
            't.x.distribution.parameters: "mean" should be less than or equal to 1e+100, not 1e+300. Correct it.',
        ),
    ],
)
def test_sizes_have_limits(rule, problem):
    assert problem in problems_of(column("VARCHAR", **rule))


@pytest.mark.parametrize("data_type", ["VARCHAR(99999999999)", f"DECIMAL({'9' * 180})", f"NUMBER(38,{'9' * 180})"])
def test_sizes_of_types_have_limits(data_type):
    (problem,) = problems_of(column(data_type))
    assert "is out of range" in problem


@pytest.mark.parametrize(("text", "name"), [("a\ud800", r"half of a character (\ud800)"), ("a\0", "a NUL character")])
@pytest.mark.parametrize("key", ["name", "comment", "locale", "faker_rule", "expression", "template", "data_type"])
def test_a_text_that_cannot_be_stored(key, text, name):
    document = column("TEXT")
    document["tables"][0]["columns"][0][key] = text
    assert any(f'"{key}" contains {name} at character 2, which cannot be stored.' in p for p in problems_of(document))


def test_a_key_that_cannot_be_stored():
    assert problems_of(column("TEXT", faker_args={"\ud800": 1})) == [
        r't.x.faker_args: The key "\ud800" contains half of a character (\ud800) at character 1, '
        "which cannot be stored. Remove the character."
    ]


def test_a_column_model_rejects_it_too():
    with pytest.raises(ValueError, match="half of a character"):
        ColumnSchema(name="x", data_type="TEXT", comment="\ud800")


@pytest.mark.parametrize("data_type", ["TIMESTAMP", "TIMESTAMPTZ"])
@pytest.mark.parametrize("timestamp", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_timestamps_outside_the_years_of_utc(data_type, timestamp):
    for rule in ({"timestamp_start": timestamp}, {"timestamp_end": timestamp}, {"values": [timestamp]}):
        (problem,) = problems_of(column(data_type, **rule))
        assert "is outside the years 1 to 9999 in UTC." in problem


def test_a_duplicate_key_names_its_object():
    text = json.dumps(column("INT")).replace('"name": "x"', '"name": "x", "data_type": "DATE"')
    assert problems_of(text) == ['t.x: The key "data_type" appears twice in one object. Keep one of the two.']


@pytest.mark.parametrize("text", ['{"a":' * 60 + "1" + "}" * 60, '{"a":' * 100_000, '{"a":' + "[" * 100_000])
def test_nesting_has_a_limit(text):
    (problem,) = problems_of(text)
    assert "nested more than 50 levels deep" in problem


def test_a_file_has_a_limit(tmp_path):
    path = tmp_path / "long.json"
    with path.open("wb") as file:
        file.truncate(16 * 1024**2 + 1)
    assert problems_of(path) == ["The schema is longer than 16 MiB. Split it into several experiments."]


def test_thousands_of_faults_are_counted():
    problems = problems_of({"name": "a", **{f"k{number}": 1 for number in range(5000)}})
    assert len(problems) == 101
    assert problems[-1] == "There are 4,901 more problems."
