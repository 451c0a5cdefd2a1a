import pytest

from engine.sql.importer import Draft, ImportNote, import_sql


def snowflake(text: str) -> Draft:
    return import_sql(f"create table t (a int not null, b varchar(9));\n{text}", name="x", dialect="snowflake")


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("alter table t add (c date, d int)", ["a", "b", "c", "d"]),
        ("alter table t add column if not exists b int", ["a", "b"]),
        ("alter table if exists t drop column if exists b", ["a"]),
        ("alter table t rename column a to z", ["z", "b"]),
        ("alter table t rename column a to b", ["a", "b"]),
        ("alter table t drop column nowhere", ["a", "b"]),
        ("alter table t drop a, b", ["b"]),
    ],
)
def test_columns_after_a_change(change: str, expected: list[str]) -> None:
    assert [c.name for c in snowflake(change).schema.tables[0].columns] == expected


def test_columns_are_altered_in_every_form() -> None:
    draft = snowflake(
        "alter table t modify (a drop not null, b comment 'B'); alter table t alter b type varchar(20);"
        "alter table t alter column b not null; alter table t set comment = 'T'"
    )
    table = draft.schema.tables[0]
    assert table.comment == "T"
    assert [(c.required, c.comment, c.varchar_length) for c in table.columns] == [
        (False, None, None),
        (True, "B", 20),
    ]
    assert draft.imported == 5


def test_keys_follow_a_renamed_column() -> None:
    draft = snowflake(
        "alter table t add primary key (a); create table u (x int references t (a)); alter table t rename column a to z"
    )
    key = draft.schema.table("u").column("x").foreign_key
    assert draft.schema.table("t").primary_key == ["z"]
    assert key is not None
    assert key.references_column == "z"


def test_a_foreign_key_finds_a_renamed_table() -> None:
    draft = snowflake(
        "alter table t add primary key (a); create table u (x int references t (a)); alter table t rename to v"
    )
    key = draft.schema.table("u").column("x").foreign_key
    assert key is not None
    assert key.references_table == "v"


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        (
            "alter table nowhere add c int",
            ImportNote(2, "nowhere", "skipped", "The script does not create nowhere before."),
        ),
        (
            "alter table t swap with u",
            ImportNote(2, "t", "skipped", "ALTER TABLE: it does not change the data (swap with u)."),
        ),
        (
            "alter table t drop primary key",
            ImportNote(2, "t", "warning", "DROP PRIMARY is not applied; the key stays."),
        ),
        (
            "alter table t add row access policy p on (a)",
            ImportNote(2, "t", "skipped", "ALTER TABLE: it does not change the data (add row access policy p on(a))."),
        ),
        (
            "comment on table nowhere is 'x'",
            ImportNote(2, "nowhere", "skipped", "COMMENT: the script does not create nowhere before."),
        ),
        (
            "comment on column t.c is 'x'",
            ImportNote(2, "t", "skipped", "COMMENT: t has no column c."),
        ),
        (
            "comment on schema s is 'x'",
            ImportNote(2, "", "skipped", "COMMENT: only comments of tables and columns are kept."),
        ),
        (
            "drop table nowhere",
            ImportNote(2, "nowhere", "skipped", "DROP TABLE: the script has not created this table."),
        ),
    ],
)
def test_what_is_not_applied_is_noted(statement: str, note: ImportNote) -> None:
    assert snowflake(statement).notes == (note,)
