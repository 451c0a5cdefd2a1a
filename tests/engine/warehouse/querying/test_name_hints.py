"""Messages and hints for unknown names, in every dialect."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import engine
from engine.errors import QueryError
from engine.warehouse.querying.failures import query_error
from engine.warehouse.querying.query_text import QueryText

DIALECTS = pytest.mark.parametrize("dialect", ["duckdb", "redshift", "snowflake"])


def table(name: str, *columns: str) -> dict:
    return {
        "name": name,
        "target_rows": 2,
        "columns": [{"name": column, "data_type": "INT", "is_unique": not i} for i, column in enumerate(columns)],
    }


@pytest.fixture(scope="module")
def tpch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[engine.Experiment]:
    folder: Path = tmp_path_factory.mktemp("hints")
    with engine.Workbench(folder) as workbench:
        workbench.create({"name": "shop", "tables": [table("customers", "id", "amount"), table("nations", "id")]})
        yield workbench.create(
            {
                "name": "tpch",
                "tables": [table("customer", "c_custkey", "c_nation"), table("orders", "o_key", "o_total")],
            }
        )


def get_error(tpch: engine.Experiment, sql: str, dialect: str) -> QueryError:
    with pytest.raises(QueryError) as caught:
        tpch.query(sql, dialect=dialect)
    return caught.value


@DIALECTS
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("customers", 'Did you mean "customer" or "shop__customers"?'),
        ("custmer", 'Did you mean "customer"?'),
        ("order", 'Did you mean "orders"?'),
        ("nations", 'Did you mean "shop__nations"?'),
        ("natoins", 'Did you mean "shop__nations"?'),
        ("shop__nation", 'Did you mean "shop__nations"?'),
    ],
)
def test_the_tables_of_the_experiment_are_suggested_first(tpch, dialect: str, name: str, hint: str):
    error = get_error(tpch, f'select * from "{name}"' if name == "order" else f"select * from {name}", dialect)
    assert error.hint.startswith(f"{hint} The tables are: customer, orders, shop__customers")


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("select o_total from customer", 'It is a column of "orders": join that table.'),
        (
            "select c.o_total from customer c join orders o on c_custkey = o_key",
            'It is a column of "orders": qualify it with that table or its alias.',
        ),
        ("select c_custkey from orders where c_nation = 1", 'It is a column of "customer": join that table.'),
        ("select o_totl from customer", 'Did you mean "o_total" of "orders"?'),
        ("select c_custky from customer", 'Did you mean "c_custkey"?'),
        ("select unheard from orders", 'The columns of "orders" are: o_key, o_total.'),
        (
            "select o.unheard from orders o join customer c on c_custkey = o_key",
            'The columns of "orders" are: o_key, o_total.',
        ),
        ("with a as (select o_key as b from orders) select unheard from a", "Similar columns: b."),
        ("select amount from customer, shop__nations", 'It is a column of "shop__customers": join that table.'),
    ],
)
def test_an_unknown_column_has_a_hint_with_its_table(tpch, dialect: str, sql: str, hint: str):
    assert get_error(tpch, sql, dialect).hint == hint


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "column"),
    [
        ("selec c_nation frm customer", 1),
        ("slect * from customer", 1),
        ("  selec 1", 3),
        ("wth x as (select 1) select * from x", 1),
        ("form customer select *", 1),
    ],
)
def test_a_misspelled_first_word_is_marked(tpch, dialect: str, sql: str, column: int):
    error = get_error(tpch, sql, dialect)
    assert (error.line, error.column) == (1, column)
    assert f'"{sql.split()[0]}"' in error.message


@pytest.mark.parametrize("written", ["identifier('entity')", "table('entity')", "identifier($name)", "table($name)"])
def test_a_name_in_a_function_is_reported_and_not_the_function(tpch, written):
    variables = {"name": "entity"} if "$" in written else {}
    with pytest.raises(QueryError) as caught:
        tpch.query(f"select * from {written}", dialect="snowflake", variables=variables)
    assert caught.value.message == 'There is no table "entity".'


def marked_word(error: QueryError) -> str:
    """Return the word above the caret, prefixed by its line unless that is the first."""
    text, caret = error.caret.split("\n")
    word = text[caret.index("^") :].split()[0].split("(")[0]
    return word if error.line == 1 else f"{error.line}:{word}"


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "word", "meant"),
    [
        ("select c_nation form customer", "form", "from"),
        ("select c_nation frm customer", "frm", "from"),
        ("SELECT sum(c_nation) FRO customer", "FRO", "FROM"),
        ("select c_nation\nfrom customer\nwere c_nation = 1", "3:were", "where"),
        ("select c_nation from customer whre c_nation = 1 gruop by 1", "whre", "where"),
        ("select c_nation from customer gruop by c_nation", "gruop", "group"),
        ("select c_nation from customer groupby c_nation", "groupby", "group by"),
        ("select c_nation from customer oder by 1", "oder", "order"),
        ("select c_nation from customer order by c_nation dsc", "dsc", "desc"),
        ("select c_nation from customer order by c_nation nuls last", "nuls", "nulls"),
        ("select c_nation from customer limt 1", "limt", "limit"),
        ("select c_nation from customer group by 1 havng count(*) > 1", "havng", "having"),
        ("select 1 from customer jion orders on c_nation = o_key", "jion", "join"),
        ("select 1 from customer c left jion orders o on c_nation = o_key", "jion", "join"),
        ("select 1 from customer c join orders o onn c_nation = o_key", "onn", "on"),
        ("select 1 from customer where c_nation = 1 adn c_custkey = 2", "adn", "and"),
        ("select 1 from customer where c_nation betwen 1 and 2", "betwen", "between"),
        ("select 1 from customer where c_nation nto in (1, 2)", "nto", "not"),
        ("select distict c_nation from customer", "distict", "distinct"),
        ("select distnct * from customer", "distnct", "distinct"),
        ("select count(distict c_nation) from customer", "distict", "distinct"),
        ("select case whn c_nation = 1 then 2 end from customer", "whn", "when"),
        ("select case when c_nation = 1 then 2 esle 3 end from customer", "esle", "else"),
        ("select c_nation from customer unoin select 1", "unoin", "union"),
        ("select count(*) over (partion by c_nation) from customer", "partion", "partition"),
        ("select c_nation sa x from customer", "sa", "as"),
        ("with x as (select 1 form customer) select * from x", "form", "from"),
        ("with x as (select 1) selec * from x", "selec", "select"),
        ("explain select c_nation form customer", "form", "from"),
        ("selec c_nation frm customer", "selec", "select"),
        ("explain selec c_nation from customer", "selec", "select"),
    ],
)
def test_a_misspelled_keyword_is_marked(tpch, dialect: str, sql: str, word: str, meant: str):
    error = get_error(tpch, sql, dialect)
    assert (marked_word(error), error.hint) == (word, f'Did you mean "{meant}"?')


@DIALECTS
def test_a_name_of_the_experiment_is_not_taken_for_a_misspelled_keyword(dialect: str, tmp_path: Path):
    with engine.Workbench(tmp_path) as workbench:
        made = workbench.create({"name": "forms", "tables": [table("customer", "form", "amount")]})
        error = get_error(made, "select amount form customer from customer", dialect)
    assert (error.column, error.hint) == (20, "A comma may be missing before it.")


@DIALECTS
@pytest.mark.parametrize(
    "sql",
    [
        "select c_custkey c_nation 'a' from customer",
        "select a b c from customer",
        "select c_nation from customer where c_nation in (1 2)",
        "select c_nation from customer group by c_nation c_custkey",
    ],
)
def test_a_missing_comma_is_suggested(tpch, dialect: str, sql: str):
    error = get_error(tpch, sql, dialect)
    assert error.hint == "A comma may be missing before it."
    assert marked_word(error)[0] in ("'", "c", "2")


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "line", "column"),
    [
        ("select (c_nation from customer", 1, 8),
        ("select c_nation\nfrom customer where (c_nation in (1, 2)", 2, 21),
        ("with x as (select 1 select * from x", 1, 11),
        ("select c_nation) from customer", 1, 16),
        ("select 'it''s', 'abc\nfrom customer", 1, 17),
        ("select 1,\n 'abc from customer", 2, 2),
        ('select "abc from customer', 1, 8),
        ("select /* abc from customer", 1, 8),
    ],
)
def test_an_unclosed_token_is_marked_where_it_begins(tpch, dialect: str, sql: str, line: int, column: int):
    error = get_error(tpch, sql, dialect)
    assert (error.line, error.column) == (line, column)


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
@pytest.mark.parametrize(
    ("sql", "column"), [("select c_nation from customer where c_nation is nul", 49), ("frm customer", 1)]
)
def test_an_error_of_the_grammar_is_marked(tpch, dialect: str, sql: str, column: int):
    assert get_error(tpch, sql, dialect).column == column


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_keywords_with_a_parenthesis_are_suggested_for_an_unknown_function(tpch, dialect: str):
    assert get_error(tpch, "select 1 where exsts (select 1)", dialect).hint == 'Did you mean "EXISTS"?'


@DIALECTS
@pytest.mark.parametrize(
    ("sql", "hint"),
    [
        ("select ordrs.o_key from orders", 'Did you mean "orders"?'),
        ("select tpch.ordrs.o_key from tpch.orders", 'Did you mean "orders"?'),
        ("select 1 from orders o order by ordrs.o_key", 'Did you mean "o"? It is the alias of "orders".'),
        ("with base as (select 1 as a) select bse.a from base", 'Did you mean "base"?'),
        ("select o.o_key from orders", 'The query reads "orders".'),
        ("select customer.c_nation from orders", '"customer" is not in FROM: join it.'),
    ],
)
def test_an_unknown_table_prefix_of_a_column_is_reported(tpch, dialect: str, sql: str, hint: str):
    error = get_error(tpch, sql, dialect)
    assert error.message.endswith("is not in FROM.")
    assert error.hint == hint


@DIALECTS
@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("shop.custmers", "shop__customers"),
        ("shp.customers", "shop__customers"),
        ("shop__nation", "shop__nations"),
        ("shp__natons", "shop__nations"),
        ("tpch.ordrs", "orders"),
    ],
)
def test_a_misspelled_prefix_suggests_the_table_of_its_experiment(tpch, dialect: str, name: str, hint: str):
    error = get_error(tpch, f"select * from {name}", dialect)
    assert error.hint.startswith(f'Did you mean "{hint}"? The tables are')


@DIALECTS
def test_a_with_name_is_suggested_for_an_unknown_table(tpch, dialect: str):
    error = get_error(tpch, "with first_rows as (select 1 as a) select * from frst_rows", dialect)
    assert error.hint == 'Did you mean "first_rows"?'


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("cout(*)", 'Did you mean "count"?'),
        ("coalsce(1, 2)", 'Did you mean "coalesce"?'),
        ("row_numbr() over ()", 'Did you mean "row_number"?'),
        ("nvl(1, 2)", "Write COALESCE(value, other)."),
        ("to_chr(current_date, 'YYYY')", "Write strftime(value, format)."),
        ("getdate()", "Write CURRENT_TIMESTAMP."),
        ("zzzqqq(1)", ""),
    ],
)
def test_a_function_that_duckdb_does_not_have_is_not_called_forbidden(tpch, call: str, hint: str):
    error = get_error(tpch, f"select {call}", "duckdb")
    assert error.message.startswith("There is no function")
    assert (error.column, error.hint) == (8, hint)


def test_a_forbidden_function_is_still_refused(tpch):
    assert "is not allowed" in get_error(tpch, "select current_setting('threads')", "duckdb").message


def test_a_full_disk_is_reported_without_the_file_path():
    text = QueryText("select 1", "select 1", 0)
    error = query_error(
        OSError('IO Error: Could not write file "/srv/data/temp/query-1/block.tmp": No space left on device'), text
    )
    assert error.message == "The disk is full: Could not write file of the home folder: No space left on device"
