"""A column under review as a line of editable cells: built from its schema, and applied back to it.

The sizes of a type are part of the type (`VARCHAR(20)`), however the schema states them; the options of a foreign
key are part of the settings.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.errors import Problem
from engine.schema.column_rules import COLUMN_RULES
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.reasons import reason_of
from engine.schema.types import parse_type

BY_TYPE = "by type"
_RULE_CELLS = {"rule", "value", "settings"}
_SIZES = ("varchar_length", "char_length", "precision", "scale")
_SEPARATE_CELLS = frozenset(
    {"name", "quoted", "data_type", "required", "is_unique", "null_fraction", "comment", "foreign_key"}
    | {"suggested", "because"}
)
_NOT_AN_OPTION = frozenset(
    {"references_table", "references_column", "suggested", "because", "nullable", "null_fraction"}
)

Line = dict[str, Any]
"""A column as shown and edited: column, key, type, rule, value, settings, nulls, unique, references, suggested,
because.

`nulls` is the share of NULLs, None for NOT NULL; `suggested` lists what was guessed (rule, key), `because` says why,
or which CHECKs the values keep.
"""


def rule_labels() -> dict[str, str]:
    """Return the label of each rule that a line can have, by the text of its cell."""
    return {BY_TYPE: "By type or key"} | {rule.name: rule.label for rule in COLUMN_RULES.values() if rule.cell}


def build_line(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> Line:
    """Return a column of the schema as a line."""
    data = json.loads(column.model_dump_json(exclude_defaults=True))
    rule = next((rule for rule in rule_labels() if rule in data), BY_TYPE)
    value = data.get(rule, "")
    settings = {key: value for key, value in data.items() if key not in _separate_keys(column) and key != rule}
    options = {key: value for key, value in data.get("foreign_key", {}).items() if key not in _NOT_AN_OPTION}
    if options:
        settings["foreign_key"] = options
    key = column.foreign_key
    suggested = {"rule": column.suggested and key is None, "key": key is not None and key.suggested}
    return {
        "column": column.name,
        "key": column.name.casefold() in (name.casefold() for name in table.primary_key),
        "type": str(column.type) if _sizes_in_type(column) else column.data_type,
        "rule": rule,
        "value": value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
        "settings": json.dumps(settings, ensure_ascii=False) if settings else "",
        "nulls": column.effective_null_fraction if column.is_nullable else None,
        "unique": column.is_unique,
        "references": _reference(schema, table, column),
        "suggested": [name for name, is_so in suggested.items() if is_so],
        "because": reason_of(table, column),
    }


def apply_changes(line: Line, changes: Mapping[str, Any]) -> Line:
    """Return a line with its changes; a changed cell is no longer a suggestion."""
    settled = {"rule"} if _RULE_CELLS & changes.keys() else set()
    settled |= {"key"} if "references" in changes else set()
    suggested = [name for name in line["suggested"] if name not in settled]
    is_replaced = line["suggested"] and not suggested
    return line | dict(changes) | {"suggested": suggested, "because": "" if is_replaced else line["because"]}


def add_implied_changes(line: Line, changes: Mapping[str, Any]) -> Line:
    """Return the changes with those they imply: a key is NOT NULL, and a reference replaces a rule."""
    if (changes.get("key") or changes.get("unique")) and "nulls" not in changes:
        return {"nulls": None, **changes}
    if changes.get("rule") == BY_TYPE and "value" not in changes:
        return {"value": "", **changes}
    if changes.get("references") and line["rule"] != BY_TYPE and "rule" not in changes:
        return {"rule": BY_TYPE, "value": "", **changes}
    return dict(changes)


def apply_line(
    described: dict[str, Any], column: ColumnSchema, line: Line, cells: frozenset[str], where: str
) -> list[Problem]:
    """Apply the changed `cells` of a line to the description of a column; return the problems."""
    problems: list[Problem] = []
    if "type" in cells:
        for size in _sizes_in_type(column):
            del described[size]
        described["data_type"] = str(line["type"] or "").strip()
    if "unique" in cells:
        described["is_unique"] = bool(line["unique"])
    if "references" in cells:
        problems += _set_key(described, str(line["references"] or "").strip(), where)
    if "nulls" in cells:
        _set_nulls(described, line["nulls"])
    if cells & _RULE_CELLS:
        problems += _set_rule(described, line, where, _separate_keys(column))
        described.pop("suggested", None)
        described.pop("because", None)
    return problems


def _separate_keys(column: ColumnSchema) -> frozenset[str]:
    """Return the keys of a column that have their own cells."""
    return _SEPARATE_CELLS | _sizes_in_type(column)


def _sizes_in_type(column: ColumnSchema) -> frozenset[str]:
    """Return the size keys that are also part of the type text."""
    given = frozenset(size for size in _SIZES if getattr(column, size) is not None)
    try:
        is_in_text = parse_type(str(column.type)) == column.type
    except ValueError:
        return frozenset()
    return given if is_in_text and str(column.type) != column.data_type else frozenset()


def _reference(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> str:
    key = column.foreign_key
    if key is None:
        return ""
    parent = schema.table(key.references_table, within=table.schema_name)
    return f"{parent.key}.{parent.column(key.references_column).name}"


def _set_nulls(described: dict[str, Any], share: float | None) -> None:
    key = described.get("foreign_key", {})
    for option in ("nullable", "null_fraction"):
        key.pop(option, None)
    described["required"] = share is None
    described["null_fraction"] = share


def _set_key(described: dict[str, Any], text: str, where: str) -> list[Problem]:
    options = {
        key: value for key, value in described.pop("foreign_key", {}).items() if key not in ("suggested", "because")
    }
    if not text:
        return []
    table, dot, column = text.rpartition(".")
    if not dot:
        return [Problem(where, f'"{text}" is not a column.', "Write it as table.column.")]
    described["foreign_key"] = options | {"references_table": table, "references_column": column}
    return []


def _set_rule(described: dict[str, Any], line: Line, where: str, separate: frozenset[str]) -> list[Problem]:
    for key in [key for key in described if key not in separate]:
        del described[key]
    settings = _parse_json(str(line["settings"] or "").strip() or "{}")
    if not isinstance(settings, dict) or not isinstance(options := settings.pop("foreign_key", {}), dict):
        return [Problem(where, "The settings are not a JSON object.", 'Write them as {"min_value": 1}.')]
    if "foreign_key" in described:
        target = {name: value for name, value in described["foreign_key"].items() if name in _NOT_AN_OPTION}
        described["foreign_key"] = options | target
    described |= settings
    value = str(line["value"] or "").strip()
    if line["rule"] == BY_TYPE:
        return [Problem(where, f'"{value}" has no rule.', "Choose a rule, or clear the value.")] if value else []
    if not value:
        return [Problem(where, f"The rule {line['rule']} has no value.", "Enter a value, or choose another rule.")]
    rule = COLUMN_RULES.get(line["rule"])
    if rule is not None and rule.cell == "json":
        described[rule.name] = value if (parsed := _parse_json(value)) is None else parsed
    elif rule is not None and rule.cell == "list":
        listed = _parse_json(value)
        described[rule.name] = listed if isinstance(listed, list) else [part.strip() for part in value.split(",")]
    else:
        described[line["rule"]] = value
    return []


def _parse_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None
