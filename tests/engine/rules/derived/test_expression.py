from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from engine.errors import RuleError
from engine.rules.rule_checks import check_rules
from engine.schema.files import read_schema
from tests.engine.rules.building import frame_of, schema_of
from tests.engine.rules.derived.building import COLUMNS, derived, table_with


@pytest.mark.parametrize(
    ("data_type", "expression", "dtype"),
    [
        ("SMALLINT", "qty", pl.Int16),
        ("BIGINT", "qty", pl.Int64),
        ("DECIMAL(20,5)", "price / 3", pl.Decimal(20, 5)),
        ("REAL", "f", pl.Float32),
        ("FLOAT", "qty", pl.Float64),
        ("BOOLEAN", "qty > 2", pl.Boolean),
        ("CHAR(3)", "s", pl.String),
        ("DATE", "ts", pl.Date),
        ("TIMESTAMP", "d", pl.Datetime("us")),
        ("TIMESTAMPTZ", "ts", pl.Datetime("us", "UTC")),
        ("TIME", "ts", pl.Time),
        ("VARIANT", "'[' || qty || ']'", pl.String),
        ("BINARY", "s", pl.Binary),
    ],
)
def test_result_has_the_type_of_the_column(data_type, expression, dtype):
    for rows in (0, 1, 5):
        assert frame_of(table_with(data_type=data_type, expression=expression), "t", rows).schema["x"] == dtype


def test_text_is_cut_to_the_length():
    assert {len(text) for text in derived("s || s || s", "VARCHAR(7)")} == {7}
    assert derived("'äöüß'", "CHAR(2)", rows=1) == ["äö"]


@pytest.mark.parametrize(
    ("expression", "data_type", "wanted"),
    [
        ("0.5", "INT", 1),
        ("-0.5", "INT", -1),
        ("2.5e0", "INT", 3),
        ("-2.5e0", "INT", -3),
        ("1.005", "DECIMAL(5,2)", Decimal("1.01")),
        ("-1.005", "DECIMAL(5,2)", Decimal("-1.01")),
        ("1.0049999", "DECIMAL(5,2)", Decimal("1.00")),
        ("12345678901234567890.123456789 * 3", "DECIMAL(38,9)", Decimal("37037036703703703670.370370367")),
        ("0.1 + 0.2", "DECIMAL(3,2)", Decimal("0.30")),
        ("1 / 3", "DECIMAL(10,6)", Decimal("0.333333")),
        ("7 // -2", "INT", -3),
        ("-7 % 3", "INT", -1),
        ("ROUND(1250, -2)", "INT", 1300),
        ("ROUND(-14.5)", "INT", -15),
        ("TRUNC(-14.5)", "INT", -14),
        ("CEIL(-14.5)", "INT", -14),
        ("FLOOR(-14.5)", "INT", -15),
        ("POWER(2, -2)", "DOUBLE", 0.25),
        ("DIV0(5, 0)", "INT", 0),
        ("TRY_CAST('x' || qty AS INT)", "INT", None),
        ("ZEROIFNULL(NULL)", "INT", 0),
        ("GREATEST(1, NULL, 3)", "INT", 3),
        ("NULL + 1", "INT", None),
        ("CAST('a' || NULL AS VARCHAR)", "VARCHAR", None),
        ("CONCAT('a', NULL, 1.50, TRUE)", "VARCHAR", "a1.50true"),
        ("CAST('abcdef' AS VARCHAR(3))", "VARCHAR", "abc"),
        ("INITCAP('hello wORLD-x o''neil')", "VARCHAR", "Hello World-X O'Neil"),
        ("CHARINDEX('c', 'abc')", "INT", 3),
        ("STRPOS('äbc', 'c') + STRPOS('abc', 'x') + STRPOS('abc', '')", "INT", 4),
        ("RTRIM('xyx', 'x') || LTRIM('xyx', 'x')", "VARCHAR", "xyyx"),
        ("TRIM(TRAILING 'x' FROM 'xyx')", "VARCHAR", "xy"),
        ("TO_CHAR(DATE '2024-02-03', 'Dy, FMDD FMMonth YYYY')", "VARCHAR", "Sat, 3 February 2024"),
        ("TO_CHAR(DATE '2024-02-03', 'DY| MON mon IYYY-IW')", "VARCHAR", "SAT| FEB feb 2024-05"),
        ("TO_CHAR(TIMESTAMP '2024-02-03 15:04:05.25', 'HH12:MI:SS.MS AM')", "VARCHAR", "03:04:05.250 PM"),
        ("TO_CHAR(DATE '2024-02-03', 'Day|DAY|month|')", "VARCHAR", "Saturday |SATURDAY |february |"),
        ("TO_CHAR(-7.256, 'FM0000.00')", "VARCHAR", "-0007.26"),
        ("TO_CHAR(7, '999') || TO_CHAR(12345, '000')", "VARCHAR", "   7 ###"),
        ("DATEADD(month, 1, DATE '2024-01-31')", "DATE", date(2024, 2, 29)),
        ("DATEADD(day, 1, '2024-02-28') || ''", "VARCHAR", "2024-02-29"),
        ("DATEADD(hour, 1, DATE '2024-02-28') || ''", "VARCHAR", "2024-02-28 01:00:00"),
        ("DATE '2024-03-31' - INTERVAL '1 month' || ''", "VARCHAR", "2024-02-29 00:00:00"),
        ("ADD_MONTHS('2024-02-29', 12)", "DATE", date(2025, 2, 28)),
        ("DATEDIFF(week, '2024-01-07', '2024-01-08')", "INT", 1),
        ("DATEDIFF('year', '2023-12-31', '2024-01-01')", "INT", 1),
        ("LAST_DAY('2024-02-03')", "DATE", date(2024, 2, 29)),
        ("EXTRACT(EPOCH FROM INTERVAL '1 day 2 hours')", "INT", 93_600),
        ("DATE_PART(dow, '2024-03-03')", "INT", 0),
        ("TIMESTAMP '2024-01-02 03:04:05' - TIMESTAMP '2024-01-01' > INTERVAL '1 day'", "BOOLEAN", True),
        ("TIMESTAMP '2024-01-02 03:04:05.120' || ''", "VARCHAR", "2024-01-02 03:04:05.12"),
        ("'2024-01-02T03:04:05' || ''", "TIMESTAMP", datetime(2024, 1, 2, 3, 4, 5)),
        ("'Y'::BOOLEAN AND 1::BOOLEAN", "BOOLEAN", True),
        ("DATE_FROM_PARTS(2024, 2, 29)", "DATE", date(2024, 2, 29)),
    ],
)
def test_constant_expressions(expression, data_type, wanted):
    assert derived(expression, data_type, rows=1, required=False) == [wanted]


def test_columns_can_be_declared_in_any_order_and_case():
    columns = [
        {"name": "C", "data_type": "INT", "expression": "b * 2"},
        {"name": "b", "data_type": "INT", "expression": "A + 1"},
        {"name": "a", "data_type": "INT"},
        {"name": "Kitchen Note", "quoted": True, "data_type": "INT", "expression": '"kitchen base" - 1'},
        {"name": "kitchen base", "quoted": True, "data_type": "INT"},
    ]
    frame = frame_of(schema_of(t=columns), "t", 50)
    assert frame["C"].equals((frame["a"] + 1) * 2, check_names=False)
    assert frame["Kitchen Note"].equals(frame["kitchen base"] - 1, check_names=False)


def test_long_chain_of_columns():
    columns = [{"name": f"c{n}", "data_type": "BIGINT", "expression": f"c{n + 1} + c{n + 1} % 3"} for n in range(300)]
    frame = frame_of(schema_of(t=[*columns, {"name": "c300", "data_type": "BIGINT"}]), "t", 20)
    value = frame["c300"]
    for _ in range(300):
        value = value + value % 3
    assert frame["c0"].equals(value, check_names=False)


def test_referenced_columns_include_their_final_nulls():
    frame = frame_of(table_with(data_type="BOOLEAN", expression="n IS NULL"), "t", 2_000)
    assert frame["x"].equals(frame["n"].is_null(), check_names=False)


def test_nulls_come_from_the_sql_unless_a_share_is_given():
    assert derived("qty", "INT", required=False).count(None) == 0
    assert 0.35 < derived("qty", "INT", rows=4_000, required=False, null_fraction=0.4).count(None) / 4_000 < 0.45


def test_adding_an_expression_changes_no_other_column():
    plain = frame_of(schema_of(t=COLUMNS), "t", 100)
    assert frame_of(table_with(data_type="INT", expression="qty"), "t", 100).drop("x").equals(plain)


@pytest.mark.parametrize("expression", ["n / 7", "price / 3.0", "ROUND(f, 3)", "EXTRACT(EPOCH FROM ts) / 60", "7 / f"])
def test_doubles_do_not_depend_on_the_number_of_rows(expression):
    schema = table_with(data_type="DOUBLE", expression=expression, required=False)
    many = frame_of(schema, "t", 300)["x"].to_list()
    assert [frame_of(schema, "t", 1, offset=row)["x"].item() for row in range(0, 300, 7)] == many[::7]


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("100 / (qty - 5)", "100 / (qty - 5) divides by zero in some rows. Use NULLIF(x, 0) to get NULL instead."),
        ("100 % (qty - 5)", "100 % (qty - 5) divides by zero in some rows. Use NULLIF(x, 0) to get NULL instead."),
        ("qty * 10000", "qty * 10000 does not fit SMALLINT in some rows. Choose a larger type."),
        ("price * f * 99", "price * f * 99 is too large a number in some rows."),
        ("CAST(s AS INT)", "CAST(s AS INT) is not a number in some rows. Use TRY_CAST(x AS type) to get NULL instead."),
        ("SQRT(qty - 5)", "SQRT(qty - 5) is the square root of a negative number in some rows."),
        ("CASE WHEN d + qty * 400000 > d THEN 1 END", "d + qty * 400000 leaves the years 1 to 9999 in some rows."),
        ("n", "n gives NULL in some rows, and the column is required. Write COALESCE(..., 0), or set"),
        ("big * big * 3", "big * big * 3 has more than 38 digits in some rows."),
        ("CASE WHEN qty > 3 THEN 2 END", "CASE WHEN qty > 3 THEN 2 END gives NULL in some rows"),
    ],
)
def test_a_failure_names_the_column(expression, message):
    schema = table_with(data_type="SMALLINT", expression=expression)
    with pytest.raises(RuleError) as raised:
        frame_of(schema, "t", 500)
    assert str(raised.value).startswith(f"t.x: {message}")
    assert raised.value.where == "t.x"
    assert [str(problem) for problem in check_rules(schema)] == [str(raised.value)]


def test_branches_that_are_not_taken_do_not_fail():
    assert None not in derived("CASE WHEN qty <> 5 THEN 100 / (qty - 5) ELSE 0 END", "DOUBLE")
    assert None not in derived("CASE WHEN qty = 5 THEN 0 WHEN n IS NULL THEN 1 ELSE 9 % (qty - 5) END", "INT")
    assert None not in derived("COALESCE(NULLIF(qty, 5), 1 / (qty - 5 + 1))", "INT")
    assert None not in derived("IFF(qty > 5, CAST(qty AS VARCHAR), 'x') || ''")


def test_a_branch_that_is_taken_fails():
    with pytest.raises(RuleError, match=r"divides by zero"):
        derived("CASE WHEN n > 200 THEN 0 ELSE 100 / (qty - 5) END", "DOUBLE", required=False)


@pytest.mark.parametrize("bound", [{"min_value": 1}, {"max_value": 1}])
def test_bounds_cannot_be_combined_with_an_expression(bound):
    with pytest.raises(RuleError, match="cannot be combined with expression"):
        derived("qty", "INT", **bound)


def test_a_cycle_is_reported_in_its_order():
    columns = [
        {"name": "a", "data_type": "INT", "expression": "b + 1"},
        {"name": "b", "data_type": "INT", "expression": "c"},
        {"name": "c", "data_type": "VARCHAR(9)", "template": "{a}"},
    ]
    problems = [str(problem) for problem in check_rules(schema_of(t=columns))]
    assert problems[0] == "t.a: These columns form a cycle: t.a -> t.b -> t.c -> t.a. Remove one reference."
    assert len(problems) == 3


def test_a_composite_key_column_cannot_have_an_expression():
    table = {
        "name": "t",
        "composite_keys": [["a", "b"]],
        "columns": [{"name": "a", "data_type": "INT", "expression": "1"}, {"name": "b", "data_type": "INT"}],
    }
    (problem,) = check_rules(read_schema({"name": "lab", "tables": [table]}))
    assert str(problem).startswith("t.a: A composite key cannot hold a derived column.")
