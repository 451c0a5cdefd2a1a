"""dbt: seeds with the types of their columns, and sources with the tests that the schema promises.

A seed is one CSV file, named by its table; dbt takes an empty field for NULL, also of an empty text. Keys of several
columns are tested by generic tests of the project itself, so that no package of dbt is needed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.export.layout import exported_columns
from engine.export.yaml_text import write_yaml
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.ddl_export import render_identifier, type_sql

MAX_SEED_BYTES = 5_000_000
SEEDS = "seeds/_seeds.yml"
SOURCES = "models/_sources.yml"
KEY_TESTS = "tests/generic/dw_sim_keys.sql"
_MAX_ACCEPTED = 100
_KEY_TESTS_SQL = """-- Keys of several columns; columns that are NULL in part are no key, as in SQL.
{% test dw_sim_unique_together(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
where {{ columns | join(' is not null and ') }} is not null
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{% test dw_sim_references(model, columns, to, fields) %}
with child as (select * from {{ model }}), parent as (select * from {{ to }})
select {{ columns | join(', ') }}
from child
where {{ columns | join(' is not null and ') }} is not null
    and not exists (
        select 1 from parent
        where {% for column in columns %}parent.{{ fields[loop.index0] }} = child.{{ column }}
            {%- if not loop.last %} and {% endif %}{% endfor %}
    )
{% endtest %}
"""


def seeds_yaml(tables: Sequence[TableSchema], names: Mapping[str, str], target: str) -> bytes:
    """Return `_seeds.yml`: the type of every column in the target, and the names that need quotes."""
    seeds = []
    for table in tables:
        columns = exported_columns(table)
        config: dict[str, Any] = {"alias": table.name}
        if table.schema_name:
            config["schema"] = table.schema_name
        if any(column.quoted for column in columns):
            config["quote_columns"] = True
        config["column_types"] = {column.name: type_sql(column, target) for column in columns}
        seeds.append({"name": names[table.key], "config": config})
    return write_yaml({"version": 2, "seeds": seeds})


def sources_yaml(schema: ExperimentSchema, tables: Sequence[TableSchema]) -> bytes:
    """Return `_sources.yml`: a source for each schema, with not_null, unique, relationships and accepted_values.

    A table with keys of several columns has the tests of `key_tests_sql`. Its schema is where `dbt seed` puts the
    seeds; for tables that were loaded otherwise, change it there.
    """
    groups: dict[str, list[dict[str, Any]]] = {}
    places: dict[str, str] = {}
    for table in tables:
        columns = []
        for column in exported_columns(table):
            entry: dict[str, Any] = {"name": column.name, **({"quote": True} if column.quoted else {})}
            if column.comment:
                entry["description"] = column.comment
            if tests := list(_tests(schema, table, column)):
                entry["data_tests"] = tests
            columns.append(entry)
        found: dict[str, Any] = {"name": table.name, "columns": columns}
        if tests := list(_key_tests(schema, table)):
            found["data_tests"] = tests
        if table.comment:
            found["description"] = table.comment
        name = source_name(schema, table)
        groups.setdefault(name, []).append(found)
        places[name] = f"{{{{ target.schema }}}}_{table.schema_name}" if table.schema_name else "{{ target.schema }}"
    sources = [{"name": name, "schema": places[name], "tables": found} for name, found in groups.items()]
    return write_yaml({"version": 2, "sources": sources})


def key_tests_sql(tables: Sequence[TableSchema]) -> bytes:
    """Return the generic tests of keys of several columns; empty if no table has one."""
    return _KEY_TESTS_SQL.encode() if any(table.composite_keys or table.foreign_keys for table in tables) else b""


def source_name(schema: ExperimentSchema, table: TableSchema) -> str:
    """Return the name of a table's source: its schema, or the experiment's name without one."""
    return table.schema_name or schema.name


def _tests(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Iterator[Any]:
    if not column.is_nullable:
        yield "not_null"
    if table.is_unique(column):
        yield "unique"
    if column.foreign_key is not None:
        parent = schema.table(column.foreign_key.references_table, within=table.schema_name)
        to = f"source('{source_name(schema, parent)}', '{parent.name}')"
        field = parent.column(column.foreign_key.references_column).name
        yield {"relationships": {"arguments": {"to": to, "field": field}}}
    if column.values and len(column.values) <= _MAX_ACCEPTED and column.type.kind in (Kind.TEXT, Kind.INTEGER):
        values = list(dict.fromkeys(map(str, column.values)))
        quote = column.type.kind is Kind.TEXT
        yield {"accepted_values": {"arguments": {"values": values, "quote": quote}}}


def _key_tests(schema: ExperimentSchema, table: TableSchema) -> Iterator[Any]:
    """Yield the tests of the keys of several columns whose columns are all exported."""
    for group in table.composite_keys:
        if columns := _names(table, group):
            yield {"dw_sim_unique_together": {"arguments": {"columns": columns}}}
    for key in table.foreign_keys:
        parent = schema.table(key.references_table, within=table.schema_name)
        columns, fields = _names(table, key.columns), _names(parent, key.references_columns)
        if columns and fields:
            to = f"source('{source_name(schema, parent)}', '{parent.name}')"
            yield {"dw_sim_references": {"arguments": {"columns": columns, "to": to, "fields": fields}}}


def _names(table: TableSchema, names: Sequence[str]) -> list[str]:
    """Return the names as SQL has them; none if a column is not exported."""
    exported = {column.name for column in exported_columns(table)}
    columns = [table.column(name) for name in names]
    if not all(column.name in exported for column in columns):
        return []
    return [render_identifier(column.name, column.quoted) for column in columns]
