"""DEFAULTs as the value of a share of the rows, next to whatever rule makes the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlglot import exp

from engine.errors import RuleError
from engine.rules.declared.conditions import TODAY, read_constant
from engine.rules.declared.default_places import settle_default_country
from engine.rules.declared.formulas import change_columns
from engine.rules.declared.ranges import to_json_value
from engine.rules.declared.trials import Trial
from engine.rules.derived.vendor_sql import read_check, read_expression
from engine.schema.column_rules import has_any_key
from engine.schema.default_checks import is_key_column
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.importing.declarations import Default
from engine.sql.importing.notes import ImportLog

_UUIDS = frozenset({"UUID_STRING", "GEN_RANDOM_UUID", "UUID", "NEWID", "UUID_GENERATE_V4", "UUIDV4"})
_UUID_LENGTH = 36
_MAX_SHOWN = 60


def add_generated(table: TableSchema, defaults: Sequence[Default], dialect: str) -> TableSchema:
    """Return the table with a rule for each default that makes values, such as UUID_STRING()."""
    changes: dict[str, dict[str, object]] = {}
    for default in defaults:
        column = table.column(default.column)
        tree = _parse(default, table, dialect)
        is_uuid = isinstance(tree, exp.Anonymous | exp.Uuid) and _name(tree) in _UUIDS
        has_room = column.type.length is None or column.type.length >= _UUID_LENGTH
        if is_uuid and column.type.kind is Kind.TEXT and has_room and not has_any_key(column):
            changes[column.name] = {"faker_rule": "uuid4"}
    return change_columns(table, changes)


def add_defaults(
    schema: ExperimentSchema, table: TableSchema, defaults: Sequence[Default], dialect: str, log: ImportLog
) -> TableSchema:
    """Return the table with the constant defaults of its columns; add a note for those that change nothing."""
    ignored: list[str] = []
    for default in defaults:
        column = table.column(default.column)
        value = _read_value(default, table, column, dialect)
        if value is None:
            is_made = column.faker_rule == "uuid4" or column.type.kind is Kind.UUID
            if not is_made and not _is_null(_parse(default, table, dialect)):
                ignored.append(column.name)
            continue
        in_country = settle_default_country(table, column, value)
        if in_country is not table:
            table = in_country
            continue
        changed = None if is_key_column(table, column) else _change(schema, table, column, value, dialect)
        if changed is None:
            message = f"DEFAULT {default.text[:_MAX_SHOWN]} is not used: the column's rule or a CHECK excludes it."
            log.add(default.place, "info", message)
        else:
            table = changed
    if ignored:
        message = f"DEFAULT ignored, as rows get generated values: {', '.join(ignored)}."
        log.add(defaults[0].place, "info", message)
    return table


def _change(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, value: Any, dialect: str
) -> TableSchema | None:
    """Return the table with a default in a column, None when it breaks a rule or a check that holds without it."""
    change: dict[str, object] = {"default_value": value}
    if any(rule is not None for rule in (column.expression, column.probability, column.rollup, column.running)):
        return None
    if column.place is not None and column.suggested:  # it would disagree with the other parts
        return None
    if column.values is not None and value not in column.values:
        if not column.suggested:
            return None
        change["values"] = _put_into(column, value)
        if column.weights is not None and len(change["values"]) != len(column.weights):  # type: ignore[arg-type]
            change["weights"] = [max(column.weights), *column.weights]
    try:
        changed = change_columns(table, {column.name: change})
    except ValueError:
        return None
    trial = Trial(schema, changed)
    if trial.find_fault(column.name) is not None:
        return None
    return None if False in trial.test([read_check(check, changed, dialect) for check in changed.checks]) else changed


def _put_into(column: ColumnSchema, value: Any) -> list[Any]:
    """Return the suggested values with the default in place of the same text in another case, or before them."""
    values = list(column.values or ())
    same = [index for index, each in enumerate(values) if str(each).casefold() == str(value).casefold()]
    if same:
        values[same[0]] = value
        return values
    return [value, *values]


def _read_value(default: Default, table: TableSchema, column: ColumnSchema, dialect: str) -> Any:
    """Return the constant of a default as a JSON value of the column's type; None for any other default."""
    tree = _parse(default, table, dialect)
    constant = None if tree is None else read_constant(tree)
    if constant is None or constant is TODAY or column.type.kind in (Kind.JSON, Kind.BINARY):
        return None
    if constant == "" and column.type.kind is not Kind.TEXT:
        return None
    return to_json_value(constant, column.type)


def _is_null(tree: exp.Expr | None) -> bool:
    return isinstance(tree, exp.Null) or (isinstance(tree, exp.Cast) and _is_null(tree.this))


def _parse(default: Default, table: TableSchema, dialect: str) -> exp.Expr | None:
    try:
        return read_expression(default.text, table, dialect, default.table)
    except RuleError:
        return None


def _name(tree: exp.Expr) -> str:
    return str(tree.this).upper() if isinstance(tree, exp.Anonymous) else "UUID"
