"""Numbers of headers that have no table of their own: a ticket number beside the items of a sale.

`store_sales` has the key (item, ticket number), and no table of tickets: the number is on 1 to n rows with different
items, and what a ticket has once, such as its customer, store and date, is the same in all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.rules.name_words import words
from engine.rules.suggestions.detail_lines import counts_lines
from engine.rules.suggestions.schema_draft import SchemaDraft
from engine.rules.suggestions.table_words import SMALL_EVENTS
from engine.rules.suggestions.text_codes import code_pattern
from engine.schema.models import ColumnSchema, TableSchema
from engine.schema.types import TIMESTAMPS, Kind

_HEADERS = frozenset(
    "order ticket invoice receipt basket cart claim transaction txn trans purchase shipment po sale bill check "
    "delivery document doc voucher booking reservation journal batch quote requisition statement".split()
)
_NUMBERS = frozenset("number no num nbr nr id key code sk ref reference".split())
_SHORT = frozenset("orderno orderid ordernumber orderkey invoiceno invoiceid ticketno ticketnumber receiptno".split())
_OF_HEADER = frozenset(
    """customer cust client buyer member account cdemo hdemo demo demographics addr address store shop branch outlet
    cashier clerk employee staff salesperson rep register terminal till channel site page center currency payment
    tender date time sold ordered order bill table server waiter patient provider supplier vendor country city
    """.split()
)
_OF_LINE = frozenset("ship shipped shipping item product sku promo promotion warehouse return returned line".split())
_ROWS = (1, 9)


def suggest_row_groups(draft: SchemaDraft) -> None:
    """Suggest groups of rows for the number of a header in a key, beside what the header holds or a line number."""
    for table in draft.tables:
        if table.rows or draft.given_rows(table):
            continue
        for group in table.composite_keys:
            header = _header_of(draft, table, group)
            if header is not None and _suggest(draft, table, header, group):
                break


def _header_of(draft: SchemaDraft, table: TableSchema, group: Sequence[str]) -> ColumnSchema | None:
    """Return the number of the header in a key of two columns; None where the header has a table, or is unknown."""
    columns = [draft.column(table, name) for name in group]
    if len(columns) != 2 or set(words(table.name)) & {*SMALL_EVENTS, *(f"{word}s" for word in SMALL_EVENTS)}:
        return None
    referring = {name.casefold() for key in table.foreign_keys for name in key.columns}
    if any(column.name.casefold() in referring for column in columns):
        return None
    own = [column for column in columns if column.foreign_key is None]
    numbers = [column for column in own if _is_header_number(column) and not counts_lines(table, column)]
    if len(numbers) != 1:
        return None
    (other,) = (column for column in columns if column is not numbers[0])
    is_item = other.foreign_key is not None and other.foreign_key.spread is None
    is_free = draft.is_in_key_only(table, numbers[0].name)
    return numbers[0] if is_free and (is_item or counts_lines(table, other)) else None


def _is_header_number(column: ColumnSchema) -> bool:
    name = words(column.name)
    kind = column.type
    fits = kind.kind is Kind.TEXT or (kind.kind in (Kind.INTEGER, Kind.DECIMAL) and kind.scale == 0)
    return fits and ((name[-1] in _NUMBERS and bool(_HEADERS & {*name})) or name[-1] in _SHORT)


def _suggest(draft: SchemaDraft, table: TableSchema, header: ColumnSchema, group: Sequence[str]) -> bool:
    low, high = _ROWS
    change: dict[str, object] = {"groups": _ROWS}
    if header.type.kind is Kind.TEXT:
        change["pattern"] = code_pattern(table, words(header.name), header.type.length or 40, is_unique=True)
    because = f"Each number is on {low} to {high} rows, with different values of the rest of the key: it has no table."
    if not draft.suggest_in_key(table, header.name, change, because):
        return False
    for name in group:
        column = draft.column(table, name)
        if column.name != header.name and column.foreign_key is None:
            counts = {"line_number_of": header.name}
            draft.suggest_in_key(table, name, counts, f"It counts the rows of each {header.name}.")
    for column in _columns_of_header(draft, table, header):
        draft.suggest_same(table, column.name, header.name, f"The same in all rows of a {header.name}.")
    return True


def _columns_of_header(draft: SchemaDraft, table: TableSchema, header: ColumnSchema) -> Iterator[ColumnSchema]:
    for column in draft.columns(table):
        name = {*words(column.name)}
        is_time = column.type.kind is Kind.DATE or column.type.kind in TIMESTAMPS
        is_key = column.foreign_key is not None or name & {"sk", "id", "key"}
        if column.name != header.name and name & _OF_HEADER and not name & _OF_LINE and (is_time or is_key):
            yield column
