"""Foreign keys that a script does not say, guessed from names and types.

`l_orderkey` of lineitem means `o_orderkey` of orders, `ss_sold_date_sk` means `d_date_sk` of date_dim, `customer_id`
means `id` of customers. A guess never replaces a declared key, is marked `suggested`, and may be removed.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.rules.name_words import singular, words, words_without_prefix
from engine.schema.column_checks import RULES
from engine.schema.models import ColumnSchema, CompositeForeignKey, ExperimentSchema, ForeignKey, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_KEY_ENDINGS = ("key", "id", "sk", "code", "no", "number", "num", "nr", "pk", "fk", "uuid", "guid")
_BARE = frozenset(_KEY_ENDINGS)


@dataclass(frozen=True)
class KeySuggestion:
    """A guessed foreign key: `table (columns)` refers to `parent (targets)`, tables by their keys."""

    table: str
    columns: tuple[str, ...]
    parent: str
    targets: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.table} ({', '.join(self.columns)}) references {self.parent} ({', '.join(self.targets)})"


def suggested_keys(schema: ExperimentSchema) -> list[KeySuggestion]:
    """Return the foreign keys that the names suggest, those of several columns before those of one."""
    found = [key for table in schema.tables for key in _composite_keys(schema, table)]
    taken = {(key.table, column) for key in found for column in key.columns}
    for table in schema.tables:
        free = [column for column in table.columns if (table.key, column.name) not in taken]
        found += [key for column in free if (key := _single_key(schema, table, column)) is not None]
    return found


def with_suggested_keys(schema: ExperimentSchema) -> tuple[ExperimentSchema, list[KeySuggestion]]:
    """Return the schema with its suggested foreign keys, and these."""
    keys = suggested_keys(schema)
    tables = [_with_keys(table, [key for key in keys if key.table == table.key]) for table in schema.tables]
    return schema.model_copy(update={"tables": tables}), keys


def _with_keys(table: TableSchema, keys: list[KeySuggestion]) -> TableSchema:
    single = {key.columns[0]: key for key in keys if len(key.columns) == 1}
    columns = [
        column.model_copy(update={"foreign_key": _foreign_key(single[column.name]), "suggested": True})
        if column.name in single
        else column
        for column in table.columns
    ]
    composite = [
        CompositeForeignKey(
            columns=list(key.columns),
            references_table=key.parent,
            references_columns=list(key.targets),
            suggested=True,
        )
        for key in keys
        if len(key.columns) > 1
    ]
    return table.model_copy(update={"columns": columns, "foreign_keys": [*table.foreign_keys, *composite]})


def _foreign_key(key: KeySuggestion) -> ForeignKey:
    return ForeignKey(references_table=key.parent, references_column=key.targets[0], suggested=True)


def _single_key(schema: ExperimentSchema, table: TableSchema, column: ColumnSchema) -> KeySuggestion | None:
    """Return the parent whose key's words end the column's name, the longest match first; None when two tie."""
    if not _is_free(table, column):
        return None
    best: list[tuple[int, TableSchema, ColumnSchema]] = []
    for parent in schema.tables:
        for target in parent.columns:
            if parent.key == table.key or not parent.is_unique(target) or not _alike(column, target):
                continue
            score = _score(table, column, parent, target)
            if score > 0:
                best.append((score + (parent.primary_key == [target.name]), parent, target))
    if not best:
        return None
    best.sort(key=lambda found: -found[0])
    if len(best) > 1 and best[0][0] == best[1][0]:
        same_schema = [found for found in best if found[0] == best[0][0] and found[1].schema_name == table.schema_name]
        if len(same_schema) != 1:
            return None
        best = same_schema
    _, parent, target = best[0]
    return KeySuggestion(table.key, (column.name,), parent.key, (target.name,))


def _score(table: TableSchema, column: ColumnSchema, parent: TableSchema, target: ColumnSchema) -> int:
    """Return how well the name fits: ten for each word in common, 0 when it does not."""
    own = _bare_words(table, column)
    for theirs in _names_of_key(parent, target):
        if own == theirs or (len(own) == 1 and own[0] == "".join(theirs)):
            return 10 * len(theirs) + 5
        if len(theirs) >= 2 and own[-len(theirs) :] == theirs:
            return 10 * len(theirs)
    return 0


def _names_of_key(parent: TableSchema, target: ColumnSchema) -> list[tuple[str, ...]]:
    """Return what a reference to the key may be called: its own words, and the table's before a bare `id`."""
    bare = _bare_words(parent, target)
    entity = tuple(singular(word) for word in words(parent.name))
    names = [] if bare[0] in _BARE and len(bare) == 1 else [bare]
    if bare[-1] in _BARE:
        names += [(*entity, bare[-1])] + ([(*entity[-1:], bare[-1])] if len(entity) > 1 else [])
    return [name for name in names if _is_key_name(name)]


def _bare_words(table: TableSchema, column: ColumnSchema) -> tuple[str, ...]:
    """Return the column's words without the table's abbreviation; the table's own whole name stays."""
    found = words(column.name)
    shorter = words_without_prefix(column.name, table.name)
    return shorter if len(found) - len(shorter) == 1 and len(found[0]) <= 3 else found


def _is_key_name(name: tuple[str, ...]) -> bool:
    return any(name[-1] == ending or (name[-1].endswith(ending) and len(ending) > 1) for ending in _KEY_ENDINGS)


def _is_free(table: TableSchema, column: ColumnSchema) -> bool:
    """Whether the column has no rule of its own, is no key by itself and has the name of a key."""
    has_rule = any(getattr(column, rule) is not None for rule in RULES)
    is_referencing = any(column.name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys)
    is_free = not (has_rule and not column.suggested) and not is_referencing and column.foreign_key is None
    return is_free and not table.is_unique(column) and _is_key_name(words(column.name))


def _alike(column: ColumnSchema, target: ColumnSchema) -> bool:
    kind, other = column.type.kind, target.type.kind
    if kind in TIMESTAMPS or kind is Kind.DATE:
        return False
    return kind is other or (kind in NUMERIC and other in NUMERIC)


def _composite_keys(schema: ExperimentSchema, table: TableSchema) -> list[KeySuggestion]:
    """Return references to composite keys all of whose columns have a namesake here that is free."""
    found: list[KeySuggestion] = []
    own = {_bare_words(table, column): column for column in table.columns if _is_free(table, column)}
    for parent in schema.tables:
        for group in parent.composite_keys if parent.key != table.key else []:
            targets = [parent.column(name) for name in group]
            columns = [own.get(_bare_words(parent, target)) for target in targets]
            pairs = [(column, target) for column, target in zip(columns, targets, strict=True) if column is not None]
            if len(group) < 2 or len(pairs) < len(group) or not all(_alike(*pair) for pair in pairs):
                continue
            names = tuple(column.name for column, _ in pairs)
            is_own_key = any({*map(str.casefold, names)} == {*map(str.casefold, key)} for key in table.composite_keys)
            if is_own_key or any(set(names) & set(key.columns) for key in found) or not _are_keys(names):
                continue
            found.append(KeySuggestion(table.key, names, parent.key, tuple(group)))
    return found


def _are_keys(names: tuple[str, ...]) -> bool:
    return all(_is_key_name(words(name)) for name in names)
