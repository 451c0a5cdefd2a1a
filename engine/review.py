"""A schema under review, before anything is saved: each column as a line of texts that may be changed, with samples.

What a person types is kept as typed, also when it is no schema: the problems say what is wrong with it, and nothing
is lost.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import Problem, SchemaError
from engine.generation.preview import preview
from engine.generation.row_counts import row_counts
from engine.rules.compiler import check_rules
from engine.schema.diagram import er_diagram
from engine.schema.files import read_schema, schema_to_json
from engine.schema.models import ColumnSchema, ExperimentSchema
from engine.sql.ddl import export_ddl

BY_TYPE = "by type"
RULES = ("faker_rule", "mimesis_rule", "values", "pattern", "template", "expression", "line_number_of")
_APART = {
    "name",
    "quoted",
    "data_type",
    "required",
    "is_unique",
    "null_fraction",
    "comment",
    "foreign_key",
    "suggested",
}
_DEFAULT_NULLS = 0.05

Line = dict[str, Any]
"""A column as it is shown and changed: column, type, rule, value, settings, nulls, unique, references, suggested."""


class Review:
    """A schema whose columns are being changed; made by `Workbench.review`, saved by `Workbench.create(edited())`."""

    def __init__(self, schema: ExperimentSchema) -> None:
        self._schema = schema
        self._changes: dict[tuple[str, str], Line] = {}

    @property
    def name(self) -> str:
        """The name of the experiment to be."""
        return self._schema.name

    @property
    def tables(self) -> list[str]:
        """The keys of the tables."""
        return [table.key for table in self._schema.tables]

    def lines(self, table: str) -> list[Line]:
        """Return the columns of a table as they were given or changed."""
        found = self._schema.table(table)
        return [_line(column) | self._changes.get((found.key, column.name), {}) for column in found.columns]

    def change(self, table: str, column: str, changes: Mapping[str, Any]) -> None:
        """Change cells of a column's line; what was there comes back when the cell is set to it."""
        found = self._schema.table(table)
        original = _line(found.column(column))
        kept = self._changes.get((found.key, column), {}) | dict(changes)
        self._changes[found.key, column] = {key: value for key, value in kept.items() if original[key] != value}

    def edited(self) -> ExperimentSchema:
        """Return the schema with all changes; raises `SchemaError` with every problem."""
        data = json.loads(schema_to_json(self._schema))
        problems: list[Problem] = []
        for table, entry in zip(self._schema.tables, data["tables"], strict=True):
            for column, described in zip(table.columns, entry["columns"], strict=True):
                changes = self._changes.get((table.key, column.name))
                if changes:
                    _apply(described, column, changes, f"{table.key}.{column.name}", problems)
        if problems:
            raise SchemaError(problems, source="The reviewed schema")
        return read_schema(data, also=check_rules)

    def samples(self, table: str, rows: int = 5) -> dict[str, list[str | None]]:
        """Return sample values by column, as text; raises `SchemaError` as `edited`, and what a preview raises."""
        schema = self.edited()
        found = schema.table(table)
        frame = preview(schema, found, rows=rows, offset=0, seed=0, counts=row_counts(schema, None))
        return {
            column.name: [None if value is None else str(value) for value in frame[column.name]]
            for column in found.columns
        }

    def diagram(self, around: str | None = None) -> str:
        """Return the tables and keys as a Mermaid diagram, of all or of one table's neighbourhood."""
        return er_diagram(self.edited(), around=around)

    def to_json(self) -> str:
        """Return the reviewed schema as the text of a schema file."""
        return schema_to_json(self.edited())

    def to_ddl(self, dialect: str) -> str:
        """Return the CREATE TABLE script of the reviewed schema."""
        return export_ddl(self.edited(), dialect)


def _line(column: ColumnSchema) -> Line:
    data = json.loads(column.model_dump_json(exclude_defaults=True))
    rule = next((rule for rule in RULES if rule in data), BY_TYPE)
    value = data.get(rule, "")
    settings = {key: value for key, value in data.items() if key not in _APART and key != rule}
    key = column.foreign_key
    nulls = column.null_fraction if column.null_fraction is not None else (None if column.required else _DEFAULT_NULLS)
    return {
        "column": column.name,
        "type": column.data_type,
        "rule": rule,
        "value": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        "settings": json.dumps(settings, ensure_ascii=False) if settings else "",
        "nulls": nulls,
        "unique": column.is_unique,
        "references": "" if key is None else f"{key.references_table}.{key.references_column}",
        "suggested": column.suggested or (key is not None and key.suggested),
    }


def _apply(described: dict[str, Any], column: ColumnSchema, changes: Line, where: str, problems: list[Problem]) -> None:
    """Change the description of a column; a cell that cannot be read becomes a problem."""
    line = _line(column) | changes
    if "type" in changes:
        described["data_type"] = str(line["type"] or "").strip()
    if "unique" in changes:
        described["is_unique"] = bool(line["unique"])
    if "nulls" in changes:
        described["required"] = not line["nulls"]
        described["null_fraction"] = line["nulls"] or None
    if "references" in changes:
        _set_key(described, str(line["references"] or "").strip(), where, problems)
    if {"rule", "value", "settings"} & changes.keys():
        _set_rule(described, line, where, problems)
        described.pop("suggested", None)


def _set_key(described: dict[str, Any], text: str, where: str, problems: list[Problem]) -> None:
    described.pop("foreign_key", None)
    if not text:
        return
    table, dot, column = text.rpartition(".")
    if not dot:
        problems.append(Problem(where, f'"{text}" is no column to reference.', "Write table.column."))
        return
    described["foreign_key"] = {"references_table": table, "references_column": column}


def _set_rule(described: dict[str, Any], line: Line, where: str, problems: list[Problem]) -> None:
    for key in [key for key in described if key not in _APART]:
        del described[key]
    settings = _json_of(str(line["settings"] or "").strip() or "{}")
    if not isinstance(settings, dict):
        problems.append(Problem(where, "The settings are no JSON object.", 'They look like {"min_value": 1}.'))
        return
    described |= settings
    value = str(line["value"] or "").strip()
    if line["rule"] == BY_TYPE:
        return
    if not value:
        problems.append(Problem(where, f"The rule {line['rule']} has no value.", "Fill it in, or choose another rule."))
    elif line["rule"] == "values":
        listed = _json_of(value)
        described["values"] = listed if isinstance(listed, list) else [part.strip() for part in value.split(",")]
    else:
        described[line["rule"]] = value


def _json_of(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
