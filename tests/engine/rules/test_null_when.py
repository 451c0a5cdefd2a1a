"""`null_when`: the rows in which a condition makes a column NULL, with every rule."""

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.building import frame_of, schema_of

ID = {"name": "id", "data_type": "INT", "is_unique": True}
STATE = {"name": "state", "data_type": "VARCHAR(9)", "values": ["open", "paid", "sent"]}
RULES = [
    {"data_type": "VARCHAR(40)", "faker_rule": "name"},
    {"data_type": "VARCHAR(40)", "mimesis_rule": "person.full_name"},
    {"data_type": "VARCHAR(9)", "values": ["a", "b"]},
    {"data_type": "VARCHAR(9)", "pattern": "##-??"},
    {"data_type": "DATE", "date_start": "2024-01-01", "date_end": "2024-12-31"},
    {"data_type": "DOUBLE", "distribution": {"type": "normal", "parameters": {"mean": 5, "stddev": 2}}},
    {"data_type": "BOOLEAN", "probability": 0.3},
    {"data_type": "INT", "expression": "id * 2"},
    {"data_type": "VARCHAR(20)", "template": "{id}-{state}"},
    {"data_type": "INT", "foreign_key": {"references_table": "parents", "references_column": "id"}},
    {"data_type": "INT", "foreign_key": {"references_table": "parents", "references_column": "id", "fan_out": [1, 9]}},
    {"data_type": "JSON"},
]


def with_column(**column):
    return schema_of(parents=[ID], t=[ID, STATE, {"name": "x", "required": False, **column}])


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: "-".join(rule))
def test_null_where_the_condition_is_true(rule):
    frame = frame_of(with_column(**rule, null_when="state = 'open'"), "t", 500)
    assert frame["x"].is_null().equals((frame["state"] == "open").alias("x"))
    plain = frame_of(with_column(**rule, null_fraction=0), "t", 500)
    assert plain["x"].filter(frame["state"] != "open").equals(frame["x"].drop_nulls())


def test_a_null_fraction_adds_more():
    frame = frame_of(with_column(data_type="INT", null_when="state = 'open'", null_fraction=0.5), "t", 9_000)
    assert frame.filter(pl.col("state") == "open")["x"].is_null().all()
    assert frame.filter(pl.col("state") != "open")["x"].is_null().mean() == pytest.approx(0.5, abs=0.03)


def test_an_unknown_condition_is_no_null():
    maybe = {"name": "m", "data_type": "INT", "required": False, "null_fraction": 0.5, "min_value": 0, "max_value": 9}
    x = {"name": "x", "data_type": "INT", "required": False, "null_when": "m > 4"}
    frame = frame_of(schema_of(t=[maybe, x]), "t", 500)
    assert frame["x"].is_null().equals((frame["m"] > 4).fill_null(False).alias("x"))


def test_the_column_itself_is_its_value_before_any_null():
    x = {"data_type": "INT", "min_value": 0, "max_value": 9}
    frame = frame_of(with_column(**x, null_when="x < 5", null_fraction=0.1), "t", 2_000)
    assert frame["x"].drop_nulls().min() == 5
    assert frame["x"].is_null().mean() == pytest.approx(0.55, abs=0.05)


@pytest.mark.parametrize("condition", ["true", "1 = 1"])
def test_a_constant_condition(condition):
    frame = frame_of(with_column(data_type="INT", null_when=condition), "t", 20)
    assert frame["x"].null_count() == 20


def test_exactly_one_of_two_parents():
    key = {"data_type": "INT", "required": False}
    to_id = {"references_table": "parents", "references_column": "id"}
    post = {"name": "post_id", **key, "null_fraction": 0.4, "foreign_key": to_id}
    photo = {"name": "photo_id", **key, "null_when": "post_id is not null", "foreign_key": to_id}
    for columns in ([post, photo], [photo, post]):
        frame = frame_of(schema_of(parents=[ID], comments=columns), "comments", 3_000)
        assert (frame["post_id"].is_null() ^ frame["photo_id"].is_null()).all()
        assert frame["post_id"].is_null().mean() == pytest.approx(0.4, abs=0.04)


def test_exactly_one_of_three_parents_by_a_kind():
    to_id = {"references_table": "parents", "references_column": "id"}
    kind = {"name": "kind", "data_type": "VARCHAR(9)", "values": ["post", "photo", "album"], "weights": [5, 3, 2]}
    keys = [
        {
            "name": f"{name}_id",
            "data_type": "INT",
            "required": False,
            "null_when": f"kind <> '{name}'",
            "foreign_key": to_id,
        }
        for name in ("post", "photo", "album")
    ]
    frame = frame_of(schema_of(parents=[ID], comments=[kind, *keys]), "comments", 1_000)
    for name in ("post", "photo", "album"):
        assert frame[f"{name}_id"].is_not_null().equals((frame["kind"] == name).alias(f"{name}_id"))


def test_two_columns_that_decide_for_each_other_are_a_cycle():
    post = {"name": "post_id", "data_type": "INT", "required": False, "null_when": "photo_id is not null"}
    photo = {"name": "photo_id", "data_type": "INT", "required": False, "null_when": "post_id is not null"}
    match = r"t\.photo_id \(null_when\) -> t\.post_id \(null_when\) -> t\.photo_id \(null_when\).*decide"
    with pytest.raises(RuleError, match=match):
        frame_of(schema_of(t=[post, photo]), "t", 5)


def test_several_columns_that_are_null_together():
    shipped = {"name": "shipped_at", "data_type": "TIMESTAMP", "required": False, "null_fraction": 0.3}
    others = [
        {"name": "carrier", "data_type": "VARCHAR(9)", "values": ["ups", "dhl"]},
        {"name": "tracking", "data_type": "CHAR(6)", "pattern": "######"},
        {"name": "received", "data_type": "TIMESTAMP", "expression": "shipped_at + interval '2 days'"},
    ]
    same = {"required": False, "null_when": "shipped_at is null"}
    frame = frame_of(schema_of(t=[shipped, *({**other, **same} for other in others)]), "t", 1_000)
    for name in ("carrier", "tracking", "received"):
        assert frame[name].is_null().equals(frame["shipped_at"].is_null().alias(name))


def test_a_condition_over_the_parent():
    parents = [ID, {"name": "is_closed", "data_type": "BOOLEAN"}]
    key = {"name": "p", "data_type": "INT", "foreign_key": {"references_table": "parents", "references_column": "id"}}
    x = {"name": "x", "data_type": "INT", "required": False, "null_when": "p.is_closed"}
    closed = {"name": "closed", "data_type": "BOOLEAN", "expression": "p.is_closed"}
    frame = frame_of(schema_of(parents=parents, t=[key, x, closed]), "t", 500)
    assert frame["x"].is_null().equals(frame["closed"].alias("x"))


def test_the_columns_of_a_composite_key_are_null_together():
    parent = {
        "name": "stock",
        "composite_keys": [["shop", "item"]],
        "columns": [{"name": name, "data_type": "INT", "min_value": 1, "max_value": 40} for name in ("shop", "item")],
    }
    child = {
        "name": "sales",
        "foreign_keys": [{"columns": ["a", "b"], "references_table": "stock", "references_columns": ["shop", "item"]}],
        "columns": [
            STATE,
            {"name": "a", "data_type": "INT", "required": False, "null_when": "state = 'open'"},
            {"name": "b", "data_type": "INT", "required": False},
        ],
    }
    frame = frame_of(read_schema({"name": "lab", "tables": [parent, child]}), "sales", 500)
    for name in ("a", "b"):
        assert frame[name].is_null().equals((frame["state"] == "open").alias(name))


def test_any_part_of_the_table_equals_the_whole():
    schema = with_column(data_type="VARCHAR(40)", faker_rule="name", null_when="state = 'open' or id % 7 = 0")
    whole = frame_of(schema, "t", 700, t=700)
    assert frame_of(schema, "t", 50, offset=650, t=700).equals(whole[650:])


def test_a_required_column_is_refused():
    with pytest.raises(SchemaError, match=r'null_when is given and the column is required.*"required": false'):
        schema_of(t=[ID, {"name": "x", "data_type": "INT", "null_when": "id = 1"}])


@pytest.mark.parametrize(
    ("condition", "message"),
    [
        ("nope = 1", r't\.x: null_when: There is no column "nope"'),
        ("id +", r"t\.x: null_when: Syntax error"),
        ("id", r"t\.x: null_when: .*not a condition"),
    ],
)
def test_an_invalid_condition_names_the_column(condition, message):
    with pytest.raises(RuleError, match=message):
        frame_of(with_column(data_type="INT", null_when=condition), "t", 5)


def test_the_condition_survives_a_round_trip():
    schema = with_column(data_type="INT", null_when="state = 'open'")
    assert read_schema(schema_to_json(schema)) == schema
