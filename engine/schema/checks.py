"""Checks across a schema: names, keys, bounds, and rules that match their types.

Checks yield `Problem`s and never raise, so that one read of a file reports every fault. Whether a rule itself is
valid (a Faker method that exists, an expression that parses) is checked where rules are compiled.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from engine.errors import Problem, did_you_mean
from engine.schema.column_checks import check_column
from engine.schema.conditional_checks import check_conditional
from engine.schema.event_checks import check_events
from engine.schema.events import is_event_key
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.given_checks import check_given_rows, check_given_size
from engine.schema.growth import check_growth
from engine.schema.hidden import check_hidden
from engine.schema.latent_checks import check_latents
from engine.schema.lifecycle_checks import check_lifecycle
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.names import experiment_name_fault, name_fault, quoted_name_fault, repeated
from engine.schema.outcome_checks import check_outcomes
from engine.schema.relation_checks import check_relations
from engine.schema.relations import bounds_of
from engine.schema.scenario_checks import check_scenarios
from engine.schema.series_checks import check_series
from engine.schema.spread_checks import check_batches, check_counted, check_weights
from engine.schema.time_checks import check_time
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind


def check_schema(schema: ExperimentSchema, *, unaffected: Collection[str] = ()) -> list[Problem]:
    """Return all problems of the schema in its order, those inside of the tables `unaffected` left out."""
    return [
        *check_experiment_name(schema.name),
        *_check_repeats("the experiment", "table", [table.key for table in schema.tables]),
        *check_given_size(schema),
        *check_batches(schema),
        *check_growth(schema),
        *chain.from_iterable(_check_table(schema, table) for table in schema.tables if table.key not in unaffected),
    ]


def check_experiment_name(name: str) -> Iterator[Problem]:
    """Yield the problem of an invalid experiment name."""
    if not name.strip():
        yield Problem("name", "Give the experiment a name, for example sales_2024")
    elif fault := experiment_name_fault(name):
        yield Problem("name", f'The experiment name "{name}" {fault}', "Choose a name, for example sales_2024.")


def _check_table(schema: ExperimentSchema, table: TableSchema) -> Iterator[Problem]:
    place = table.key
    yield from _check_name(place, "table", table.name, quoted=table.quoted)
    if table.schema_name is not None and (fault := quoted_name_fault(table.schema_name)):
        yield Problem(place, f'The schema name "{table.schema_name}" {fault}', "Rename the schema.")
    yield from _check_repeats(place, "column", [column.name for column in table.columns])
    yield from _check_key_columns(table)
    for column in table.columns:
        where = f"{table.key}.{column.name}"
        yield from _check_name(where, "column", column.name, quoted=column.quoted)
        yield from check_column(table, column, where)
        yield from _check_foreign_key(schema, table, column, where)
        yield from _check_line_number(table, column, where)
        yield from _check_groups(table, column, where)
        yield from check_conditional(schema, table, column, where)
        yield from check_relations(schema, table, column, where)
        yield from check_time(table, column, where)
        yield from check_series(table, column, where)
    for key in table.foreign_keys:
        yield from _check_composite_foreign_key(schema, table, key)
    yield from check_given_rows(table)
    yield from check_hidden(schema, table)
    yield from check_latents(schema, table)
    yield from check_outcomes(table)
    yield from check_lifecycle(table)
    yield from check_events(schema, table)
    yield from check_scenarios(schema, table)


def _check_name(where: str, noun: str, name: str, *, quoted: bool) -> Iterator[Problem]:
    fault = quoted_name_fault(name) if quoted else name_fault(name, is_column=noun == "column")
    if fault:
        hint = "Rename it." if quoted else 'Rename it, or set "quoted": true if the warehouse has it in quotes.'
        yield Problem(where, f'The {noun} name "{name}" {fault}', hint)


def _check_repeats(where: str, noun: str, names: Sequence[str]) -> Iterator[Problem]:
    for name in repeated(names):
        yield Problem(where, f'There are two {noun}s named "{name}".', "Names must differ in more than case.")


def _check_key_columns(table: TableSchema) -> Iterator[Problem]:
    keys = [("primary_key", table.primary_key)] if table.primary_key else []
    keys += [("composite_keys", key) for key in table.composite_keys]
    for key_name, names in keys:
        known = _find_columns(table, names)
        for name, column in zip(names, known, strict=True):
            if column is None:
                yield _missing_column(f"{table.key}.{key_name}", table, name)
            elif column.is_nullable:
                yield Problem(
                    f"{table.key}.{key_name}",
                    f'"{column.name}" may be NULL, but a key column must not be.',
                    'Set "required": true on the column.',
                )
        yield from _check_repeats(f"{table.key}.{key_name}", "key column", names)


def _has_composite(table: TableSchema, names: Sequence[str]) -> bool:
    wanted = {name.casefold() for name in names}
    return any({name.casefold() for name in key} == wanted for key in table.composite_keys)


def _check_foreign_key(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, where: str
) -> Iterator[Problem]:
    key = column.foreign_key
    if key is None:
        return
    parent = _find_table(schema, table, key.references_table)
    if parent is None:
        yield _missing_table(where, schema, key.references_table)
        return
    (target,) = _find_columns(parent, [key.references_column])
    if target is None:
        yield _missing_column(where, parent, key.references_column)
        return
    target_name = f"{parent.key}.{target.name}"
    if target.is_nullable:
        yield _nullable_target(where, target_name)
    elif not parent.is_unique(target) and not key.where:
        yield from _check_repeated_target(where, target_name, key, is_unique=table.is_unique(column))
    yield from _check_same_kind(where, column, target, target_name)
    yield from _check_foreign_key_options(table, column, parent, where)
    if key.through is not None:
        yield from _check_through(schema, table, column, parent, where)


def _check_through(
    schema: ExperimentSchema, table: TableSchema, column: ColumnSchema, parent: TableSchema, where: str
) -> Iterator[Problem]:
    """Yield the problems of a key that takes its parent from the parent of another key."""
    key = column.foreign_key
    assert key is not None and key.through is not None
    other = next((one for one in table.columns if one.name.casefold() == key.through.casefold()), None)
    via = None if other is None or other is column or other.foreign_key is None else other.foreign_key
    middle = None if via is None else _find_table(schema, table, via.references_table)
    if middle is None or middle.key in (table.key, parent.key):
        message = f'through names "{key.through}", which is no foreign key column to a further table.'
        yield Problem(where, message, "Name a foreign key column of the same table.")
        return
    found = (one.foreign_key for one in middle.columns if one.foreign_key is not None)
    if not any(_find_table(schema, middle, one.references_table) is parent for one in found):
        yield Problem(where, f"{middle.key} has no foreign key to {parent.key}.", "Remove through.")
    options = {
        "fan_out": key.spread, "distribution": key.distribution, "where": key.where, "unique": key.unique or None,
        "counted": key.counted or None,
        "is_unique": table.is_unique(column) or None,
    }  # fmt: skip
    if given := [name for name, value in options.items() if value is not None]:
        yield Problem(where, f"through cannot be combined with {given[0]}.", "Keep one of them.")


def _nullable_target(where: str, target: str) -> Problem:
    return Problem(
        where,
        f"It references {target}, which may be NULL.",
        f'Set "required": true on {target}, or reference a key.',
    )


def _check_repeated_target(
    where: str, target: str, key: ForeignKey | CompositeForeignKey, *, is_unique: bool = False
) -> Iterator[Problem]:
    """Yield the problem of a key that counts rows per parent, but references values that several rows share."""
    given = (
        "fan_out"
        if key.spread is not None
        else "counted"
        if key.counted
        else "unique"
        if key.unique or is_unique
        else ""
    )
    if given:
        yield Problem(
            where,
            f"{given} needs a key, and {target} is not unique.",
            f'Set "is_unique": true on {target}, add a "where" that leaves one row of each value, or remove {given}.',
        )


def _check_same_kind(where: str, column: ColumnSchema, target: ColumnSchema, target_name: str) -> Iterator[Problem]:
    kind, target_kind = _find_kind(column), _find_kind(target)
    if kind is None or target_kind is None or kind is target_kind:
        return
    compatible = (NUMERIC, TIMESTAMPS, frozenset({Kind.TEXT, Kind.UUID}))
    if not any(kind in group and target_kind in group for group in compatible):
        yield Problem(
            where,
            f"Its type {column.type} does not match {target.type} of {target_name}.",
            f'Set "data_type": "{target.data_type}".',
        )


def _check_foreign_key_options(
    table: TableSchema, column: ColumnSchema, parent: TableSchema, where: str
) -> Iterator[Problem]:
    key = column.foreign_key
    assert key is not None
    yield from _check_choice(key, where, is_own=parent.key == table.key, is_required=not column.is_nullable)
    if key.nullable is False and not column.required and (column.null_fraction or 0) > 0:
        yield Problem(where, "nullable is false and null_fraction is above 0.", "Keep one of them.")
    if key.null_fraction and key.nullable is False:
        yield Problem(where, "nullable is false and null_fraction is above 0.", "Keep one of them.")
    if column.is_unique and (key.spread is not None or key.distribution is not None or key.counted):
        yield Problem(where, "A unique foreign key cannot have fan_out, counted or distribution.", "Remove them.")
    if key.root_fraction is not None and parent.key != table.key:
        yield Problem(where, "root_fraction needs a table that references itself.", "Use null_fraction.")
    if (
        parent.key == table.key and not key.spread and (key.unique or table.is_unique(column))
    ):  # the generator builds a tree, not a chain
        yield Problem(where, "A foreign key to its own table cannot be unique.", 'Remove "unique" and "is_unique".')


def _check_choice(
    key: ForeignKey | CompositeForeignKey, where: str, *, is_own: bool, is_required: bool
) -> Iterator[Problem]:
    """Yield the problems of how a key chooses its parents."""
    if key.fan_out is not None and (key.fan_out[0] > key.fan_out[1]):
        yield Problem(where, f"fan_out {list(key.fan_out)} has its minimum above its maximum.", "Write [min, max].")
    if key.spread is not None and (key.unique or key.distribution is not None):
        yield Problem(where, "fan_out cannot be combined with unique or distribution.", "Keep one of them.")
    yield from check_counted(key, where, is_own=is_own)
    if key.fan_out_weights is not None:
        yield from check_weights(key.fan_out_weights, key.fan_out is not None, where)
    if key.where is not None and not key.where.strip():
        yield Problem(where, "where is empty.", "Write a condition on the parent's columns, or remove where.")
    if key.where is not None and is_own and is_required:
        yield Problem(
            where,
            "A required key to its own table cannot have a where: its first rows have no earlier parent.",
            'Set "required": false on the column.',
        )


def _check_line_number(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    if column.line_number_of is None:
        return
    (target,) = _find_columns(table, [column.line_number_of])
    if target is None:
        yield _missing_column(where, table, column.line_number_of)
    elif is_event_key(table.events_of, target.name):
        return  # whose bounds are checked with the steps
    elif target.groups is None and not any(key.spread or key.counted for key in _keys_of(table, target)):
        yield Problem(
            where,
            f'line_number_of names "{target.name}", which is not a foreign key with a fan_out.',
            f'Give "{target.name}" a foreign_key with "fan_out": [1, 7].',
        )
    else:
        spreads = [target.groups, *(key.spread for key in _keys_of(table, target))]
        most = max((bounds_of(spread)[1] for spread in spreads if spread is not None), default=1)
        low, high = column.min_value, column.max_value
        if (low is not None and low > 1) or (high is not None and high < most):
            message = f"Lines are numbered 1 to {most}, outside of min_value and max_value."
            yield Problem(where, message, "Remove the bounds, or change the fan_out or groups.")


def _check_groups(table: TableSchema, column: ColumnSchema, where: str) -> Iterator[Problem]:
    """Yield the problems of a column with groups, or that follows one."""
    if column.groups is not None and table.rows:
        yield Problem(where, "A table with given rows cannot have groups.", "Remove groups, or the rows.")
    for key in ("same_within", "rising_within"):
        name = getattr(column, key)
        if name is None:
            continue
        (target,) = _find_columns(table, [name])
        if target is None:
            yield _missing_column(where, table, name)
        elif target.groups is None and (key == "same_within" or not _has_lines(table, target)):
            also = "" if key == "same_within" else ", or a foreign key with a fan_out"
            yield Problem(
                where,
                f'{key} names "{target.name}", which is not a column with groups{also}.',
                f'Give "{target.name}" "groups": [1, 9].',
            )
    if column.same_within is None:
        return
    folded = column.name.casefold()
    if any(folded in map(str.casefold, group) for group in table.composite_keys):
        yield Problem(where, "A column of a composite key cannot have same_within.", "Remove same_within.")
    if any(key.spread is not None or key.unique or key.counted for key in _keys_of(table, column)):
        yield Problem(where, "same_within cannot be combined with fan_out, counted or unique.", "Remove same_within.")
    if column.line_number_of is not None or column.sequence is not None:
        yield Problem(where, "same_within cannot be combined with a number that counts.", "Remove same_within.")
    together = [name for key in table.foreign_keys if folded in map(str.casefold, key.columns) for name in key.columns]
    if any(each is not None and each.same_within != column.same_within for each in _find_columns(table, together)):
        yield Problem(
            where, "All columns of a foreign key must have the same same_within.", "Give it to all of them, or to none."
        )


def _has_lines(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether the rows of each parent of a foreign key column are known, so that they have numbers."""
    is_event = is_event_key(table.events_of, column.name)
    return is_event or any(bool(key.spread) or key.counted for key in _keys_of(table, column))


def _keys_of(table: TableSchema, column: ColumnSchema) -> list[ForeignKey | CompositeForeignKey]:
    """Return the foreign keys that the column belongs to."""
    folded = column.name.casefold()
    composite = [key for key in table.foreign_keys if folded in {name.casefold() for name in key.columns}]
    return [*composite, *([] if column.foreign_key is None else [column.foreign_key])]


def _check_composite_foreign_key(
    schema: ExperimentSchema, table: TableSchema, key: CompositeForeignKey
) -> Iterator[Problem]:
    where = f"{table.key}.foreign_keys"
    for name, column in zip(key.columns, _find_columns(table, key.columns), strict=True):
        if column is None:
            yield _missing_column(where, table, name)
        elif column.foreign_key is not None:
            yield Problem(where, f'"{column.name}" also has its own foreign_key.', "Keep one of the two.")
        elif column.required and (key.nullable or key.null_fraction):
            yield Problem(
                where,
                f'The key may be NULL, but "{column.name}" is required.',
                f'Set "required": false on "{column.name}".',
            )
    if len(key.columns) != len(key.references_columns):
        yield Problem(
            where,
            f"{len(key.columns)} columns reference {len(key.references_columns)}.",
            "List as many references_columns as columns.",
        )
    parent = _find_table(schema, table, key.references_table)
    if parent is None:
        yield _missing_table(where, schema, key.references_table)
        return
    targets = _find_columns(parent, key.references_columns)
    for name, target in zip(key.references_columns, targets, strict=True):
        if target is None:
            yield _missing_column(where, parent, name)
    if None not in targets and not _is_key(parent, key.references_columns):
        for target in targets:
            if target is not None and target.is_nullable:
                yield _nullable_target(where, f"{parent.key}.{target.name}")
        if not key.where:
            yield from _check_repeated_target(where, f"({', '.join(key.references_columns)}) of {parent.key}", key)
    is_own = parent.key == table.key
    if is_own and key.unique:
        yield Problem(where, "A foreign key to its own table cannot be unique.", 'Remove "unique".')
    columns = [column for column in _find_columns(table, key.columns) if column is not None]
    is_required = not any(column.is_nullable for column in columns)
    yield from _check_choice(key, where, is_own=is_own, is_required=is_required)


def _is_key(table: TableSchema, names: Sequence[str]) -> bool:
    if len(names) == 1:
        return table.is_unique(table.column(names[0]))
    return _has_composite(table, names)


def _find_table(schema: ExperimentSchema, table: TableSchema, name: str) -> TableSchema | None:
    try:
        return schema.table(name, within=table.schema_name)
    except KeyError:
        return None


def _find_columns(table: TableSchema, names: Sequence[str]) -> list[ColumnSchema | None]:
    by_name = {column.name.casefold(): column for column in table.columns}
    return [by_name.get(name.casefold()) for name in names]


def _find_kind(column: ColumnSchema) -> Kind | None:
    try:
        return column.type.kind
    except ValueError:
        return None


def _missing_table(where: str, schema: ExperimentSchema, name: str) -> Problem:
    known = [table.key for table in schema.tables]
    hint = did_you_mean(name, known) or f"The tables are: {', '.join(known[:20])}."
    return Problem(where, f'There is no table "{name}".', hint)


def _missing_column(where: str, table: TableSchema, name: str) -> Problem:
    known = [column.name for column in table.columns]
    hint = did_you_mean(name, known) or f"The columns are: {', '.join(known[:20])}."
    return Problem(where, f'There is no column "{name}" in {table.key}.', hint)
