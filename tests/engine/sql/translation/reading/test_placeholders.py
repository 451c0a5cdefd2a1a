"""Placeholders: filled by variables or refused in every dialect, never taken for something else."""

import pytest

from engine.errors import QueryError
from engine.sql.translation import translate

DIALECTS = ("redshift", "snowflake", "duckdb")


def refusal(sql: str, dialect: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        translate(sql, dialect)
    return caught.value


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "placeholder", ["?", ":1", "%s", "%(name)s", "{{ x }}", "{% if a %}", "${x}", "$1"], ids=lambda text: text
)
def test_placeholder_without_value_is_refused_with_its_position(placeholder: str, dialect: str):
    if (placeholder, dialect) == ("$1", "snowflake"):
        pytest.skip("a column by its position")
    error = refusal(f"select 1\nwhere 1 = {placeholder}", dialect)
    assert error.message == f"The placeholder {placeholder} has no value."
    assert (error.line, error.column) == (2, 11)


def test_at_sign_is_a_placeholder_in_snowflake_and_the_absolute_value_in_redshift():
    assert refusal("select @p", "snowflake").message == "The placeholder @p has no value."
    assert translate("select @ -5", "redshift").sql == 'SELECT abs(-5) AS "abs"'


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("written", ["$start", ":start"])
def test_variable_without_value_is_reported_with_how_to_pass_it(written: str, dialect: str):
    error = refusal(f"select {written}", dialect)
    assert error.message == f"The variable {written} has no value."
    assert error.hint == (
        'Pass it with the query: variables={"start": ...}, or --variable start=... on the command line.'
    )
    assert (error.line, error.column) == (1, 8)


@pytest.mark.parametrize(
    ("sql", "dialect"),
    [
        ("select '?', '$x', ':x', '%s', '{{ x }}' -- ? $x", "duckdb"),
        ("select $$ ? $x $$, $t$ {{ }} $t$", "redshift"),
        ('select 1 as ":x", 7 % 2 as "?"', "snowflake"),
        ("select parse_json('{}'):a:b::int", "snowflake"),
        ("select 7 %s from (select 2 as s)", "duckdb"),
        ("select [1, 2, 3][:2], {'a': {'b': 1}}", "duckdb"),
        ("select $1, t.$2 from values (1, 2) as t", "snowflake"),
    ],
)
def test_strings_paths_and_operators_are_not_placeholders(sql: str, dialect: str):
    translate(sql, dialect)


@pytest.mark.parametrize(
    ("sql", "dialect", "operator"),
    [
        ("select !! 5", "redshift", "!"),
        ("select 5 !", "redshift", "!"),
        ("select a == b from t", "redshift", "=="),
        ("select a <=> b from t", "redshift", "<=>"),
        ("select a -> 'b' from t", "redshift", "->"),
        ("select a @> b from t", "redshift", "@>"),
        ("select 5 div 2", "redshift", "DIV"),
        ("select 2 ^ 3", "snowflake", "^"),
        ("select ~ 5", "snowflake", "~"),
        ("select 'a' ~* 'A'", "snowflake", "~*"),
        ("select 'a' !~ 'A'", "snowflake", "~"),
        ("select 1 & 3", "snowflake", "&"),
        ("select 1 << 3", "snowflake", "<<"),
        ("select 5 div 2", "snowflake", "DIV"),
        ("select a -> 'b' from t", "snowflake", "->"),
        ("select 2 ** 3", "snowflake", "**"),
    ],
)
def test_operator_of_another_database_is_refused_by_name(sql: str, dialect: str, operator: str):
    error = refusal(sql, dialect)
    assert error.message == f"{dialect.title()} has no operator {operator}."
    assert error.hint.startswith("Write ")
    assert error.line == 1


def test_column_named_like_an_operator_is_a_column():
    assert "div" in translate("select div, t.div from t", "snowflake").sql.lower()


def test_redshift_pattern_operators_are_accepted():
    assert translate("select a !~ 'b' from t", "redshift").sql
    assert translate("select 5 # 3, |/ 25, 2 ^ 3, ~ 5, 1 << 2", "redshift").sql
