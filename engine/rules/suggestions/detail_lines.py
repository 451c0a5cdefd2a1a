"""Lines of headers: order lines, invoice items, legs of a trip, each 1 to n for a row of its header.

Which foreign key leads to the header is told by the primary key, which holds it beside a number that counts, and by the
names: `order_items` contains `order`, `SalesOrderDetail` what `SalesOrderHeader` does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.rules.name_words import words, words_without_prefix
from engine.rules.suggestions.key_graph import KeyGraph
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_kinds import Role, kind_of, stem
from engine.rules.suggestions.table_words import DETAILS, HEADERS, LINE_NUMBERS, SURE_DETAILS
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import NUMERIC

_SALES = frozenset("order sale invoice receipt basket cart bill purchase quote check ticket po requisition".split())


@dataclass(frozen=True)
class Header:
    """The foreign key column that leads to the header of a table, the header, and the column that counts, if any."""

    column: ColumnSchema
    table: TableSchema
    counter: ColumnSchema | None
    because: str


def suggest_lines(
    draft: SchemaDraft, table: TableSchema, graph: KeyGraph
) -> tuple[TableSchema, tuple[int, int]] | None:
    """Suggest the fan-out of a table of lines; return its header and the fan-out, or None for any other table."""
    header = find_header(draft, table, graph)
    if header is None:
        return None
    low, high = fan_out = lines_of_header(table, header)
    change: dict[str, object] = {"fan_out": fan_out}
    key = header.column.foreign_key
    if not header.column.required and key is not None and key.nullable is None and key.null_fraction is None:
        change["null_fraction"] = 0.0
    because = f"{header.because}: {low} to {high} rows for each row of {header.table.key}."
    if not draft.suggest_key(table, header.column.name, change, because):
        return None
    if header.counter is not None:
        counts = {"line_number_of": header.column.name}
        draft.suggest_in_key(table, header.counter.name, counts, f"It counts the rows of each {header.column.name}.")
    return header.table, fan_out


def find_header(draft: SchemaDraft, table: TableSchema, graph: KeyGraph) -> Header | None:
    """Return the header of a table of lines, or None for any other table."""
    candidates = list(_candidates(draft, table))
    if not candidates:
        return None
    in_key = [(column, parent, counter) for column, parent in candidates if (counter := _counter(draft, table, column))]
    for column, parent, counter in in_key[:1]:
        return Header(column, parent, counter, f'The key holds "{counter.name}" beside "{column.name}"')
    open_key = [each for each in candidates if _may_have_lines(draft, table, each[0], graph)]
    named = [(column, parent) for column, parent in open_key if _contains(table, parent)]
    if not named and stem(table)[-1] in SURE_DETAILS and _is_long_name(table):
        named = [each for each in open_key if stem(each[1])[-1] in HEADERS]
        named = named if len(named) == 1 else []
    for column, parent in named[:1]:
        if kind_of(parent, graph).role is Role.FIXED:
            return None
        return Header(column, parent, _free_counter(draft, table), "Lines, by the names")
    return None


def _candidates(draft: SchemaDraft, table: TableSchema) -> Iterator[tuple[ColumnSchema, TableSchema]]:
    """Yield the foreign keys that may have a fan-out, with their parents."""
    for column in draft.columns(table):
        key = column.foreign_key
        if (
            key is None
            or key.unique
            or table.is_unique(column)
            or key.distribution is not None
            or key.spread is not None
        ):
            continue
        parent = draft.parent_of(table, column)
        if parent is not None and parent.key != table.key:
            yield column, parent


def _counter(draft: SchemaDraft, table: TableSchema, column: ColumnSchema) -> ColumnSchema | None:
    """Return the column that completes a key of two columns with `column` by counting within it."""
    folded = column.name.casefold()
    for group in table.composite_keys:
        others = [name for name in group if name.casefold() != folded]
        if len(group) == 2 and len(others) == 1 and counts_lines(table, other := draft.column(table, others[0])):
            return other
    return None


def _free_counter(draft: SchemaDraft, table: TableSchema) -> ColumnSchema | None:
    """Return the column outside any key whose name says that it counts."""
    found = (column for column in draft.columns(table) if counts_lines(table, column))
    return next((column for column in found if not table.is_unique(column) and draft.is_free(table, column.name)), None)


def counts_lines(table: TableSchema, column: ColumnSchema) -> bool:
    """Return whether a column counts the rows of each parent, by its name and type."""
    if column.type.kind not in NUMERIC or column.type.scale or column.foreign_key is not None:
        return False
    whole, short = "_".join(words(column.name)), "_".join(words_without_prefix(column.name, table.name))
    return whole in LINE_NUMBERS or short in LINE_NUMBERS or _ends_counting(whole)


def _ends_counting(name: str) -> bool:
    """Whether the name ends like a line number: `order_line_number`, `journal_line_no`."""
    return any(name.endswith(f"_{each}") for each in LINE_NUMBERS if "_" in each or each.startswith("line"))


def _may_have_lines(draft: SchemaDraft, table: TableSchema, column: ColumnSchema, graph: KeyGraph) -> bool:
    """Whether lines of a header can differ: the column is in no key, or beside one key of a table that is not small."""
    groups = [group for group in table.composite_keys if column.name.casefold() in map(str.casefold, group)]
    if not groups:
        return True
    others = [draft.column(table, name) for name in groups[0] if name.casefold() != column.name.casefold()]
    parents = [draft.parent_of(table, other) for other in others]
    is_wide = len(parents) == 1 and parents[0] is not None and kind_of(parents[0], graph).role is not Role.FIXED
    return len(groups) == 1 and is_wide


def _contains(table: TableSchema, parent: TableSchema) -> bool:
    """Whether the table's name is its parent's and a word for lines: `order_items`, `lineitem`, `shipment_dtl`."""
    name, head = stem(table), stem(parent)
    joined, start = "".join(name), "".join(head)
    if joined.startswith(start) and len(joined) > len(start):
        rest = joined[len(start) :]
        return (name[-1] in DETAILS and len(name) > 1) or rest in DETAILS or rest.removesuffix("s") in DETAILS
    is_last_word = len(name) > 1 and name[-1] in DETAILS and name[:-1] == head[-len(name[:-1]) :]
    return is_last_word or (joined in ("lineitem", "lineitems") and head[-1] in HEADERS)


def _is_long_name(table: TableSchema) -> bool:
    return len(stem(table)) > 1 or stem(table)[0] == "lineitem"


def lines_of_header(table: TableSchema, header: Header) -> tuple[int, int]:
    """Return how many rows a header has: 1 to 7 lines of a sale, 2 to 8 of a journal, else 1 to 5."""
    name = stem(header.table)
    if header.counter is not None and "version" in words(header.counter.name):
        return 1, 4
    if "journal" in name:
        return 2, 8
    return (1, 7) if _SALES & {*name, *stem(table)} or "order" in "".join(name) else (1, 5)
