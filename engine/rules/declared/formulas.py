"""Formulas of computed columns as expressions, and columns that a script numbers as sequences."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from engine.errors import RuleError, WorkbenchError
from engine.rules.declared.trials import Trial
from engine.rules.derived.vendor_sql import read_expression, write_expression
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind
from engine.sql.importing.declarations import Formula, Numbering
from engine.sql.importing.notes import ImportLog

_IGNORED = "Formula ignored; the values are generated like any other: {}."


def add_formulas(table: TableSchema, formulas: Sequence[Formula], dialect: str, log: ImportLog) -> TableSchema:
    """Return the table with an expression in each computed column; add a note for a formula that is no SQL."""
    changes: dict[str, dict[str, object]] = {}
    for formula in formulas:
        where = f"{table.key}.{formula.column}"
        try:
            tree = read_expression(formula.text, table, dialect, where)
        except RuleError as error:
            log.add(formula.place, "warning", _describe(formula, error))
            continue
        changes[formula.column] = {"expression": write_expression(tree)}
    return change_columns(table, changes)


def settle_formulas(
    schema: ExperimentSchema, table: TableSchema, formulas: Sequence[Formula], log: ImportLog
) -> TableSchema:
    """Return the table without the formulas that cannot be computed, each with a note that says which part."""
    waiting = [formula for formula in formulas if table.column(formula.column).expression is not None]
    while waiting:
        trial = Trial(schema, table)
        faults = [(formula, trial.find_fault(formula.column)) for formula in waiting]
        failing = [(formula, fault) for formula, fault in faults if fault is not None]
        if not failing:
            break
        for formula, fault in failing:
            filled = _without_nulls(table, formula) if "gives NULL" in fault.message else None
            if filled is not None and Trial(schema, filled).find_fault(formula.column) is None:
                table = filled
                message = f"NOT NULL formula: the columns that it reads get no NULLs: {formula.text}."
                log.add(formula.place, "info", message)
            elif _is_own(fault, table, formula):
                table = change_columns(table, {formula.column: {"expression": None}})
                log.add(formula.place, "warning", _describe(formula, fault))
                waiting.remove(formula)
        if not any(_is_own(fault, table, formula) for formula, fault in failing):
            break
    return table


def add_numberings(table: TableSchema, numberings: Sequence[Numbering]) -> TableSchema:
    """Return the table with a sequence in each column that the script numbers."""
    changes: dict[str, dict[str, object]] = {}
    for numbering in numberings:
        column = table.column(numbering.column)
        if column.type.kind in (Kind.INTEGER, Kind.DECIMAL) and column.foreign_key is None:
            changes[column.name] = {"sequence": {"start": numbering.start, "step": numbering.step}}
    return change_columns(table, changes)


def change_columns(table: TableSchema, changes: dict[str, dict[str, object]]) -> TableSchema:
    """Return the table with changed columns, by name."""
    if not any(changes.values()):
        return table
    columns = [_change(column, changes.get(column.name, {})) for column in table.columns]
    return table.model_copy(update={"columns": columns})


def _change(column: ColumnSchema, change: dict[str, object]) -> ColumnSchema:
    if not change:
        return column
    data = column.model_dump(exclude_defaults=True) | change
    return ColumnSchema(**{key: value for key, value in data.items() if value is not None})


def _is_own(fault: WorkbenchError, table: TableSchema, formula: Formula) -> bool:
    """Return whether a fault is in the formula itself rather than in a column that it reads."""
    return fault.where in ("", f"{table.key}.{formula.column}")


def _without_nulls(table: TableSchema, formula: Formula) -> TableSchema | None:
    """Return the table whose nullable columns get no NULLs where a required formula reads them."""
    expression = table.column(formula.column).expression or ""
    tree = read_expression(expression, table, None, table.key)
    names = {each.name.casefold() for each in tree.find_all(exp.Column)}
    changes: dict[str, dict[str, object]] = {
        column.name: {"null_fraction": 0.0}
        for column in table.columns
        if column.name.casefold() in names and column.is_nullable
    }
    return change_columns(table, changes) if changes else None


def _describe(formula: Formula, fault: WorkbenchError) -> str:
    reason = f"{formula.text}. {fault.message}".rstrip(".")
    return _IGNORED.format(f"{formula.column} AS {reason}") + (f" {fault.hint}" if fault.hint else "")
