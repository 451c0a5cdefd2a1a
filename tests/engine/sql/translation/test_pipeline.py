"""The translation pipeline: unchanged SQL, refusals and their positions."""

import pytest

from engine.errors import QueryError
from engine.sql.translation import translate


def refusal(sql: str, dialect: str = "redshift") -> QueryError:
    with pytest.raises(QueryError) as caught:
        translate(sql, dialect)
    return caught.value


@pytest.mark.parametrize("dialect", [None, "duckdb", "DuckDB"])
def test_duckdb_sql_is_unchanged(dialect: str | None):
    translation = translate("from t select $x$ ;", dialect)
    assert (translation.sql, translation.is_translated, translation.notes) == ("from t select $x$ ;", False, ())


def test_translation_records_its_dialect():
    translation = translate("select nvl(a, 1) from t", "Redshift")
    assert (translation.dialect, translation.is_translated) == ("redshift", True)
    assert translation.sql == 'SELECT coalesce(a, 1) AS "nvl" FROM t'


def test_unknown_dialect_is_refused_with_a_suggestion():
    assert str(refusal("select 1", "redshit")) == 'There is no dialect "redshit". Did you mean "redshift"?'


@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("delete from t", "DELETE is not available"),
        ("\n create table t (a int)", "CREATE is not available"),
        ("call refresh()", "Stored procedures (CALL) are not available"),
        ("grant select on t to u", "GRANT is not available"),
        ("select 1; select 2", "One statement at a time."),
        ("", "The query is empty."),
        ("-- nothing", "The query is empty."),
        ("select 'a", "The quote ' is not closed."),
        ("select " + "(" * 3000 + "1" + ")" * 3000, "nested too deeply"),
    ],
)
def test_anything_but_a_single_query_is_refused(sql: str, message: str):
    assert message in refusal(sql).message


@pytest.mark.parametrize(
    ("sql", "dialect", "place", "name"),
    [
        ("select 1,\n  st_area(g) from t", "redshift", (2, 3), "ST_AREA"),
        ("select\n a, minhash(b)\nfrom t", "snowflake", (2, 5), "MINHASH"),
        ("select a from t where\n\nfoo_bar(a) = 1", "snowflake", (3, 1), "FOO_BAR"),
        ("select datediff(fortnight, a, b) from t", "redshift", (1, 17), "fortnight"),
        ("select decode(1) from t", "redshift", (1, 8), "DECODE"),
        ("select avg() from t", "redshift", (1, 8), "AVG"),
        ("select left('a') from t", "redshift", (1, 8), "LEFT"),
        ("select a from t at(offset => -60)", "snowflake", (1, 15), "Time travel"),
        ("select a::geometry from t", "redshift", (1, 8), "spatial"),
        ("select * from table(nothing(1))", "snowflake", (1, 21), "NOTHING"),
    ],
)
def test_refusal_names_the_function_and_its_position(sql: str, dialect: str, place: tuple[int, int], name: str):
    error = refusal(sql, dialect)
    assert (error.line, error.column) == place
    assert name in error.message


def test_syntax_error_points_at_its_position():
    error = refusal("select a\nfrom t\nwhere (", "snowflake")
    assert (error.line, error.caret) == (3, "where (\n      ^")


def test_approximation_is_noted():
    translation = translate("select approx_count_distinct(a), approx_count_distinct(b) from t", "snowflake")
    assert translation.notes == ("APPROX_COUNT_DISTINCT is computed exactly.",)


@pytest.mark.parametrize("sql", ["show tables", " -- all\nDESCRIBE t", "/* x */ desc t", "summarize t"])
def test_statements_about_tables_are_unchanged(sql: str):
    assert translate(sql, "snowflake").sql == sql


def test_query_inside_explain_is_translated():
    translation = translate("explain\nselect iff(a, 1, 2) from t", "snowflake")
    assert translation.sql == 'EXPLAIN SELECT CASE WHEN a THEN 1 ELSE 2 END AS "IFF(A, 1, 2)" FROM t'
    place = translation.source_offset(translation.sql.index("FROM t") + 5)
    assert translation.source[place:] == "t"
    assert refusal("explain select\n minhash(1)", "snowflake").line == 2
    assert refusal("explain delete from t", "snowflake").message.startswith("DELETE is not available")


@pytest.mark.parametrize("sql", ["select 1;\n-- done\n", "\ufeffselect 1", "select 1;;", "( select 1 ) -- x"])
def test_comments_and_symbols_around_a_query_are_ignored(sql: str):
    assert "1" in translate(sql, "redshift").sql


def test_syntax_error_shows_no_token_object():
    assert refusal("select * from t join").message == 'Syntax error near "join": expected table name.'
