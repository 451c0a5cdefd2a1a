"""Checks of columns that follow from the rows of another table: what they name exists, and no other key sets values.

Whether the rows of a parent are known, and whether types fit, is checked where the columns are compiled.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Problem, did_you_mean
from engine.schema.column_rules import COLUMN_RULES, Role
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.rollups import AGGREGATES, OF_COLUMNS, Rollup

_BOUNDS = tuple(
    key for rule in COLUMN_RULES.values() if rule.role is Role.DEFAULT for pair in rule.ranges for key in pair
)
_SETTING = ("default_value", *_BOUNDS)


def check_relations(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, where: str
) -> Iterator[Problem]:
    """Yield the problems of a column's roll-up, share or running total."""
    yield from _check_rows_of_parent(table, column, where)
    if column.rollup is None:
        return
    yield from _check_alone(table, column, "rollup", where)
    given = column.rollup.aggregates
    if len(given) != 1:
        message = f"rollup has {' and '.join(given)}." if given else "rollup has no aggregate."
        yield Problem(where, message, f"Give one of {', '.join(AGGREGATES)}.")
    yield from _check_source(schema, table, column.rollup, where)


def _check_rows_of_parent(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of a share and of a running total: the foreign key and the columns that they name."""
    named: list[tuple[str, str]] = []
    if column.split_of is not None:
        yield from _check_alone(table, column, "split_of", where)
        for name in ("null_fraction", "null_when", "null_by"):
            if getattr(column, name):
                message = f"{name} leaves shares out, so that those of a parent no longer add up to its number."
                yield Problem(where, message, f"Remove {name}.")
        key, _, rest = column.split_of.partition(".")
        named.append(("split_of", key))
        if not rest:
            message = f'split_of is "{column.split_of}", and not a column of a parent.'
            yield Problem(where, message, 'Write "split_of": "foreign_key_column.parent_column".')
            return
        if column.split_weight is not None:
            named.append(("split_weight", column.split_weight))
    if column.running is not None:
        yield from _check_alone(table, column, "running", where)
        named += [("running: within", column.running.within), ("running: sum", column.running.sum)]
    names = [one.name for one in table.columns]
    for what, name in named:
        if name.casefold() not in map(str.casefold, names):
            hint = did_you_mean(name, names) or f"The columns are: {', '.join(names[:20])}."
            yield Problem(where, f'{what} names "{name}", which {table.key} does not have.', hint)
        elif what in ("split_of", "running: within") and not _references_of(table, name):
            yield Problem(where, f'{what} names "{name}", which is not a foreign key.', "Name a foreign key column.")
        elif name.casefold() == column.name.casefold():
            yield Problem(where, f"{what} names the column itself.", "Name another column.")


def _check_alone(table: TableSchema, column: ColumnSchema, rule: str, where: str) -> Iterator[Problem]:
    for key in dict.fromkeys(_SETTING):
        if getattr(column, key) is not None:
            yield Problem(where, f"{key} cannot be combined with {rule}.", f"Remove {key}.")
    folded = column.name.casefold()
    if any(folded in map(str.casefold, group) for group in table.composite_keys):
        yield Problem(where, f"A composite key cannot hold a {rule}.", "Remove it from composite_keys.")


def _check_source(schema: ExperimentSchema, table: TableSchema, rollup: Rollup, where: str) -> Iterator[Problem]:
    name, key = rollup.source
    if not name or not key:
        yield Problem(where, f'of is "{rollup.of}".', 'Write "of": "table.foreign_key_column".')
        return
    try:
        child = schema.table(name, within=table.schema_name)
    except KeyError:
        hint = did_you_mean(name, [one.key for one in schema.tables]) or "Name a table that references this one."
        yield Problem(where, f'rollup reads "{rollup.of}", and there is no table "{name}".', hint)
        return
    names = [column.name for column in child.columns]
    for wanted, what in ((key, "of"), *((getattr(rollup, one), one) for one in OF_COLUMNS)):
        if wanted is not None and wanted.casefold() not in map(str.casefold, names):
            hint = did_you_mean(wanted, names) or f"The columns are: {', '.join(names[:20])}."
            yield Problem(where, f'rollup: {what} names "{wanted}", which {child.key} does not have.', hint)
    if key.casefold() not in map(str.casefold, names):
        return
    targets = [_find_parent(schema, child, reference) for reference in _references_of(child, key)]
    if not any(parent is table for parent in targets):
        found = [
            one for one in names if any(_find_parent(schema, child, to) is table for to in _references_of(child, one))
        ]
        hint = f"Write {child.key}.{found[0]}." if found else f"Give {child.key}.{key} a foreign_key to {table.key}."
        yield Problem(where, f"rollup reads {rollup.of}, which is no foreign key to {table.key}.", hint)
    elif not all(_is_key(table, child, key)):
        hint = f"Reference a unique column of {table.key}."
        yield Problem(where, f"rollup reads {rollup.of}, which references a column that repeats.", hint)


def _references_of(table: TableSchema, name: str) -> list[str]:
    """Return the tables that the foreign keys of a column name."""
    column = table.column(name)
    own = [] if column.foreign_key is None else [column.foreign_key.references_table]
    folded = name.casefold()
    return own + [key.references_table for key in table.foreign_keys if folded in map(str.casefold, key.columns)]


def _is_key(table: TableSchema, child: TableSchema, name: str) -> Iterator[bool]:
    """Yield whether each foreign key of a child's column references a key of the table."""
    column = child.column(name).foreign_key
    known = {one.name.casefold() for one in table.columns}
    if column is not None and column.references_column.casefold() in known:
        yield table.is_unique(table.column(column.references_column))
    for key in child.foreign_keys:
        if name.casefold() in map(str.casefold, key.columns):
            wanted = {one.casefold() for one in key.references_columns}
            yield any({one.casefold() for one in group} == wanted for group in table.composite_keys)


def _find_parent(schema: ExperimentSchema, table: TableSchema, name: str) -> TableSchema | None:
    try:
        return schema.table(name, within=table.schema_name)
    except KeyError:
        return None
