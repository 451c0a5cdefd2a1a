"""Keys that a script leaves out: warehouses do not enforce them, so that landing tables and marts often declare none.

A table without any key gets one where a column is named as it: `id`, `customer_id` of `dim_customers`, `review_id` of
`order_reviews`, or `subject_id` of `patients`, which has no other number and to which the other tables' name leads.
A declared key is never joined by a second one, and a table whose rows are versions or states of a thing gets none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from engine.rules.name_words import singular, words
from engine.rules.suggestions.table_kinds import layer, stem
from engine.rules.suggestions.table_words import DETAILS, LINE_NUMBERS
from engine.schema.column_rules import sources_of
from engine.schema.given_rows import given_cells
from engine.schema.models import ColumnSchema, ExperimentSchema, TableSchema
from engine.schema.types import Kind

_ENDINGS = ("key", "sk", "pk", "hk", "id", "uuid", "guid")
_SURROGATES = frozenset(("key", "sk", "pk", "hk"))
_CODES = ("code", "cd")
_SHORTEST_CODE = 2
_SHORTEST_TEXT = 4
_SHORTEST_STEM = 3
_REPEATING_LAYERS = frozenset(("satellite", "link", "bridge", "summary", "history"))
_STATES = frozenset("snapshot asof valid effective eff history".split())
_STATE_MARKS = frozenset(
    "is_current current_flag current_ind is_current_record current_record is_latest version version_number version_no "
    "version_num row_version record_version scd_version load_date load_dts ldts dbt_valid_from fivetran_start".split()
)
_SHARED_PREFIX = 3
_TABLES_OF_NAME = 4
_FEWEST_FACTS = 3


@dataclass(frozen=True)
class OwnKey:
    """A column that identifies the rows of a table, by its name."""

    table: str
    column: str

    def __str__(self) -> str:
        return f"{self.table} ({self.column})"


def with_suggested_own_keys(schema: ExperimentSchema) -> tuple[ExperimentSchema, list[OwnKey]]:
    """Return the schema with a unique column for each table that has no key but names one, and these."""
    found: dict[str, ColumnSchema] = {}
    prefix = _shared_prefix(schema)
    open_tables = [table for table in schema.tables if not _has_key(table)]
    for table in open_tables:
        column = next(_named_keys(table, _entity(table, prefix)), None)
        if column is not None:
            found[table.key] = column
    named = {column.name.casefold() for column in found.values()}
    named |= {column.name.casefold() for table in schema.tables for column in table.columns if table.is_unique(column)}
    for table in open_tables:
        column = _ending_key(table, _entity(table, prefix), named)
        if table.key not in found and column is not None:
            found[table.key] = column
    found |= _sole_keys(schema, [table for table in open_tables if table.key not in found], named)
    tables = [_with_key(table, found.get(table.key)) for table in schema.tables]
    keys = [OwnKey(table.key, found[table.key].name) for table in schema.tables if table.key in found]
    return schema.model_copy(update={"tables": tables}), keys


def _has_key(table: TableSchema) -> bool:
    return bool(table.primary_key or table.composite_keys) or any(map(table.is_unique, table.columns))


def _with_key(table: TableSchema, key: ColumnSchema | None) -> TableSchema:
    if key is None:
        return table
    because = f"The name says that it identifies a row of {table.name}; the script declares no key."
    change = {"is_unique": True, "required": True, "suggested": True, "because": because}
    columns = [column.model_copy(update=change) if column is key else column for column in table.columns]
    return table.model_copy(update={"columns": columns})


def _shared_prefix(schema: ExperimentSchema) -> str:
    """Return the first word of all tables' names, if it is one, such as that of the source; else an empty text."""
    firsts = {words(table.name)[:1] for table in schema.tables if len(words(table.name)) > 1}
    is_shared = len(firsts) == 1 and len(schema.tables) >= _SHARED_PREFIX
    is_shared = is_shared and all(len(words(table.name)) > 1 for table in schema.tables)
    return next(iter(firsts))[0] if is_shared else ""


def _entity(table: TableSchema, prefix: str) -> tuple[str, ...]:
    """Return the words of what a row is; empty where the rows are links, sums or versions."""
    if layer(table) in _REPEATING_LAYERS:
        return ()
    entity = stem(table)
    return entity[1:] if prefix and len(entity) > 1 and entity[0] == prefix else entity


def _named_keys(table: TableSchema, entity: tuple[str, ...]) -> Iterator[ColumnSchema]:
    """Yield the columns named as the key of the table's rows, the surest first."""
    columns = [column for column in table.columns if entity and _can_be_key(table, column)]
    for ending in _ENDINGS:
        for column in columns:
            name = _singulars(column)
            is_own = name in ((ending,), (*entity, ending)) or name == ("".join((*entity, ending)),)
            if is_own and (ending in _SURROGATES or not _has_states(table, column)):
                yield column
    for column in columns[:1]:
        is_code = column.type.kind is Kind.TEXT and _singulars(column) in [(*entity, code) for code in _CODES]
        if column is table.columns[0] and is_code and not _has_states(table, column):
            yield column


def _ending_key(table: TableSchema, entity: tuple[str, ...], named: Collection[str]) -> ColumnSchema | None:
    """Return the key named as the end of the table's name, as `review_id` of `order_reviews`; None for a bridge's."""
    ids = [column for column in table.columns if _is_id(column)]
    leading = [column for column, own in zip(ids, table.columns, strict=False) if column is own]
    if not entity or entity[-1] in DETAILS or len(table.columns) - len(ids) < _FEWEST_FACTS:
        return None
    for column in leading:
        bare = _without_ending(_singulars(column))
        if len(bare) >= _SHORTEST_STEM and "".join(entity).endswith(bare) and column.name.casefold() not in named:
            return column if _can_be_key(table, column) and not _has_states(table, column) else None
    return None


def _singulars(column: ColumnSchema) -> tuple[str, ...]:
    found = words(column.name)
    if len(found) > 1 and found[0] in ("hk", "sk", "pk"):
        found = (*found[1:], found[0])
    return tuple(singular(word) for word in found[:-1]) + found[-1:]


def _without_ending(name: tuple[str, ...]) -> str:
    """Return the joined words before the `id` or `key` at the end of a name, which may be glued; empty for none."""
    joined = "".join(name)
    if name[-1:] and name[-1] in _ENDINGS:
        return "".join(name[:-1])
    return joined.removesuffix("id") if len(name) == 1 and joined.endswith("id") else ""


def _can_be_key(table: TableSchema, column: ColumnSchema) -> bool:
    """Whether the column can hold a key's values: free, whole numbers or text, and no given cell twice or NULL."""
    kind = column.type
    is_number = kind.kind in (Kind.INTEGER, Kind.DECIMAL) and kind.scale == 0
    is_text = kind.kind is Kind.TEXT and (kind.length is None or kind.length >= _shortest(column))
    if not (is_number or is_text) or column.foreign_key is not None or sources_of(column):
        return False
    if column.default_value is not None or any(
        column.name.casefold() in map(str.casefold, key.columns) for key in table.foreign_keys
    ):
        return False
    cells = [cell for _, cell in given_cells(table, column)]
    return None not in cells and len(set(map(str, cells))) == len(cells)


def _shortest(column: ColumnSchema) -> int:
    return _SHORTEST_CODE if words(column.name)[-1:] and words(column.name)[-1] in _CODES else _SHORTEST_TEXT


def _has_states(table: TableSchema, key: ColumnSchema) -> bool:
    """Whether the table's rows are versions or daily states of what the key names."""
    names = [words(column.name) for column in table.columns if column is not key]
    is_marked = any(_STATES & {*name} or "_".join(name) in _STATE_MARKS for name in names)
    return is_marked or bool(_STATES & {*words(table.name)})


def _sole_keys(schema: ExperimentSchema, tables: list[TableSchema], named: Collection[str]) -> dict[str, ColumnSchema]:
    """Return the first columns that are the only number of a table and are references in others: `subject_id`."""
    ids = {table.key: [column for column in table.columns if _is_id(column)] for table in schema.tables}
    uses = Counter(column.name.casefold() for found in ids.values() for column in found)
    homes: dict[str, list[TableSchema]] = {}
    for table in tables:
        found = ids[table.key]
        is_sole = len(found) == 1 and found[0] is table.columns[0] and uses[found[0].name.casefold()] >= _TABLES_OF_NAME
        is_open = is_sole and found[0].name.casefold() not in named and not any(map(_counts_rows, table.columns))
        if is_open and _can_be_key(table, found[0]) and not _has_states(table, found[0]):
            homes.setdefault(found[0].name.casefold(), []).append(table)
    return {tables[0].key: tables[0].columns[0] for tables in homes.values() if len(tables) == 1}


def _counts_rows(column: ColumnSchema) -> bool:
    name = words(column.name)
    return "_".join(name) in LINE_NUMBERS or bool({"seq", "sequence"} & {*name})


def _is_id(column: ColumnSchema) -> bool:
    return bool(_without_ending(words(column.name)))
