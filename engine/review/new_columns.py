"""Defaults of new tables and columns: a type and a reference by the name, and the rule that an import would suggest."""

from __future__ import annotations

import json
from typing import Any

from engine.errors import SchemaError
from engine.rules.name_words import singular, words
from engine.rules.suggestions.foreign_keys import suggested_keys
from engine.rules.suggestions.suggestions import with_suggestions
from engine.schema.files import read_schema, schema_to_json
from engine.schema.models import ExperimentSchema

COLUMN_TYPES = {
    "INTEGER": (),
    "BIGINT": (),
    "DECIMAL": ("precision", "scale"),
    "DOUBLE PRECISION": (),
    "BOOLEAN": (),
    "VARCHAR": ("length",),
    "CHAR": ("length",),
    "DATE": (),
    "TIMESTAMP": (),
    "TIMESTAMPTZ": (),
    "TIME": (),
    "UUID": (),
    "JSON": (),
    "VARBINARY": (),
}
"""The types to choose from, each with its sizes."""

_BY_LAST_WORD = {
    "BIGINT": "id key number no",
    "DATE": "date day on birthday dob",
    "TIMESTAMP": "at time timestamp datetime ts",
    "DECIMAL(12,2)": "price amount total cost revenue salary fee tax discount balance value budget subtotal income",
    "INTEGER": "count quantity qty year age rank position size stock points level score duration days minutes seconds",
    "DOUBLE PRECISION": "latitude longitude lat lon ratio rate weight height width length temperature distance",
    "BOOLEAN": "flag active enabled deleted",
    "UUID": "uuid guid",
    "JSON": "json payload metadata attributes",
    "VARCHAR(1000)": "description comment text body notes note message review",
}
_BOOLEAN_STARTS = frozenset({"is", "has", "was", "can"})
_DEFAULT_TYPE = "VARCHAR(100)"


def guess_type(name: str) -> str:
    """Return the type that a column of a name most likely has."""
    parts = words(name)
    if not parts:
        return _DEFAULT_TYPE
    if parts[0] in _BOOLEAN_STARTS:
        return "BOOLEAN"
    return next((data_type for data_type, ends in _BY_LAST_WORD.items() if parts[-1] in ends.split()), _DEFAULT_TYPE)


def key_name(table: str) -> str:
    """Return the name of the key of a new table: `customer_id` of customers."""
    head, _, last = table.rpartition("_")
    return f"{head}{'_' if head else ''}{singular(last.casefold())}_id"


def with_defaults(schema: ExperimentSchema, table: str, columns: list[str], *, keeps_types: bool) -> dict[str, Any]:
    """Return the document of a schema in which new columns have a reference or a rule by their names.

    Unless `keeps_types`, a column gets the type of what it refers to. All other columns stay as they are.
    """
    data: dict[str, Any] = json.loads(schema_to_json(schema))
    entry = data["tables"][[each.key for each in schema.tables].index(table)]
    described = {each["name"]: each for each in entry["columns"]}
    for key in suggested_keys(schema):
        if key.table == table and len(key.columns) == 1 and key.columns[0] in columns:
            column = described[key.columns[0]]
            column["foreign_key"] = {"references_table": key.parent, "references_column": key.targets[0]}
            if not keeps_types:
                column["data_type"] = str(schema.table(key.parent).column(key.targets[0]).type)
    try:
        suggested = with_suggestions(read_schema(data))
    except SchemaError:
        return data
    found = {each.name: each for each in suggested.table(table).columns}
    for name in columns:
        if "foreign_key" not in described[name]:
            better = json.loads(found[name].model_dump_json(exclude_defaults=True))
            described[name].update({key: value for key, value in better.items() if key not in described[name]})
    return data
