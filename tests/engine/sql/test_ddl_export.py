import duckdb
import pytest

from engine.errors import WorkbenchError
from engine.schema.files import read_schema
from engine.sql.ddl_export import export_ddl
from engine.sql.importing.importer import import_sql

SCHEMA = {
    "name": "lab",
    "tables": [
        {
            "name": "lines",
            "schema_name": "sales",
            "primary_key": ["_row_id"],
            "composite_keys": [["order_id", "line"]],
            "columns": [
                {"name": "_row_id", "data_type": "BIGINT", "is_unique": True},
                {
                    "name": "order_id",
                    "data_type": "INT",
                    "foreign_key": {"references_table": "orders", "references_column": "id"},
                },
                {"name": "line", "data_type": "SMALLINT"},
                {"name": "Kitchen Note", "quoted": True, "data_type": "VARCHAR(80)", "required": False},
            ],
        },
        {
            "name": "orders",
            "schema_name": "sales",
            "primary_key": ["id"],
            "comment": "what's sold",
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "uid", "data_type": "UUID", "is_unique": True},
                {"name": "total", "data_type": "DECIMAL(12,2)"},
                {"name": "placed_at", "data_type": "TIMESTAMPTZ"},
                {"name": "extra", "data_type": "JSON", "required": False},
                {"name": "text", "data_type": "TEXT", "required": False},
            ],
        },
    ],
}


def test_redshift():
    assert (
        export_ddl(read_schema(SCHEMA), "redshift")
        == """\
create schema if not exists sales;

create table sales.orders (
    id INT not null primary key,
    uid CHAR(36) not null unique,
    total DECIMAL(12,2) not null,
    placed_at TIMESTAMPTZ not null,
    extra SUPER,
    text VARCHAR(65535)
);

comment on table sales.orders is 'what''s sold';

create table sales.lines (
    order_id INT not null,
    line SMALLINT not null,
    "Kitchen Note" VARCHAR(80),
    primary key (order_id, line),
    foreign key (order_id) references sales.orders (id)
);
"""
    )


def test_duckdb_runs_the_script():
    with duckdb.connect() as connection:
        connection.execute(export_ddl(read_schema(SCHEMA), "duckdb"))
        assert connection.execute("select count(*) from sales.lines").fetchall() == [(0,)]


def test_foreign_keys_of_a_cycle_come_last():
    def table(name, other):
        key = {"references_table": other, "references_column": "id"}
        return {
            "name": name,
            "columns": [
                {"name": "id", "data_type": "INT", "is_unique": True},
                {"name": "ref", "data_type": "INT", "foreign_key": key},
            ],
        }

    schema = read_schema({"name": "lab", "tables": [table("a", "b"), table("b", "a")]})
    script = export_ddl(schema, "snowflake")
    assert script.rstrip().endswith("alter table b add foreign key (ref) references a (id);")
    again = import_sql(script, name="lab", dialect="snowflake").schema
    assert {t.name: t.columns[1].foreign_key.references_table for t in again.tables} == {"a": "b", "b": "a"}


def test_unknown_dialect():
    with pytest.raises(WorkbenchError, match=r'There is no dialect "redshit"\. Did you mean "redshift"'):
        export_ddl(read_schema(SCHEMA), "redshit")


@pytest.mark.parametrize("dialect", ["redshift", "snowflake"])
def test_an_export_imports_to_the_same_schema(project, dialect):
    text = (project / "schemas" / f"sample_{dialect}.sql").read_text("utf-8")
    first = import_sql(text, name="lab", dialect=dialect).schema
    again = import_sql(export_ddl(first, dialect), name="lab", dialect=dialect).schema
    before, after = (
        [table.model_copy(update={"warnings": []}) for table in sorted(schema.tables, key=lambda table: table.key)]
        for schema in (first, again)
    )
    assert after == before  # the export has nothing left to warn about


@pytest.mark.parametrize("dialect", ["redshift", "snowflake", "duckdb"])
@pytest.mark.parametrize("sample", ["ecommerce", "saas"])
def test_every_table_of_the_samples_is_exported(project, sample, dialect):
    schema = read_schema(project / "schemas" / f"{sample}.json")
    again = import_sql(export_ddl(schema, dialect), name="lab", dialect=dialect).schema
    assert {table.key for table in again.tables} == {table.key for table in schema.tables}
    for table in schema.tables:
        assert [column.name for column in again.table(table.key).columns] == [column.name for column in table.columns]


def test_a_primary_key_of_several_columns():
    columns = [{"name": "a", "data_type": "INT"}, {"name": "b", "data_type": "INT"}]
    schema = read_schema({"name": "lab", "tables": [{"name": "t", "columns": columns, "primary_key": ["a", "b"]}]})
    assert export_ddl(schema, "redshift") == (
        "create table t (\n    a INT not null,\n    b INT not null,\n    primary key (a, b)\n);\n"
    )
