"""Scripts beyond the limits of a schema: imported with a note, or rejected with an error."""

import pytest

from engine.errors import SqlImportError
from engine.schema.limits import MAX_COMMENT, MAX_TEXT_LENGTH
from engine.sql.importing.importer import import_sql
from tests.engine.call_counts import lines

DIGITS = "9" * 10_000
NAME = "n" * 10_000


def imported(script: str, dialect: str = "redshift"):
    return import_sql(script, name="lab", dialect=dialect)


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
@pytest.mark.parametrize("size", ["99999999999", DIGITS])
@pytest.mark.parametrize("kind", ["VARCHAR", "CHAR", "BINARY"])
def test_a_length_beyond_the_limit_is_cut_with_a_note(kind: str, size: str, dialect: str):
    draft = imported(f"create table t (a {kind}({size}))", dialect)

    column = draft.schema.tables[0].columns[0]
    assert MAX_TEXT_LENGTH in (column.varchar_length, column.char_length)
    (warning,) = (note.message for note in draft.notes if note.level == "warning")
    assert warning.endswith(f"is out of range; imported as {kind}({MAX_TEXT_LENGTH}).")


@pytest.mark.parametrize(
    "script",
    [
        "create table t (a int comment '{}')",
        "create table t (a int) comment = '{}'",
        "create table t (a int); comment on column t.a is '{}'",
        "create table t (a int); comment on table t is '{}'",
    ],
)
def test_a_comment_beyond_the_limit_is_cut_with_a_note(script: str):
    draft = imported(script.format("x" * 100_000), "snowflake")

    table = draft.schema.tables[0]
    assert len(table.comment or table.columns[0].comment or "") == MAX_COMMENT
    assert "Comment cut from 100,000 to 65,535 characters." in [note.message for note in draft.notes]


def test_a_table_of_too_many_columns_is_rejected():
    columns = ", ".join(f"c{number} int" for number in range(2001))

    with pytest.raises(SqlImportError, match=r"^line 1: t has more than 2,000 columns"):
        imported(f"create table t ({columns})")


def test_the_columns_beyond_the_limit_are_not_read():
    def script(columns: int) -> str:
        return f"create table t ({', '.join(f'c{number} int' for number in range(columns))})"

    def import_fails(columns: int) -> None:
        with pytest.raises(SqlImportError, match="columns"):
            imported(script(columns))

    few, many = (lines(lambda columns=columns: import_fails(columns)) for columns in (2001, 4000))
    assert many / few < 1.6  # the rest is splitting the script


def test_four_times_the_columns_take_four_times_the_lines():
    def script(columns: int) -> str:
        names = ", ".join(f"c{number} int" for number in range(columns))
        return f"create table t ({names});" + "".join(
            f"alter table t alter column c{number} set not null;" for number in range(columns)
        )

    imported(script(2))
    few, many = (lines(lambda columns=columns: imported(script(columns))) for columns in (50, 200))
    assert many / few < 5


def test_a_script_of_too_many_tables_is_rejected(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("engine.sql.importing.script_state.MAX_TABLES", 3)
    with pytest.raises(SqlImportError, match="more than 3 tables"):
        imported("".join(f"create table t{number} (a int);" for number in range(4)))
    again = (
        "create table a (x int); create table b (x int); create table c (x int); drop table a; create table d (x int)"
    )
    assert len(imported(again).schema.tables) == 3
    with pytest.raises(SqlImportError, match="more than 3 tables"):
        imported(f"{again}; undrop table a", "snowflake")


def test_a_script_of_too_many_statements_is_rejected():
    with pytest.raises(SqlImportError, match="has 50,001 statements; the maximum is 50,000"):
        imported("create table t (a int);" + "begin;" * 50_000)


def test_a_column_is_found_after_others_are_renamed_and_dropped():
    script = "create table t (a int, b int, c int); alter table t rename column b to d; alter table t drop column a;"
    draft = imported(f"{script} alter table t add column b int; alter table t alter column d set not null;")
    columns = [(column.name, column.is_nullable) for column in draft.schema.tables[0].columns]
    assert columns == [("d", False), ("c", True), ("b", True)]


def test_a_key_of_too_many_columns_is_rejected():
    columns = ", ".join(f"c{number} int" for number in range(65))
    key = ", ".join(f"c{number}" for number in range(65))

    with pytest.raises(SqlImportError):
        imported(f"create table t ({columns}, primary key ({key}))")


@pytest.mark.parametrize(
    "column",
    [
        "a decimal(1000000000,5)",
        f"a decimal({DIGITS},{DIGITS})",
        "a int default 1e99999999",
        f"a bigint check (a in (1, {DIGITS}))",
        "a bigint identity(1, 99999999999999999999999)",
        f"{NAME} int",
        f'"{NAME}" int',
        f"a timestamp({DIGITS})",
    ],
)
@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_a_number_or_name_out_of_range_is_imported_or_rejected(column: str, dialect: str):
    try:
        draft = imported(f"create table t ({column})", dialect)
    except SqlImportError:
        return
    assert len(draft.schema.tables[0].columns) == 1


@pytest.mark.parametrize("dialect", ["redshift", "snowflake", "duckdb"])
@pytest.mark.parametrize(
    ("script", "tables"),
    [
        ("create table a (x int, /* open\n y int);\ncreate table b (z int);", {"a": ["x", "y"], "b": ["z"]}),
        ("create table a (x int);\n/* open\ncreate table b (z int);", {"a": ["x"], "b": ["z"]}),
        ("create table a (x int);\ncreate table b (z int); /* open", {"a": ["x"], "b": ["z"]}),
    ],
)
def test_an_unclosed_comment_is_noted_and_loses_no_other_table(script, tables, dialect):
    draft = imported(script, dialect)
    assert {table.name: [column.name for column in table.columns] for table in draft.schema.tables} == tables
    assert [note.line for note in draft.notes if note.message.startswith("Unclosed comment")] == [
        script[: script.index("/*")].count("\n") + 1
    ]


@pytest.mark.parametrize(
    "written", ["varchar(-5)", "varchar(abc)", "varchar()", "decimal(10, x)", "int(x)", "char('3')"]
)
def test_an_invalid_size_is_noted(written):
    (note,) = imported(f"create table t (a {written}, b int)").notes
    assert (note.object, note.level) == ("t.a", "warning")
    assert "is invalid and was ignored" in note.message
