from collections import Counter
from pathlib import Path

import pytest

from engine.errors import SchemaError, SqlImportError
from engine.schema.checks import check_schema
from engine.schema.models import ColumnSchema, TableSchema
from engine.sql.importing.declarations import Default, Formula, Numbering, TableCheck
from engine.sql.importing.import_result import Draft
from engine.sql.importing.importer import ImportNote, import_sql
from engine.sql.importing.notes import Place


def redshift(text: str) -> Draft:
    return import_sql(text, name="shop", dialect="redshift")


def snowflake(text: str) -> Draft:
    return import_sql(text, name="shop", dialect="snowflake")


def only_table(draft: Draft) -> TableSchema:
    (table,) = draft.schema.tables
    return table


def messages(draft: Draft, level: str) -> list[str]:
    return [note.message for note in draft.notes if note.level == level]


def test_a_plain_table_has_no_notes() -> None:
    draft = redshift("create table orders (id int not null, total decimal(12,2), placed date);")
    assert (draft.statements, draft.imported, draft.imported_with_notes, draft.skipped) == (1, 1, 0, 0)
    assert draft.notes == ()
    assert draft.schema.name == "shop"
    assert draft.schema.dialect == "redshift"
    assert only_table(draft).columns == [
        ColumnSchema(name="id", data_type="INT"),
        ColumnSchema(name="total", data_type="DECIMAL", precision=12, scale=2, required=False),
        ColumnSchema(name="placed", data_type="DATE", required=False),
    ]


@pytest.mark.parametrize(
    ("dialect", "declared", "expected"),
    [
        ("redshift", "int4", "INT4"),
        ("redshift", "varchar(20)", "VARCHAR(20)"),
        ("redshift", "varchar(max)", "VARCHAR(65535)"),
        ("redshift", "varchar", "VARCHAR(256)"),
        ("redshift", "character varying(7)", "VARCHAR(7)"),
        ("redshift", "char", "CHAR(1)"),
        ("redshift", "numeric", "NUMERIC(18,0)"),
        ("redshift", "double precision", "DOUBLE"),
        ("redshift", "float(10)", "REAL"),
        ("redshift", "timestamp with time zone", "TIMESTAMPTZ"),
        ("redshift", "timestamp without time zone", "TIMESTAMP"),
        ("redshift", "time with time zone", "TIMETZ"),
        ("redshift", "super", "SUPER"),
        ("redshift", "varbyte(64)", "VARBYTE(64)"),
        ("snowflake", "number(38,4)", "NUMBER(38,4)"),
        ("snowflake", "number", "NUMBER(38,0)"),
        ("snowflake", "number(9)", "NUMBER(9,0)"),
        ("snowflake", "string", "STRING"),
        ("snowflake", "varchar(16777216)", "VARCHAR(16777216)"),
        ("snowflake", "timestamp_ntz(6)", "TIMESTAMP_NTZ"),
        ("snowflake", "variant", "VARIANT"),
        ("snowflake", "binary(16)", "BINARY(16)"),
        ("duckdb", "hugeint", "DECIMAL(38,0)"),
        ("duckdb", "uinteger", "BIGINT"),
    ],
)
def test_types_keep_their_name_and_size(dialect: str, declared: str, expected: str) -> None:
    draft = import_sql(f"create table t (a {declared})", name="x", dialect=dialect)
    assert str(only_table(draft).columns[0].type) == expected


@pytest.mark.parametrize(
    ("declared", "data_type", "message"),
    [
        ("geometry", "VARCHAR", "GEOMETRY is not supported; the column is imported as text."),
        ("mood", "VARCHAR", "Unknown type MOOD; the column is imported as text."),
        ("decimal(50,2)", "DECIMAL", "DECIMAL(50,2) is out of range; imported as DECIMAL(38,2)."),
        ("array(int)", "ARRAY", "The element types of ARRAY are ignored; the values are JSON."),
        ("", "VARCHAR", "No type given; the column is imported as text."),
    ],
)
def test_a_type_that_is_changed_is_noted(declared: str, data_type: str, message: str) -> None:
    draft = redshift(f"create table t (\n a {declared})")
    assert only_table(draft).columns[0].data_type == data_type
    assert draft.notes == (ImportNote(2, "t.a", "warning", message),)


def test_a_primary_key_is_unique_and_required() -> None:
    for text in (
        "create table t (id int primary key, b int)",
        "create table t (id int, b int, primary key (id))",
        "create table t (id int, b int, constraint pk primary key (ID))",
        "create table t (id int, b int); alter table t add constraint pk primary key (id)",
    ):
        table = only_table(redshift(text))
        assert table.primary_key == ["id"]
        assert table.composite_keys == []
        assert [(c.required, c.is_unique) for c in table.columns] == [(True, True), (False, False)]


def test_a_composite_primary_key_gets_a_surrogate_and_a_warning() -> None:
    draft = redshift("create table line (o int, n int, sku varchar(9),\n primary key (o, n))")
    table = only_table(draft)
    assert [c.name for c in table.columns] == ["_row_id", "o", "n", "sku"]
    assert table.columns[0] == ColumnSchema(name="_row_id", data_type="BIGINT", is_unique=True)
    assert table.primary_key == ["_row_id"]
    assert table.composite_keys == [["o", "n"]]
    assert [c.required for c in table.columns] == [True, True, True, False]
    warning = "Composite key (o, n) kept unique. A `_row_id` column was added as the single-column key."
    assert messages(draft, "warning") == [warning]
    assert table.warnings == [f"line: {warning}"]
    assert draft.imported_with_notes == 1


def test_the_surrogate_avoids_a_column_of_its_name() -> None:
    table = only_table(redshift("create table t (_row_id int, b int, primary key (_row_id, b))"))
    assert [c.name for c in table.columns] == ["_row_id_2", "_row_id", "b"]
    assert table.primary_key == ["_row_id_2"]


def test_a_composite_unique_key_gets_no_surrogate() -> None:
    table = only_table(redshift("create table t (a int not null, b int not null, unique (a, b))"))
    assert table.composite_keys == [["a", "b"]]
    assert table.primary_key == []
    assert [c.name for c in table.columns] == ["a", "b"]


def test_a_unique_column_becomes_required_with_a_note() -> None:
    draft = redshift("create table t (a int unique)")
    assert only_table(draft).columns[0].required
    assert messages(draft, "warning") == ["NOT NULL added, as unique columns must be required: a."]


@pytest.mark.parametrize(
    "key",
    [
        "create table b (x int references a (id))",
        "create table b (x int references a)",
        "create table b (x int, foreign key (x) references a (id) on delete cascade)",
        "create table b (x int, constraint fk foreign key (x) references A (ID))",
        "create table b (x int); alter table b add foreign key (x) references a (id)",
    ],
)
def test_foreign_keys_in_every_position(key: str) -> None:
    draft = redshift(f"create table a (id int primary key); {key}")
    found = draft.schema.table("b").column("x").foreign_key
    assert found is not None
    assert (found.references_table, found.references_column, found.unique) == ("a", "id", False)


def test_a_foreign_key_may_come_before_its_table_and_reference_itself() -> None:
    draft = redshift(
        "create table b (x int references a(id)); create table a (id int primary key, up int references a)"
    )
    assert draft.schema.table("b").column("x").foreign_key is not None
    assert draft.schema.table("a").column("up").foreign_key is not None


def test_a_foreign_key_of_several_columns() -> None:
    draft = redshift(
        "create table a (p int, q int, primary key (p, q)); "
        "create table b (x int, y int, foreign key (x, y) references a (p, q))"
    )
    (key,) = draft.schema.table("b").foreign_keys
    assert (key.columns, key.references_table, key.references_columns) == (["x", "y"], "a", ["p", "q"])


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("create table b (x int references a)", "table a is not in the script"),
        (
            "create table a (id int primary key, k int); create table b (x int references a (k))",
            "(k) is not unique in a",
        ),
        (
            "create table a (id varchar(9) primary key); create table b (x date references a)",
            "DATE does not match VARCHAR of id",
        ),
        (
            "create table a (p int, q int, primary key (p, q)); create table b (x int references a)",
            "1 column(s) reference 2",
        ),
    ],
)
def test_an_invalid_foreign_key_is_ignored_with_a_note(script: str, reason: str) -> None:
    draft = redshift(script)
    assert draft.schema.table("b").column("x").foreign_key is None
    assert f"Foreign key (x) to a ignored: {reason}." in messages(draft, "warning")


def test_a_cycle_of_foreign_keys_is_broken() -> None:
    draft = redshift(
        "create table a (x int primary key references b(y)); create table b (y int primary key references a(x))"
    )
    assert draft.schema.table("a").column("x").foreign_key is not None
    assert draft.schema.table("b").column("y").foreign_key is None
    assert messages(draft, "warning") == [
        "Foreign key (y) to a ignored: it closes a cycle of foreign keys, which has no first value."
    ]


def test_a_referenced_column_of_a_table_without_keys_becomes_unique() -> None:
    draft = redshift("create table a (id int); create table b (x int references a (id))")
    assert draft.schema.table("a").column("id").is_unique
    assert draft.schema.table("b").column("x").foreign_key is not None
    assert messages(draft, "warning") == ["a has no primary key; (id) was made unique, as it is referenced."]


def test_redshift_storage_settings_are_ignored_in_one_note() -> None:
    draft = redshift(
        "create table if not exists t (\n id bigint not null encode az64 distkey sortkey,\n b char(2) encode raw\n)\n"
        "backup no diststyle key interleaved sortkey (id, b)"
    )
    assert [c.name for c in only_table(draft).columns] == ["id", "b"]
    message = (
        "Ignored, as it does not change the data: ENCODE, DISTKEY, SORTKEY, BACKUP, DISTSTYLE, INTERLEAVED SORTKEY."
    )
    assert draft.notes == (ImportNote(2, "t", "info", message),)


@pytest.mark.parametrize(
    "sort", ["sortkey auto", "compound sortkey (a)", "sortkey (a)", "diststyle all", "encode auto"]
)
def test_table_attributes_of_redshift_are_parsed(sort: str) -> None:
    assert messages(redshift(f"create table t (a int) {sort}"), "warning") == []


@pytest.mark.parametrize("identity", ["identity(0, 1)", "generated by default as identity(1,1)", "autoincrement"])
def test_an_identity_column_is_unique_and_required(identity: str) -> None:
    (column,) = only_table(snowflake(f"create table t (id int {identity})")).columns
    assert (column.is_unique, column.required) == (True, True)


def test_options_of_snowflake_columns() -> None:
    draft = snowflake(
        "create or replace transient table t (\n"
        " a number(9) default s.nextval not null comment 'it''s',\n"
        " b string collate 'en-ci' with tag (g.x = 'y', g.z = 'w'),\n"
        " c varchar(5) masking policy g.mask using (c, a),\n"
        " d date default to_date('2020-01-01')\n"
        ") cluster by linear (a, to_date(d)) data_retention_time_in_days = 0 comment = 'T' copy grants"
    )
    table = only_table(draft)
    assert [(c.name, c.required, c.comment) for c in table.columns] == [
        ("a", True, "it's"),
        ("b", False, None),
        ("c", False, None),
        ("d", False, None),
    ]
    assert table.comment == "T"
    assert messages(draft, "warning") == ["COLLATE ignored, so comparisons are case-sensitive: b."]
    assert messages(draft, "info") == [
        "Policies and tags ignored: TAG (b), MASKING POLICY (c).",
        "Ignored, as it does not change the data: CLUSTER BY, DATA_RETENTION_TIME_IN_DAYS, COPY GRANTS.",
    ]


def test_unquoted_names_fold_and_quoted_names_keep_their_case() -> None:
    draft = snowflake('create table Db.Raw."Order Notes" (ID int, "Kitchen Note" varchar)')
    table = only_table(draft)
    assert (table.schema_name, table.name, table.quoted) == ("raw", "Order Notes", True)
    assert [(c.name, c.quoted) for c in table.columns] == [("id", False), ("Kitchen Note", True)]
    assert messages(draft, "info") == ['Database names, such as "db", are removed.']


def test_a_reserved_word_becomes_a_quoted_name() -> None:
    draft = redshift("create table t (\n order int)")
    assert only_table(draft).columns[0].quoted
    message = '"order" needs quotes in queries: it is a reserved word of SQL.'
    assert draft.notes == (ImportNote(2, "t.order", "info", message),)


def test_a_duplicate_column_is_ignored() -> None:
    draft = redshift('create table t (id int, "ID" int)')
    assert [c.name for c in only_table(draft).columns] == ["id"]
    assert messages(draft, "warning") == ['Second column "ID" ignored: names must differ in more than case.']


def test_two_schemas_may_have_a_table_of_the_same_name() -> None:
    draft = redshift("create table a.t (x int primary key); create table b.t (y int references a.t)")
    assert [t.key for t in draft.schema.tables] == ["a.t", "b.t"]


def test_the_current_schema_applies_to_later_tables() -> None:
    draft = snowflake(
        "create table a (x int); use schema db.raw; create table b (x int); use database d; create table c (x int)"
    )
    assert [t.key for t in draft.schema.tables] == ["a", "raw.b", "c"]
    assert [t.key for t in redshift("set search_path to s, public; create table a (x int)").schema.tables] == ["s.a"]


def test_a_table_is_created_again_only_after_drop_or_with_or_replace() -> None:
    first, second = "create table t (a int);", "create table t (b int);"
    assert only_table(redshift(first + "drop table if exists t;" + second)).columns[0].name == "b"
    assert only_table(snowflake(first + "create or replace table t (b int)")).columns[0].name == "b"
    draft = redshift(first + "\n" + second)
    assert only_table(draft).columns[0].name == "a"
    assert draft.notes == (ImportNote(2, "t", "skipped", "t is created twice; the one at line 1 is used."),)


def test_a_replaced_table_is_noted() -> None:
    draft = snowflake(
        "create table t (a int);\ncreate or replace table t (b int);\ndrop table t; create table t (c int)"
    )
    assert only_table(draft).columns[0].name == "c"
    assert messages(draft, "info") == [
        "Replaces the t at line 1.",
        "DROP TABLE: the t at line 2 is dropped.",
    ]


def test_a_renamed_table_can_take_the_name_of_another() -> None:
    draft = snowflake(
        "create table t (a int); create table t_new (b int); alter table t rename to t_old;"
        "alter table t_new rename to t; alter table t add column c int"
    )
    assert {t.name: [c.name for c in t.columns] for t in draft.schema.tables} == {"t_old": ["a"], "t": ["b", "c"]}


def test_swap_with_swaps_the_columns() -> None:
    draft = snowflake("create table t (a int); create table u (b int, c int); alter table t swap with u")
    assert {t.name: [c.name for c in t.columns] for t in draft.schema.tables} == {"t": ["b", "c"], "u": ["a"]}
    assert messages(snowflake("create table t (a int); alter table t swap with nowhere"), "skipped") == [
        "ALTER TABLE ignored, as it does not change the data: swap with nowhere."
    ]


def test_a_temporary_table_of_redshift_has_no_schema() -> None:
    draft = redshift("set search_path to s; create table #t (a int); create table u (a int)")
    assert [t.key for t in draft.schema.tables] == ["#t", "s.u"]


def test_alter_table_changes_the_draft() -> None:
    draft = snowflake(
        "create table t (a int, b int, c int); alter table t add column d varchar(5) not null, e date;"
        "alter table t drop column a; alter table t rename column b to bb; alter table t rename to u;"
        "alter table u alter column c set data type varchar(9), column bb set not null"
    )
    assert only_table(draft).name == "u"
    assert [(c.name, str(c.type), c.required) for c in only_table(draft).columns] == [
        ("bb", "INT", True),
        ("c", "VARCHAR(9)", False),
        ("d", "VARCHAR(5)", True),
        ("e", "DATE", False),
    ]
    assert (draft.imported, draft.statements) == (6, 6)


def test_comments_on_tables_and_columns() -> None:
    draft = redshift("create table s.t (a int); comment on table s.t is 'T'; comment on column s.t.a is 'it''s a'")
    assert only_table(draft).comment == "T"
    assert only_table(draft).columns[0].comment == "it's a"


def test_like_copies_columns_and_in_snowflake_keys() -> None:
    source = "create table a (x int primary key, y varchar(9) not null);"
    (_, copied) = redshift(source + "create table b (like a including defaults)").schema.tables
    assert [(c.name, str(c.type), c.required) for c in copied.columns] == [
        ("x", "INT", False),
        ("y", "VARCHAR(9)", True),
    ]
    for verb in ("like", "clone"):
        (_, copied) = snowflake(source + f"create table b {verb} a").schema.tables
        assert copied.primary_key == ["x"]


def test_create_table_as_takes_columns_from_its_query() -> None:
    draft = redshift(
        "create table a (id int, name varchar(9), price decimal(8,2));"
        "create table b distkey (id) as select *, price * 2 as twice, count(*) over () as n from a;"
        "with c as (select name from a) select c.name as label into d from c"
    )
    b, d = draft.schema.table("b"), draft.schema.table("d")
    assert [(c.name, c.data_type) for c in b.columns] == [
        ("id", "INT"),
        ("name", "VARCHAR"),
        ("price", "DECIMAL"),
        ("twice", "DECIMAL"),
        ("n", "BIGINT"),
    ]
    assert [c.name for c in d.columns] == ["label"]


def test_create_table_as_of_an_unknown_table_is_skipped_with_its_reason() -> None:
    draft = redshift("create table a (x int);\ncreate table b as select * from elsewhere")
    assert draft.notes == (
        ImportNote(2, "b", "skipped", "Its columns come from elsewhere, which is not created earlier in the script."),
    )


def test_external_tables_keep_their_partition_columns() -> None:
    draft = redshift(
        "create external table s.e (a int, b array<int>) partitioned by (day date) "
        "row format delimited fields terminated by '|' stored as parquet location 's3://x/'"
    )
    assert [(c.name, c.data_type) for c in only_table(draft).columns] == [
        ("a", "INT"),
        ("b", "ARRAY"),
        ("day", "DATE"),
    ]


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("{{ env }}_raw.t", "env_raw.t"),
        ("<% db %>.<% schema %>.t", "schema.t"),
        ("&{env}.t_&suffix", "env.t_suffix"),
        ("identifier('a.\"B c\"')", "a.B c"),
        ("identifier($name)", "x.y"),
        ("<db>.raw.t", "raw.t"),
    ],
)
def test_templates_in_names_become_their_words(name: str, key: str) -> None:
    draft = snowflake(f"set name = 'x.y'; create table {name} (a int)")
    assert only_table(draft).key == key


def test_every_statement_is_counted_once() -> None:
    draft = redshift(
        "create table a (x int); create table b (x int default 1); grant select on a to c; vacuum a;\n"
        "frobnicate everything; create procedure p() as $$ create table z (a int); $$ language plpgsql;"
    )
    assert (draft.statements, draft.imported, draft.imported_with_notes, draft.skipped) == (6, 2, 0, 4)
    skipped = [(note.line, note.object, note.message) for note in draft.notes if note.level == "skipped"]
    assert skipped == [
        (1, "", "GRANT: Users and permissions are not imported."),
        (1, "a", "VACUUM: Table maintenance is not imported."),
        (2, "", 'Unknown statement: "frobnicate everything".'),
        (2, "p", "CREATE PROCEDURE: The import does not run code. CREATE TABLE occurs once inside it and is ignored."),
    ]


def test_unknown_syntax_costs_only_its_item() -> None:
    draft = redshift("create table t (\n a int frob nicate,\n 42,\n b int) with wings")
    assert [c.name for c in only_table(draft).columns] == ["a", "b"]
    assert draft.notes == (ImportNote(2, "t", "warning", "Unknown syntax ignored: frob nicate (a), 42, with, wings."),)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The script has no SQL statements."),
        (" -- nothing\n", "The script has no SQL statements."),
        (
            "select 1; grant a to b",
            "The script has no CREATE TABLE outside of code; its 2 statement(s) create no table.",
        ),
        ("create table t", "None of the 1 CREATE TABLE statements could be imported. It has no columns."),
    ],
)
def test_a_script_without_tables_is_rejected(text: str, message: str) -> None:
    with pytest.raises(SqlImportError) as caught:
        redshift(text)
    assert caught.value.message == message
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "\nimport polars as pl\nprint(pl.DataFrame())\n",
        "\nwith open('x') as file:\n    print(file.read())\n",
        "\nUse the tables of last year, please; they are good.",
        '\n{"name": "shop", "tables": []}',
    ],
)
def test_text_that_is_not_sql_is_rejected_with_its_first_line(text: str) -> None:
    with pytest.raises(SqlImportError, match="No SQL statement found") as caught:
        redshift(text)
    assert caught.value.where == "line 2"


def test_an_unknown_dialect_and_an_invalid_name_are_rejected() -> None:
    with pytest.raises(SqlImportError, match='Did you mean "redshift"'):
        import_sql("create table t (a int)", name="x", dialect="redshfit")
    with pytest.raises(SchemaError, match="reserved word"):
        import_sql("create table t (a int)", name="select", dialect="redshift")


@pytest.mark.parametrize(("dialect", "tables", "warnings"), [("redshift", 7, 1), ("snowflake", 7, 2)])
def test_the_samples_are_imported(project: Path, dialect: str, tables: int, warnings: int) -> None:
    text = (project / "schemas" / f"sample_{dialect}.sql").read_text(encoding="utf-8")
    draft = import_sql(text, name="x", dialect=dialect)
    assert len(draft.schema.tables) == tables
    assert check_schema(draft.schema) == []
    assert len(draft.schema.warnings) == warnings
    warned = [note.message for note in draft.notes if note.level == "warning"]
    assert all(any(kept.endswith(message) for kept in draft.schema.warnings) for message in warned)
    assert draft.imported + draft.imported_with_notes + draft.skipped == draft.statements


@pytest.mark.parametrize(
    ("file", "dialect", "tables", "composite"),
    [
        ("library_redshift.sql", "redshift", 6, ["loan", "title_author"]),
        ("workshop_snowflake.sql", "snowflake", 6, ["repair_line"]),
    ],
)
def test_whole_scripts_are_imported(project: Path, file: str, dialect: str, tables: int, composite: list[str]) -> None:
    path = project / "tests" / "scripts" / file
    draft = import_sql(path.read_text(encoding="utf-8"), name="x", dialect=dialect)
    assert len(draft.schema.tables) == tables
    assert sorted(t.name for t in draft.schema.tables if t.composite_keys) == composite
    assert Counter(note.level for note in draft.notes)["skipped"] == draft.skipped


def test_settings_with_paths_and_policies_are_parsed() -> None:
    draft = snowflake(
        "create external table e (d date as to_date(value:c1::varchar), x varchar not null as (value:c2))\n"
        "partition by (d) location = @db.s.stage/path/2024/ auto_refresh = false file_format = (type = parquet)\n"
        "with row access policy p on (x) with tag (g.a = 'b')"
    )
    assert [(c.name, c.data_type) for c in only_table(draft).columns] == [("d", "DATE"), ("x", "VARCHAR")]
    assert messages(draft, "info") == [
        "This external table is imported as an ordinary table.",
        "Ignored, as it does not change the data: PARTITION BY, LOCATION, AUTO_REFRESH, FILE_FORMAT.",
        "Policies and tags ignored: ROW ACCESS POLICY, WITH TAG.",
    ]
    assert [each.text for each in draft.declarations] == ["to_date(value : c1 :: varchar)", "(value : c2)"]


def test_hybrid_tables_with_indexes() -> None:
    draft = snowflake(
        "create hybrid table h (id int primary key, k int not null, index by_k (k) include (id), unique (k) enforced)"
    )
    assert [(c.name, c.is_unique) for c in only_table(draft).columns] == [("id", True), ("k", True)]


def test_a_column_belongs_to_one_foreign_key() -> None:
    draft = redshift(
        "create table b (x int references p, y int, foreign key (x, y) references a (x, y));"
        "create table p (id int primary key); create table a (x int references p, y int, primary key (x, y))"
    )
    b = draft.schema.table("b")
    assert [key.references_table for key in b.foreign_keys] == ["a"]
    assert b.column("x").foreign_key is None
    assert "Foreign key (x) to p is implied by (x, y)." in messages(draft, "info")


def test_a_second_foreign_key_of_a_column_is_ignored() -> None:
    draft = redshift(
        "create table p (id int primary key); create table q (id int primary key);"
        "create table b (x int references p references q)"
    )
    key = draft.schema.table("b").column("x").foreign_key
    assert key is not None
    assert key.references_table == "p"
    assert messages(draft, "warning") == [
        "Foreign key (x) to q ignored: a column can have one foreign key, here (x) to p."
    ]


def test_a_key_over_a_missing_column_or_a_variant_is_ignored() -> None:
    draft = snowflake("create table t (a int, v variant unique, primary key (nowhere))")
    assert only_table(draft).primary_key == []
    assert messages(draft, "warning") == [
        "Key ignored: t has no column nowhere.",
        "Key ignored: v is VARIANT, which cannot be unique.",
    ]


def test_checks_formulas_defaults_and_numberings_are_collected() -> None:
    draft = redshift(
        "create sequence s.ids start with 5 increment by -2; create table t (a int check (a > 0), b int default 1,"
        " c int default nextval('s.ids'::regclass), d int identity(7, 3), e int generated always as (a + b) stored,"
        " constraint c check (a < 9)); alter table t rename column a to z; alter table t add check (b <> 0);"
        " alter table t add constraint gone check (b > 5); alter table t drop constraint gone"
    )
    assert draft.declarations == (
        Default("t", "b", "1", Place(1, 1, "t.b")),
        Numbering("t", "c", 5, -2, Place(1, 1, "t.c")),
        Numbering("t", "d", 7, 3, Place(1, 1, "t.d")),
        Formula("t", "e", '("z" + b)', Place(1, 1, "t.e")),
        TableCheck("t", '"z" > 0', Place(1, 1, "t.a")),
        TableCheck("t", '"z" < 9', Place(1, 1, "t")),
        TableCheck("t", "b <> 0", Place(3, 1, "t")),
    )
    assert messages(draft, "warning") == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("identity", (1, 1)),
        ("identity(1000, 5)", (1000, 5)),
        ("autoincrement start 100 increment 10 noorder", (100, 10)),
        ("generated by default as identity (start with 7 increment by 3)", (7, 3)),
        ("identity start with -5 increment by -1", (-5, -1)),
        ("default db.s.ids.nextval", (100, 1)),
        ("default next value for ids", (100, 1)),
    ],
)
def test_numbers_that_a_script_counts(written: str, expected: tuple[int, int]) -> None:
    (found,) = snowflake(f"create sequence ids start = 100; create table t (n int {written})").declarations
    assert isinstance(found, Numbering)
    assert (found.start, found.step) == expected


def test_columns_named_before_a_query() -> None:
    draft = snowflake("create table t (n, label) as select 1, 'x'; create table u (a date) as select 1")
    assert [(c.name, c.data_type) for c in draft.schema.table("t").columns] == [("n", "INT"), ("label", "VARCHAR")]
    assert [(c.name, c.data_type) for c in draft.schema.table("u").columns] == [("a", "DATE")]


def test_a_query_with_an_error_is_skipped_with_its_reason() -> None:
    draft = redshift("create table a (x int);\ncreate table b as select from where x")
    (note,) = draft.notes
    assert (note.line, note.object, note.level) == (2, "b", "skipped")
    assert note.message == 'Syntax error near "where" in the query.'


def test_every_statement_has_its_lines_and_outcome() -> None:
    script = """-- the shop
create table orders (
    id int not null,
    note text default 'x'
);
create table lines (id int);
grant select on orders
    to public;"""
    draft = redshift(script)

    assert [(each.line, each.last_line, each.outcome, each.title) for each in draft.outcomes] == [
        (2, 5, "imported", "create table orders"),
        (6, 6, "imported", "create table lines"),
        (7, 8, "skipped", "grant select on orders to public"),
    ]
    assert [[note.line for note in each.notes] for each in draft.outcomes] == [[], [], [7]]


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ("drop table t;", ["u", "s.v"]),
        ("drop table t, u;", ["s.v"]),
        ("drop table if exists nowhere, s.v;", ["t", "u"]),
        ("drop schema s cascade;", ["t", "u"]),
        ("drop table t; create table t (b int);", ["u", "s.v", "t"]),
        ("drop table t; undrop table t;", ["u", "s.v", "t"]),
        ("alter table t rename to w; create table t (b int); drop table w;", ["u", "s.v", "t"]),
    ],
)
def test_dropped_tables_are_not_imported(statements: str, expected: list[str]) -> None:
    draft = snowflake(f"create table t (a int); create table u (a int); create table s.v (a int); {statements}")
    assert [table.key for table in draft.schema.tables] == expected


def test_a_script_that_drops_all_its_tables_is_rejected() -> None:
    with pytest.raises(SqlImportError, match="drops every table it creates"):
        redshift("create table t (a int); drop table t;")


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_unnamed_columns_of_a_query_get_names(dialect: str) -> None:
    draft = import_sql("create table t as select 1, 2, 1, 'x' as y, count(*), count(*);", name="x", dialect=dialect)
    columns = only_table(draft).columns
    assert [column.name for column in columns] == ["1", "2", "1_2", "y", "count", "count_2"]
    assert [column.quoted for column in columns] == [True, True, True, False, False, False]
    assert '"1" needs quotes in queries' in messages(draft, "info")[0]


BROKEN_QUERIES = (
    "select <query>", "<query>", "{{ query }}", "select {{ columns }} from good", "select", "select from",
    "select a,, b from good", "select a, from good", "select a from", "select a from good where",
    "select a from good group", "select a from good order by", "select (a from good", "select a from good)",
    "select a from good join", "select a from good union", "selec a from good", "select * frm good",
    "select * from nowhere", "select a, b from nowhere", "select x from good", "select 'open from good",
    "with x as (select a from good)", "values", "delete from good",
)  # fmt: skip


@pytest.mark.parametrize("query", BROKEN_QUERIES)
@pytest.mark.parametrize("columns", ["", "(x, y) ", "(x int, y int) "])
def test_a_broken_query_does_not_replace_a_good_table(query: str, columns: str) -> None:
    draft = snowflake(
        f"create table good (a int, b varchar(7));\ncreate or replace table good {columns}as {query};\n"
        "create table last (i int);"
    )
    assert [c.name for c in draft.schema.table("good").columns] == ["a", "b"]
    assert [note.level for note in draft.notes if note.line == 2][-1] == "skipped"


def test_a_good_query_replaces_a_table() -> None:
    draft = snowflake(
        "create table t (a int, b int); create or replace table t as select b, a + 1 as c, null as d from t"
    )
    assert [c.name for c in only_table(draft).columns] == ["b", "c", "d"]


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("a int,, b int", [1]),
        ("a int, b int,", [1]),
        (", a int, b int", [1]),
        ("a int,\n,\nb int,\n", [2, 4]),
        ("a int, b int, primary key (a,,b)", [1]),
        ("a int, b decimal(10,), constraint c unique (a)", [1]),
        ("a int, b decimal(10, 2), constraint c unique (a, b)", []),
        ("a int{% if x %}, {% endif %}, b int", []),
    ],
)
def test_an_extra_comma_is_noted(body: str, lines: list[int]) -> None:
    draft = redshift(f"create table t ({body})")
    assert [note.line for note in draft.notes if note.message.startswith("Extra comma ignored")] == lines
    assert [c.name for c in only_table(draft).columns if c.name != "_row_id"] == ["a", "b"]
