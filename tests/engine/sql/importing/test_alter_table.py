import pytest

import engine
from engine.sql.importing.import_result import Draft
from engine.sql.importing.importer import ImportNote, import_sql


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
            ImportNote(2, "nowhere", "skipped", "nowhere is not created earlier in the script."),
        ),
        (
            "alter table t swap with u",
            ImportNote(2, "t", "skipped", "ALTER TABLE ignored, as it does not change the data: swap with u."),
        ),
        (
            "alter table t drop primary key",
            ImportNote(2, "t", "warning", "There is no primary key to drop."),
        ),
        (
            "alter table t add row access policy p on (a)",
            ImportNote(
                2, "t", "skipped", "ALTER TABLE ignored, as it does not change the data: add row access policy p on(a)."
            ),
        ),
        (
            "alter table t drop constraint nothing",
            ImportNote(2, "t", "warning", "There is no constraint nothing to drop."),
        ),
        (
            "comment on table nowhere is 'x'",
            ImportNote(2, "nowhere", "skipped", "COMMENT: nowhere is not created earlier in the script."),
        ),
        (
            "comment on column t.c is 'x'",
            ImportNote(2, "t", "skipped", "COMMENT: t has no column c."),
        ),
        (
            "comment on schema s is 'x'",
            ImportNote(2, "", "skipped", "COMMENT: only comments on tables and columns are imported."),
        ),
        (
            "drop table nowhere",
            ImportNote(2, "nowhere", "skipped", "DROP TABLE: this table is not created earlier in the script."),
        ),
    ],
)
def test_an_ignored_change_is_noted(statement: str, note: ImportNote) -> None:
    assert snowflake(statement).notes == (note,)


KEYED = """
create table owner (id int primary key, code varchar(9), constraint uq_code unique (code));
create table a (
    id int not null constraint pk_a primary key, code varchar(10) not null, email varchar(20) unique,
    owner_id int constraint fk_owner references owner (id)
);
"""


def keyed(change: str, dialect: str = "redshift") -> tuple[list[str], list[str], list[str], list[str]]:
    """Return the primary key, other unique columns and references of table a after a change, and its warnings."""
    draft = import_sql(KEYED + change, name="x", dialect=dialect)
    (table,) = (table for table in draft.schema.tables if table.name in ("a", "z"))
    unique = [column.name for column in table.columns if column.is_unique and column.name not in table.primary_key]
    references = [f"{c.name} to {c.foreign_key.references_table}" for c in table.columns if c.foreign_key]
    warnings = [note.message for note in draft.notes if note.level == "warning" and "NOT NULL" not in note.message]
    return table.primary_key, unique, references, warnings


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("", (["id"], ["email"], ["owner_id to owner"], [])),
        ("alter table a drop constraint pk_a;", ([], ["email"], ["owner_id to owner"], [])),
        ("alter table a drop constraint if exists PK_A cascade;", ([], ["email"], ["owner_id to owner"], [])),
        ("alter table a drop primary key;", ([], ["email"], ["owner_id to owner"], [])),
        ("alter table a drop constraint fk_owner;", (["id"], ["email"], [], [])),
        ("alter table a drop foreign key (owner_id);", (["id"], ["email"], [], [])),
        ("alter table a drop constraint a_email_key;", (["id"], [], ["owner_id to owner"], [])),
        ("alter table a drop unique (email);", (["id"], [], ["owner_id to owner"], [])),
        (
            "alter table a drop constraint pk_a; alter table a add constraint pk_a2 primary key (code);",
            (["code"], ["email"], ["owner_id to owner"], []),
        ),
        (
            "alter table a rename constraint pk_a to pk_b; alter table a drop constraint pk_b;",
            ([], ["email"], ["owner_id to owner"], []),
        ),
        (
            "alter table a drop constraint pk_b;",
            (["id"], ["email"], ["owner_id to owner"], ["There is no constraint pk_b to drop."]),
        ),
        ("alter table owner rename to person;", (["id"], ["email"], ["owner_id to person"], [])),
        (
            "alter table owner rename to old; create table owner (id int primary key);",
            (["id"], ["email"], ["owner_id to old"], []),
        ),
        ("drop table owner cascade;", (["id"], ["email"], [], [])),
        (
            "drop table owner cascade; create table owner (id int primary key);",
            (["id"], ["email"], [], []),
        ),
        ("alter table a rename to z;", (["id"], ["email"], ["owner_id to owner"], [])),
        (
            "alter table a rename to owner;",
            (["id"], ["email"], ["owner_id to owner"], ["Not renamed: table owner already exists."]),
        ),
    ],
)
def test_keys_and_names_change_in_statement_order(change: str, expected: tuple) -> None:
    assert keyed(change) == expected


def test_a_foreign_key_that_the_script_drops_is_not_suggested_again() -> None:
    draft = engine.import_sql(KEYED + "alter table a drop constraint fk_owner", name="x", dialect="redshift")
    assert draft.schema.table("a").column("owner_id").foreign_key is None
