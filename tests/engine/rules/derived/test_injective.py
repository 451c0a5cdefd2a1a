"""Expressions of unique columns: those that keep a unique column's values apart, and those that may not."""

from datetime import date, timedelta

import pytest

from engine.rules.rule_checks import check_rules
from engine.schema.models import ExperimentSchema
from tests.engine.rules.building import frame_of, schema_of

COLUMNS = [
    {"name": "id", "data_type": "INT", "is_unique": True},
    {"name": "price", "data_type": "DECIMAL(9,2)", "is_unique": True, "min_value": -500, "max_value": 500},
    {"name": "code", "data_type": "VARCHAR(8)", "is_unique": True},
    {"name": "key", "data_type": "UUID", "is_unique": True},
    {"name": "d", "data_type": "DATE", "is_unique": True, "sequence": {"start": "1999-12-28"}},
    {"name": "ts", "data_type": "TIMESTAMP", "is_unique": True},
    {"name": "hourly", "data_type": "TIMESTAMP", "is_unique": True,
     "sequence": {"start": "2024-01-01T00:00:00", "step": 3600}},
    {"name": "t", "data_type": "TIME", "is_unique": True, "sequence": {"start": "00:00", "step": 60}},
    {"name": "qty", "data_type": "INT", "min_value": 1, "max_value": 9},
    {"name": "day", "data_type": "DATE"},
]  # fmt: skip


def table_with(expression: str, data_type: str) -> ExperimentSchema:
    return schema_of(t=[*COLUMNS, {"name": "x", "data_type": data_type, "is_unique": True, "expression": expression}])


MONTH = "dateadd(month, seq4(), date '1900-01-31')"


@pytest.mark.parametrize(
    ("expression", "data_type"),
    [
        ("id", "BIGINT"),
        ("id + 1000", "INT"),
        ("1000000 - id", "INT"),
        ("(-id) * -5 + 3", "INT"),
        ("id * 2.5", "DECIMAL(9,1)"),
        ("id", "DOUBLE"),
        ("price * 2 - 0.5", "DECIMAL(9,2)"),
        ("seq4()", "INT"),
        ("seq8() * 5 + 1000", "BIGINT"),
        ("to_number(to_char(d, 'YYYYMMDD'))", "INT"),
        (f"year({MONTH}) * 100 + month({MONTH})", "INT"),
        ("to_number(to_char(d, 'YYYYMMDD'), '99999999')", "INT"),
        ("to_char(d, 'YYYYMMDD')::int", "INT"),
        ("cast(to_char(d, 'YYYYDDD') as bigint)", "BIGINT"),
        ("to_char(d, 'DD/MM/YYYY')", "CHAR(10)"),
        ("year(d) * 10000 + month(d) * 100 + day(d)", "INT"),
        ("extract(year from d) * 1000 + date_part(doy, d)", "INT"),
        ("(day(d) + 100 * month(d)) + 10000 * year(d) + 7", "INT"),
        ("datediff(day, date '1999-12-28', d)", "INT"),
        ("datediff('second', hourly, '2024-01-01')", "INT"),
        ("d - date '2000-01-01'", "INT"),
        ("date '2000-01-01' - d", "INT"),
        ("d + 30", "DATE"),
        ("d - interval '1 day'", "TIMESTAMP"),
        ("date '2015-01-01' + seq4()", "DATE"),
        ("dateadd(day, seq4(), '2015-01-01')", "DATE"),
        ("add_months(date '1800-01-31', seq4())", "DATE"),
        ("dateadd(minute, 15 * seq4(), timestamp '2024-01-01 00:00:00')", "TIMESTAMP"),
        ("dateadd(hour, 5, d)", "TIMESTAMP"),
        ("d", "VARCHAR(10)"),
        ("d", "TIMESTAMPTZ"),
        ("ts", "VARCHAR(26)"),
        ("to_char(ts, 'YYYY-MM-DD HH24:MI:SS.FF6')", "VARCHAR(26)"),
        ("to_char(hourly, 'YYYYMMDDHH24MISS')::bigint", "BIGINT"),
        ("hour(t) * 10000 + minute(t) * 100 + second(t)", "INT"),
        ("to_char(t, 'HH24MISS')", "CHAR(6)"),
        ("'P' || id", "VARCHAR(20)"),
        ("concat('C-', id, '-', 2024)", "VARCHAR(20)"),
        ("'C' || lpad(id, 8, '0')", "CHAR(9)"),
        ("lpad(seq4(), 15)", "CHAR(15)"),
        ("to_char(id, 'FM00000000') || '/A'", "VARCHAR(10)"),
        ("code || '@acme.com'", "VARCHAR(40)"),
        ("upper(replace(key, '-', '')) ", "VARCHAR(32)"),
        ("upper(key)", "VARCHAR(36)"),
        ("id::varchar(12)", "VARCHAR(12)"),
    ],
)
def test_what_keeps_values_apart_is_unique(expression: str, data_type: str):
    assert check_rules(table_with(expression, data_type)) == []
    assert frame_of(table_with(expression, data_type), "t", 1000)["x"].n_unique() == 1000


@pytest.mark.parametrize(
    ("expression", "data_type"),
    [
        ("qty", "INT"),
        ("day", "DATE"),
        ("id % 7", "INT"),
        ("id * 0", "INT"),
        ("id / 2", "DOUBLE"),
        ("id // 2", "INT"),
        ("id * 1e0", "DOUBLE"),
        ("id + qty", "INT"),
        ("id - id", "INT"),
        ("id * id", "INT"),
        ("abs(price)", "DECIMAL(9,2)"),
        ("price", "DECIMAL(9,1)"),
        ("price", "INT"),
        ("round(price, 1)", "DECIMAL(9,1)"),
        ("floor(id)", "INT"),
        ("id::varchar", "VARCHAR(2)"),
        ("'customer ' || id", "VARCHAR(10)"),
        ("left(code, 2)", "VARCHAR(8)"),
        ("upper(code)", "VARCHAR(8)"),
        ("code || id", "VARCHAR(40)"),
        ("id || qty", "VARCHAR(40)"),
        ("lpad(id, 3, '0')", "VARCHAR(8)"),
        ("lpad(id, 9, '1')", "VARCHAR(9)"),
        ("lpad(code, 12, 'x')", "VARCHAR(12)"),
        ("to_char(id, 'FM000')", "VARCHAR(8)"),
        ("to_char(d, 'YYYYMM')", "VARCHAR(8)"),
        ("to_char(d, 'YYMMDD')", "VARCHAR(8)"),
        ("to_char(d, 'YYYYMMDDDD')", "VARCHAR(12)"),
        ("to_number(code)", "INT"),
        ("to_char(d, 'YYYY-MM-DD')::int", "INT"),
        ("to_char(ts, 'YYYYMMDDHH24MISS')", "VARCHAR(20)"),
        ("year(d) * 10000 + month(d) * 10 + day(d)", "INT"),
        ("year(d) * 100 + month(d)", "INT"),
        (f"year({MONTH}) * 10 + month({MONTH})", "INT"),
        (f"year({MONTH}) * 100 + day({MONTH})", "INT"),
        ("year(dateadd(month, qty, date '1900-01-31')) * 100 + month(dateadd(month, qty, date '1900-01-31'))", "INT"),
        ("year(d) * 10000 + month(d) * 100 + day(day)", "INT"),
        ("year(day) * 10000 + month(day) * 100 + day(day)", "INT"),
        ("year(ts) * 10000 + month(ts) * 100 + day(ts)", "INT"),
        ("hour(t) * 100 + minute(t)", "INT"),
        ("datediff(month, date '1999-12-28', d)", "INT"),
        ("datediff(day, date '1999-12-28', ts)", "INT"),
        ("datediff(day, day, d)", "INT"),
        ("dateadd(month, 1, d)", "DATE"),
        ("dateadd(hour, id, d::timestamp)", "TIMESTAMP"),
        ("replace(key, 'a', '')", "VARCHAR(36)"),
        ("d + interval '1 month'", "TIMESTAMP"),
        ("last_day(d)", "DATE"),
        ("ts::date", "DATE"),
        ("ts", "DATE"),
        ("coalesce(id, 0)", "INT"),
        ("case when id > 5 then id else 1 end", "INT"),
        ("random()", "DOUBLE"),
        ("uniform(1, 1000000000, random())", "INT"),
        ("5", "INT"),
    ],
)
def test_what_may_repeat_is_refused(expression: str, data_type: str):
    problems = [str(problem) for problem in check_rules(table_with(expression, data_type))]
    assert problems and problems[0].startswith("t.x: The expression may repeat ")
    assert "SEQ4()" in problems[0]


def test_a_nullable_column_is_refused():
    columns = [{"name": "id", "data_type": "INT"}, {"name": "x", "data_type": "INT", "is_unique": True,
                                                    "expression": "id"}]  # fmt: skip
    assert "may repeat values" in str(check_rules(schema_of(t=columns))[0])


def test_fact_tables_refer_to_the_computed_key_of_a_calendar():
    key = {"references_table": "dates", "references_column": "date_key"}
    schema = schema_of(
        dates=[
            {"name": "date_key", "data_type": "INT", "is_unique": True,
             "expression": "to_number(to_char(full_date, 'YYYYMMDD'))"},
            {"name": "full_date", "data_type": "DATE", "is_unique": True, "expression": "date '2020-01-01' + seq4()"},
            {"name": "next_day", "data_type": "DATE", "is_unique": True, "expression": "full_date + 1"},
        ],
        sales=[
            {"name": "date_key", "data_type": "INT", "foreign_key": key},
            {"name": "sold_on", "data_type": "DATE", "expression": "date_key.full_date"},
        ],
    )  # fmt: skip
    assert check_rules(schema) == []
    dates = frame_of(schema, "dates", 731, dates=731)
    days = [date(2020, 1, 1) + timedelta(days=row) for row in range(731)]
    assert dates["full_date"].to_list() == days
    assert dates["date_key"].to_list() == [int(f"{day:%Y%m%d}") for day in days]
    sales = frame_of(schema, "sales", 900, dates=731)
    assert all(found == int(f"{day:%Y%m%d}") for found, day in sales.iter_rows())


@pytest.mark.parametrize(
    ("expression", "data_type", "value"),
    [
        ("to_number('12')", "INT", "12"),
        ("to_number('12.5')", "DECIMAL(9,2)", "13.00"),
        ("to_number('1,234.5', '9,999.99')", "DECIMAL(9,2)", "1234.50"),
        ("to_decimal('12.346', 9, 2)", "DECIMAL(9,2)", "12.35"),
        ("to_number(12.346, 9, 1)", "DECIMAL(9,2)", "12.30"),
    ],
)
def test_text_becomes_a_number(expression: str, data_type: str, value: str):
    schema = schema_of(t=[{"name": "x", "data_type": data_type, "expression": expression}])
    assert str(frame_of(schema, "t", 1)["x"][0]) == value
