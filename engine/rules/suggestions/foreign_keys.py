"""Foreign keys that a script does not declare, guessed from names and types.

`l_orderkey` of lineitem means `o_orderkey` of orders, `ss_sold_date_sk` means `d_date_sk` of date_dim, `customer_id`
means `id` of customers. A guess never replaces a declared key, is marked `suggested`, and may be removed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.rules.name_words import singular, words, words_without_prefix
from engine.schema.column_rules import sources_of
from engine.schema.foreign_keys import CompositeForeignKey, ForeignKey
from engine.schema.models import SURROGATE_KEY, ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import NUMERIC, TIMESTAMPS, Kind

_KEY_ENDINGS = ("key", "id", "sk", "code", "no", "number", "num", "nr", "pk", "fk", "uuid", "guid",
                "hk", "hkey", "hashkey", "bk", "nk", "hsh")  # fmt: skip
_BARE = frozenset(_KEY_ENDINGS)
_SAME_NAME = 3
_KEY_PREFIXES = frozenset(("hk", "bk", "nk", "sk", "fk", "pk"))
_SELF_ROLES = frozenset("parent preceding previous prior predecessor original root superior replaced".split())
_SUPERIORS = frozenset("manager supervisor boss lead superior".split())
_STAFF = frozenset("employee staff worker user person people associate agent".split())
_RETURNS = frozenset("return returned refund refunded cancellation chargeback".split())


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
    parents = _Parents.of(schema)
    found = [key for table in schema.tables for key in _composite_keys(parents, table)]
    taken = {(key.table, column) for key in found for column in key.columns}
    for table in schema.tables:
        free = [column for column in table.columns if (table.key, column.name) not in taken]
        found += [key for column in free if (key := _single_key(parents, table, column)) is not None]
    return found


@dataclass(frozen=True)
class _Target:
    """A unique column that may be referenced, with the names that a reference to it may have."""

    order: int
    table: TableSchema
    column: ColumnSchema
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _CompositeTarget:
    """A composite key that may be referenced, with the words of its columns."""

    order: int
    table: TableSchema
    group: tuple[str, ...]
    names: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Parents:
    """What may be referenced, indexed by the words of its names, so that a column looks only at those like it."""

    by_words: dict[tuple[str, ...], list[_Target]]
    by_joined_words: dict[str, list[_Target]]
    by_first_column: dict[tuple[str, ...], dict[tuple[tuple[str, ...], ...], list[_CompositeTarget]]]

    @classmethod
    def of(cls, schema: ExperimentSchema) -> _Parents:
        parents, order = cls({}, {}, {}), 0
        for table in schema.tables:
            for column in table.columns:
                if table.is_unique(column) and not column.name.startswith(SURROGATE_KEY):
                    order += 1
                    parents._add(_Target(order, table, column, tuple(_names_of_key(table, column))))
            for group in table.composite_keys:
                if len(group) > 1:
                    order += 1
                    names = tuple(_bare_words(table, table.column(name)) for name in group)
                    target = _CompositeTarget(order, table, tuple(group), names)
                    parents.by_first_column.setdefault(names[0], {}).setdefault(names, []).append(target)
        return parents

    def _add(self, target: _Target) -> None:
        for name in dict.fromkeys(target.names):
            self.by_words.setdefault(name, []).append(target)
            self.by_joined_words.setdefault("".join(name), []).append(target)

    def like(self, own: tuple[str, ...]) -> list[_Target]:
        """Return the targets one of whose names ends `own`, or is its one word, in the order of the schema."""
        found = {target.order: target for length in range(len(own)) for target in self.by_words.get(own[length:], ())}
        if len(own) == 1:
            found |= {target.order: target for target in self.by_joined_words.get(own[0], ())}
        return [found[order] for order in sorted(found)]

    def composites_like(self, own: Collection[tuple[str, ...]]) -> Iterator[list[_CompositeTarget]]:
        """Yield the composite keys all of whose columns have a namesake in `own`, those of the same names together."""
        for first in own:
            for names, targets in self.by_first_column.get(first, {}).items():
                if all(name in own for name in names):
                    yield targets


def with_suggested_keys(
    schema: ExperimentSchema, unreferenced: Collection[tuple[str, str]] = ()
) -> tuple[ExperimentSchema, list[KeySuggestion]]:
    """Return the schema with its suggested foreign keys, and these.

    `unreferenced` are columns, by table and folded name, that are known to reference nothing.
    """
    keys = [
        key
        for key in suggested_keys(schema)
        if not any((key.table, column.casefold()) in unreferenced for column in key.columns)
    ]
    keys_of: dict[str, list[KeySuggestion]] = {}
    for key in keys:
        keys_of.setdefault(key.table, []).append(key)
    tables = [_with_keys(table, keys_of.get(table.key, [])) for table in schema.tables]
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
            because=_reason(key),
        )
        for key in keys
        if len(key.columns) > 1
    ]
    return table.model_copy(update={"columns": columns, "foreign_keys": [*table.foreign_keys, *composite]})


def _foreign_key(key: KeySuggestion) -> ForeignKey:
    return ForeignKey(
        references_table=key.parent, references_column=key.targets[0], suggested=True, because=_reason(key)
    )


def _reason(key: KeySuggestion) -> str:
    own, targets = (" and ".join(f'"{name}"' for name in names) for names in (key.columns, key.targets))
    return f"The name {own} means {targets} of {key.parent}."


def _single_key(parents: _Parents, table: TableSchema, column: ColumnSchema) -> KeySuggestion | None:
    """Return the parent whose key's words end the column's name, the longest match first; None when two tie."""
    if not _is_free(table, column):
        return None
    own = _bare_words(table, column)
    best: list[tuple[int, TableSchema, ColumnSchema]] = []
    for target in parents.like(own):
        if target.table.key == table.key or not _alike(column, target.column):
            continue
        score = _score(own, target.names)
        if score > 0:
            score += _SAME_NAME if own == _bare_words(target.table, target.column) else 0
            best.append((score + (target.table.primary_key == [target.column.name]), target.table, target.column))
    if not best:
        return _self_key(table, column, own)
    best.sort(key=lambda found: -found[0])
    if len(best) > 1 and best[0][0] == best[1][0]:
        same_schema = [found for found in best if found[0] == best[0][0] and found[1].schema_name == table.schema_name]
        if len(same_schema) != 1:
            return None
        best = same_schema
    _, parent, chosen = best[0]
    return KeySuggestion(table.key, (column.name,), parent.key, (chosen.name,))


def _self_key(table: TableSchema, column: ColumnSchema, own: tuple[str, ...]) -> KeySuggestion | None:
    """Return a reference to the table itself: `parent_category_id`, or a `manager_id` of staff."""
    if column.required:
        return None
    entity = tuple(singular(word) for word in words(table.name))
    is_superior = len(own) == 2 and own[0] in _SUPERIORS and bool(_STAFF & {*entity})
    bare = tuple(word for word in own if word not in _SELF_ROLES)
    for target in table.columns:
        if not table.is_unique(target) or target.name.startswith(SURROGATE_KEY) or not _alike(column, target):
            continue
        if _key_words(target)[-1] != own[-1]:
            continue
        names = [_bare_words(table, target), *_names_of_key(table, target), own[-1:]]
        if is_superior or (len(bare) < len(own) and bare in names):
            return KeySuggestion(table.key, (column.name,), table.key, (target.name,))
    return None


def _score(own: tuple[str, ...], names: Sequence[tuple[str, ...]]) -> int:
    """Return how well the name fits: ten for each word in common, 0 when it does not."""
    for theirs in names:
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
    found = _key_words(column)
    if found != words(column.name):
        return found
    shorter = words_without_prefix(column.name, table.name)
    return shorter if len(found) - len(shorter) == 1 and len(found[0]) <= 3 else found


def _key_words(column: ColumnSchema) -> tuple[str, ...]:
    """Return the column's words, the kind of its key last: `hk_customer` and `customer_hash_key` as (customer, hk)."""
    found = words(column.name)
    if len(found) > 2 and found[-2:] == ("hash", "key"):
        return (*found[:-2], "hashkey")
    if len(found) > 1 and found[0] in _KEY_PREFIXES:
        return (*found[1:], found[0])
    return found


def _is_key_name(name: tuple[str, ...]) -> bool:
    return any(name[-1] == ending or (name[-1].endswith(ending) and len(ending) > 1) for ending in _KEY_ENDINGS)


def _is_free(table: TableSchema, column: ColumnSchema) -> bool:
    """Whether the column has no rule of its own, is no key by itself and has the name of a key."""
    has_rule = bool(sources_of(column))
    is_referencing = any(column.name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys)
    is_free = not (has_rule and not column.suggested) and not is_referencing and column.foreign_key is None
    return is_free and not table.is_unique(column) and _is_key_name(_key_words(column))


def _alike(column: ColumnSchema, target: ColumnSchema) -> bool:
    kind, other = column.type.kind, target.type.kind
    if kind in TIMESTAMPS or kind is Kind.DATE:
        return False
    return kind is other or (kind in NUMERIC and other in NUMERIC)


def _composite_keys(parents: _Parents, table: TableSchema) -> list[KeySuggestion]:
    """Return references to composite keys all of whose columns have a namesake here that is free."""
    own = {_bare_words(table, column): column for column in table.columns if _is_free(table, column)}
    own_keys = [{*map(str.casefold, key)} for key in table.composite_keys]
    fitting: list[tuple[_CompositeTarget, tuple[str, ...]]] = []
    for targets in parents.composites_like(own.keys()):
        columns = [own[name] for name in targets[0].names]
        names = tuple(column.name for column in columns)
        is_own_key = {*map(str.casefold, names)} in own_keys
        if (is_own_key and not _has_returns(table)) or not _are_keys(columns):
            continue
        fits = (target for target in targets if target.table.key != table.key and _are_alike(columns, target))
        target = _sold_rows(table, fits) if is_own_key else next(fits, None)
        if target is not None:
            fitting.append((target, names))
    found: list[KeySuggestion] = []
    for target, names in sorted(fitting, key=lambda fit: fit[0].order):
        if not any(set(names) & set(key.columns) for key in found):
            found.append(KeySuggestion(table.key, names, target.table.key, target.group))
    return found


def _has_returns(table: TableSchema) -> bool:
    """Whether the table's rows each return a row of another, so that its own key may be the key of that one."""
    return bool(_RETURNS & {singular(word) for word in words(table.name)})


def _sold_rows(table: TableSchema, fits: Iterable[_CompositeTarget]) -> _CompositeTarget | None:
    """Return the target that returned rows come from: no returns, and with the most words of the table's name."""
    own = set(words(table.name))
    sold = (target for target in fits if not _has_returns(target.table))
    return max(sold, key=lambda target: len(own & set(words(target.table.name))), default=None)


def _are_alike(columns: Sequence[ColumnSchema], target: _CompositeTarget) -> bool:
    others = (target.table.column(name) for name in target.group)
    return all(_alike(*pair) for pair in zip(columns, others, strict=True))


def _are_keys(columns: Sequence[ColumnSchema]) -> bool:
    return all(_is_key_name(_key_words(column)) for column in columns)
