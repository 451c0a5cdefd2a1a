import time

import pytest

from engine.sql.importing.statement_splitting import split_statements


def texts(script: str, dialect: str = "redshift") -> list[str]:
    return [statement.text for statement in split_statements(script, dialect)]


def test_statements_have_their_line_and_offset() -> None:
    script = "-- head\nselect 1;\n\n  select\n 2;"
    found = [(s.text, s.line, s.offset) for s in split_statements(script)]
    assert found == [("select 1", 2, 8), ("select\n 2", 4, 21)]


def test_a_script_of_comments_has_no_statement() -> None:
    assert texts("-- one;\n/* two; */\n ;;") == []


@pytest.mark.parametrize(
    "statement",
    [
        "select 'a;b', 'it''s;'",
        r"select 'it\'s;'",
        'select ";" from "a"";b"',
        "select 1 /* a; /* b; */ c; */ + 1",
        "select 1 -- a;\n + 1",
        "create function f() returns int as $$ select 1; $$ language sql",
        "create function f() returns int as $body$ select $$;$$; $body$ language sql",
        "create table {{ schema }}.t (a int {# ; #}, b int)",
        "create table <% schema; %>.t (a int)",
    ],
)
def test_semicolons_inside_do_not_split(statement: str) -> None:
    assert texts(f"{statement};\nselect 2") == [statement, "select 2"]


def test_double_slash_is_a_comment_in_snowflake_only() -> None:
    assert texts("select 1 // a; b\n; select 2", "snowflake") == ["select 1", "select 2"]
    assert texts("put file:///tmp/x.csv @s; select 2", "snowflake") == ["put file:///tmp/x.csv @s", "select 2"]


@pytest.mark.parametrize(
    "block",
    [
        "begin insert into t values (1); insert into t values (2); end",
        "declare x int; begin let y := 1; if (x > 0) then return 1; end if; end",
        "create procedure p() returns int as begin select case when 1 = 1 then 2 end; return 1; end",
        "begin begin select 1; end; for r in c do select 2; end for; end",
    ],
)
def test_a_block_is_one_statement(block: str) -> None:
    assert texts(f"{block};\nselect 2;", "snowflake") == [block, "select 2"]


@pytest.mark.parametrize("begin", ["begin", "begin transaction", "begin work"])
def test_a_transaction_is_not_a_block(begin: str) -> None:
    assert texts(f"{begin}; select 1; commit;", "snowflake") == [begin, "select 1", "commit"]


def test_a_begin_without_end_does_not_swallow_the_script() -> None:
    assert texts("begin select 1; select 2; select 3", "snowflake") == ["begin select 1", "select 2", "select 3"]


def test_a_psql_or_snowsql_command_is_one_line() -> None:
    assert texts("\\copy t from 'it's'\nselect 1;\n\\q") == ["\\copy t from 'it's'", "select 1", "\\q"]
    assert texts("!set a=b;c\nselect &v;", "snowflake") == ["!set a=b;c", "select &v"]


def test_an_unclosed_quote_ends_with_its_line() -> None:
    assert texts("select 'oops;\nselect 2;\nselect 3") == ["select 'oops;\nselect 2", "select 3"]


def test_tables_are_split_without_a_semicolon() -> None:
    script = "create table a (x int)\ncreate table b (y int)\ngrant select on a to c"
    assert texts(script) == ["create table a (x int)", "create table b (y int)", "grant select on a to c"]


@pytest.mark.parametrize("piece", ["'", '"', "/*", "{{", "$a$", "begin case ", "(", "\\'\n", "declare x; "])
def test_time_is_linear_in_hostile_text(piece: str) -> None:
    def seconds(times: int) -> float:
        """Return the minimum processor time of three runs, which other programs on the machine hardly change."""
        text, taken = piece * times, []
        for _ in range(3):
            start = time.thread_time()
            split_statements(text, "snowflake")
            taken.append(time.thread_time() - start)
        return min(taken)

    assert seconds(8_000) < 10 * seconds(2_000) + 0.01  # quadratic time would be 16 times


@pytest.mark.parametrize("dialect", ["redshift", "snowflake", "duckdb"])
def test_the_rows_of_an_insert_create_no_tokens(dialect: str) -> None:
    rows = ",\n".join(f"({number}, -2.5e-3, 'a;b''c)(', null, N'x')" for number in range(1000))
    found = split_statements(f"insert into t values {rows}, (7, 'x');\ncreate table u (a int)", dialect)
    assert [statement.line for statement in found] == [1, 1001]
    assert [token.text for token in found[0].tokens[3:]] == ["values", "(", "7", ",", "'x'", ")"]


@pytest.mark.parametrize("row", ["(1 + 1)", "(f(1), 2)", "(1 -- ;\n)", r"('\'')", "('a' /* ; */)", "({{ x }})", "1"])
def test_a_row_with_more_than_literals_is_tokenized(row: str) -> None:
    found = texts(f"insert into t values (1), {row}, (2); create table u (a int)")
    assert found == [f"insert into t values (1), {row}, (2)", "create table u (a int)"]
