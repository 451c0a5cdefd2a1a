"""Fixed intervals: the rows of each parent are at its start and at whole steps after it, for any row alone."""

from datetime import datetime, timedelta

import polars as pl
import pytest

from engine.errors import RuleError, SchemaError
from engine.generation.preview import preview
from engine.generation.requested_counts import row_counts
from engine.schema.files import read_schema

READINGS = 900


def sensors(every=None, kind="TIMESTAMP", *, key=None, columns=(), start=None, **table):
    """The document of sensors with readings at an interval."""
    reference = {"references_table": "sensors", "references_column": "id", **(key or {"fan_out": [0, 9]})}
    interval = {"within": "sensor_id", "start": "sensor_id.since", "interval": "15 minutes", **(every or {})}
    since = {"data_type": "TIMESTAMP", "timestamp_start": "2023-01-01", "timestamp_end": "2024-01-01", **(start or {})}
    return {
        "name": "lab",
        "tables": [
            {
                "name": "sensors",
                "target_rows": 200,
                "columns": [{"name": "id", "data_type": "INT", "is_unique": True}, {"name": "since", **since}],
            },
            {
                "name": "readings",
                "target_rows": READINGS,
                **table,
                "columns": [
                    {"name": "sensor_id", "data_type": "INT", "foreign_key": reference},
                    {"name": "read_at", "data_type": kind, "every": interval, **dict(columns)},
                    {"name": "line_no", "data_type": "INT", "line_number_of": "sensor_id"},
                ],
            },
        ],
    }


def without_lines(document):
    document["tables"][1]["columns"].pop()
    return document


def made(document, table="readings", rows=READINGS, offset=0):
    schema = read_schema(document)
    return preview(schema, schema.table(table), rows=rows, offset=offset, seed=5, counts=row_counts(schema, {}))


@pytest.mark.parametrize(
    "key",
    [
        {"fan_out": [0, 9]},
        {"fan_out_weights": {"0": 0.2, "1": 0.3, "12": 0.5}},
        {"counted": True, "distribution": {"type": "zipf", "parameters": {"s": 1.2}}},
        {"fan_out": [1, 2]},  # more rows than the natural number
    ],
)
@pytest.mark.parametrize(
    ("interval", "kind", "step"),
    [
        ("15 minutes", "TIMESTAMP", timedelta(minutes=15)),
        ("1 hour", "TIMESTAMPTZ", timedelta(hours=1)),
        ("2 weeks", "DATE", timedelta(days=14)),
    ],
)
def test_rows_are_at_whole_steps_from_the_start(key, interval, kind, step):
    document = sensors({"interval": interval}, kind, key=key)
    if key == {"fan_out": [1, 2]}:
        document["tables"][1]["target_rows"] = 380
    readings = made(document, rows=document["tables"][1]["target_rows"])
    since = made(document, "sensors", 200)
    moment = pl.col("since").cast(pl.Date) if kind == "DATE" else pl.col("since")
    joined = readings.join(since, left_on="sensor_id", right_on="id").with_columns(
        expected=(moment + step * (pl.col("line_no") - 1)).cast(readings["read_at"].dtype)
        if kind != "TIMESTAMPTZ"
        else (moment + step * (pl.col("line_no") - 1)).dt.replace_time_zone("UTC")
    )
    assert joined["read_at"].to_list() == joined["expected"].to_list()
    lines = joined.group_by("sensor_id").agg(pl.col("line_no").sort()).get_column("line_no").to_list()
    assert all(each == list(range(1, len(each) + 1)) for each in lines)


def test_one_start_for_all_parents_and_rows_alone():
    document = sensors({"start": "2024-02-28T23:30:00", "interval": "90 seconds"})
    readings = made(document)
    expected = [datetime(2024, 2, 28, 23, 30) + timedelta(seconds=90) * (line - 1) for line in readings["line_no"]]
    assert readings["read_at"].to_list() == expected
    assert made(document, rows=50, offset=800).equals(readings[800:850])
    document["tables"][0]["target_rows"] = 10**9
    far = made(document, rows=5, offset=10**9)
    expected = [datetime(2024, 2, 28, 23, 30) + timedelta(seconds=90) * (line - 1) for line in far["line_no"]]
    assert far["read_at"].to_list() == expected and far.equals(made(document, rows=50, offset=10**9)[:5])


def test_a_key_of_parent_and_time_is_unique():
    document = sensors(composite_keys=[["sensor_id", "read_at"]], primary_key=["sensor_id", "read_at"])
    readings = made(document)
    assert readings.select(pl.struct("sensor_id", "read_at").n_unique()).item() == READINGS


def test_rows_without_a_parent_are_null():
    key = {"counted": True, "nullable": True, "null_fraction": 0.3}
    with pytest.raises(RuleError, match="the column is required"):
        made(without_lines(sensors(key=key)))
    document = without_lines(sensors(key=key, columns={"required": False, "null_fraction": 0}))
    readings = made(document)
    assert readings["read_at"].is_null().to_list() == readings["sensor_id"].is_null().to_list()


@pytest.mark.parametrize(
    ("every", "kind", "message"),
    [
        ({"interval": "15 parsecs"}, "TIMESTAMP", "is not an interval"),
        ({"interval": "0 days"}, "TIMESTAMP", "is not an interval"),
        ({"interval": "1 hour"}, "DATE", "a DATE has whole days"),
        ({"within": "line_no"}, "TIMESTAMP", "is not a foreign key"),
        ({"within": "sensor"}, "TIMESTAMP", "does not have"),
        ({"start": "since"}, "TIMESTAMP", "neither a date nor a column of the parent"),
        ({"start": "2024-02-28T23:30:00", "interval": "1 day"}, "DATE", "has a time of day"),
        ({"start": "line_no.since"}, "TIMESTAMP", "neither a date nor a column of the parent"),
    ],
)
def test_contradictions_are_refused(every, kind, message):
    with pytest.raises(SchemaError, match=message):
        read_schema(sensors(every, kind))


def test_other_keys_are_refused():
    for columns, message in (
        ({"hour_weights": [1] * 24}, "every cannot be combined with hour_weights"),
        ({"timestamp_end": "2024-01-01"}, "timestamp_end cannot be combined"),
        ({"expression": "sensor_id.since"}, "cannot be combined"),
        ({"is_unique": True}, "cannot make unique values"),
    ):
        with pytest.raises(SchemaError, match=message):
            read_schema(sensors(columns=columns))
    with pytest.raises(SchemaError, match="Add sensor_id to the key"):
        read_schema(sensors(composite_keys=[["line_no", "read_at"]]))


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (sensors(key={"nullable": False}), "is not known"),
        (sensors({"start": "sensor_id.id"}), "and not a date or timestamp"),
        (sensors({"start": "sensor_id.until"}), 'no column "until"'),
        (
            sensors({"interval": "600 weeks"}, start={"timestamp_start": "9990-01-01", "timestamp_end": "9999-12-01"}),
            "9999",
        ),
    ],
)
def test_what_a_plan_shows_is_refused_before_the_first_row(document, message):
    with pytest.raises(RuleError, match=message):
        made(without_lines(document))
