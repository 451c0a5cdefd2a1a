"""dbt: seeds with the types of their columns, and sources with the tests that the schema promises.

A seed is one CSV file, named by its table; dbt takes an empty field for NULL, also of an empty text. YAML is written as
the subset that JSON and plain mappings share.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.export.layout import exported_columns
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.ddl_export import type_sql

MAX_SEED_BYTES = 5_000_000
SEEDS = "seeds/_seeds.yml"
SOURCES = "models/_sources.yml"
_MAX_ACCEPTED = 100


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
    return _yaml({"version": 2, "seeds": seeds})


def sources_yaml(schema: ExperimentSchema, tables: Sequence[TableSchema]) -> bytes:
    """Return `_sources.yml`: a source for each schema, with not_null, unique, relationships and accepted_values.

    Its schema is where `dbt seed` puts the seeds; for tables that were loaded otherwise, change it there.
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
        if table.comment:
            found["description"] = table.comment
        name = source_name(schema, table)
        groups.setdefault(name, []).append(found)
        places[name] = f"{{{{ target.schema }}}}_{table.schema_name}" if table.schema_name else "{{ target.schema }}"
    sources = [{"name": name, "schema": places[name], "tables": found} for name, found in groups.items()]
    return _yaml({"version": 2, "sources": sources})


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


def _yaml(content: Mapping[str, Any]) -> bytes:
    return ("\n".join(_lines(content, 0)) + "\n").encode()


def _lines(value: Any, depth: int) -> Iterator[str]:
    pad = "  " * depth
    if isinstance(value, Mapping):
        for key, inner in value.items():
            name = (
                key
                if key.isidentifier() and key.isascii() and key not in ("y", "n", "on", "off", "no", "yes")
                else _text(key)
            )
            if isinstance(inner, Mapping | list) and inner:
                yield f"{pad}{name}:"
                yield from _lines(inner, depth + 1)
            else:
                yield f"{pad}{name}: {_text(inner)}"
        return
    for inner in value:
        if isinstance(inner, Mapping):
            first, *rest = _lines(inner, depth + 1)
            yield f"{pad}- {first.lstrip()}"
            yield from rest
        else:
            yield f"{pad}- {_text(inner)}"


def _text(value: Any) -> str:
    """Return a scalar in quotes where YAML could read it as something else."""
    if isinstance(value, str) and value.isidentifier() and value.isascii() and value.lower() not in (
        "true", "false", "null", "yes", "no", "on", "off", "y", "n",
    ):  # fmt: skip
        return value
    return json.dumps(value, ensure_ascii=False)
