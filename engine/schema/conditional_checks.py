"""Checks of values that depend on values: cases that fit the deciding column and cover it, values that fit their own.

A path is followed here as far as foreign keys of one column go; what the compiler finds beyond, it checks itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from typing import Any

from engine.errors import Problem, did_you_mean
from engine.schema.conditional import CASE_KEYS, NULL, REST, RowOf, ValueRows, cases_of, text_of_case
from engine.schema.given_rows import convert_cell, given_cells, parse_cell
from engine.schema.limits import MAX_CASE_VALUES
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind, WarehouseType
from engine.schema.values import parse_value

_SHOWN = 5
_NO_CASES = frozenset({Kind.JSON, Kind.BINARY})


def parse_text(text: str, kind: WarehouseType) -> Any:
    """Return the value of a type that a text stands for, as a key of JSON; raises `ValueError` with the reason."""
    return parse_value(convert_cell(text, kind), kind)


def check_conditional(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, where: str
) -> Iterator[Problem]:
    """Yield the problems of values_by, distribution_by and null_by."""
    by = column.values_by
    if by is None and column.distribution_by is None and column.null_by is None:
        return
    try:
        kind = column.type
    except ValueError:
        return  # a problem of its own
    if column.null_by is not None:
        yield from _check_null_by(column, where)
    if column.distribution_by is not None or by is not None:
        name = "values_by" if by is not None else "distribution_by"
        if any(column.name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys):
            yield Problem(where, f"A column of a foreign key cannot have {name}.", f"Remove {name}.")
        if any(column.name.casefold() in map(str.casefold, key) for key in table.composite_keys):
            yield Problem(where, f"{name} cannot make unique values.", f"Remove {name}, or the composite key.")
    if isinstance(by, ValueRows):
        yield from _check_rows(table, column, by, where)
    elif isinstance(by, RowOf):
        yield from _check_row_of(table, column, by, where)
    elif by is not None:
        yield from _check_case_values(column, kind, where)
    for key in CASE_KEYS:
        found = cases_of(column, key)
        if found is not None:
            yield from _check_cases(schema, table, column, f"{where}.{key}", *found)


def _check_null_by(column: ColumnSchema, where: str) -> Iterator[Problem]:
    if not column.is_nullable:
        yield Problem(where, "null_by is given and the column is required.", 'Set "required": false.')
    key = column.foreign_key
    if column.null_fraction is not None or (key is not None and key.null_fraction is not None):
        yield Problem(where, "null_by and null_fraction cannot be combined.", "Keep one of them.")


def _check_case_values(column: ColumnSchema, kind: WarehouseType, where: str) -> Iterator[Problem]:
    found = cases_of(column, "values_by")
    cases: dict[str, dict[str, float]] = found[1] if found is not None else {}
    if sum(len(weights) for weights in cases.values()) > MAX_CASE_VALUES:
        yield Problem(where, f"values_by has more than {MAX_CASE_VALUES:,} weights.", "Give fewer cases or values.")
        return
    faults: dict[str, str] = {}
    for case, weights in cases.items():
        for text in weights:
            if text not in faults:
                faults[text] = _fault(text, kind)
                if faults[text]:
                    yield Problem(
                        where, f'values_by: the value "{text}" {faults[text]}', f"Fix it, or the type {kind}."
                    )
        yield from _check_sum(list(weights.values()), f'values_by, case "{case}": the weights', where)


def _check_sum(weights: Sequence[float], subject: str, where: str) -> Iterator[Problem]:
    if not math.isfinite(sum(weights)):
        yield Problem(where, f"{subject} add up to more than the largest number.", "Divide them all by the largest.")
    elif sum(weights) <= 0:
        yield Problem(where, f"{subject} are all 0.", "At least one weight must be above 0.")


def _check_rows(table: TableSchema, column: ColumnSchema, by: ValueRows, where: str) -> Iterator[Problem]:
    folded = [name.casefold() for name in by.columns]
    if column.name.casefold() not in folded:
        yield Problem(where, f'values_by does not list "{column.name}" among its columns.', "Add it to columns.")
    if len(set(folded)) < len(folded):
        yield Problem(where, "values_by lists a column twice.", "Remove one of them.")
    if by.table is not None:
        message = "values_by: a table is read beside a schema file, and this schema was not read from a file."
        yield Problem(where, message, "Give its rows.")
        return
    if not by.rows:
        yield Problem(where, "values_by has no rows.", 'Give "rows", or "table": a CSV file beside the schema file.')
        return
    if by.weight_column is not None:
        yield Problem(where, "weight_column is a column of a file.", 'Give "weights", one for each row.')
    if by.weights is not None and len(by.weights) != len(by.rows):
        message = f"values_by has {len(by.rows):,} rows and {len(by.weights):,} weights."
        yield Problem(where, message, "Give one weight for each row.")
    elif by.weights is not None:
        yield from _check_sum(by.weights, "values_by: the weights", where)
    for number, row in enumerate(by.rows):
        if len(row) != len(by.columns):
            message = f"values_by: row {number + 1} has {len(row)} values for {len(by.columns)} columns."
            yield Problem(where, message, "Give one value for each of columns.")
            return
    for place, name in enumerate(by.columns):
        target = _find(table, name)
        if target is None:
            yield _missing(where, table, name)
            continue
        yield from _check_row_column(table, column, target, [row[place] for row in by.rows], where)


def _check_row_column(
    table: TableSchema, owner: ColumnSchema, target: ColumnSchema, cells: Sequence[Any], where: str
) -> Iterator[Problem]:
    by = target.values_by
    if target is not owner and not (isinstance(by, RowOf) and by.row_of.casefold() == owner.name.casefold()):
        message = f'"{target.name}" has a values_by of its own, and that of "{owner.name}" lists it too.'
        yield Problem(where, message, "Keep one of them.")
        return
    if any(cell is None for cell in cells) and not target.is_nullable:
        message = f'values_by: a row has NULL for "{target.name}", which is required.'
        yield Problem(where, message, f'Give a value, or set "required": false on "{target.name}".')
    try:
        kind = target.type
    except ValueError:
        return
    for number, cell in enumerate(cells):
        fault = "" if cell is None else _cell_fault(cell, kind)
        if fault:
            message = f'values_by: row {number + 1}, the value {cell!r} of "{target.name}" {fault}'
            yield Problem(where, message, f"Fix it, or the type {kind}.")
            return


def _check_row_of(table: TableSchema, column: ColumnSchema, by: RowOf, where: str) -> Iterator[Problem]:
    owner = _find(table, by.row_of)
    if owner is None:
        yield _missing(where, table, by.row_of)
    elif not isinstance(owner.values_by, ValueRows):
        hint = f'Give "{owner.name}" a values_by with columns and rows.'
        yield Problem(where, f'row_of names "{owner.name}", whose values_by has no rows.', hint)
    elif column.name.casefold() not in map(str.casefold, owner.values_by.columns):
        message = f'The values_by of "{owner.name}" does not list "{column.name}".'
        yield Problem(where, message, "Add it to its columns, with its values.")


def _check_cases(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, where: str, path: str, cases: Collection[str]
) -> Iterator[Problem]:
    """Yield the cases that are no values of the deciding column, and the values of it that no case covers."""
    if not cases:
        yield Problem(where, "There is no case.", 'Give {"value": ..., "*": ...}.')
        return
    end = follow(schema, table, path)
    if end is None:
        return  # the compiler says what is wrong with the path, or follows it further
    at, decider, is_nullable = end
    if at.key == table.key and decider.name.casefold() == column.name.casefold() and "." not in path:
        yield Problem(where, "A column cannot decide its own values.", "Name another column.")
        return
    try:
        kind = decider.type
    except ValueError:
        return
    if kind.kind in _NO_CASES:
        yield Problem(where, f"{path} is {kind}, which cannot decide.", "Name a column of another type.")
        return
    covered: dict[Any, str] = {}
    for case in cases:
        if case in (REST, NULL):
            continue
        try:
            value = parse_text(text_of_case(case), kind)
        except ValueError as error:
            yield Problem(where, f'The case "{case}" {error}', f'{path} is {kind}; "*" is the rest, "null" is NULL.')
            return
        if value in covered:
            message = f'The cases "{covered[value]}" and "{case}" are the same value.'
            yield Problem(where, message, "Keep one of them.")
        covered[value] = case
    known, listed = known_values(schema, at, decider), known_values(schema, at, decider, least=-1.0)
    if listed is not None:
        never = [case for value, case in covered.items() if value not in listed]
        if never:
            values = ", ".join(_show(value) for value in sorted(listed, key=str)[:_SHOWN])
            yield Problem(where, f"{path} never is {_listed(never)}.", f"Its values are: {values}.")
    if REST in cases:
        return
    missing = [_show(value) for value in (known or ()) if value not in covered]
    if is_nullable and NULL not in cases:
        missing.append("NULL")
    if missing:
        message = f"No case covers {path} = {_listed(missing)}."
        hint = (
            'Add a case "null", or "*" for the rest.' if missing == ["NULL"] else 'Add the case, or "*" for the rest.'
        )
        yield Problem(where, message, hint)


def follow(schema: ExperimentSchema, table: TableSchema, path: str) -> tuple[TableSchema, ColumnSchema, bool] | None:
    """Return the table and column at the end of a path along foreign keys, and whether it can be NULL; else None."""
    names = path.split(".")
    is_nullable = False
    for name in names[:-1]:
        column = _find(table, name)
        key = None if column is None else column.foreign_key
        if column is None or key is None:
            return None
        try:
            table = schema.table(key.references_table, within=table.schema_name)
        except KeyError:
            return None
        is_nullable = is_nullable or column.is_nullable
    found = _find(table, names[-1])
    return None if found is None else (table, found, is_nullable or _may_be_null(table, found))


def known_values(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, *, least: float = 0.0, depth: int = 0
) -> set[Any] | None:
    """Return all values other than NULL that a column can have, or None when they are not listed in the schema.

    Those with a weight of `least` or less are left out.
    """
    try:
        found = _ruled_values(schema, table, column, least, depth)
        if found is None:
            return None
        if column.default_value is not None:
            found.add(parse_value(column.default_value, column.type))
        return found | {parse_cell(cell, column.type) for _, cell in given_cells(table, column) if cell is not None}
    except (ValueError, TypeError):
        return None  # a problem of its own


def _ruled_values(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, least: float, depth: int
) -> set[Any] | None:
    kind = column.type
    if column.values is not None:
        weights = column.weights or [1.0] * len(column.values)
        chosen = zip(column.values, weights, strict=False)
        return {parse_value(value, kind) for value, weight in chosen if weight > least}
    by = column.values_by
    if isinstance(by, dict):
        return {
            parse_text(text, kind) for cases in by.values() for weights in cases.values()
            for text, weight in weights.items() if weight > least
        }  # fmt: skip
    if by is not None:
        owner = column if isinstance(by, ValueRows) else _find(table, by.row_of)
        if owner is None or not isinstance(owner.values_by, ValueRows):
            return None
        place = [name.casefold() for name in owner.values_by.columns].index(column.name.casefold())
        cells = [row[place] for row in owner.values_by.rows]
        return {parse_cell(cell, kind) for cell in cells if cell is not None}
    key = column.foreign_key
    if key is not None and depth < _SHOWN:
        try:
            parent = schema.table(key.references_table, within=table.schema_name)
            target = parent.column(key.references_column)
        except KeyError:
            return None
        is_listed = parent.target_rows in (None, len(parent.rows)) and bool(parent.rows)
        if is_listed and len(list(given_cells(parent, target))) == len(parent.rows):
            return {parse_cell(cell, kind) for _, cell in given_cells(parent, target) if cell is not None}
        return known_values(schema, parent, target, least=least, depth=depth + 1) if target.type == kind else None
    if any(column.name.casefold() in map(str.casefold, one.columns) for one in table.foreign_keys):
        return None
    if kind.kind is Kind.BOOLEAN and column.expression is None:
        return {True, False}
    is_whole = bool(table.rows) and table.target_rows in (None, len(table.rows))
    return set() if is_whole and len(list(given_cells(table, column))) == len(table.rows) else None


def _may_be_null(table: TableSchema, column: ColumnSchema) -> bool:
    if column.effective_null_fraction > 0 or column.has_null_condition:
        return column.is_nullable
    is_drawn = column.expression is not None or isinstance(column.values_by, ValueRows | RowOf)
    return (column.is_nullable and is_drawn) or any(cell is None for _, cell in given_cells(table, column))


def _fault(text: str, kind: WarehouseType) -> str:
    try:
        parse_text(text, kind)
    except ValueError as error:
        return str(error)
    return ""


def _cell_fault(cell: Any, kind: WarehouseType) -> str:
    try:
        parse_cell(cell, kind)
    except ValueError as error:
        return str(error)
    return ""


def _find(table: TableSchema, name: str) -> ColumnSchema | None:
    folded = name.casefold()
    return next((column for column in table.columns if column.name.casefold() == folded), None)


def _missing(where: str, table: TableSchema, name: str) -> Problem:
    known = [column.name for column in table.columns]
    hint = did_you_mean(name, known) or f"The columns are: {', '.join(known[:20])}."
    return Problem(where, f'There is no column "{name}" in {table.key}.', hint)


def _show(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")
