"""Formulas, checks, defaults and sequences of scripts, up to the audit of the rows."""

from pathlib import Path
from typing import Any

import pytest

import engine
from engine.rules.rule_checks import check_rules
from engine.schema.models import TableSchema


def table_of(body: str, dialect: str = "snowflake", before: str = "") -> tuple[TableSchema, list[str]]:
    """Return the imported table and the warnings; every rule of it must compile."""
    draft = engine.import_sql(f"{before} create table t ({body});", name="trial", dialect=dialect)
    assert check_rules(draft.schema) == []
    return draft.schema.tables[0], [note.message for note in draft.notes if note.level == "warning"]


def keys_of(body: str, name: str, dialect: str = "snowflake") -> dict[str, Any]:
    column = table_of(body, dialect)[0].column(name)
    data = column.model_dump(mode="json", exclude_defaults=True)
    own = ("name", "data_type", "required", "varchar_length", "precision", "scale")
    return {key: value for key, value in data.items() if key not in own}


@pytest.mark.parametrize(
    ("formula", "dialect", "expected"),
    [
        ("n int as (a * b)", "snowflake", "a * b"),
        ("n int generated always as (a / b) stored", "redshift", "a // b"),
        ("n int as (year(d))", "snowflake", "YEAR(d)"),
        ("n int generated always as (extract(month from d)) virtual", "redshift", "EXTRACT(MONTH FROM d)"),
        ("n varchar as (concat(s, '-', upper(s)))", "snowflake", "(s || '-' || UPPER(s))"),
        ("n varchar as (iff(a > 1, 'x', 'y')) not null", "snowflake", "IFF(a > 1, 'x', 'y')"),
        ("n int as (datediff(day, d, '2025-01-01'))", "snowflake", "DATEDIFF(day, d, '2025-01-01')"),
        ("n varchar as (to_char(d, 'YYYY-MM'))", "redshift", "TO_CHAR(d, 'YYYY-MM')"),
        ("n number(10,2) as (to_number('7') + t.a)", "snowflake", "CAST('7' AS DECIMAL(38)) + a"),
    ],
)
def test_a_computed_column_is_an_expression(formula: str, dialect: str, expected: str) -> None:
    table, warnings = table_of(f"a int, b int check (b > 0), d date, s varchar(9), {formula}", dialect)
    assert warnings == []
    assert (table.column("n").expression or "").strip("()") == expected.strip("()")


def test_a_formula_that_cannot_be_computed_is_a_warning() -> None:
    table, warnings = table_of("a int, z int as (a / 0), m varchar as (md5(a)), y int as (z + 1)")
    assert [table.column(name).expression is None for name in ("z", "m", "y")] == [True, True, False]
    assert warnings[0].startswith(
        "Formula ignored; the values are generated like any other: z AS (a / 0). a / 0 divides"
    )
    assert "m AS (md5(a)). Unknown function MD5" in warnings[1]


def test_a_required_formula_takes_the_nulls_from_what_it_reads() -> None:
    table, warnings = table_of("a int, b int not null as (a + 1), c int as (b * 2)")
    assert warnings == []
    assert table.column("a").null_fraction == 0.0
    assert table.column("c").expression == "b * 2"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("x int check (x between 1 and 10)", {"min_value": 1, "max_value": 10}),
        ("x int check (x > 0 and x < 60 * 24)", {"min_value": 1, "max_value": 1439}),
        ("x number(5,2) check (x > 0), check (x < 1)", {"min_value": 0.01, "max_value": 0.99}),
        (
            "x date check (x >= '2022-01-01' and x < '2023-01-01')",
            {"date_start": "2022-01-01", "date_end": "2022-12-31"},
        ),
        ("x varchar(9) check (x like 'AB_-%')", {"pattern": "AB?-#####"}),
        ("x varchar(9) check (length(x) = 3)", {"pattern": "???"}),
        ("x varchar(1) check (x between 'A' and 'C')", {"values": ["A", "B", "C"]}),
        ("x varchar(3) check (x in ('a', 'b') or x is null)", {"values": ["a", "b"]}),
        ("x varchar(3) check ((x)::text = any (array['a'::text, 'b'::text]))", {"values": ["a", "b"]}),
        ("x int check (x in (1, 2)), check (x > 1)", {"values": [2]}),
        ("x boolean check (not x)", {"probability": 0.0}),
        ("x int, y int, check (y is not null or x is not null)", {"null_fraction": 0.0}),
    ],
)
@pytest.mark.parametrize("dialect", ["snowflake", "redshift"])
def test_a_check_of_one_column_is_kept_by_its_rule(body: str, dialect: str, expected: dict[str, Any]) -> None:
    assert keys_of(body, "x", dialect) == expected
    table, warnings = table_of(body, dialect)
    assert warnings == []
    assert table.checks


COMPARED = (
    "a date not null, b date, check (b >= a)",
    "a timestamp, b timestamp, check (b > a or b is null)",
    "a int, b int, c int, check (a < b and b < c)",
    "a number(8,2) check (a >= 5), b number(8,2) check (b <= 90), c number(8,2), check (c between a and b and a <= b)",
    "a smallint, b smallint check (b between 3 and 9), check (a < b)",
    "a int, b int, check (a = b * 2)",
    "a int, b int, check (a <> b)",
    "a date, b timestamp, c date, check (b >= a), check (c > b)",
    "a double precision, b double precision, check (b > a)",
)


@pytest.mark.parametrize("dialect", ["snowflake", "redshift"])
def test_comparisons_of_columns_hold_in_every_row(dialect: str, tmp_path: Path) -> None:
    script = "".join(f"create table t{index} ({body});" for index, body in enumerate(COMPARED))
    draft = engine.import_sql(script, name="trial", dialect=dialect)
    assert [note.message for note in draft.notes] == []
    with engine.Workbench(tmp_path) as workbench:
        experiment = workbench.create(draft.schema)
        experiment.generate(rows=3000, seed=5)
        result = experiment.audit()
        assert result.passed
        assert sum(finding.check == "check" for finding in result.findings) == 13


@pytest.mark.parametrize(
    ("check", "reason"),
    [
        ("a > 5 and a < 3", "No INT is at least 6 and at most 2, so no row meets it."),
        ("a > b and b > a", "The rules of its columns do not keep it. Change a rule or the CHECK."),
        ("s = reverse(s)", "The rules of its columns do not keep it. Change a rule or the CHECK."),
        ("c > 1", 't has no column "c". Change a rule or the CHECK.'),
        ("a % 5 = 0", "The rules of its columns do not keep it. Change a rule or the CHECK."),
    ],
)
def test_a_check_that_no_rule_keeps_is_a_warning_that_quotes_it(check: str, reason: str) -> None:
    table, warnings = table_of(f"a int, b int, s varchar(9), check ({check})")
    assert table.checks == []
    assert warnings == [f"CHECK ignored; generated data may violate it: ({check}). {reason}"]


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("x varchar(9) default 'NEW'", {"default_value": "NEW"}),
        ("x int default 1", {"default_value": 1}),
        ("x number(5,2) default 0.00", {"default_value": 0}),
        ("x boolean default true", {"default_value": True}),
        ("x date default '1900-01-01'", {"default_value": "1900-01-01"}),
        ("x varchar(3) default 'b' check (x in ('a', 'b'))", {"default_value": "b", "values": ["a", "b"]}),
        ("x varchar(3) default 'c' check (x in ('a', 'b'))", {"values": ["a", "b"]}),
        ("x varchar(36) default uuid_string()", {"faker_rule": "uuid4"}),
        ("x timestamp default current_timestamp()", {}),
        ("x int unique default 0", {"is_unique": True}),
        ("x int default null", {}),
    ],
)
def test_a_default_is_the_value_of_a_share_of_the_rows(column: str, expected: dict[str, Any]) -> None:
    found = keys_of(column, "x")
    assert {key: found.get(key) for key in expected} == expected
    assert expected or not found.keys() & {"default_value", "default_fraction"}


def test_identities_and_sequences_count() -> None:
    table, _ = table_of(
        "a int identity(1000, 5), b number default s.nextval, c varchar(9) default 'x'",
        before="create sequence s start 7;",
    )
    assert [table.column(name).model_dump(include={"sequence"}, mode="json")["sequence"] for name in "abc"] == [
        {"start": 1000, "step": 5},
        {"start": 7, "step": 1},
        None,
    ]


def test_a_schema_whose_rows_violate_its_check_is_refused() -> None:
    column = {"name": "a", "data_type": "INT", "min_value": 1, "max_value": 9}
    table = {"name": "t", "columns": [column], "checks": ["a > 4", "b > 1", "a >"]}
    schema = engine.ExperimentSchema(name="trial", tables=[table])  # type: ignore[list-item]
    assert [problem.message for problem in check_rules(schema)] == [
        'Rows violate the check "a > 4".',
        'The check "b > 1" cannot be tested: t has no column "b".',
        'The check "a >" cannot be tested: it is not a condition in SQL.',
    ]
