"""Sequences: the values of the first rows, keys that use them, and sequences that do not fit."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from engine.errors import RuleError, SchemaError
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema, schema_to_json
from tests.engine.rules.building import frame_of, schema_of, values_of


@pytest.mark.parametrize(
    ("data_type", "sequence", "first", "row_9"),
    [
        ("INT", {"start": 1000, "step": 5}, [1000, 1005, 1010], 1045),
        ("BIGINT", {"start": 1}, [1, 2, 3], 10),
        ("SMALLINT", {"start": 7, "step": -7}, [7, 0, -7], -56),
        ("BIGINT", {"start": 2**63 - 1, "step": -(2**40)}, [2**63 - 1, 2**63 - 1 - 2**40, 2**63 - 1 - 2**41], None),
        ("NUMBER(38,0)", {"start": "10000000000000000000000000000000000001", "step": 10**30}, None, None),
        ("DECIMAL(6,2)", {"start": 0.25, "step": "0.75"}, list(map(Decimal, ("0.25", "1.00", "1.75"))), Decimal("7")),
        ("DATE", {"start": "2015-01-01"}, [date(2015, 1, 1), date(2015, 1, 2), date(2015, 1, 3)], date(2015, 1, 10)),
        ("DATE", {"start": "2024-03-01", "step": -7}, [date(2024, 3, 1), date(2024, 2, 23), date(2024, 2, 16)], None),
        ("TIMESTAMP", {"start": "2024-01-01T00:00:00", "step": 900},
         [datetime(2024, 1, 1), datetime(2024, 1, 1, 0, 15), datetime(2024, 1, 1, 0, 30)], None),
        ("TIMESTAMP", {"start": "1969-12-31 23:59:59.5", "step": 0.25}, None, datetime(1970, 1, 1, 0, 0, 1, 750000)),
        ("TIMESTAMPTZ", {"start": "2024-01-01T02:00:00+02:00", "step": 3600},
         [datetime(2024, 1, 1, hour, tzinfo=UTC) for hour in range(3)], None),
        ("TIME", {"start": "00:00", "step": 60}, [time(0, 0), time(0, 1), time(0, 2)], time(0, 9)),
    ],
)  # fmt: skip
@pytest.mark.parametrize("is_unique", [False, True])
def test_values_count_in_steps(data_type: str, sequence: dict, first: list | None, row_9: object, is_unique: bool):
    drawn = values_of(10, data_type=data_type, sequence=sequence, is_unique=is_unique)
    assert drawn.n_unique() == 10
    assert first is None or drawn.to_list()[:3] == first
    assert row_9 is None or drawn.to_list()[9] == row_9
    assert values_of(3, offset=7, data_type=data_type, sequence=sequence).equals(drawn[7:])


def test_keys_refer_to_a_sequence():
    schema = schema_of(
        days=[{"name": "d", "data_type": "DATE", "is_unique": True, "sequence": {"start": "2020-01-01", "step": 2}}],
        sales=[{"name": "d", "data_type": "DATE",
                "foreign_key": {"references_table": "days", "references_column": "d"}}],
    )  # fmt: skip
    days = frame_of(schema, "days", 20, days=20)["d"].to_list()
    assert set(frame_of(schema, "sales", 500, days=20)["d"]) == set(days)


def test_a_sequence_can_have_nulls():
    drawn = values_of(300, data_type="INT", sequence={"start": 5}, required=False, null_fraction=0.5)
    assert 100 < drawn.null_count() < 200
    assert all(value is None or value == 5 + row for row, value in enumerate(drawn))


def test_a_composite_key_counts_with_it():
    table = {
        "name": "slots",
        "target_rows": 40,
        "composite_keys": [["floor", "hour"]],
        "columns": [
            {"name": "floor", "data_type": "INT", "min_value": 1, "max_value": 4},
            {"name": "hour", "data_type": "TIME", "sequence": {"start": "08:00", "step": 3600}},
        ],
    }
    frame = frame_of(read_schema({"name": "lab", "tables": [table]}), "slots", 40)
    assert frame.unique().height == 40


@pytest.mark.parametrize(
    ("column", "rows", "message"),
    [
        ({"data_type": "SMALLINT", "sequence": {"start": 32000, "step": 100}}, 9, "9 rows need as many values of"),
        ({"data_type": "TIME", "sequence": {"start": "00:00", "step": 3600}}, 25, "but only 24 fit TIME"),
        ({"data_type": "DATE", "sequence": {"start": "9999-12-30"}}, 3, "but only 2 fit DATE"),
        ({"data_type": "INT", "sequence": {"start": 1}, "max_value": 9}, 10, "but only 9 fit INT within max_value"),
        ({"data_type": "DATE", "sequence": {"start": "2024-01-01"}, "date_end": "2024-01-31"}, 32, "only 31 fit DATE"),
        ({"data_type": "TIMESTAMP", "sequence": {"start": "2024-01-31T20:00:00", "step": 3600},
          "date_end": "2024-01-31"}, 5, "only 4 fit TIMESTAMP within date_end"),
        ({"data_type": "INT", "sequence": {"start": 0}, "min_value": 1}, 1, "but only 0 fit"),
    ],
)  # fmt: skip
def test_a_last_row_that_does_not_fit_is_refused(column: dict, rows: int, message: str):
    assert values_of(rows - 1, **column).len() == rows - 1 if "only 0" not in message else True
    with pytest.raises(RuleError, match=message):
        values_of(rows, **column)


def test_the_schema_is_checked_with_its_row_count():
    (problem,) = check_rules(schema_of(t=[{"name": "x", "data_type": "TIME", "sequence": {"start": "00:00"},
                                           "time_end": "00:10"}]))  # fmt: skip
    assert str(problem).startswith("t.x: 1,000 rows need as many values of the sequence, but only 601 fit TIME within")


@pytest.mark.parametrize(
    ("data_type", "sequence", "message"),
    [
        ("INT", {"start": 1.5}, "The start 1.5 is not a whole number."),
        ("INT", {"start": 3 * 10**9}, "The start 3000000000 "),
        ("DATE", {"start": 20240101}, "The start 20240101 is not a date or time in quotes."),
        ("DATE", {"start": "2024-01-01", "step": 0.5}, "The step 0.5 is not a whole number of days."),
        ("DECIMAL(6,2)", {"start": 1, "step": 0.001}, r"The step 0.001 is not a step of DECIMAL\(6,2\)."),
        ("TIMESTAMP", {"start": "2024-01-01", "step": 0}, "The step of a sequence must be a number other than 0."),
        ("VARCHAR(9)", {"start": "a"}, "sequence does not apply to type VARCHAR"),
    ],
)
def test_a_sequence_that_is_none_is_a_problem(data_type: str, sequence: dict, message: str):
    with pytest.raises(SchemaError, match=message):
        schema_of(t=[{"name": "x", "data_type": data_type, "sequence": sequence}])


def test_it_is_written_as_it_was_read():
    schema = schema_of(t=[{"name": "x", "data_type": "TIME", "sequence": {"start": "08:00", "step": 0.5}},
                          {"name": "y", "data_type": "DECIMAL(38,1)", "sequence": {"start": "1" * 30}}])  # fmt: skip
    assert read_schema(schema_to_json(schema)) == schema
