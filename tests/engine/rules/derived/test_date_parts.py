"""Parts, names and boundaries of dates, timestamps and times, with the values that the warehouses document."""

from datetime import date, datetime, time

import pytest

from engine.rules.rule_checks import check_rules
from tests.engine.rules.derived.building import derived, table_with

TS = "timestamp '2024-01-31 10:20:30.5'"


@pytest.mark.parametrize(
    ("expression", "data_type", "value"),
    [
        (f"date_part(epoch_second, {TS})", "BIGINT", 1706696430),
        (f"date_part('epoch_millisecond', {TS})::varchar", "VARCHAR(20)", "1706696430500"),
        (f"date_part(epoch_milliseconds, {TS})", "BIGINT", 1706696430500),
        (f"extract(epoch_microsecond from {TS})", "BIGINT", 1706696430500000),
        (f"extract(epoch_nanosecond from {TS})", "BIGINT", 1706696430500000000),
        (f"extract(epoch from {TS})", "DOUBLE", 1706696430.5),
        ("date_part(epoch_second, date '1969-12-31')", "INT", -86400),
        ("to_timestamp(1706696430)", "TIMESTAMP", datetime(2024, 1, 31, 10, 20, 30)),
        ("to_timestamp_ntz(1706696430500, 3)", "TIMESTAMP", datetime(2024, 1, 31, 10, 20, 30, 500000)),
        ("to_timestamp(1706696430500000000, 9)", "TIMESTAMP", datetime(2024, 1, 31, 10, 20, 30, 500000)),
        ("weekiso(date '2021-01-01')", "INT", 53),
        ("date_part(weekiso, date '2021-01-01')", "INT", 53),
        ("yearofweekiso(date '2021-01-01')", "INT", 2020),
        ("extract(yearofweek from date '2021-01-01')", "INT", 2020),
        ("dayofweek(date '2024-01-28')", "INT", 0),
        ("dayofweek_iso(date '2024-01-28')", "INT", 7),
        ("hour(time '10:20:30') * 3600 + minute(time '10:20:30') * 60 + second(time '10:20:30')", "INT", 37230),
        ("last_day(date '2024-02-10')", "DATE", date(2024, 2, 29)),
        ("last_day(date '2024-02-10', 'week')", "DATE", date(2024, 2, 11)),
        ("last_day(date '2024-02-11', week)", "DATE", date(2024, 2, 11)),
        ("last_day(date '2024-02-10', quarter)", "DATE", date(2024, 3, 31)),
        ("last_day('2024-02-10', 'year')", "DATE", date(2024, 12, 31)),
        ("add_months(date '2024-02-29', -12)", "DATE", date(2023, 2, 28)),
        (f"trunc({TS})", "DATE", date(2024, 1, 31)),
        ("trunc(date '2024-02-10', 'month')", "DATE", date(2024, 2, 1)),
        ("trunc(date '2024-02-10', 'quarter') - 1", "DATE", date(2023, 12, 31)),
        ("trunc(12.78, 1)", "DECIMAL(4,2)", 12.7),
        ("to_char(date '2024-01-31', 'J')", "VARCHAR(9)", "2460341"),
        ("to_char(date '2024-01-28', 'D')", "VARCHAR(9)", "1"),
        ("to_char(date '2024-01-31', 'WW-W')", "VARCHAR(9)", "05-5"),
        ("to_char(date '2000-12-31', 'CC')", "VARCHAR(9)", "20"),
        ("to_char(date '2024-01-31', 'DD Mon YYYY Q')", "VARCHAR(20)", "31 Jan 2024 1"),
        ("to_char(time '15:20:30', 'HH12:MI AM')", "VARCHAR(9)", "03:20 PM"),
        ("to_char(time '15:20:30', 'HH24MISS')::int", "INT", 152030),
        ("dateadd(second, 90, time '23:59:00')", "TIME", time(0, 0, 30)),
        ("datediff(minute, time '10:20:30', time '11:00:00')", "INT", 40),
        ("time_from_parts(1, 2, 3)", "TIME", time(1, 2, 3)),
        ("time_from_parts(0, 0, 3600 + 7)", "TIME", time(1, 0, 7)),
        (f"to_time({TS})", "TIME", time(10, 20, 30, 500000)),
        ("""'{"day": "' || date '2024-01-31' || '", "ok": ' || (1 = 1) || ', "n": ' || 2.50 || '}'""", "JSON",
         '{"day": "2024-01-31", "ok": true, "n": 2.50}'),
    ],
)  # fmt: skip
def test_values_are_those_of_the_warehouses(expression: str, data_type: str, value: object):
    (found,) = derived(expression, data_type, rows=1)
    assert found == value if not isinstance(value, float) else float(found) == value  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("expression", "start"),
    [
        ("last_day(d, 'decade')", 't.x: LAST_DAY: there is no last day of a "decade"'),
        ("to_char(time '10:00', 'YYYY')", "t.x: TO_CHAR(CAST('10:00' AS TIME), 'YYYY'): a time has no \"YYYY\""),
        ("datediff(day, time '10:00', time '11:00')", "t.x: DATEDIFF: two times have a difference in hours"),
        ("datediff(hour, ts, time '11:00')", "t.x: DATEDIFF: two times have a difference in hours"),
        ("to_timestamp(big)", "t.x: TO_TIMESTAMP(big) leaves the years 1 to 9999 in some rows."),
        ("to_timestamp(s, 'YYYY')", "t.x: TO_TIMESTAMP: a format is not supported"),
        ("date_part(epoch_second, ok)", "t.x: DATE_PART: ok is a boolean"),
    ],
)
def test_what_has_no_value_is_refused(expression: str, start: str):
    (problem,) = check_rules(table_with(data_type="VARCHAR(60)", expression=expression, required=False))
    assert str(problem).startswith(start)


def test_a_day_has_a_row_for_each_minute():
    minutes = derived("dateadd(minute, seq4(), time '00:00:00')", "TIME", rows=1440)
    assert minutes == [time(minute // 60, minute % 60) for minute in range(1440)]
