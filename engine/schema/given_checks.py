"""Checks of given rows: cells for columns that exist, values that fit, and keys that do not repeat.

Whether a foreign key of a given row exists in its parent is checked where rules are compiled, as the parent may
generate it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress

from engine.errors import Problem, did_you_mean
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.given_rows import given_cells, given_column, parse_cell, row_names
from engine.schema.limits import MAX_GIVEN_BYTES, MAX_GIVEN_CELLS
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema

_MAX_PROBLEMS = 10


def check_given_size(schema: ExperimentSchema) -> Iterator[Problem]:
    """Yield the problem of more given cells, or longer texts, than a schema can store."""
    cells = sum(len(row) for table in schema.tables for row in table.rows)
    if cells > MAX_GIVEN_CELLS:
        yield Problem(
            "rows", f"The given rows have {cells:,} cells; at most {MAX_GIVEN_CELLS:,} are allowed.", "Give fewer rows."
        )
        return
    size = 0
    for table in schema.tables:
        for row in table.rows:
            size += sum(len(cell) for cell in (row.values() if isinstance(row, dict) else row) if isinstance(cell, str))
    if size > MAX_GIVEN_BYTES:
        limit = MAX_GIVEN_BYTES // 1024**2
        yield Problem("rows", f"The texts of the given rows are longer than {limit} MiB.", "Give fewer rows.")


def check_given_rows(table: TableSchema) -> Iterator[Problem]:
    """Yield the problems of a table's given rows, the first ten."""
    if table.rows_file is not None:
        yield Problem(
            f"{table.key}.rows_file",
            "A rows_file is read beside a schema file, and this schema was not read from a file.",
            'Write the rows into "rows", or read the schema by its path.',
        )
    problems = [] if not table.rows else list(_first(_check_shapes(table)))
    if table.rows and not problems:
        problems = list(_first(_check_cells(table)))
    if table.rows and not problems:
        problems = list(_first(_check_keys(table)))
    yield from problems


def _first(problems: Iterator[Problem]) -> Iterator[Problem]:
    for number, problem in enumerate(problems):
        if number == _MAX_PROBLEMS:
            return
        yield problem


def _check_shapes(table: TableSchema) -> Iterator[Problem]:
    known = {column.name.casefold() for column in table.columns}
    for number, row in enumerate(table.rows):
        if isinstance(row, list) and len(row) != len(table.columns):
            yield Problem(
                f"{table.key}.rows",
                f"Row {number + 1} has {len(row)} cells; {table.key} has {len(table.columns)} columns.",
                "Give one cell for each column, or write the row as an object.",
            )
        names = row_names(row)
        folded = {name.casefold() for name in names}
        for name in names:
            if name.casefold() not in known:
                hint = did_you_mean(name, [column.name for column in table.columns]) or "Use the table's columns."
                yield Problem(
                    f"{table.key}.rows", f'Row {number + 1} has "{name}", which is no column of {table.key}.', hint
                )
        if len(folded) < len(names):
            yield Problem(f"{table.key}.rows", f"Row {number + 1} gives a column twice.", "Keep one of the two.")


def _check_cells(table: TableSchema) -> Iterator[Problem]:
    for column in table.columns:
        try:
            kind = column.type
        except ValueError:  # a problem of the column
            continue
        where = f"{table.key}.{column.name}"
        is_nullable = column.is_nullable
        for number, cell in given_cells(table, column):
            if cell is None:
                if not is_nullable:
                    yield Problem(where, f"Its given row {number + 1} is NULL, and the column is required.", _LEAVE_OUT)
                continue
            try:
                parse_cell(cell, kind)
            except ValueError as error:
                yield Problem(where, f"Its given row {number + 1}, {cell!r}, {error}", f"Fix it, or the type {kind}.")


_LEAVE_OUT = "Give a value, or write the row as an object without the column, so that its rule fills it."


def _check_keys(table: TableSchema) -> Iterator[Problem]:
    groups = [[column.name] for column in table.columns if table.is_unique(column)]
    for group in (*groups, *table.composite_keys, *(key.columns for key in table.foreign_keys)):
        with suppress(KeyError, ValueError):  # problems of their own
            yield from _check_key(table, [table.column(name) for name in group], group in table.composite_keys)
    for column in table.columns:
        folded = column.name.casefold()
        keys: list[ForeignKey | CompositeForeignKey] = [] if column.foreign_key is None else [column.foreign_key]
        keys += [key for key in table.foreign_keys if folded in map(str.casefold, key.columns)]
        spreads = ["counted" if key.counted else "fan_out" for key in keys if key.spread or key.counted]
        if (spreads or column.line_number_of is not None) and given_column(table, column) is not None:
            rule = spreads[0] if spreads else "line_number_of"
            yield Problem(
                f"{table.key}.{column.name}",
                f"Given rows cannot be combined with {rule}, which sets the rows of each parent.",
                f"Remove {rule}, or leave {column.name} out of the given rows.",
            )


def _check_key(table: TableSchema, columns: Sequence[ColumnSchema], is_unique: bool) -> Iterator[Problem]:
    given = [given_column(table, column) for column in columns]
    found = [each for each in given if each is not None]
    where = f"{table.key}.{', '.join(column.name for column in columns)}"
    if not found:
        return
    if len(columns) > 1 and (
        len(found) < len(columns) or any(not each.is_given.equals(found[0].is_given) for each in found)
    ):
        yield Problem(where, "A given row has only some columns of this key.", "Give all of them, or none.")
        return
    if len(columns) > 1 and not is_unique:  # a foreign key
        return
    seen: dict[tuple[object, ...], int] = {}
    for number in found[0].rows:
        values = tuple(each.values[number] for each in found)
        first = seen.setdefault(values, number)
        if first != number and None not in values:
            shown = ", ".join(str(value) for value in values)
            yield Problem(
                where, f"Its given rows {first + 1} and {number + 1} are both {shown}.", "Keys must not repeat."
            )
