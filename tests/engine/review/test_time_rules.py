"""Fixed intervals and seasons in a review: names follow, drops are refused, and the catalogue starts them."""

import json

import pytest

from engine.errors import ConflictError
from engine.review.rule_catalogue.catalogue import rules_for
from engine.review.structure import drop_column, rename_column
from engine.schema.differences import compare_schemas
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.relations.test_every import made, sensors
from tests.engine.rules.relations.test_series import readings

SEASON = {
    "name": "sold_on",
    "data_type": "DATE",
    "seasonality": {"month": {"12": 2}, "weekday": [1] * 7, "holidays": {"country": "DE", "weight": 0.5}},
    "spikes": [{"on": "11-29", "to": "12-02", "weight": 5}],
}


def document():
    data = sensors()
    data["tables"][1]["columns"].append(SEASON)
    return data


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        ("sensors", "since", {"within": "sensor_id", "start": "sensor_id.x"}),
        ("readings", "sensor_id", {"within": "x", "start": "x.since"}),
    ],
)
def test_an_interval_follows_renamed_columns(table, column, expected):
    schema = read_schema(document())
    found = read_schema(rename_column(schema, schema.table(table), column, "x")).table("readings").column("read_at")
    assert found.every.model_dump() == {**expected, "interval": "15 minutes"}


@pytest.mark.parametrize(
    ("table", "column", "expected"),
    [
        (
            "sensors",
            "since",
            {"within": "sensor_id", "time": "read_at", "start": "sensor_id.x", "level": "sensor_id.base"},
        ),
        (
            "sensors",
            "base",
            {"within": "sensor_id", "time": "read_at", "start": "sensor_id.since", "level": "sensor_id.x"},
        ),
        ("readings", "sensor_id", {"within": "x", "time": "read_at", "start": "x.since", "level": "x.base"}),
        (
            "readings",
            "read_at",
            {"within": "sensor_id", "time": "x", "start": "sensor_id.since", "level": "sensor_id.base"},
        ),
    ],
)
def test_a_series_follows_renamed_columns(table, column, expected):
    schema = read_schema(
        readings({"time": "read_at", "step": "1 day", "start": "sensor_id.since", "level": "sensor_id.base"})
    )
    assert read_schema(json.loads(schema_to_json(schema))) == schema
    found = read_schema(rename_column(schema, schema.table(table), column, "x")).table("readings").column("v").series
    assert found.model_dump(include=set(expected)) == expected
    if column != "sensor_id":
        with pytest.raises(ConflictError, match=r"readings\.v"):
            drop_column(schema, schema.table(table), column)


@pytest.mark.parametrize("data_type", ["DOUBLE", "INT", "DECIMAL(9,2)"])
def test_the_catalogue_starts_a_series(data_type):
    data = document()
    data["tables"][1]["columns"][-1] = {"name": "x", "data_type": data_type}
    schema = read_schema(data)
    table = schema.table("readings")
    found = next(rule for rule in rules_for(schema, table, table.column("x")) if rule.rule == "series")
    data["tables"][1]["columns"][-1] |= found.keys
    assert made(data)["x"].null_count() == 0 and "series" in found.keys


def test_what_an_interval_reads_cannot_be_dropped():
    schema = read_schema(document())
    with pytest.raises(ConflictError, match=r"readings\.read_at"):
        drop_column(schema, schema.table("sensors"), "since")


def test_a_schema_is_written_and_read_as_it_is_and_changes_are_seen():
    schema = read_schema(document())
    data = json.loads(schema_to_json(schema))
    assert read_schema(data) == schema
    assert data["tables"][1]["columns"][-1]["seasonality"] == SEASON["seasonality"]
    data["tables"][1]["columns"][-1]["seasonality"]["month"]["12"] = 3
    data["tables"][1]["columns"][1]["every"]["interval"] = "1 hour"
    changes = compare_schemas(schema, read_schema(data))
    assert [(change.place, change.key) for change in changes] == [
        ("readings.read_at", "every"),
        ("readings.sold_on", "seasonality"),
    ]


@pytest.mark.parametrize("data_type", ["DATE", "TIMESTAMP", "TIMESTAMPTZ"])
@pytest.mark.parametrize("name", ["every", "seasonality", "spikes"])
def test_the_catalogue_starts_what_can_be_made(name, data_type):
    data = document()
    data["tables"][1]["columns"][-1] = {"name": "x", "data_type": data_type}
    schema = read_schema(data)
    table = schema.table("readings")
    found = next(rule for rule in rules_for(schema, table, table.column("x")) if rule.rule == name)
    data["tables"][1]["columns"][-1] |= found.keys
    assert made(data)["x"].null_count() == 0
